/** Cuts a recording without encoding: the pictures of the kept ranges byte for byte, its sound and its sensors with them. */
import { dirname } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { readRange } from '../../import/byte-stream.ts'
import { requireFreeSpace } from '../../media/disk.ts'
import { fileUrl, runTool } from '../../media/run-tool.ts'
import { requireTool, type MediaTools } from '../../media/tools.ts'
import type { ExportInput, ExportOptions } from '../export/exporter.ts'
import type { ProjectView } from '../package/project-view.ts'
import type { Movie, MovieTrack } from './movie.ts'
import { extraSeconds, planLossless, spanSeconds, type LosslessPlan } from './plan-cut.ts'
import { accompanying, type SampleRange, type Span } from './ranges.ts'
import { writeMovie, type CutTrack } from './write-movie.ts'

/** What a track of pictures, sound or a sensor is; clocks, chapters and hints would say something else after a cut. */
const LEFT_OUT = new Set(['tmcd', 'hint', 'clcp'])
const WANTED = ['-show_data_hash', 'md5', '-show_entries', 'packet=pts_time,data_hash']
const TIME_TOLERANCE_SECONDS = 0.0011

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
function companionCut(track: MovieTrack, ranges: readonly SampleRange[]): CutTrack | null {
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

function fault(what: string, path: string): AsterismError {
  return new AsterismError('tool_failed', `The finished file was looked at again: ${what}.`, {
    path,
    kept: 'It was not given its name; nothing that was there before is changed.',
    fix: 'Export with the preset "standard", and report this with the log of the job.',
  })
}

/** Every picture is read back by ffprobe: as many as were written, each the same bytes, each at its time. */
async function verifyPictures(
  tools: MediaTools,
  path: string,
  cut: CutTrack,
  digests: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { timescale } = cut.track.table
  let rest = ''
  let n = 0
  let wrong: string | null = null
  const look = (line: string): void => {
    const [time, hash] = line.split(',')
    if (!hash) return
    const delay = cut.track.compositionTicks?.[cut.samples[n]!] ?? 0
    const expected = (cut.decodeTicks[n]! + delay - cut.startTicks) / timescale
    if (hash.trim() !== `MD5:${digests[n]}`) wrong ??= `picture ${n} is not that of the recording`
    else if (!(Math.abs(Number(time) - expected) < TIME_TOLERANCE_SECONDS)) wrong ??= `picture ${n} stands at ${time} s`
    n++
  }
  const result = await runTool(
    requireTool(tools, 'ffprobe'),
    ['-v', 'error', '-of', 'csv=p=0', '-select_streams', 'v:0', ...WANTED, '-i', fileUrl(path)],
    {
      signal,
      timeoutMilliseconds: 6 * 3600_000,
      onStdout: (chunk) => {
        const lines = (rest + chunk.toString('latin1')).split('\n')
        rest = lines.pop() ?? ''
        lines.forEach(look)
      },
    },
  )
  look(rest)
  if (result.exitCode !== 0) throw fault('it cannot be read', path)
  if (wrong !== null) throw fault(wrong, path)
  if (n !== digests.length) throw fault(`it has ${n} pictures instead of ${digests.length}`, path)
}

function secondsWords(ranges: readonly Span[]): string {
  return ranges.map((range) => `${range.fromSeconds.toFixed(3)} to ${range.toSeconds.toFixed(3)} s`).join(', ')
}

/** What is kept, against what was asked for, as a sentence. */
function keptWords(plan: LosslessPlan): string {
  const words = `Kept of the recording: ${secondsWords(plan.kept)}`
  const extra = extraSeconds(plan)
  return extra === 0
    ? `${words}; exactly what the timeline shows.`
    : `${words}; ${extra.toFixed(3)} s more than the timeline shows, since a film can be cut without encoding at its key pictures only.`
}

/** Writes the cut to `path`, an unnamed file yet. */
export async function cutLossless(
  view: ProjectView,
  input: ExportInput,
  path: string,
  options: ExportOptions,
): Promise<void> {
  const signal = options.signal ?? new AbortController().signal
  const plan = await planLossless(view, input, signal)
  options.onNote?.(keptWords(plan))
  const { movie, picture, kept } = plan
  const others = movie.tracks.filter(
    (track) =>
      track !== picture && track.handler !== 'vide' && !LEFT_OUT.has(track.format) && !LEFT_OUT.has(track.handler),
  )
  const first = pictureCut(picture, kept)
  const companions = others
    .filter((track) => plan.hasSound || track.handler !== 'soun')
    .flatMap((track) => companionCut(track, kept) ?? [])
  const left = movie.tracks.length - 1 - companions.length
  if (left > 0)
    options.onNote?.(`${left} tracks of the recording (timecode, muted sound, other pictures) are left out.`)
  const cuts = [first, ...companions]
  const bytes = cuts.reduce(
    (sum, { track, samples }) => samples.reduce((all, sample) => all + track.table.byteLengths[sample]!, sum),
    0,
  )
  await requireFreeSpace(dirname(path), bytes)
  const digests = await writeMovie(movie, cuts, await brandOf(movie), path, {
    signal,
    laterSeconds: kept[0]!.fromSeconds,
    onProgress: (fraction) => options.onProgress?.(0.7 * fraction, 'Copying'),
  })
  options.onProgress?.(0.7, 'Looking at the finished file')
  await verifyPictures(input.tools, path, first, digests, signal)
}
