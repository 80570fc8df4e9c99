/** When a sound repeats itself, more than one place fits. Which of two lines is it, or can nobody tell? */
import type { FftPlans } from './fft.ts'
import { correlograms } from './line-search.ts'
import type { Track } from './match-search.ts'
import type { LineMap } from './window-correlator.ts'
import { overlapOnB, planWindows } from './window-plan.ts'

const STRONG = 4
const WEAK = 2.5

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

/** True if `second` explains the recordings as well as `first`, so that neither may be believed. */
export function isRival(
  plans: FftPlans,
  a: Track,
  b: Track,
  first: LineMap & { readonly score: number },
  second: LineMap & { readonly score: number },
  signal?: AbortSignal,
): boolean {
  const one = overlapOnB(first, a.durationSeconds, b.durationSeconds)
  const two = overlapOnB(second, a.durationSeconds, b.durationSeconds)
  const middle = (one.from + one.to) / 2
  const apart = Math.abs(first.offsetSeconds - second.offsetSeconds + (first.ratePpm - second.ratePpm) * 1e-6 * middle)
  if (apart < 0.03) return false
  const common = { from: Math.max(one.from, two.from), to: Math.min(one.to, two.to) }
  const windowSeconds = Math.min(1, Math.max(0.25, (common.to - common.from) / 12))
  const plan = planWindows(a.envelope, b.envelope, first, common, windowSeconds, 64)
  const weaker = Math.abs(second.score) > 0.7 * Math.abs(first.score)
  if (plan.middles.length < 6) return weaker
  const inFirst = strengthsAlong(plans, a, b, first, plan.middles, windowSeconds, signal)
  const inSecond = strengthsAlong(plans, a, b, second, plan.middles, windowSeconds, signal)
  let both = 0
  let onlyFirst = 0
  let onlySecond = 0
  for (let index = 0; index < inFirst.length; index++) {
    if (!(inFirst[index] >= 0) || !(inSecond[index] >= 0)) continue
    if (Math.min(inFirst[index], inSecond[index]) > STRONG) {
      // In a loop with other sound over it the true place is clearly the stronger one.
      if (inFirst[index] > 1.5 * inSecond[index]) onlyFirst++
      else if (inSecond[index] > 1.5 * inFirst[index]) onlySecond++
      else both++
    } else if (inFirst[index] > STRONG && inSecond[index] < WEAK) onlyFirst++
    else if (inSecond[index] > STRONG && inFirst[index] < WEAK) onlySecond++
  }
  if (both + onlyFirst + onlySecond < 5) return weaker
  // Windows that each line has to itself are a jump in the clock, not a rivalry.
  if (both < 0.3 * (both + onlyFirst + onlySecond)) return false
  const told = onlyFirst >= Math.max(3, 0.15 * (both + onlyFirst)) && onlySecond <= 0.2 * onlyFirst
  return !told
}
