/** How far one rate of rotation must be moved to lie on another, in one stretch: Gauss-Newton on their difference. */

/** Seconds between the values that are compared. */
export const FINE_STEP = 0.005
/** What is left beside a fit is correlated with itself for no longer than this: blur, and hands that tremble. */
const MEMORY_SECONDS = 0.25

/** Values at steps of FINE_STEP; NaN in holes. */
interface Even {
  readonly from: number
  readonly values: Float64Array
}

/** Gaussian smoothing of `sigma` seconds. */
export function blurred(series: Even, sigma: number): Even {
  const reach = Math.ceil((3 * sigma) / FINE_STEP)
  const weights = Float64Array.from({ length: reach * 2 + 1 }, (_, index) =>
    Math.exp(-0.5 * (((index - reach) * FINE_STEP) / sigma) ** 2),
  )
  const values = new Float64Array(series.values.length)
  for (let index = 0; index < values.length; index++) {
    let sum = 0
    let weight = 0
    for (let tap = -reach; tap <= reach; tap++) {
      const value = series.values[index + tap]
      if (value === undefined) continue
      sum += weights[tap + reach] * value
      weight += weights[tap + reach]
    }
    // A hole within reach makes the sum NaN, and the stretch around it is left out.
    values[index] = sum / weight
  }
  return { from: series.from, values }
}

/** The lag of A against `offset` in one stretch of B. */
export function localLag(
  a: Even,
  b: Even,
  start: number,
  seconds: number,
  offset: number,
): { lag: number; sigma: number; correlation: number } | undefined {
  const count = Math.floor(seconds / FINE_STEP)
  const first = Math.round((start - b.from) / FINE_STEP)
  if (first < 0 || first + count > b.values.length) return undefined
  const y = b.values.subarray(first, first + count)
  const x = new Float64Array(count)
  const slope = new Float64Array(count)
  let lag = 0
  let outcome: { lag: number; sigma: number; correlation: number } | undefined
  for (let round = 0; round < 8; round++) {
    const position = (b.from + first * FINE_STEP + offset + lag - a.from) / FINE_STEP
    for (let index = 0; index < count; index++) {
      const at = position + index
      const whole = Math.floor(at)
      if (whole < 1 || whole + 2 >= a.values.length) return undefined
      const part = at - whole
      x[index] = a.values[whole] * (1 - part) + a.values[whole + 1] * part
      slope[index] =
        ((a.values[whole + 1] - a.values[whole - 1]) * (1 - part) + (a.values[whole + 2] - a.values[whole]) * part) /
        (2 * FINE_STEP)
    }
    const step = fitStep(x, y, slope)
    if (!step) return undefined
    lag += Math.max(-0.02, Math.min(0.02, step.delta))
    if (Math.abs(lag) > 0.15) return undefined
    outcome = { lag, sigma: step.sigma, correlation: step.correlation }
    if (Math.abs(step.delta) < 1e-6) break
  }
  return outcome
}

/**
 * Least squares of y = mean + gain * (x + delta * slope): how far x must be moved to lie on y. The deviation is the
 * sandwich over what is left (Newey and West 1987), since neighbouring values share blur and movement.
 */
function fitStep(
  x: Float64Array,
  y: Float64Array,
  slope: Float64Array,
): { delta: number; sigma: number; correlation: number } | undefined {
  const count = x.length
  let [mx, my, ms] = [0, 0, 0]
  for (let index = 0; index < count; index++) {
    mx += x[index] / count
    my += y[index] / count
    ms += slope[index] / count
  }
  let [xx, xs, ss, xy, sy, yy] = [0, 0, 0, 0, 0, 0]
  for (let index = 0; index < count; index++) {
    const dx = x[index] - mx
    const dy = y[index] - my
    const ds = slope[index] - ms
    xx += dx * dx
    xs += dx * ds
    ss += ds * ds
    xy += dx * dy
    sy += ds * dy
    yy += dy * dy
  }
  const determinant = xx * ss - xs * xs
  if (!(determinant > 1e-12 * xx * ss) || !(yy > 0)) return undefined
  const gain = (xy * ss - sy * xs) / determinant
  const moved = (sy * xx - xy * xs) / determinant
  if (!(gain > 0.2)) return undefined
  const residual = Math.max(0, yy - gain * xy - moved * sy)
  const correlation = Math.sqrt(Math.max(0, 1 - residual / yy))
  // The slope as far as x itself does not say it, times what is left: what pulled at the lag, value by value.
  const pulls = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    const dx = x[index] - mx
    const ds = slope[index] - ms
    pulls[index] = (ds - (xs / xx) * dx) * (y[index] - my - gain * dx - moved * ds)
  }
  const variance = longRunSum(pulls, Math.round(MEMORY_SECONDS / FINE_STEP))
  return { delta: moved / gain, sigma: (Math.sqrt(variance) * (xx / determinant)) / gain, correlation }
}

/** Variance of the sum of values that are correlated over `reach` of them (Bartlett's weights); never below a half of what independent ones have. */
function longRunSum(values: Float64Array, reach: number): number {
  let own = 0
  for (const value of values) own += value * value
  let sum = own
  for (let lag = 1; lag <= Math.min(reach, values.length - 1); lag++) {
    let product = 0
    for (let index = lag; index < values.length; index++) product += values[index] * values[index - lag]
    sum += 2 * (1 - lag / (reach + 1)) * product
  }
  return Math.max(own / 2, sum)
}
