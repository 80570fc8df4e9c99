/**
 * What the dates of two recordings say of each other. How far they are to be believed depends on who wrote them:
 * satellites say the time to a fraction of a second; a device that stamps its samples to about one; the tag of a
 * container may be local time under the name of UTC, hours off, or of a clock that nobody ever set.
 */
import { because, type Reason, reasonOf, say } from '../../../../shared/sayings/saying.ts'
import type { EpochSource } from '../../../../shared/document/records.ts'
import type { TimedSource } from './gatherer.ts'
import type { Told } from './graph-model.ts'
import { overlapSeconds } from './overlap.ts'

/** One standard deviation (s) of what a clock says, where it says the truth at all, and the chance that it does. */
const SAID: Readonly<Record<EpochSource, { readonly sigmaSeconds: number; readonly belief: number }>> = {
  // GPMF says the time once a payload, some tenths of a second after it was so.
  satellite: { sigmaSeconds: 0.3, belief: 0.95 },
  device: { sigmaSeconds: 0.5, belief: 0.85 },
  zoned: { sigmaSeconds: 0.8, belief: 0.85 },
  container: { sigmaSeconds: 1.06, belief: 0.775 },
}
/** Crystals of consumer devices: tens of ppm each. */
export const CRYSTAL_SIGMA_PPM = 35
const HOUR_SECONDS = 3600
/** From the westernmost time zone to the easternmost one; between two devices rarely more than half of it. */
const WIDEST_HOURS = 14
/** A place whole hours away that fits so much as well makes the date no evidence. */
const AS_WELL = 0.5

export interface DayComparison {
  readonly offsetSeconds: number
  readonly a: Told
  readonly b: Told
  /** False where one of the two may be whole hours off. */
  readonly isZoneSure: boolean
  /** Why it does not say where the two lie, though it may speak against what does; null where it says. */
  readonly refusal: Reason | null
}

export const NEVER_SET = because('time.neverSet')

const sourceOf = (source: TimedSource): EpochSource => source.epochSource ?? 'container'
const mayBeHoursOff = (source: TimedSource): boolean => sourceOf(source) === 'container'

/** The first of January is where the clocks of cameras begin that lost their battery and were never set. */
export function wasNeverSet(source: TimedSource): boolean {
  if (source.epochUtcNanoseconds === null || !mayBeHoursOff(source)) return false
  const date = new Date(Number(BigInt(source.epochUtcNanoseconds) / 1_000_000n))
  return date.getUTCMonth() === 0 && date.getUTCDate() === 1
}

function told(source: TimedSource): Told {
  const { sigmaSeconds, belief } = SAID[sourceOf(source)]
  return { ratePpm: 0, covariance: [sigmaSeconds ** 2, 0, CRYSTAL_SIGMA_PPM ** 2], belief }
}

/** Null where one of them has no date, or one that was never set. */
export function compareTimesOfDay(a: TimedSource, b: TimedSource): DayComparison | null {
  if (a.epochUtcNanoseconds === null || b.epochUtcNanoseconds === null) return null
  if (wasNeverSet(a) || wasNeverSet(b)) return null
  const offsetSeconds = Number(BigInt(b.epochUtcNanoseconds) - BigInt(a.epochUtcNanoseconds)) / 1e9
  const isZoneSure = !mayBeHoursOff(a) && !mayBeHoursOff(b)
  return { offsetSeconds, a: told(a), b: told(b), isZoneSure, refusal: whyNoPlace(a, b, offsetSeconds, isZoneSure) }
}

function whyNoPlace(a: TimedSource, b: TimedSource, offsetSeconds: number, isZoneSure: boolean): Reason | null {
  const overlap = overlapSeconds(a, b, offsetSeconds)
  const hours = Array.from({ length: 2 * WIDEST_HOURS }, (_, n) => (n % 2 === 0 ? 1 : -1) * (1 + (n >> 1)))
  const rival = isZoneSure
    ? undefined
    : hours.find((each) => overlapSeconds(a, b, offsetSeconds + each * HOUR_SECONDS) > AS_WELL * overlap)
  if (overlap > 0) {
    if (rival === undefined) return null
    return because('time.noZone', { hours: Math.abs(rival) })
  }
  const apart = say('time.daysApart')
  if (rival === undefined) return reasonOf(apart)
  return because('time.sentences', { one: apart, other: say('time.zoneOff', { hours: Math.abs(rival) }) })
}

/** Clocks that people set by hand are minutes off. */
const SET_BY_HAND_SECONDS = 300
const ZONE_STEP_SECONDS = 1800

/** Whether two places can both be meant by devices whose clocks were set by people, in time zones. */
export function agreeRoughly(a: TimedSource, b: TimedSource, day: DayComparison, offsetSeconds: number): boolean {
  const apart = Math.abs(day.offsetSeconds - offsetSeconds)
  // Some write when a recording began, some when it ended.
  const tolerance = SET_BY_HAND_SECONDS + Math.abs(a.durationSeconds - b.durationSeconds)
  if (apart <= tolerance) return true
  const zones = Math.round(apart / ZONE_STEP_SECONDS)
  if (day.isZoneSure || zones * ZONE_STEP_SECONDS > WIDEST_HOURS * HOUR_SECONDS) return false
  return Math.abs(apart - zones * ZONE_STEP_SECONDS) <= tolerance
}
