/** Where a film can be cut without encoding, and what a cut there keeps. Seconds of the container's clock. */
import { shownSeconds, type MovieTrack } from './movie.ts'

export interface Span {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** Samples from `first` to before `end`, in the order of the file, which are the pictures of the span. */
export interface SampleRange extends Span {
  readonly first: number
  readonly end: number
}

/** A sample before which everything is shown earlier, and from which on nothing is. */
export interface CutPoint {
  readonly sample: number
  /** Of the first picture shown from here on. */
  readonly seconds: number
  /** Whether a cut can begin here; one can end at any. */
  readonly isKey: boolean
}

/**
 * Where the film parts cleanly: whatever stands before in the file is shown before, and nothing behind is. A key picture
 * with pictures that lean on both sides (an open group) is no such place. The end of the film is the last of them.
 */
export function cutPoints(track: MovieTrack): CutPoint[] {
  const count = track.table.byteLengths.length
  const earliestFrom = new Float64Array(count + 1)
  earliestFrom[count] = Infinity
  for (let n = count - 1; n >= 0; n--) earliestFrom[n] = Math.min(earliestFrom[n + 1]!, shownSeconds(track, n))
  const points: CutPoint[] = []
  let latest = -Infinity
  let end = -Infinity
  for (let n = 0; n < count; n++) {
    const shown = shownSeconds(track, n)
    const seconds = earliestFrom[n]!
    const isKey = shown === seconds && (track.isKey === null || track.isKey[n] === 1)
    if (latest < seconds) points.push({ sample: n, seconds, isKey })
    latest = Math.max(latest, shown)
    end = Math.max(end, shown + track.table.ticks[n]! / track.table.timescale)
  }
  points.push({ sample: count, seconds: end, isKey: false })
  return points
}

/**
 * The ranges that hold what is wanted: from the key picture before it to the next place where the film parts. Ranges that
 * follow each other in the film and would overlap become one: nothing is shown twice.
 */
export function keptRanges(points: readonly CutPoint[], wanted: readonly Span[], halfPicture: number): SampleRange[] {
  const kept: SampleRange[] = []
  for (const { fromSeconds, toSeconds } of wanted) {
    const start = points.findLast((point) => point.isKey && point.seconds <= fromSeconds + halfPicture) ?? points[0]!
    const end = points.find((point) => point.seconds >= toSeconds - halfPicture) ?? points.at(-1)!
    if (end.sample <= start.sample) continue
    const last = kept.at(-1)
    if (last && start.sample >= last.first && start.sample <= last.end && end.sample >= last.end) {
      kept[kept.length - 1] = { ...last, end: end.sample, toSeconds: end.seconds }
    } else {
      kept.push({ first: start.sample, end: end.sample, fromSeconds: start.seconds, toSeconds: end.seconds })
    }
  }
  return kept
}

/** Decoders of sound need a packet or two before what they are to give. */
const SOUND_RUN_UP = 2

export interface Companion {
  /** Of each range. */
  readonly runs: readonly { readonly first: number; readonly end: number }[]
  /** How much of the first run lies before the first range and is not to be played, seconds; negative: it begins late. */
  readonly leadSeconds: number
}

/** The samples of another track that go with the ranges. Sound is packed; what sensors said keeps its times. */
export function accompanying(track: MovieTrack, ranges: readonly Span[]): Companion {
  const { timescale, ticks } = track.table
  const startOf = (n: number): number => track.decodeTicks[n]! / timescale + track.shiftSeconds
  const firstFrom = (seconds: number): number => {
    let low = 0
    let high = ticks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (startOf(middle) < seconds - 1e-9) low = middle + 1
      else high = middle
    }
    return low
  }
  const isSound = track.handler === 'soun'
  const half = isSound ? ticks[0]! / timescale / 2 : 0
  const begin = ranges[0]!.fromSeconds
  const underWay = Math.max(0, firstFrom(begin + 1e-6) - 1)
  const first = Math.max(0, underWay - (isSound ? SOUND_RUN_UP : 0))
  const leadSeconds = begin - startOf(first)
  // Where the next packet of sound would play, and where the next range begins, from the beginning of the cut.
  let played = -leadSeconds
  let due = 0
  const runs = ranges.map(({ fromSeconds, toSeconds }, n) => {
    // Each joint takes the packet that lies nearest, so that half a packet is the most that sound is ever off.
    const from = n === 0 ? first : firstFrom(fromSeconds + (isSound ? played - due - half : 0))
    const end = Math.max(from, firstFrom(isSound && n < ranges.length - 1 ? toSeconds - half : toSeconds))
    for (let sample = from; sample < end; sample++) played += ticks[sample]! / timescale
    due += toSeconds - fromSeconds
    return { first: from, end }
  })
  return { runs, leadSeconds }
}
