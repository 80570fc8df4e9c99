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
}

/** From a gyroscope. Undefined where it holds none. */
export function rotationRateOfImu(imu: ImuSamples): TimedValues | undefined {
  const rates = imu.rotationRates
  if (!rates) return undefined
  const seconds: number[] = []
  const values: number[] = []
  for (let index = 0; index < imu.count; index++) {
    const value = Math.hypot(rates[index * 3], rates[index * 3 + 1], rates[index * 3 + 2])
    push(seconds, values, Number(imu.timesNanoseconds[index]) * 1e-9, value)
  }
  return { seconds: Float64Array.from(seconds), values: Float64Array.from(values) }
}

/** From poses: the angle between neighbours over the time between them, at the middle of the two. */
export function rotationRateOfPath(path: PosePath): TimedValues {
  const seconds: number[] = []
  const values: number[] = []
  for (let index = 1; index < path.count; index++) {
    const before = Number(path.timesNanoseconds[index - 1]) * 1e-9
    const after = Number(path.timesNanoseconds[index]) * 1e-9
    if (!(after > before)) continue
    let dot = 0
    for (let part = 0; part < 4; part++) dot += path.rotations[index * 4 + part] * path.rotations[index * 4 - 4 + part]
    const angle = 2 * Math.acos(Math.min(1, Math.abs(dot)))
    push(seconds, values, (before + after) / 2, angle / (after - before))
  }
  return { seconds: Float64Array.from(seconds), values: Float64Array.from(values) }
}

function push(seconds: number[], values: number[], time: number, value: number): void {
  if (!Number.isFinite(value) || !Number.isFinite(time)) return
  if (seconds.length > 0 && time <= seconds[seconds.length - 1]) return
  seconds.push(time)
  values.push(value)
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
