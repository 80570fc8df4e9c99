/**
 * How far a clock wanders beside its line: crystals warm up by some ppm over the minutes of a recording. What neighbouring
 * stretches share is the clock, what they do not is chance, so that products of neighbours tell the one from the other.
 */

/** A moment of B and how much later than on the line A has it (s). */
interface LagPoint {
  readonly seconds: number
  readonly lagSeconds: number
}

/** One standard deviation of what the clock lies beside its line, and of its rate beside the line's. */
export interface Wander {
  readonly seconds: number
  readonly ratePpm: number
}

/** A sum of chance products stays below that many of its own deviations. */
const CHANCE = 2

/** @param runs stretches without a step in them */
export function wanderOf(runs: readonly (readonly LagPoint[])[]): Wander {
  const lags: number[] = []
  const rates: number[] = []
  for (const run of runs) {
    // A step moves a whole stretch, and is no wandering.
    const middle = runs.length === 1 ? 0 : run.reduce((sum, { lagSeconds }) => sum + lagSeconds, 0) / run.length
    const own = run.map(({ lagSeconds }) => lagSeconds - middle)
    const slopes = run.slice(1).map(({ seconds, lagSeconds }, index) => {
      const before = run[index]
      return ((lagSeconds - before.lagSeconds) / (seconds - before.seconds)) * 1e6
    })
    for (let index = 1; index < own.length; index++) lags.push(own[index] * own[index - 1])
    // Neighbouring slopes share a point, the next but one do not.
    for (let index = 2; index < slopes.length; index++) rates.push(slopes[index] * slopes[index - 2])
  }
  return { seconds: Math.sqrt(beyondChance(lags)), ratePpm: Math.sqrt(beyondChance(rates)) }
}

/** Their mean, or nothing where that may be chance. */
function beyondChance(products: readonly number[]): number {
  const count = products.length
  if (count < 4) return 0
  const mean = products.reduce((sum, value) => sum + value, 0) / count
  const variance = products.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  return mean > CHANCE * Math.sqrt(variance / count) ? mean : 0
}

/** What wandering adds to the covariance of a line at B's zero that is known best at `centreSeconds`. */
export function widenedByWander(
  [oo, or, rr]: readonly [number, number, number],
  { seconds, ratePpm }: Wander,
  centreSeconds: number,
): readonly [number, number, number] {
  const arm = centreSeconds * 1e-6
  return [oo + seconds ** 2 + (arm * ratePpm) ** 2, or - arm * ratePpm ** 2, rr + ratePpm ** 2]
}
