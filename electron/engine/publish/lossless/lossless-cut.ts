/**
 * Cuts a recording without encoding more than the pictures around a cut, or none: the rest byte for byte, its sound and its
 * sensors with them.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readRange } from '../../import/byte-stream.ts'
import { requireFreeSpace } from '../../media/disk.ts'
import type { ExportInput, ExportOptions } from '../export/exporter.ts'
import type { ProjectView } from '../package/project-view.ts'
import { probeMedia } from '../../media/probe.ts'
import { encodeEdges } from './encode-edges.ts'
import type { Movie, MovieTrack } from './movie.ts'
import {
  encodedPictures,
  extraSeconds,
  planLossless,
  spanSeconds,
  type LosslessPlan,
  type LosslessWay,
} from './plan-cut.ts'
import { accompanying, type SampleRange, type Span } from './ranges.ts'
import { spliceEdges } from './spliced-track.ts'
import { verifyEdge, verifyPictures } from './verify-cut.ts'
import { writeMovie, type CutTrack } from './write-movie.ts'

/** What a track of pictures, sound or a sensor is; clocks, chapters and hints would say something else after a cut. */
const LEFT_OUT = new Set(['tmcd', 'hint', 'clcp'])

function chosen(runs: readonly { readonly first: number; readonly end: number }[]): Uint32Array {
  return Uint32Array.from(runs.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, n) => first + n)))
}

/** Pictures: each range begins where the one before it ends. */
function pictureCut(track: MovieTrack, ranges: readonly SampleRange[]): CutTrack {
  const { timescale } = track.table
  const delay = (sample: number): number => track.compositionTicks?.[sample] ?? 0
  const samples = chosen(ranges)
  const decodeTicks = new Float64Array(samples.length)
  const firstDelay = delay(samples[0]!)
  let at = 0
  let begins = 0
  for (const { first, end, fromSeconds, toSeconds } of ranges) {
    const start = Math.round(begins * timescale) + firstDelay - delay(first)
    for (let sample = first; sample < end; sample++, at++) {
      const ticks = start + track.decodeTicks[sample]! - track.decodeTicks[first]!
      decodeTicks[at] = at === 0 ? 0 : Math.max(decodeTicks[at - 1]! + 1, ticks)
    }
    begins += toSeconds - fromSeconds
  }
  return { track, samples, decodeTicks, startTicks: firstDelay, shownSeconds: spanSeconds(ranges) }
}

/** Sound is packed; a sensor's samples stand where they stood against the pictures. */
function companionCut(track: MovieTrack, ranges: readonly Span[]): CutTrack | null {
  const { timescale, ticks } = track.table
  const { runs, leadSeconds } = accompanying(track, ranges)
  const samples = chosen(runs)
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

function secondsWords(ranges: readonly Span[]): string {
  return ranges.map((range) => `${range.fromSeconds.toFixed(3)} to ${range.toSeconds.toFixed(3)} s`).join(', ')
}

/** What is kept, against what was asked for, as a sentence. */
function keptWords(plan: LosslessPlan): string {
  const words = `Kept of the recording: ${secondsWords(plan.kept)}`
  const encoded = encodedPictures(plan)
  if (encoded > 0) return `${words}; ${encoded} pictures around the cuts are encoded anew, all others are copied.`
  const extra = extraSeconds(plan)
  return extra === 0
    ? `${words}; exactly what the timeline shows.`
    : `${words}; ${extra.toFixed(3)} s more than the timeline shows, since without encoding a film can begin at its key pictures only.`
}

/** The track of pictures to cut from, and the ranges of it. */
async function withEdges(
  plan: LosslessPlan,
  input: ExportInput,
  folder: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<{ readonly track: MovieTrack; readonly ranges: readonly SampleRange[] }> {
  const { movie, picture, stream, pieces, perSecond } = plan
  const ranges = pieces.flatMap((piece) => (piece.kind === 'copied' ? [piece] : []))
  if (ranges.length === pieces.length) return { track: picture, ranges }
  const recording = { path: movie.path, track: picture, stream }
  const options = { folder, tools: input.tools, halfPicture: 0.5 / perSecond, signal, onProgress }
  return spliceEdges(picture, pieces, await encodeEdges(recording, pieces, options))
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
      const goesOn = next !== undefined && Math.abs(next.fromSeconds - piece.toSeconds) < 1e-9
      const files = [
        { path: movie.path, stream },
        { path, stream: written },
      ] as const
      await verifyEdge(input.tools, ...files, piece, begins, goesOn, 0.5 / perSecond, signal)
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
  options.onNote?.(keptWords(plan))
  const { movie, picture, kept } = plan
  const others = movie.tracks.filter(
    (track) =>
      track !== picture && track.handler !== 'vide' && !LEFT_OUT.has(track.format) && !LEFT_OUT.has(track.handler),
  )
  const companions = others
    .filter((track) => plan.hasSound || track.handler !== 'soun')
    .flatMap((track) => companionCut(track, kept) ?? [])
  const left = movie.tracks.length - 1 - companions.length
  if (left > 0)
    options.onNote?.(`${left} tracks of the recording (timecode, muted sound, other pictures) are left out.`)
  const folder = await mkdtemp(join(tmpdir(), 'asterism-edges-'))
  try {
    const { track, ranges } = await withEdges(plan, input, folder, signal, (fraction) =>
      options.onProgress?.(0.4 * fraction, 'Encoding around the cuts'),
    )
    const pictures = pictureCut(track, ranges)
    const cuts = [pictures, ...companions]
    const bytes = cuts.reduce(
      (sum, { track: { table }, samples }) => samples.reduce((all, sample) => all + table.byteLengths[sample]!, sum),
      0,
    )
    await requireFreeSpace(dirname(path), bytes)
    const digests = await writeMovie(movie, cuts, await brandOf(movie), path, {
      signal,
      laterSeconds: kept[0]!.fromSeconds,
      onProgress: (fraction) => options.onProgress?.(0.4 + 0.3 * fraction, 'Copying'),
    })
    options.onProgress?.(0.7, 'Looking at the finished file')
    await verifyPictures(input.tools, path, pictures, digests, signal)
    await verifyEdges(plan, input, path, signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
