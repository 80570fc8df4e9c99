/**
 * Evidence from what the devices' clocks say: linear timecode in the sound, a SMPTE timecode that both files carry, or
 * the time of day of both.
 *
 * Linear timecode is read to a sample, drift included. Timecode in a file is right to about a frame; a camera's or
 * phone's time of day to a second or two, often worse, and whole hours off where a time zone was forgotten. So it helps
 * where nothing better exists and never outweighs what was heard.
 */
import type { LtcClock } from '../../../../shared/signal/ltc-clock.ts'
import { frameNumber } from '../../../../shared/signal/ltc-clock.ts'
import type { MeasuredTimeMap, NotFound, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'
import { overlapSeconds } from './overlap.ts'

const LTC_SIGMA_SECONDS = 0.0005
const LTC_CONFIDENCE = 0.97
/** How far the timecode generators of two devices are apart that were set alike in the morning. */
const TIMECODE_SIGMA_SECONDS = 0.008
const TIMECODE_CONFIDENCE = 0.85
const TIME_OF_DAY_SIGMA_SECONDS = 1.5
const TIME_OF_DAY_CONFIDENCE = 0.6
/** Crystals of consumer devices: tens of ppm. */
const RATE_SIGMA_PPM = 50
/** Of what is spread evenly over one step. */
const EVEN_SIGMA = 1 / Math.sqrt(12)
const DAY_SECONDS = 86_400

/** Seconds of a timecode whose last field counts frames of `rate` (or samples, where a sound recorder wrote it). */
export function timecodeSeconds(start: string, rate: string): number | null {
  const fields = /^(\d+):(\d{2}):(\d{2})[:;.](\d+)$/.exec(start)
  const [numerator, denominator = 1] = rate.split('/').map(Number)
  if (!fields || !numerator || !Number.isFinite(numerator / denominator)) return null
  const [hours, minutes, seconds, frames] = fields.slice(1).map(Number) as [number, number, number, number]
  const perSecond = numerator / denominator
  const isDrop = start.includes(';') && denominator === 1001
  return frameNumber({ hours, minutes, seconds, frames }, Math.round(perSecond), isDrop) / perSecond
}

/** What a source says of a clock that others may share: `told = offsetSeconds + (1 + ratePpm * 1e-6) * own`. */
interface ToldClock {
  readonly offsetSeconds: number
  readonly ratePpm: number
  readonly covariance: readonly [number, number, number]
  readonly isLinear: boolean
}

function fromLinear(clock: LtcClock): ToldClock {
  const [oo, or, rr] = clock.covariance
  return {
    offsetSeconds: clock.offsetSeconds,
    ratePpm: clock.ratePpm,
    covariance: [oo + LTC_SIGMA_SECONDS ** 2, or, rr],
    isLinear: true,
  }
}

async function toldClock(source: TimedSource, signal: AbortSignal): Promise<ToldClock | null> {
  const linear = await source.loadLinearTimecode?.(signal)
  if (linear) return fromLinear(linear)
  const seconds = source.timecode && timecodeSeconds(source.timecode.start, source.timecode.rate)
  if (seconds === null) return null
  const [numerator = 1, denominator = 1] = source.timecode!.rate.split('/').map(Number)
  const stepSeconds = denominator / numerator
  return {
    offsetSeconds: seconds,
    ratePpm: 0,
    // The first picture lies anywhere within the frame that its timecode names.
    covariance: [TIMECODE_SIGMA_SECONDS ** 2 + (EVEN_SIGMA * stepSeconds) ** 2, 0, RATE_SIGMA_PPM ** 2 / 2],
    isLinear: false,
  }
}

function between(a: TimedSource, b: TimedSource, toldA: ToldClock, toldB: ToldClock): MeasuredTimeMap | NotFound {
  const scaleA = 1 + toldA.ratePpm * 1e-6
  const ratio = (1 + toldB.ratePpm * 1e-6) / scaleA
  const apart = toldB.offsetSeconds - toldA.offsetSeconds
  // Timecode starts anew at midnight.
  const offsetSeconds = [apart, apart - DAY_SECONDS, apart + DAY_SECONDS]
    .map((each) => each / scaleA)
    .reduce((best, each) => (overlapSeconds(a, b, each) > overlapSeconds(a, b, best) ? each : best))
  const [ao, ar, aa] = toldA.covariance
  const [bo, br, bb] = toldB.covariance
  return answer(a, b, 'timecode', {
    offsetSeconds,
    ratePpm: (ratio - 1) * 1e6,
    // The offset of A is where A's own clock is `offsetSeconds`: its rate counts from there.
    covariance: [
      ao + bo + 2 * offsetSeconds * 1e-6 * ar + (offsetSeconds * 1e-6) ** 2 * aa,
      ar + br + offsetSeconds * 1e-6 * aa,
      aa + bb,
    ],
    confidence: toldA.isLinear && toldB.isLinear ? LTC_CONFIDENCE : TIMECODE_CONFIDENCE,
  })
}

function answer(
  a: TimedSource,
  b: TimedSource,
  what: string,
  map: Pick<MeasuredTimeMap, 'offsetSeconds' | 'ratePpm' | 'covariance' | 'confidence'>,
): MeasuredTimeMap | NotFound {
  const overlap = overlapSeconds(a, b, map.offsetSeconds)
  if (overlap <= 0) {
    return { found: false, reason: `By their ${what} the two were not recording at the same time.`, curves: [] }
  }
  return { found: true, ...map, overlapSeconds: overlap, curves: [] }
}

const mayTell = (source: TimedSource): boolean => source.loadLinearTimecode !== undefined || source.timecode !== null

export const timecodeGatherer: TimeEvidenceGatherer = {
  id: 'timecode',
  title: 'Timecode and clocks',
  supports: (a, b) => (mayTell(a) && mayTell(b)) || (a.epochUtcNanoseconds !== null && b.epochUtcNanoseconds !== null),
  async gather(a, b, { signal }) {
    const toldA = mayTell(b) ? await toldClock(a, signal) : null
    const toldB = toldA && (await toldClock(b, signal))
    if (toldA && toldB) return between(a, b, toldA, toldB)
    if (a.epochUtcNanoseconds !== null && b.epochUtcNanoseconds !== null) {
      const difference = Number(BigInt(b.epochUtcNanoseconds) - BigInt(a.epochUtcNanoseconds)) / 1e9
      return answer(a, b, 'time of day', {
        offsetSeconds: difference,
        ratePpm: 0,
        covariance: [TIME_OF_DAY_SIGMA_SECONDS ** 2, 0, RATE_SIGMA_PPM ** 2],
        confidence: TIME_OF_DAY_CONFIDENCE,
      })
    }
    return {
      found: false,
      reason: 'No timecode that both carry, in the file or in the sound, and no time of day of both.',
      curves: [],
    }
  },
}
