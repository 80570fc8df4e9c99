/**
 * Maps between clocks as the document keeps them: `t_project = offset + (1 + rate * 1e-6) * t_clock`, or piecewise linear
 * through knots. They are applied, inverted and put after one another; their uncertainty goes along.
 */

/** A point known on both clocks. */
interface TimeKnot {
  readonly clockSeconds: number
  readonly projectSeconds: number
  readonly sigmaSeconds: number
}

export interface ClockMap {
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  /** Strictly increasing on both clocks; at least two, or none. Beyond the ends the map goes on at its own rate. */
  readonly knots?: readonly TimeKnot[]
}

export const IDENTITY_MAP: ClockMap = { offsetSeconds: 0, ratePpm: 0, covariance: [0, 0, 0] }

const PPM = 1e-6

/** What of a map places moments: all but how sure it is. */
export type MomentMap = Pick<ClockMap, 'offsetSeconds' | 'ratePpm' | 'knots'>

/** Clock time to project time, both in seconds. */
export function applyTimeMap(map: MomentMap, clockSeconds: number): number {
  const scale = 1 + map.ratePpm * PPM
  const { knots } = map
  if (!knots || knots.length < 2) return map.offsetSeconds + scale * clockSeconds
  const first = knots[0]
  if (clockSeconds <= first.clockSeconds) return first.projectSeconds + scale * (clockSeconds - first.clockSeconds)
  const last = knots[knots.length - 1]
  if (clockSeconds >= last.clockSeconds) return last.projectSeconds + scale * (clockSeconds - last.clockSeconds)
  const index = segmentAt(knots, clockSeconds)
  const from = knots[index]
  const to = knots[index + 1]
  const share = (clockSeconds - from.clockSeconds) / (to.clockSeconds - from.clockSeconds)
  return from.projectSeconds + share * (to.projectSeconds - from.projectSeconds)
}

/** A wandering clock leaves its line by less between two knots. */
const STEP_SECONDS = 0.005

/**
 * The offset of the line that a recording begins on: where samples are missing, lines differ from stretch to stretch, and
 * that of a map is the one of its longest; without such a step that of the map.
 */
export function beginningOffset(map: MomentMap): number {
  const scale = 1 + map.ratePpm * PPM
  const { knots = [] } = map
  const steps = knots.some(({ clockSeconds, projectSeconds }, index) => {
    const { clockSeconds: clock, projectSeconds: project } = knots[Math.max(0, index - 1)]
    return Math.abs(projectSeconds - project - scale * (clockSeconds - clock)) > STEP_SECONDS
  })
  return steps ? knots[0].projectSeconds - scale * knots[0].clockSeconds : map.offsetSeconds
}

/** Project time to clock time, both in seconds: the inverse of applyTimeMap for one moment. */
export function clockSecondsOf(map: MomentMap, projectSeconds: number): number {
  const scale = 1 + map.ratePpm * PPM
  const { knots } = map
  if (!knots || knots.length < 2) return (projectSeconds - map.offsetSeconds) / scale
  const first = knots[0]
  if (projectSeconds <= first.projectSeconds)
    return first.clockSeconds + (projectSeconds - first.projectSeconds) / scale
  const last = knots[knots.length - 1]
  if (projectSeconds >= last.projectSeconds) return last.clockSeconds + (projectSeconds - last.projectSeconds) / scale
  let low = 0
  let high = knots.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (knots[middle].projectSeconds <= projectSeconds) low = middle
    else high = middle
  }
  const [from, to] = [knots[low], knots[high]]
  const share = (projectSeconds - from.projectSeconds) / (to.projectSeconds - from.projectSeconds)
  return from.clockSeconds + share * (to.clockSeconds - from.clockSeconds)
}

/** Index of the knot before a clock time that lies between the first and the last. */
function segmentAt(knots: readonly TimeKnot[], clockSeconds: number): number {
  let low = 0
  let high = knots.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (knots[middle].clockSeconds <= clockSeconds) low = middle
    else high = middle
  }
  return low
}

/** One standard deviation (s) of the project time at a clock time. */
export function sigmaOfTimeMap(map: ClockMap, clockSeconds: number): number {
  const { knots } = map
  const [oo, or, rr] = map.covariance
  if (!knots || knots.length < 2) return Math.sqrt(Math.max(0, variance(oo, or, rr, clockSeconds * PPM)))
  const first = knots[0]
  const last = knots[knots.length - 1]
  const beyond = Math.max(0, first.clockSeconds - clockSeconds, clockSeconds - last.clockSeconds)
  if (beyond > 0) {
    const end = clockSeconds < first.clockSeconds ? first : last
    return Math.hypot(end.sigmaSeconds, beyond * PPM * Math.sqrt(rr))
  }
  const index = segmentAt(knots, clockSeconds)
  const from = knots[index]
  const to = knots[index + 1]
  const share = (clockSeconds - from.clockSeconds) / (to.clockSeconds - from.clockSeconds)
  return from.sigmaSeconds + share * (to.sigmaSeconds - from.sigmaSeconds)
}

/** Variance of offset + rate * arm, where `arm` is the clock time in millions of seconds. */
function variance(oo: number, or: number, rr: number, arm: number): number {
  return oo + 2 * arm * or + arm * arm * rr
}

/** Project time to clock time. */
export function invertTimeMap(map: ClockMap): ClockMap {
  const scale = 1 + map.ratePpm * PPM
  const offsetSeconds = -map.offsetSeconds / scale
  const ratePpm = (1 / scale - 1) / PPM
  // d(-o / s) = -do / s + o / s^2 * PPM dr, and d(1 / s) / PPM = -dr / s^2.
  const covariance = transformed(
    map.covariance,
    [-1 / scale, (map.offsetSeconds / scale ** 2) * PPM],
    [0, -1 / scale ** 2],
  )
  const knots = map.knots?.map((knot) => ({
    clockSeconds: knot.projectSeconds,
    projectSeconds: knot.clockSeconds,
    sigmaSeconds: knot.sigmaSeconds / scale,
  }))
  return knots ? { offsetSeconds, ratePpm, covariance, knots } : { offsetSeconds, ratePpm, covariance }
}

/**
 * The map that applies `inner` first and `outer` to its result; their errors are taken to be independent.
 * Knots of either become knots of the whole.
 */
export function composeTimeMaps(outer: ClockMap, inner: ClockMap): ClockMap {
  const outerScale = 1 + outer.ratePpm * PPM
  const innerScale = 1 + inner.ratePpm * PPM
  const offsetSeconds = outer.offsetSeconds + outerScale * inner.offsetSeconds
  const ratePpm = (outerScale * innerScale - 1) / PPM
  const fromOuter = transformed(outer.covariance, [1, inner.offsetSeconds * PPM], [0, innerScale])
  const fromInner = transformed(inner.covariance, [outerScale, 0], [0, outerScale])
  const covariance = [fromOuter[0] + fromInner[0], fromOuter[1] + fromInner[1], fromOuter[2] + fromInner[2]] as const
  if (!outer.knots && !inner.knots) return { offsetSeconds, ratePpm, covariance }
  const back = invertTimeMap(inner)
  const times = [
    ...(inner.knots ?? []).map((knot) => knot.clockSeconds),
    ...(outer.knots ?? []).map((knot) => applyTimeMap(back, knot.clockSeconds)),
  ].sort((first, second) => first - second)
  const knots: TimeKnot[] = []
  for (const clockSeconds of times) {
    const between = applyTimeMap(inner, clockSeconds)
    const projectSeconds = applyTimeMap(outer, between)
    const last = knots[knots.length - 1]
    if (last && (clockSeconds <= last.clockSeconds || projectSeconds <= last.projectSeconds)) continue
    const sigmaSeconds = Math.hypot(sigmaOfTimeMap(outer, between), outerScale * sigmaOfTimeMap(inner, clockSeconds))
    knots.push({ clockSeconds, projectSeconds, sigmaSeconds })
  }
  return knots.length < 2 ? { offsetSeconds, ratePpm, covariance } : { offsetSeconds, ratePpm, covariance, knots }
}

/** Covariance of two linear combinations of (offset, rate). */
function transformed(
  [oo, or, rr]: readonly [number, number, number],
  first: readonly [number, number],
  second: readonly [number, number],
): [number, number, number] {
  const product = (x: readonly [number, number], y: readonly [number, number]): number =>
    x[0] * y[0] * oo + (x[0] * y[1] + x[1] * y[0]) * or + x[1] * y[1] * rr
  return [product(first, first), product(first, second), product(second, second)]
}
