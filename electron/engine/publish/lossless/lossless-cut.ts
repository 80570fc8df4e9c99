/**
 * Cuts a recording without encoding more than the pictures around a cut, or none: the rest byte for byte, its sound and its
 * sensors with them.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { readRange } from '../../import/reading/byte-stream.ts'
import { requireFreeSpace } from '../../media/disk.ts'
import type { ExportInput, ExportOptions } from '../export/exporter.ts'
import type { ProjectView } from '../package/project-view.ts'
import { probeMedia } from '../../media/probe.ts'
import { encodeEdges } from './encode-edges.ts'
import { renamedKeys } from './hevc-joints.ts'
import type { Movie, MovieTrack } from './movie.ts'
import {
  encodedPictures,
  extraSeconds,
  planLossless,
  spanSeconds,
  type LosslessPlan,
  type LosslessWay,
} from './plan-cut.ts'
import { accompanying, firstDecodeTicks, firstDelayTicks, type SampleRange, type Span } from './ranges.ts'
import { edgeAdditions, spliced } from './spliced-track.ts'
import { telemetryCut } from './telemetry-cut.ts'
import { verifyEdge, verifyPictures } from './verify-cut.ts'
import { writeMovie, type CutTrack } from './write-movie.ts'

/** What a track of pictures, sound or a sensor is; clocks, chapters and hints would say something else after a cut. */
const LEFT_OUT = new Set(['tmcd', 'hint', 'clcp'])

function numbered(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, n) => first + n)
}

/** Pictures: each range begins where the one before it ends. */
function pictureCut(track: MovieTrack, ranges: readonly SampleRange[]): CutTrack {
  const { timescale } = track.table
  const samplesOf = ranges.map(({ first, behind, end }) => [first, ...numbered(behind, end)])
  const samples = Uint32Array.from(samplesOf.flat())
  const decodeTicks = new Float64Array(samples.length)
  const compositionTicks = track.compositionTicks && new Int32Array(samples.length)
  const startTicks = firstDelayTicks(track, ranges[0]!)
  let at = 0
  let begins = 0
  ranges.forEach((range, n) => {
    const firstAt = firstDecodeTicks(track, range)
    const firstDelay = firstDelayTicks(track, range)
    const start = Math.round(begins * timescale) + startTicks - firstDelay
    for (const sample of samplesOf[n]!) {
      const isFirst = sample === range.first
      const due = isFirst ? start : start + track.decodeTicks[sample]! - firstAt
      const ticks = at === 0 ? 0 : Math.max(decodeTicks[at - 1]! + 1, due)
      decodeTicks[at] = ticks
      // A picture that has to be decoded a little later is shown when it was to be shown.
      if (compositionTicks)
        compositionTicks[at] = (isFirst ? firstDelay : track.compositionTicks![sample]!) - (ticks - due)
      at++
    }
    begins += range.toSeconds - range.fromSeconds
  })
  return { track, samples, decodeTicks, compositionTicks, startTicks, shownSeconds: spanSeconds(ranges) }
}

/** Sound is packed; a sensor's samples stand where they stood against the pictures. */
function companionCut(track: MovieTrack, ranges: readonly Span[]): CutTrack | null {
  const { timescale, ticks } = track.table
  const { runs, leadSeconds } = accompanying(track, ranges)
  const samples = Uint32Array.from(runs.flatMap(({ first, end }) => numbered(first, end)))
  if (samples.length === 0) return null
  const decodeTicks = new Float64Array(samples.length)
  if (track.handler === 'soun') {
    for (let n = 1; n < samples.length; n++) decodeTicks[n] = decodeTicks[n - 1]! + ticks[samples[n - 1]!]!
  } else {
    let at = 0
    let begins = 0
    runs.forEach(({ first, end }, n) => {
      const range = ranges[n]!
      const shift = (begins - range.fromSeconds + track.shiftSeconds + leadSeconds) * timescale
      for (let sample = first; sample < end; sample++, at++) {
        decodeTicks[at] =
          at === 0 ? 0 : Math.max(decodeTicks[at - 1]! + 1, Math.round(track.decodeTicks[sample]! + shift))
      }
      begins += range.toSeconds - range.fromSeconds
    })
  }
  return {
    track,
    samples,
    decodeTicks,
    compositionTicks: track.compositionTicks && Int32Array.from(samples, (sample) => track.compositionTicks![sample]!),
    startTicks: Math.round(leadSeconds * timescale),
    shownSeconds: spanSeconds(ranges) + Math.min(0, leadSeconds),
  }
}

async function brandOf(movie: Movie): Promise<Uint8Array> {
  const head = Buffer.from(await readRange(movie.path, 0, 8))
  const length = head.length === 8 ? head.readUInt32BE(0) : 0
  if (head.toString('latin1', 4) === 'ftyp' && length >= 16 && length < 4096) {
    return await readRange(movie.path, 8, length - 8)
  }
  return Buffer.from('qt  \0\0\0\0qt  ', 'latin1') // QuickTime files of old have none
}

const seconds = (value: number): Saying => fixedAmount(value, 3)

/** What is kept, against what was asked for. */
function keptNote(plan: LosslessPlan): Saying {
  const ranges = plan.kept
    .map(({ fromSeconds, toSeconds }) => say('note.range', { from: seconds(fromSeconds), to: seconds(toSeconds) }))
    .reduceRight((rest, first) => say('list.two', { first, rest }))
  const pictures = encodedPictures(plan)
  if (pictures > 0) return say('note.keptEncoded', { ranges, pictures })
  const extra = extraSeconds(plan)
  return extra === 0 ? say('note.kept', { ranges }) : say('note.keptMore', { ranges, seconds: seconds(extra) })
}

/** The track of pictures to cut from, with what stands in for others of it, and its ranges. */
async function cutFrom(
  plan: LosslessPlan,
  input: ExportInput,
  folder: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<{ readonly track: MovieTrack; readonly ranges: readonly SampleRange[] }> {
  const { movie, picture, stream, pieces, perSecond } = plan
  const renamed = await renamedKeys(picture, pieces, join(folder, 'keys'))
  if (encodedPictures(plan) === 0) return spliced(picture, pieces, renamed, picture.description)
  const recording = { path: movie.path, track: picture, stream }
  const options = { folder, tools: input.tools, halfPicture: 0.5 / perSecond, signal, onProgress }
  const { edges, description } = await encodeEdges(recording, pieces, options)
  return spliced(picture, pieces, [...renamed, ...edgeAdditions(picture, pieces, edges)], description)
}

/** Every encoded edge of the finished file, against the recording. */
async function verifyEdges(plan: LosslessPlan, input: ExportInput, path: string, signal: AbortSignal): Promise<void> {
  const { movie, pieces, stream, perSecond } = plan
  if (encodedPictures(plan) === 0) return
  const probe = await probeMedia(path, input.tools, signal)
  const written = probe.streams.find((each) => each.kind === 'video' && each.kindIndex === 0)!
  let begins = 0
  for (const [n, piece] of pieces.entries()) {
    if (piece.kind === 'encoded') {
      const next = pieces[n + 1]
      const edge = {
        recording: { path: movie.path, stream },
        written: { path, stream: written },
        piece,
        startSeconds: begins,
        goesOn: next !== undefined && Math.abs(next.fromSeconds - piece.toSeconds) < 1e-9,
        halfPictureSeconds: 0.5 / perSecond,
      }
      await verifyEdge(input.tools, edge, signal)
    }
    begins += piece.toSeconds - piece.fromSeconds
  }
}

/** Writes the cut to `path`, an unnamed file yet. */
export async function cutLossless(
  view: ProjectView,
  input: ExportInput,
  path: string,
  way: LosslessWay,
  options: ExportOptions,
): Promise<void> {
  const signal = options.signal ?? new AbortController().signal
  const plan = await planLossless(view, input, way, signal)
  options.onNote?.(keptNote(plan))
  const { movie, picture, kept } = plan
  const others = movie.tracks.filter(
    (track) =>
      track !== picture && track.handler !== 'vide' && !LEFT_OUT.has(track.format) && !LEFT_OUT.has(track.handler),
  )
  const companions = others
    .filter((track) => plan.hasSound || track.handler !== 'soun')
    .flatMap((track) => companionCut(track, kept) ?? [])
  const left = movie.tracks.length - 1 - companions.length
  if (left > 0) options.onNote?.(say('note.tracksLeft', { tracks: left }))
  const folder = await mkdtemp(join(tmpdir(), 'asterism-edges-'))
  try {
    const { track, ranges } = await cutFrom(plan, input, folder, signal, (fraction) =>
      options.onProgress?.(0.4 * fraction, say('work.encodingEdges')),
    )
    const pictures = pictureCut(track, ranges)
    const telemetry = companions.map(async (cut, n) =>
      cut.track.format === 'gpmd' ? await telemetryCut(cut, kept, join(folder, `telemetry-${n}`)) : cut,
    )
    const cuts = [pictures, ...(await Promise.all(telemetry))]
    const bytes = cuts.reduce(
      (sum, { track: { table }, samples }) => samples.reduce((all, sample) => all + table.byteLengths[sample]!, sum),
      0,
    )
    await requireFreeSpace(dirname(path), bytes, say('disk.fix.freeOrOther'))
    const digests = await writeMovie(movie, cuts, await brandOf(movie), path, {
      signal,
      laterSeconds: kept[0]!.fromSeconds,
      onProgress: (fraction) => options.onProgress?.(0.4 + 0.3 * fraction, say('work.copyingRest')),
    })
    options.onProgress?.(0.7, say('work.lookingAtFile'))
    await verifyPictures(input.tools, path, pictures, digests, signal)
    await verifyEdges(plan, input, path, signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
