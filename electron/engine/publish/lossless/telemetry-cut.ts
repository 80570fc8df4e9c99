/**
 * GPMF through a cut. Its payloads last about a second, and readers spread the samples of each over its time: one across a
 * joint is cut at the joint, so that its samples keep their times to within one of them.
 */
import { writeFile } from 'node:fs/promises'
import { readRange } from '../../import/reading/byte-stream.ts'
import type { MovieTrack } from './movie.ts'
import { partOfGpmf } from './part-of-gpmf.ts'
import { accompanying, type Span } from './ranges.ts'
import type { CutTrack } from './write-movie.ts'

/** A payload in the cut: a whole one, or what is left of it. */
interface Payload {
  readonly sample: number
  /** Seconds of the recording. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** From the recording's time to that of the track in the cut. */
  readonly shiftSeconds: number
}

const NONE_SECONDS = 1e-6

/** Of every range the payloads that reach into it, those at joints no further than it does. */
function payloadsOf(track: MovieTrack, ranges: readonly Span[]): Payload[] {
  const { timescale, ticks } = track.table
  const startOf = (sample: number): number => track.decodeTicks[sample]! / timescale + track.shiftSeconds
  const endOf = (sample: number): number => startOf(sample) + ticks[sample]! / timescale
  const { runs, leadSeconds } = accompanying(track, ranges)
  let begins = 0
  return runs.flatMap(({ first, end }, n) => {
    const range = ranges[n]!
    const shiftSeconds = begins - range.fromSeconds + leadSeconds
    begins += range.toSeconds - range.fromSeconds
    // What lies before the first range is hidden, and what lies behind the last one: only joints are cut.
    const [from, to] = [n === 0 ? -Infinity : range.fromSeconds, n === ranges.length - 1 ? Infinity : range.toSeconds]
    const isUnderWay = n > 0 && first > 0 && endOf(first - 1) > from + NONE_SECONDS
    const samples = Array.from(
      { length: end - first + (isUnderWay ? 1 : 0) },
      (_, at) => first - (isUnderWay ? 1 : 0) + at,
    )
    return samples.map((sample) => ({
      sample,
      fromSeconds: Math.max(startOf(sample), from),
      toSeconds: Math.min(endOf(sample), to),
      shiftSeconds,
    }))
  })
}

/** @param cut as it would be with whole payloads */
export async function telemetryCut(cut: CutTrack, ranges: readonly Span[], file: string): Promise<CutTrack> {
  const { track } = cut
  const { timescale, ticks, byteLengths, offsets } = track.table
  const payloads = payloadsOf(track, ranges)
  const parts: Buffer[] = []
  const added = { byteLengths: [] as number[], offsets: [] as number[], ticks: [] as number[] }
  const samples: number[] = []
  for (const { sample, fromSeconds, toSeconds } of payloads) {
    const start = track.decodeTicks[sample]! / timescale + track.shiftSeconds
    const seconds = ticks[sample]! / timescale
    const part = { from: (fromSeconds - start) / seconds, to: (toSeconds - start) / seconds, seconds }
    if (part.from * seconds < NONE_SECONDS && (1 - part.to) * seconds < NONE_SECONDS) {
      samples.push(sample)
      continue
    }
    const bytes = await readRange(track.files[0]!, offsets[sample]!, byteLengths[sample]!)
    const piece = partOfGpmf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), part)
    samples.push(byteLengths.length + parts.length)
    added.offsets.push(parts.reduce((sum, { length }) => sum + length, 0))
    added.byteLengths.push(piece.length)
    added.ticks.push(Math.max(1, Math.round((toSeconds - fromSeconds) * timescale)))
    parts.push(piece)
  }
  if (parts.length === 0) return cut
  await writeFile(file, Buffer.concat(parts))
  let before = -1
  const decodeTicks = Float64Array.from(payloads, ({ fromSeconds, shiftSeconds }) => {
    before = Math.max(before + 1, Math.round((fromSeconds + shiftSeconds) * timescale))
    return before
  })
  const own = byteLengths.length
  const fileOf = new Uint16Array(own + parts.length)
  fileOf.fill(track.files.length, own)
  return {
    ...cut,
    track: {
      ...track,
      files: [...track.files, file],
      fileOf,
      table: {
        timescale,
        byteLengths: Float64Array.from([...byteLengths, ...added.byteLengths]),
        offsets: Float64Array.from([...offsets, ...added.offsets]),
        ticks: Float64Array.from([...ticks, ...added.ticks]),
      },
      decodeTicks: Float64Array.from([...track.decodeTicks, ...added.ticks.map(() => 0)]),
    },
    samples: Uint32Array.from(samples),
    decodeTicks,
  }
}
