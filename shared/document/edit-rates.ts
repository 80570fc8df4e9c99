/** The frame rates that an edit is counted in. */
import { secondsFromTicks, type FrameRate } from '../units.ts'
import type { Sensor, Stream, Track } from './records.ts'

/** Of streams that have no rate of their own. */
const MILLISECONDS = 1000
const STANDARD: readonly FrameRate[] = [
  { numerator: 24_000, denominator: 1001 },
  { numerator: 24, denominator: 1 },
  { numerator: 25, denominator: 1 },
  { numerator: 30_000, denominator: 1001 },
  { numerator: 30, denominator: 1 },
  { numerator: 48, denominator: 1 },
  { numerator: 50, denominator: 1 },
  { numerator: 60_000, denominator: 1001 },
  { numerator: 60, denominator: 1 },
  { numerator: 120, denominator: 1 },
]
const DEFAULT: FrameRate = { numerator: 30, denominator: 1 }

/** Frames or samples of a stream in a second. */
export function rateOf(stream: Stream | undefined, sensor: Sensor): number {
  if (stream?.frameRate !== undefined) return stream.frameRate.numerator / stream.frameRate.denominator
  return stream?.sampleRateHz ?? (sensor === 'audio' ? 48_000 : MILLISECONDS)
}

/** Of a rate by which it may differ from a standard one and still be meant as that. */
const SAME_RATE = 0.025

/** The standard rate that a file means by the average it states, such as 29.87; a whole number where there is none near. */
export function standardRate(rate: FrameRate): FrameRate {
  return nearStandard(rate) ?? { numerator: Math.max(1, Math.round(rate.numerator / rate.denominator)), denominator: 1 }
}

function nearStandard(rate: FrameRate): FrameRate | undefined {
  const value = rate.numerator / rate.denominator
  const distance = (each: FrameRate): number => Math.abs(Math.log(each.numerator / each.denominator / value))
  const nearest = STANDARD.reduce((best, each) => (distance(each) < distance(best) ? each : best))
  return distance(nearest) < SAME_RATE ? nearest : undefined
}

/** What the rate of an edit is found from. */
export interface Pictures {
  /** From top to bottom. */
  readonly tracks: readonly Track[]
  stream(id: string): Stream | undefined
}

/**
 * The rate that the whole edit is counted in, on the ruler as in what is exported: that of the first picture, from the
 * topmost track down and the muted ones last, which has a standard one. The average of a film at an uneven rate would
 * leave out pictures of all others: it counts only where there is nothing else, and where there is no picture it is 30.
 */
export function sequenceRate(edit: Pictures): FrameRate {
  const tracks = edit.tracks.filter(({ sensor }) => sensor === 'video')
  let uneven: FrameRate | undefined
  for (const track of [...tracks.filter(({ muted }) => !muted), ...tracks.filter(({ muted }) => muted)]) {
    for (const { streamId } of track.clips) {
      const rate = edit.stream(streamId)?.frameRate
      const standard = rate && nearStandard(rate)
      if (standard) return standard
      uneven ??= rate
    }
  }
  return uneven ? standardRate(uneven) : DEFAULT
}

/** The nearest whole frame to a time in ticks. */
export function nearestFrame(ticks: number, rate: FrameRate): number {
  return Math.round((secondsFromTicks(ticks) * rate.numerator) / rate.denominator)
}
