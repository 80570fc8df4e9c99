/**
 * Evidence from what the devices' clocks say: a SMPTE timecode that both carry, or the time of day of both.
 *
 * Timecode of jam-synced devices is right to about a frame; a camera's or phone's time of day to a second or two, often
 * worse, and whole hours off where a time zone was forgotten. So it helps where nothing better exists and never
 * outweighs what was heard.
 */
import type { MeasuredTimeMap, NotFound, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'

const TIMECODE_SIGMA_SECONDS = 0.04
const TIMECODE_CONFIDENCE = 0.85
const TIME_OF_DAY_SIGMA_SECONDS = 1.5
const TIME_OF_DAY_CONFIDENCE = 0.6
/** Crystals of consumer devices: tens of ppm. */
const RATE_SIGMA_PPM = 50

/** Seconds of a timecode whose last field counts frames of `rate` (or samples, where a sound recorder wrote it). */
export function timecodeSeconds(start: string, rate: string): number | null {
  const fields = /^(\d+):(\d{2}):(\d{2})[:;.](\d+)$/.exec(start)
  const [numerator, denominator = 1] = rate.split('/').map(Number)
  if (!fields || !numerator || !Number.isFinite(numerator / denominator)) return null
  const [hours, minutes, seconds, frames] = fields.slice(1).map(Number) as [number, number, number, number]
  const perSecond = numerator / denominator
  const nominal = Math.round(perSecond)
  const isDrop = start.includes(';') && denominator === 1001
  const whole = (hours * 3600 + minutes * 60 + seconds) * nominal + frames
  const minutesTotal = hours * 60 + minutes
  const dropped = isDrop ? (nominal / 15) * (minutesTotal - Math.floor(minutesTotal / 10)) : 0
  return (whole - dropped) / perSecond
}

function overlap(a: TimedSource, b: TimedSource, offsetSeconds: number): number {
  const from = Math.max(a.startSeconds, b.startSeconds + offsetSeconds)
  const to = Math.min(a.startSeconds + a.durationSeconds, b.startSeconds + b.durationSeconds + offsetSeconds)
  return Math.max(0, to - from)
}

function mapOf(
  a: TimedSource,
  b: TimedSource,
  offsetSeconds: number,
  sigmaSeconds: number,
  confidence: number,
  what: string,
): MeasuredTimeMap | NotFound {
  const overlapSeconds = overlap(a, b, offsetSeconds)
  if (overlapSeconds <= 0) {
    return { found: false, reason: `By their ${what} the two were not recording at the same time.`, curves: [] }
  }
  return {
    found: true,
    offsetSeconds,
    ratePpm: 0,
    covariance: [sigmaSeconds ** 2, 0, RATE_SIGMA_PPM ** 2],
    confidence,
    overlapSeconds,
    curves: [],
  }
}

export const timecodeGatherer: TimeEvidenceGatherer = {
  id: 'timecode',
  title: 'Timecode and clocks',
  supports: (a, b) =>
    (a.timecode !== null && b.timecode !== null) || (a.epochUtcNanoseconds !== null && b.epochUtcNanoseconds !== null),
  async gather(a, b) {
    if (a.timecode && b.timecode) {
      const [secondsA, secondsB] = [
        timecodeSeconds(a.timecode.start, a.timecode.rate),
        timecodeSeconds(b.timecode.start, b.timecode.rate),
      ]
      if (secondsA !== null && secondsB !== null && !(secondsA === 0 && secondsB === 0)) {
        return mapOf(a, b, secondsB - secondsA, TIMECODE_SIGMA_SECONDS, TIMECODE_CONFIDENCE, 'timecode')
      }
    }
    if (a.epochUtcNanoseconds !== null && b.epochUtcNanoseconds !== null) {
      const difference = Number(BigInt(b.epochUtcNanoseconds) - BigInt(a.epochUtcNanoseconds)) / 1e9
      return mapOf(a, b, difference, TIME_OF_DAY_SIGMA_SECONDS, TIME_OF_DAY_CONFIDENCE, 'time of day')
    }
    return { found: false, reason: 'Their timecodes cannot be read.', curves: [] }
  },
}
