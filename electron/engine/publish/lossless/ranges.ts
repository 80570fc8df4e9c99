/** Where a film can be cut without encoding, and what a cut there keeps. Seconds of the container's clock. */
import { shownSeconds, type MovieTrack } from './movie.ts'

export interface Span {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** Samples from `first` to before `end`, in the order of the file, which are the pictures of the span. */
export interface SampleRange extends Span {
  readonly first: number
  /** The one behind the first: what lies between is left out. */
  readonly behind: number
  readonly end: number
}

/**
 * Where the first picture of a range stands among those that are decoded, units of the track's timescale: with leading
 * pictures left out it takes the place of the last of them, so that what is in front of the range has room.
 */
export function firstDecodeTicks(track: MovieTrack, { behind }: SampleRange): number {
  return track.decodeTicks[behind - 1]!
}

/** How much later than there it is shown, in the same units. */
export function firstDelayTicks(track: MovieTrack, range: SampleRange): number {
  const shown = track.decodeTicks[range.first]! + (track.compositionTicks?.[range.first] ?? 0)
  return shown - firstDecodeTicks(track, range)
}

/** A sample before which everything is shown earlier, and from which on nothing is. */
export interface CutPoint {
  readonly sample: number
  /** Of the first picture shown from here on. */
  readonly seconds: number
  /** How a cut can begin here; null where it cannot. One can end at any. */
  readonly start: CutStart | null
}

interface CutStart {
  /** When the key picture is shown. */
  readonly seconds: number
  /** Pictures behind it that are shown before it and lean on what was before: a cut that begins here leaves them out. */
  readonly leading: number
}

/**
 * Where the film parts cleanly: whatever stands before in the file is shown before, and nothing behind is. The end of the
 * film is the last of them. A cut can begin at a key picture.
 *
 * @param canBeginOpen whether at one with leading pictures too (an open group)
 */
export function cutPoints(track: MovieTrack, canBeginOpen: boolean): CutPoint[] {
  const count = track.table.byteLengths.length
  const shown = Float64Array.from({ length: count }, (_, n) => shownSeconds(track, n))
  const earliestFrom = new Float64Array(count + 1)
  earliestFrom[count] = Infinity
  for (let n = count - 1; n >= 0; n--) earliestFrom[n] = Math.min(earliestFrom[n + 1]!, shown[n]!)
  const startAt = (n: number): CutStart | null => {
    if (track.isKey !== null && track.isKey[n] !== 1) return null
    const seconds = shown[n]!
    let behind = n + 1
    while (canBeginOpen && behind < count && shown[behind]! < seconds) behind++
    return earliestFrom[behind]! > seconds ? { seconds, leading: behind - n - 1 } : null
  }
  const points: CutPoint[] = []
  let latest = -Infinity
  let end = -Infinity
  for (let n = 0; n < count; n++) {
    const seconds = earliestFrom[n]!
    if (latest < seconds) points.push({ sample: n, seconds, start: startAt(n) })
    latest = Math.max(latest, shown[n]!)
    end = Math.max(end, shown[n]! + track.table.ticks[n]! / track.table.timescale)
  }
  points.push({ sample: count, seconds: end, start: null })
  return points
}

/** The last point at which a cut can begin by `seconds`. */
export function startBy(points: readonly CutPoint[], seconds: number): CutPoint | undefined {
  return points.findLast(({ start }) => start && start.seconds <= seconds)
}

/** A piece of the film from one point to another. */
export function rangeBetween(from: CutPoint, to: CutPoint): SampleRange {
  const { leading, seconds } = from.start ?? { leading: 0, seconds: from.seconds }
  const first = from.sample
  return { first, behind: first + 1 + leading, end: to.sample, fromSeconds: seconds, toSeconds: to.seconds }
}

/**
 * The ranges that hold what is wanted: from the key picture before it to the next place where the film parts. Ranges that
 * follow each other in the film and would overlap become one: nothing is shown twice.
 */
export function keptRanges(points: readonly CutPoint[], wanted: readonly Span[], halfPicture: number): SampleRange[] {
  const kept: SampleRange[] = []
  for (const { fromSeconds, toSeconds } of wanted) {
    const start = startBy(points, fromSeconds + halfPicture) ?? points[0]!
    const end = points.find((point) => point.seconds >= toSeconds - halfPicture) ?? points.at(-1)!
    if (end.sample <= start.sample) continue
    const last = kept.at(-1)
    if (last && start.sample >= last.first && start.sample <= last.end && end.sample >= last.end) {
      kept[kept.length - 1] = { ...last, end: end.sample, toSeconds: end.seconds }
    } else kept.push(rangeBetween(start, end))
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
