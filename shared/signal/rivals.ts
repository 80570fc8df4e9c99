/** When a sound repeats itself, more than one place fits. Which of two lines is it, or can nobody tell? */
import { agreementAlong } from './line-agreement.ts'
import type { FftPlans } from './fft.ts'
import { correlograms } from './correlograms.ts'
import type { Track } from './match-search.ts'
import type { LineMap } from './window-correlator.ts'
import { overlapOnB, planWindows } from './window-plan.ts'

const STRONG = 4
/** Beyond what the best of some thirty lags of noise ever reaches. */
const CLEAR = 8
/** Deviations by which the agreement along one line must be better than along the other … */
const LEAST_CERTAINTY = 4
/** … and by how much of all bands. Of equal turns of a loop it differs by a hundredth at most, a voice under it makes a tenth. */
const LEAST_ADVANTAGE = 0.03

/** Best correlation of each window within a millisecond of a line, in deviations; NaN where the line leaves a recording. */
export function strengthsAlong(
  plans: FftPlans,
  a: Track,
  b: Track,
  map: LineMap,
  middles: Float64Array,
  windowSeconds: number,
  signal?: AbortSignal,
): Float64Array {
  const data = correlograms(plans, a.samples, b.samples, a.sampleRateHz, { windowSeconds, middles }, map, 0.001, signal)
  const width = data.lagSamples * 2 + 1
  const out = new Float64Array(middles.length).fill(Number.NaN)
  let row = 0
  for (let index = 0; index < middles.length && row < data.middles.length; index++) {
    if (data.middles[row] !== middles[index]) continue
    let best = 0
    for (let lag = 0; lag < width; lag++) best = Math.max(best, Math.abs(data.rows[row * width + lag]))
    out[index] = best
    row++
  }
  return out
}

/** What two lines are to each other. */
export type Comparison = 'first' | 'second' | 'nobody can tell' | 'not rivals'

/**
 * Which of two lines explains the recordings better, window by window. Copies of a loop tie, however loud the loop is; a
 * voice or a noise under it agrees in the true place alone, in bands that the loop leaves free.
 *
 * @param first exact to some microseconds, as `second`
 */
export function compareLines(
  plans: FftPlans,
  a: Track,
  b: Track,
  first: LineMap & { readonly score: number },
  second: LineMap & { readonly score: number },
  signal?: AbortSignal,
): Comparison {
  const one = overlapOnB(first, a.durationSeconds, b.durationSeconds)
  const two = overlapOnB(second, a.durationSeconds, b.durationSeconds)
  const middle = (one.from + one.to) / 2
  const apart = Math.abs(first.offsetSeconds - second.offsetSeconds + (first.ratePpm - second.ratePpm) * 1e-6 * middle)
  if (apart < 0.03) return 'not rivals'
  const common = { from: Math.max(one.from, two.from), to: Math.min(one.to, two.to) }
  const windowSeconds = Math.min(1, Math.max(0.25, (common.to - common.from) / 12))
  const plan = planWindows(a.envelope, b.envelope, first, common, windowSeconds, 64)
  const weaker = Math.abs(second.score) > 0.7 * Math.abs(first.score) ? 'nobody can tell' : 'first'
  if (plan.middles.length < 6) return weaker
  const inFirst = strengthsAlong(plans, a, b, first, plan.middles, windowSeconds, signal)
  const inSecond = strengthsAlong(plans, a, b, second, plan.middles, windowSeconds, signal)
  let both = 0
  let alone = 0
  let onlyFirst = 0
  let onlySecond = 0
  let heard = 0
  for (let index = 0; index < inFirst.length; index++) {
    const x = inFirst[index]
    const y = inSecond[index]
    if (!(x >= 0) || !(y >= 0) || Math.max(x, y) < STRONG) continue
    // Thirty lags of noise reach three deviations by themselves.
    if (Math.min(x, y) > Math.max(3.5, 0.25 * Math.max(x, y))) both++
    else alone++
    if (x > CLEAR && y < STRONG) onlyFirst++
    else if (y > CLEAR && x < STRONG) onlySecond++
    heard++
  }
  if (heard < 6) return weaker
  // Windows that each line has to itself are a jump in the clock, not a rivalry.
  if (both < 0.3 * (both + alone)) return 'not rivals'
  // What one line explains and the other does not at all decides, if it never is the other way round.
  const needed = Math.max(3, 0.1 * heard)
  if (onlyFirst >= needed && onlySecond === 0) return 'first'
  if (onlySecond >= needed && onlyFirst === 0) return 'second'
  const agreement = (line: typeof first): Float64Array =>
    agreementAlong(plans, a, b, line, plan.middles, windowSeconds, Math.sign(line.score), signal)
  const { mean, certainty } = advantageOf(agreement(first), agreement(second))
  if (Math.abs(certainty) < LEAST_CERTAINTY || Math.abs(mean) < LEAST_ADVANTAGE) return 'nobody can tell'
  return mean > 0 ? 'first' : 'second'
}

/** By how much windows agree better along one line than along another, and how many deviations that is. */
export function advantageOf(one: Float64Array, other: Float64Array): { mean: number; certainty: number } {
  const differences = Array.from(one, (value, index) => value - other[index]).filter(Number.isFinite)
  const count = differences.length
  if (count < 6) return { mean: 0, certainty: 0 }
  const mean = differences.reduce((sum, value) => sum + value, 0) / count
  const spread = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  // Half-overlapping windows are worth about two thirds of their number.
  return { mean, certainty: mean / Math.sqrt(Math.max(1e-12, spread) / (count / 1.5)) }
}
