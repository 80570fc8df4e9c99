/** The frame rates that an edit is counted in. */
import type { Sensor, Stream } from '../../../../shared/document/records.ts'
import { secondsFromTicks, type FrameRate } from '../../../../shared/units.ts'
import type { ProjectView } from '../package/project-view.ts'

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

/**
 * The rate that the whole edit is counted in: that of the first picture, from the topmost track down, which has a
 * standard one. The average of a film at an uneven rate would leave out pictures of all others: it counts only where
 * there is nothing else, and where there is no picture at all it is 30.
 */
export function sequenceRate(view: ProjectView): FrameRate {
  const rates = view.tracks
    .filter((track) => track.sensor === 'video' && !track.muted)
    .flatMap((track) => track.clips.map((clip) => view.stream(clip.streamId)?.frameRate))
    .filter((rate) => rate !== undefined)
  const standard = rates.map(nearStandard).find((rate) => rate !== undefined)
  return standard ?? (rates[0] ? standardRate(rates[0]) : DEFAULT)
}

/** The nearest whole frame to a time in ticks. */
export function nearestFrame(ticks: number, rate: FrameRate): number {
  return Math.round((secondsFromTicks(ticks) * rate.numerator) / rate.denominator)
}
