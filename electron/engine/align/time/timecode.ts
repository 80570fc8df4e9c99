/**
 * Evidence from what the devices' clocks say: linear timecode in the sound, a SMPTE timecode that both files carry, or
 * the time of day of both.
 *
 * Linear timecode is read to a sample, drift included; timecode in a file is right to about a frame; for the time of day
 * see time-of-day.ts. All of it is said and not measured: a camera that counts only while it records, a generator that
 * was set on another day, a clock in another time zone say something else just as plainly. So the two are held against
 * each other, and what contradicts itself is refused. A recording beside a film that goes by its name says more
 * (sidecar.ts), and dates can only speak against it.
 */
import { timeAmount } from '../../../../shared/sayings/amounts.ts'
import { because, type Reason } from '../../../../shared/sayings/saying.ts'
import type { LtcClock } from '../../../../shared/signal/ltc-clock.ts'
import { frameNumber } from '../../../../shared/signal/ltc-clock.ts'
import type { MeasuredTimeMap, NotFound, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'
import type { Told, ToldPair } from './graph-model.ts'
import { overlapSeconds } from './overlap.ts'
import { compareSidecar, isBesideFilm } from './sidecar.ts'
import {
  agreeRoughly,
  compareTimesOfDay,
  CRYSTAL_SIGMA_PPM,
  type DayComparison,
  NEVER_SET,
  wasNeverSet,
} from './time-of-day.ts'

/** What the generator of a device differs by from another one. */
const LTC_SIGMA_SECONDS = 0.0005
const LTC_BELIEF = 0.985
/** How far the timecode generators of two devices are apart that were set alike in the morning. */
const TIMECODE_SIGMA_SECONDS = 0.008
const TIMECODE_BELIEF = 0.922
/** Of what is spread evenly over one step. */
const EVEN_SIGMA = 1 / Math.sqrt(12)
const DAY_SECONDS = 86_400
/** Averages of files are a little off the rates that devices count at. */
const RATE_TOLERANCE = 4e-4
/** Codes that both begin at one whole hour lie within this of one another: drop frame is up to 86 ms off within a day. */
const SAME_HOUR_SECONDS = 0.1
/** Further apart than this a day of two codes is not a day of one clock: 29.97 without drop frame is 1e-3 slow. */
const LARGEST_PACE = 1e-5

/** Frames a second of a timecode: those that devices count at, else as given. Null for none. */
function frameRate(rate: string): number | null {
  const [numerator, denominator = 1] = rate.split('/').map(Number)
  const given = numerator! / denominator
  if (!numerator || !Number.isFinite(given) || given < 1) return null
  const whole = Math.round(given)
  const usual = [whole, (whole * 1000) / 1001].find((each) => Math.abs(each / given - 1) < RATE_TOLERANCE)
  return usual ?? given
}

/** Drop frame keeps 29.97 and 59.94 frames a second with the time of day; at other rates it means nothing. */
const drops = (start: string, perSecond: number): boolean =>
  start.includes(';') && Math.round(perSecond) % 30 === 0 && !Number.isInteger(perSecond)

/** Seconds of a timecode whose last field counts frames of `rate` (or samples, where a sound recorder wrote it). */
export function timecodeSeconds(start: string, rate: string): number | null {
  const fields = /^(\d+):(\d{2}):(\d{2})[:;.](\d+)$/.exec(start)
  const perSecond = frameRate(rate)
  if (!fields || perSecond === null) return null
  const [hours, minutes, seconds, frames] = fields.slice(1).map(Number) as [number, number, number, number]
  return frameNumber({ hours, minutes, seconds, frames }, Math.round(perSecond), drops(start, perSecond)) / perSecond
}

/** What a source says of a timecode that others may share: `told = offsetSeconds + (1 + ratePpm * 1e-6) * own`. */
interface Timecode extends Told {
  readonly offsetSeconds: number
  /** How long 24 hours of its code last. */
  readonly daySeconds: number
  /** True where it begins at a whole hour and no frame, as codes do that count from where they were reset. */
  readonly isAtWholeHour: boolean
}

/** How long the 24 hours last that a code counts in frames. */
function daySeconds(perSecond: number, isDropFrame: boolean): number {
  const nominal = Math.round(perSecond)
  return frameNumber({ hours: 24, minutes: 0, seconds: 0, frames: 0 }, nominal, isDropFrame) / perSecond
}

function fromLinear(clock: LtcClock): Timecode {
  const [oo, or, rr] = clock.covariance
  const perSecond = clock.rate.numerator / clock.rate.denominator
  const hours = Math.round(clock.offsetSeconds / 3600)
  const hour = frameNumber({ hours, minutes: 0, seconds: 0, frames: 0 }, Math.round(perSecond), clock.isDropFrame)
  return {
    offsetSeconds: clock.offsetSeconds,
    ratePpm: clock.ratePpm,
    covariance: [oo + LTC_SIGMA_SECONDS ** 2 / 2, or, rr],
    belief: LTC_BELIEF,
    daySeconds: daySeconds(perSecond, clock.isDropFrame),
    isAtWholeHour: Math.abs(clock.offsetSeconds * perSecond - hour) < 0.5,
  }
}

function fromFile({ start, rate, mayCountHalf = false }: NonNullable<TimedSource['timecode']>): Timecode | null {
  const whole = timecodeSeconds(start, rate)
  const perSecond = frameRate(rate)
  if (whole === null || perSecond === null) return null
  // Every other picture counted: the same number of frames is twice as long. Which of the two it is, nobody says.
  const half = mayCountHalf ? (timecodeSeconds(start, `${perSecond / 2}/1`) ?? whole) : whole
  return {
    offsetSeconds: (whole + half) / 2,
    ratePpm: 0,
    // The first picture lies anywhere within the frame that its timecode names.
    covariance: [
      TIMECODE_SIGMA_SECONDS ** 2 / 2 +
        (EVEN_SIGMA / (mayCountHalf ? perSecond / 2 : perSecond)) ** 2 +
        ((half - whole) / 2) ** 2,
      0,
      CRYSTAL_SIGMA_PPM ** 2 / 2,
    ],
    belief: TIMECODE_BELIEF,
    daySeconds: daySeconds(perSecond, drops(start, perSecond)),
    isAtWholeHour: /^\d+:00:00[:;.]0+$/.test(start),
  }
}

async function timecodeOf(source: TimedSource, signal: AbortSignal): Promise<Timecode | null> {
  const linear = await source.loadLinearTimecode?.(signal)
  if (linear) return fromLinear(linear)
  return source.timecode && fromFile(source.timecode)
}

/** Two timecodes held against each other: a place, that there is none, or that they cannot be compared at all. */
type Compared = MeasuredTimeMap | ({ readonly found: false; readonly saysNothing: boolean } & Reason)

const refused = ({ reason, said }: Reason): NotFound => ({ found: false, reason, said, curves: [] })
const silent = (reason: Reason): Compared => ({ found: false, ...reason, saysNothing: true })

function compareTimecodes(a: TimedSource, b: TimedSource, codeA: Timecode, codeB: Timecode): Compared {
  const pace = Math.abs(codeA.daySeconds - codeB.daySeconds) / DAY_SECONDS
  if (pace > LARGEST_PACE) {
    return silent(because('time.otherSpeeds'))
  }
  const scaleA = 1 + codeA.ratePpm * 1e-6
  const ratio = (1 + codeB.ratePpm * 1e-6) / scaleA
  const apart = codeB.offsetSeconds - codeA.offsetSeconds
  if (Math.abs(apart) < SAME_HOUR_SECONDS && codeA.isAtWholeHour && codeB.isAtWholeHour) {
    return silent(because('time.wholeHour'))
  }
  // Timecode starts anew at midnight.
  const offsetSeconds = [apart, apart - codeA.daySeconds, apart + codeA.daySeconds]
    .map((each) => each / scaleA)
    .reduce((best, each) => (overlapSeconds(a, b, each) > overlapSeconds(a, b, best) ? each : best))
  if (overlapSeconds(a, b, offsetSeconds) <= 0) {
    return { found: false, ...because('time.codesApart'), saysNothing: false }
  }
  // A day of drop frame is 86 ms shorter: somewhere since midnight the two were set alike.
  const sinceMidnight = pace * Math.abs(codeA.offsetSeconds) * EVEN_SIGMA
  const { covariance, ...rest } = codeB
  const [oo, or, rr] = covariance
  const b2: Timecode = { ...rest, covariance: [oo + sinceMidnight ** 2, or, rr] }
  return mapOf(a, b, { kind: 'timecode', a: codeA, b: b2 }, offsetSeconds, (ratio - 1) * 1e6)
}

/** A map with the uncertainty of both ends. The rate of A counts from where A's own clock is `offsetSeconds`. */
function mapOf(
  a: TimedSource,
  b: TimedSource,
  told: ToldPair,
  offsetSeconds: number,
  ratePpm: number,
): MeasuredTimeMap {
  const arm = offsetSeconds * 1e-6
  const [[ao, ar, aa], [bo, br, bb]] = [told.a.covariance, told.b.covariance]
  const end = ({ ratePpm: rate, covariance, belief }: Told): Told => ({ ratePpm: rate, covariance, belief })
  return {
    found: true,
    offsetSeconds,
    ratePpm,
    covariance: [ao + bo + 2 * arm * ar + arm ** 2 * aa, ar + br + arm * aa, aa + bb],
    confidence: told.a.belief * told.b.belief,
    overlapSeconds: overlapSeconds(a, b, offsetSeconds),
    told: { kind: told.kind, a: end(told.a), b: end(told.b) },
    curves: [],
  }
}

/** The timecode where there is one that nothing speaks against; else the time of day. */
function judge(
  a: TimedSource,
  b: TimedSource,
  code: Compared | null,
  day: DayComparison | null,
): MeasuredTimeMap | NotFound {
  if (code?.found) {
    if (!day || agreeRoughly(a, b, day, code.offsetSeconds)) return code
    return refused(
      because('time.codeAgainstDay', { code: timeAmount(code.offsetSeconds), day: timeAmount(day.offsetSeconds) }),
    )
  }
  if (code && !code.saysNothing) return refused(code)
  if (day && day.refusal === null) {
    return mapOf(a, b, { kind: 'time of day', a: day.a, b: day.b }, day.offsetSeconds, 0)
  }
  const unset = wasNeverSet(a) || wasNeverSet(b) ? NEVER_SET : undefined
  const [first, second] = [code, day?.refusal ?? unset].filter((each) => each !== undefined && each !== null)
  if (!first) return refused(because('time.noClocks'))
  return refused(second ? because('time.sentences', { one: first.said, other: second.said }) : first)
}

const mayTell = (source: TimedSource): boolean => source.loadLinearTimecode !== undefined || source.timecode !== null

export const timecodeGatherer: TimeEvidenceGatherer = {
  id: 'timecode',
  title: 'Timecode and clocks',
  supports: (a, b) =>
    (mayTell(a) && mayTell(b)) ||
    (a.epochUtcNanoseconds !== null && b.epochUtcNanoseconds !== null) ||
    isBesideFilm(a, b),
  async gather(a, b, { signal }) {
    const beside = compareSidecar(a, b)
    if (beside) {
      const silence = beside.found ? null : { ...beside, saysNothing: true }
      return judge(a, b, beside.found ? beside : silence, compareTimesOfDay(a, b))
    }
    const codeA = mayTell(b) ? await timecodeOf(a, signal) : null
    const codeB = codeA && (await timecodeOf(b, signal))
    return judge(a, b, codeA && codeB && compareTimecodes(a, b, codeA, codeB), compareTimesOfDay(a, b))
  },
}
