/**
 * The clock that linear timecode frames tell: a line from the recording's seconds to seconds of the timecode, by a vote of
 * all frames. A frame that was read wrongly, or a code that was set anew, is outvoted.
 */
import type { LtcFrame } from './ltc.ts'
import { fitRobustLine } from './robust-line.ts'

export interface LtcClock {
  /** Frames a second of the code: 24, 25, 30 and their 1000/1001. */
  readonly rate: { readonly numerator: number; readonly denominator: number }
  readonly isDropFrame: boolean
  /** `timecodeSeconds = offsetSeconds + (1 + ratePpm * 1e-6) * recordingSeconds` */
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  /** Where on the recording the frames lie. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Frames that agree, and all that were read. */
  readonly agreeing: number
  readonly read: number
}

/** Fewer agreeing frames than a second's are chance, or not worth it. */
const LEAST_FRAMES = 20
const LEAST_SHARE = 0.5
/** A frame's edge is read to a sample or so; the output of a generator shakes as much again. */
const EDGE_SIGMA_SECONDS = 3e-5
/** Timecode is recorded at the speed at which it was made: clocks of devices differ by no more. */
const LARGEST_RATE_PPM = 600

/** Frames since midnight. Drop frame leaves out two numbers a minute, but every tenth (ST 12-1); four at 60. */
export function frameNumber(
  time: Pick<LtcFrame, 'hours' | 'minutes' | 'seconds' | 'frames'>,
  nominalRate: number,
  isDropFrame: boolean,
): number {
  const minutes = time.hours * 60 + time.minutes
  const all = (minutes * 60 + time.seconds) * nominalRate + time.frames
  return isDropFrame ? all - (nominalRate / 15) * (minutes - Math.floor(minutes / 10)) : all
}

/**
 * @returns null where too few frames agree, or where the speed is none that a clock has (a tape that is wound)
 */
export function ltcClock(frames: readonly LtcFrame[], sampleRateHz: number): LtcClock | null {
  if (frames.length < LEAST_FRAMES) return null
  const isDropFrame = frames.filter((frame) => frame.isDropFrame).length > frames.length / 2
  const lengths = frames.map((frame) => (frame.to - frame.from) / sampleRateHz).sort((one, two) => one - two)
  const usual = lengths[lengths.length >> 1]!
  const rate = rateOf(frames, usual, isDropFrame)
  if (!rate) return null
  const period = rate.denominator / rate.numerator
  const nominal = Math.round(rate.numerator / rate.denominator)
  const daySeconds = frameNumber({ hours: 24, minutes: 0, seconds: 0, frames: 0 }, nominal, isDropFrame) * period
  const told = (frame: LtcFrame): number =>
    frameNumber(frame, nominal, isDropFrame) * period - frame.from / sampleRateHz
  // After midnight the code counts from zero, and the clock goes on.
  const middleOfAll = told(frames[frames.length >> 1]!)
  const points = frames.map((frame) => ({
    x: frame.from / sampleRateHz,
    y: told(frame) - Math.round((told(frame) - middleOfAll) / daySeconds) * daySeconds,
  }))
  // The vote: the offset that most frames share within half a frame, drift included.
  const sorted = points.map((point) => point.y).sort((one, two) => one - two)
  const width = Math.max(period, (points.at(-1)!.x - points[0]!.x) * LARGEST_RATE_PPM * 1e-6)
  let best = { from: 0, count: 0 }
  for (let low = 0, high = 0; low < sorted.length; low++) {
    while (high < sorted.length && sorted[high]! - sorted[low]! < width) high++
    if (high - low > best.count) best = { from: sorted[low]!, count: high - low }
  }
  const voted = points.filter((point) => point.y >= best.from && point.y < best.from + width)
  if (voted.length < LEAST_FRAMES || voted.length < LEAST_SHARE * points.length) return null
  const middle = voted[voted.length >> 1]!.y
  const line = fitRobustLine(
    voted.map((point) => ({ x: point.x, y: point.y - middle, sigma: EDGE_SIGMA_SECONDS })),
    LARGEST_RATE_PPM * 1e-6,
    EDGE_SIGMA_SECONDS,
  )
  if (!line) return null
  const [oo, os, ss] = line.covariance
  return {
    rate,
    isDropFrame,
    offsetSeconds: line.intercept + middle,
    ratePpm: line.slope * 1e6,
    covariance: [oo, os * 1e6, ss * 1e12],
    fromSeconds: voted[0]!.x,
    toSeconds: voted.at(-1)!.x,
    agreeing: Math.round(line.inlierShare * voted.length),
    read: frames.length,
  }
}

/** From the highest frame number, which the second's turn shows, and from how long a frame lasts. */
function rateOf(frames: readonly LtcFrame[], usualSeconds: number, isDropFrame: boolean): LtcClock['rate'] | null {
  const counts = new Map<number, number>()
  for (const { frames: number } of frames) counts.set(number, (counts.get(number) ?? 0) + 1)
  // One frame read wrongly must not raise it: the highest number that is not much rarer than the others.
  const fair = Math.max(1, frames.length / 100)
  let highest = 0
  for (const [number, count] of counts) if (count >= fair) highest = Math.max(highest, number)
  const candidates = [
    { numerator: 24_000, denominator: 1_001 },
    { numerator: 24, denominator: 1 },
    { numerator: 25, denominator: 1 },
    { numerator: 30_000, denominator: 1_001 },
    { numerator: 30, denominator: 1 },
  ].filter(
    ({ numerator, denominator }) =>
      Math.round(numerator / denominator) > highest &&
      (!isDropFrame || (denominator === 1_001 && numerator === 30_000)),
  )
  let best: LtcClock['rate'] | null = null
  let least = LARGEST_RATE_PPM * 1e-6
  for (const candidate of candidates) {
    const miss = Math.abs((usualSeconds * candidate.numerator) / candidate.denominator - 1)
    if (miss < least) {
      least = miss
      best = candidate
    }
  }
  return best
}

/** The same code on a clock that counts `seconds` more at every moment, give or take `sigmaSeconds`. */
export function laterLtcClock(clock: LtcClock, seconds: number, sigmaSeconds = 0): LtcClock {
  const [oo, or, rr] = clock.covariance
  const arm = seconds * 1e-6
  return {
    ...clock,
    offsetSeconds: clock.offsetSeconds - (1 + clock.ratePpm * 1e-6) * seconds,
    covariance: [oo + sigmaSeconds ** 2 - 2 * arm * or + arm * arm * rr, or - arm * rr, rr],
    fromSeconds: clock.fromSeconds + seconds,
    toSeconds: clock.toSeconds + seconds,
  }
}
