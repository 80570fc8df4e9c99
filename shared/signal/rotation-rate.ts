/**
 * How fast a device turned, whichever way it was mounted: the magnitude of its rotation rate is the same for everything
 * that is fixed to it, so two sensors of one moving thing can be compared without knowing how they sit.
 */
import type { ImuSamples, PosePath } from '../geometry/data.ts'

/** Values at rising times on a clock. */
export interface TimedValues {
  readonly seconds: Float64Array
  /** rad/s */
  readonly values: Float64Array
  /** rad/s about three axes of its own, three a value. */
  readonly axes?: Float64Array
  /** True for what a picture showed, whose scale is a guess and which sees things pass by as turning. */
  readonly isFromPicture?: boolean
}

/** From a gyroscope. Undefined where it holds none. */
export function rotationRateOfImu(imu: ImuSamples): TimedValues | undefined {
  const rates = imu.rotationRates
  if (!rates) return undefined
  const turning = new TurningSeries()
  for (let index = 0; index < imu.count; index++) {
    const time = Number(imu.timesNanoseconds[index]) * 1e-9
    turning.push(time, rates[index * 3], rates[index * 3 + 1], rates[index * 3 + 2])
  }
  return turning.finish()
}

/** From poses: the angle between neighbours over the time between them, at the middle of the two. */
export function rotationRateOfPath(path: PosePath): TimedValues {
  const turning = new TurningSeries()
  const q = path.rotations
  for (let index = 1; index < path.count; index++) {
    const before = Number(path.timesNanoseconds[index - 1]) * 1e-9
    const after = Number(path.timesNanoseconds[index]) * 1e-9
    if (!(after > before)) continue
    const [at, to] = [index * 4 - 4, index * 4]
    // conj(before) * after: the turn in the body's own axes.
    const w = q[at] * q[to] + q[at + 1] * q[to + 1] + q[at + 2] * q[to + 2] + q[at + 3] * q[to + 3]
    const x = q[at + 3] * q[to] - q[at] * q[to + 3] - q[at + 1] * q[to + 2] + q[at + 2] * q[to + 1]
    const y = q[at + 3] * q[to + 1] - q[at + 1] * q[to + 3] - q[at + 2] * q[to] + q[at] * q[to + 2]
    const z = q[at + 3] * q[to + 2] - q[at + 2] * q[to + 3] - q[at] * q[to + 1] + q[at + 1] * q[to]
    const angle = 2 * Math.acos(Math.min(1, Math.abs(w)))
    const sine = Math.hypot(x, y, z)
    const scale = sine > 1e-12 ? (Math.sign(w) * angle) / sine / (after - before) : 0
    turning.push((before + after) / 2, x * scale, y * scale, z * scale)
  }
  return turning.finish()
}

/** Collects rates about three axes at rising times; what is no number, or goes back in time, is left out. */
export class TurningSeries {
  readonly #seconds: number[] = []
  readonly #axes: number[] = []

  push(seconds: number, x: number, y: number, z: number): void {
    if (!Number.isFinite(x + y + z) || !Number.isFinite(seconds)) return
    if (this.#seconds.length > 0 && seconds <= this.#seconds[this.#seconds.length - 1]) return
    this.#seconds.push(seconds)
    this.#axes.push(x, y, z)
  }

  finish(): TimedValues {
    const axes = Float64Array.from(this.#axes)
    const values = Float64Array.from(this.#seconds, (_, index) =>
      Math.hypot(axes[index * 3], axes[index * 3 + 1], axes[index * 3 + 2]),
    )
    return { seconds: Float64Array.from(this.#seconds), values, axes }
  }
}

/** The usual time between two values. */
export function usualStep(series: TimedValues): number {
  const steps = Array.from(
    { length: Math.max(0, series.seconds.length - 1) },
    (_, index) => series.seconds[index + 1] - series.seconds[index],
  )
  steps.sort((first, second) => first - second)
  return steps[steps.length >> 1] ?? 0
}

const ENOUGH_STAMPS = 20_000
/** Of second differences: beyond it lie the dropouts, within it a normal deviation times this. */
const KEPT_SHARE = 0.9
const DEVIATIONS_AT_KEPT_SHARE = 1.645

/**
 * By how much stamps scatter about even steps (s, one standard deviation). What delays stamps unevenly (a bus, a scheduler)
 * delays them on average as well, by about as much, and nothing in the stamps tells how much.
 */
export function stampScatter({ seconds }: TimedValues): number {
  const every = Math.max(1, Math.ceil(seconds.length / ENOUGH_STAMPS))
  const bends: number[] = []
  for (let index = 1; index + 1 < seconds.length; index += every) {
    bends.push(Math.abs(seconds[index - 1] - 2 * seconds[index] + seconds[index + 1]))
  }
  bends.sort((first, second) => first - second)
  const kept = bends[Math.floor(bends.length * KEPT_SHARE)] ?? 0
  // A second difference of independent stamps has six times their variance.
  return kept / DEVIATIONS_AT_KEPT_SHARE / Math.sqrt(6)
}

/** The series read at even steps, straight lines between its values; NaN in holes of more than `largestHole` seconds. */
export function evenly(series: TimedValues, step: number, largestHole: number): { from: number; values: Float64Array } {
  const { seconds, values } = series
  const from = seconds[0]
  const count = Math.max(0, Math.floor((seconds[seconds.length - 1] - from) / step) + 1)
  const out = new Float64Array(count)
  let at = 0
  for (let index = 0; index < count; index++) {
    const time = from + index * step
    while (at < seconds.length - 2 && seconds[at + 1] <= time) at++
    const span = seconds[at + 1] - seconds[at]
    const share = Math.max(0, Math.min(1, (time - seconds[at]) / span))
    out[index] = span > largestHole ? Number.NaN : values[at] + (values[at + 1] - values[at]) * share
  }
  return { from, values: out }
}
