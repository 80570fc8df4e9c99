/**
 * What lies beside a film under the film's own name: captions in which a drone wrote where it flew, a track that was cut
 * out of the film or begun with it. Captions count from the film's zero, so that one of the film's own length lies on it
 * exactly, but for what one caption stands for. Anything else of that length began with the film, which is less. What is
 * of another length goes by the name only.
 */
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { because, type Reason } from '../../../../shared/sayings/saying.ts'
import type { FileName, MeasuredTimeMap, TimedSource } from './gatherer.ts'
import { CRYSTAL_SIGMA_PPM } from './time-of-day.ts'

interface Kind {
  /** How far the ends of both may be apart; more where it samples less often. */
  readonly leastToleranceSeconds: number
  readonly toleranceSteps: number
  /** Of what lies beside the film, and of what was imported from another folder. */
  readonly belief: readonly [number, number]
}

const CAPTIONS: Kind = { leastToleranceSeconds: 0.5, toleranceSteps: 1.5, belief: [0.98, 0.9] }
const TRACK: Kind = { leastToleranceSeconds: 1, toleranceSteps: 2, belief: [0.7, 0.6] }
/** Two buttons pressed at once or one after the other, and what devices take to begin. */
const BEGUN_SIGMA_SECONDS = 0.5
/** Captions run by the film's own clock: what their times were rounded by. */
const SAME_CLOCK_SIGMA_PPM = 1
/** Samples further apart than this share of the film say nothing of its length. */
const LONGEST_STEP = 0.1
/** Of what is spread evenly over one step. */
const EVEN_VARIANCE = 1 / 12

const stemOf = (name: string): string => name.replace(/(?<=.)\.[^.]*$/, '')

/** `DJI_0042.SRT` or `DJI_0042.MP4.gpx` beside `DJI_0042.MP4`. */
export function goesBy(film: Pick<FileName, 'name'>, file: Pick<FileName, 'name'>): boolean {
  const [name, stem] = [film.name.toLowerCase(), stemOf(file.name).toLowerCase()]
  return stem === name || stem === stemOf(name)
}

interface Pair {
  readonly film: TimedSource
  readonly other: TimedSource
  readonly isBeside: boolean
}

/** Null where neither goes by the name of the other. */
function pairOf(a: TimedSource, b: TimedSource): Pair | null {
  const [film, other] = a.sidecar ? [b, a] : [a, b]
  if (!other.sidecar || film.sidecar || !film.loadSeen || !film.file || !other.file) return null
  return goesBy(film.file, other.file) ? { film, other, isBeside: film.file.folder === other.file.folder } : null
}

export function isBesideFilm(a: TimedSource, b: TimedSource): boolean {
  return pairOf(a, b) !== null
}

/** Where one lies on the other; a reason where only its name fits; null where not even that does. */
export function compareSidecar(a: TimedSource, b: TimedSource): MeasuredTimeMap | ({ found: false } & Reason) | null {
  const pair = pairOf(a, b)
  if (!pair) return null
  const { film, other, isBeside } = pair
  const { countsFromFilm, lengthSeconds, stepSeconds } = other.sidecar!
  const kind = countsFromFilm ? CAPTIONS : TRACK
  const apart = film.durationSeconds - lengthSeconds
  const tolerance = Math.max(kind.leastToleranceSeconds, kind.toleranceSteps * stepSeconds)
  if (Math.abs(apart) > tolerance || stepSeconds > LONGEST_STEP * film.durationSeconds) {
    const seconds = { own: fixedAmount(lengthSeconds, 1), film: fixedAmount(film.durationSeconds, 1) }
    return { found: false, ...because('time.sidecarLength', { name: other.title, other: film.title, ...seconds }) }
  }
  // Nobody says at which end of it the rest is missing.
  const filmFromOther = film.startSeconds + (countsFromFilm ? 0 : apart / 2 - other.startSeconds)
  const offsetSeconds = film === a ? filmFromOther : -filmFromOther
  const loose = countsFromFilm ? Math.max(0, Math.abs(apart) - stepSeconds) : apart
  const even = EVEN_VARIANCE * (stepSeconds ** 2 + loose ** 2)
  const variance = even + (countsFromFilm ? 0 : BEGUN_SIGMA_SECONDS ** 2)
  const ownRate = countsFromFilm ? SAME_CLOCK_SIGMA_PPM ** 2 : 2 * CRYSTAL_SIGMA_PPM ** 2
  const stretch = EVEN_VARIANCE * (loose / film.durationSeconds) ** 2 * 1e12
  return {
    found: true,
    offsetSeconds,
    ratePpm: 0,
    covariance: [variance, 0, ownRate + (countsFromFilm ? stretch : 0)],
    confidence: kind.belief[isBeside ? 0 : 1],
    overlapSeconds: Math.min(lengthSeconds, film.durationSeconds),
    curves: [],
  }
}
