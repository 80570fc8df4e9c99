/** Rows of numbers with times, as sensors write them: put in order, without repeats, and told what was wrong with them. */
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import type { JointFrames } from '../../../../shared/geometry/joints.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { gapsBetween, type Gap } from '../../../../shared/document/sample-gaps.ts'
import { isUsable } from '../scans/point-sink.ts'
import { refuseBeyondMemory, warning } from '../refusals.ts'
import { say } from '../../../../shared/sayings/saying.ts'

/** Share of rows that have the time of the one before them, from which on a log was written in bundles. */
const LEAST_SHARE_IN_BUNDLES = 0.3
/** More rows of one time are a clock that stood still. */
const MOST_IN_BUNDLE = 1000

/** Collects (time in ns, `width` numbers). */
export class TimedRows {
  readonly width: number
  count = 0
  /** Rows that were refused because a value is not a number or makes no sense. */
  badCount = 0
  readonly #path: string
  #times = new BigInt64Array(1024)
  #values: Float64Array
  #ordered = true
  /** Whether no row is earlier than the one before it. */
  #neverBack = true
  #repeats = 0

  constructor(path: string, width: number) {
    this.#path = path
    this.width = width
    this.#values = new Float64Array(1024 * width)
  }

  /** Reads `width` numbers from `values`. */
  add(timeNanoseconds: bigint, values: ArrayLike<number>): void {
    if (this.count === this.#times.length) this.#grow()
    this.#times[this.count] = timeNanoseconds
    for (let i = 0; i < this.width; i++) this.#values[this.count * this.width + i] = values[i]
    if (this.count > 0 && timeNanoseconds <= this.#times[this.count - 1]) {
      this.#ordered = false
      if (timeNanoseconds < this.#times[this.count - 1]) this.#neverBack = false
      else this.#repeats++
    }
    this.count++
  }

  #grow(): void {
    const capacity = this.#times.length * 2
    refuseBeyondMemory(
      this.#path,
      capacity * 8 * (this.width + 1) * 1.5,
      say('broken.manySamples', { samples: this.count }),
    )
    const times = new BigInt64Array(capacity)
    times.set(this.#times)
    const values = new Float64Array(capacity * this.width)
    values.set(this.#values)
    this.#times = times
    this.#values = values
  }

  /**
   * Gives rows that were sent in bundles, each with the one time of its bundle, times of their own: spread evenly up to
   * the next bundle. For sensors that sample steadily; nothing is done where rows merely stand there twice.
   */
  spreadBundles(): ImportWarning[] {
    if (!this.#neverBack || this.#repeats < LEAST_SHARE_IN_BUNDLES * this.count) return []
    const starts = [...this.#times.subarray(0, this.count).keys()].filter(
      (row) => row === 0 || this.#times[row] !== this.#times[row - 1],
    )
    const longest = starts.reduce((most, row, at) => Math.max(most, (starts[at + 1] ?? this.count) - row), 0)
    if (starts.length < 2 || longest > MOST_IN_BUNDLE || this.#hasCopies()) return []
    const steps = starts.slice(1).map((row, at) => Number(this.#times[row] - this.#times[starts[at]!]))
    // Behind the last bundle, and into a gap, it is as long as bundles usually are.
    const usual = steps.toSorted((a, b) => a - b)[steps.length >> 1]!
    for (const [at, first] of starts.entries()) {
      const length = (starts[at + 1] ?? this.count) - first
      const step = Math.min(steps[at] ?? usual, 2 * usual)
      for (let row = 1; row < length; row++) {
        this.#times[first + row] = this.#times[first]! + BigInt(Math.round((row * step) / length))
      }
    }
    // Bundles closer than a nanosecond a sample leave repeats, which are left out like any.
    this.#ordered = [...steps, usual].every((step) => step >= MOST_IN_BUNDLE)
    const count = Math.round(this.count / starts.length)
    return [warning('times_in_bundles', say('import.bundles', { count }))]
  }

  /** Whether a row repeats the numbers of the one before it, which a sensor's noise does not. */
  #hasCopies(): boolean {
    const { width } = this
    const isCopy = (row: number): boolean => {
      for (let i = 0; i < width; i++) {
        if (this.#values[row * width + i] !== this.#values[(row - 1) * width + i]) return false
      }
      return true
    }
    let copies = 0
    for (let row = 1; row < this.count; row++) if (this.#times[row] === this.#times[row - 1] && isCopy(row)) copies++
    return copies > this.#repeats / 2
  }

  /** Sorted by time; of rows with the same time the first is kept. */
  finish(): { times: BigInt64Array; values: Float64Array; warnings: ImportWarning[] } {
    const warnings: ImportWarning[] = []
    if (this.badCount > 0) {
      const total = this.count + this.badCount
      warnings.push(warning('samples_dropped', say('import.samplesDropped', { bad: this.badCount, total })))
    }
    if (this.#ordered) {
      const values = this.#values.slice(0, this.count * this.width)
      return { times: this.#times.slice(0, this.count), values, warnings }
    }
    const order = Array.from({ length: this.count }, (_, index) => index)
    order.sort((a, b) => Number(this.#times[a] - this.#times[b]) || a - b)
    const kept = order.filter((row, rank) => rank === 0 || this.#times[row] !== this.#times[order[rank - 1]])
    const repeats = this.count - kept.length
    warnings.push(warning('times_out_of_order', say('import.outOfOrder', { repeats })))
    const values = new Float64Array(kept.length * this.width)
    kept.forEach((row, rank) => {
      values.set(this.#values.subarray(row * this.width, (row + 1) * this.width), rank * this.width)
    })
    return { times: BigInt64Array.from(kept, (row) => this.#times[row]), values, warnings }
  }
}

/** Poses `asset_from_device`; quaternions are made unit length, and rows without a usable pose are counted and left out. */
export class PoseRows {
  readonly rows: TimedRows
  readonly #row = new Float64Array(7)

  constructor(path: string) {
    this.rows = new TimedRows(path, 7)
  }

  /** @param position Metres. @param rotation x, y, z, w; any length but zero. */
  add(timeNanoseconds: bigint, position: ArrayLike<number>, rotation: ArrayLike<number>): void {
    const length = Math.hypot(rotation[0], rotation[1], rotation[2], rotation[3])
    if (!isUsable(position[0], position[1], position[2]) || !(length > 1e-6 && length < 1e6)) {
      this.rows.badCount++
      return
    }
    for (let i = 0; i < 3; i++) this.#row[i] = position[i]
    for (let i = 0; i < 4; i++) this.#row[3 + i] = rotation[i] / length
    this.rows.add(timeNanoseconds, this.#row)
  }

  finish(): { path: PosePath; warnings: ImportWarning[] } {
    const { times, values, warnings } = this.rows.finish()
    const count = times.length
    const positions = new Float64Array(3 * count)
    const rotations = new Float64Array(4 * count)
    for (let i = 0; i < count; i++) {
      positions.set(values.subarray(7 * i, 7 * i + 3), 3 * i)
      rotations.set(values.subarray(7 * i + 3, 7 * i + 7), 4 * i)
    }
    return { path: { count, timesNanoseconds: times, positions, rotations }, warnings }
  }
}

/** Joints that are seen together: a row in which one of them makes no sense is left out. */
export class JointRows {
  readonly jointCount: number
  readonly #rows: TimedRows

  constructor(path: string, jointCount: number) {
    this.jointCount = jointCount
    this.#rows = new TimedRows(path, 3 * jointCount)
  }

  /** @param positions Metres, joint after joint. */
  add(timeNanoseconds: bigint, positions: ArrayLike<number>): void {
    for (let i = 0; i < 3 * this.jointCount; i += 3)
      if (!isUsable(positions[i], positions[i + 1], positions[i + 2])) return
    this.#rows.add(timeNanoseconds, positions)
  }

  finish(bones: JointFrames['bones']): JointFrames {
    const { times, values } = this.#rows.finish()
    const { jointCount } = this
    return {
      count: times.length,
      jointCount,
      timesNanoseconds: times,
      positions: Float32Array.from(values),
      bones,
    }
  }
}

/** Inertial rows of six numbers, acceleration before rotation rate; a sensor that is missing is left out. */
export function imuSamples(
  rows: TimedRows,
  has: { readonly accelerations: boolean; readonly rotationRates: boolean },
): { samples: ImuSamples; warnings: ImportWarning[] } {
  const spread = rows.spreadBundles()
  const { times, values, warnings } = rows.finish()
  const count = times.length
  const part = (offset: number) => {
    const out = new Float64Array(3 * count)
    for (let i = 0; i < count; i++) out.set(values.subarray(6 * i + offset, 6 * i + offset + 3), 3 * i)
    return out
  }
  const samples: ImuSamples = {
    count,
    timesNanoseconds: times,
    ...(has.accelerations && { accelerations: part(0) }),
    ...(has.rotationRates && { rotationRates: part(3) }),
  }
  return { samples, warnings: [...warnings, ...spread] }
}

/** Seconds of the first sample, span, mean rate and gaps of a series, as a stream description gives them. */
export function timing(times: BigInt64Array): {
  startSeconds: number
  durationSeconds: number
  sampleRateHz?: number
  gaps?: Gap[]
} {
  if (times.length === 0) return { startSeconds: 0, durationSeconds: 0 }
  const startSeconds = Number(times[0]) / 1e9
  const durationSeconds = Number(times[times.length - 1] - times[0]) / 1e9
  if (!(durationSeconds > 0)) return { startSeconds, durationSeconds: 0 }
  const gaps = gapsBetween(times)
  const sampleRateHz = (times.length - 1) / durationSeconds
  return { startSeconds, durationSeconds, sampleRateHz, ...(gaps.length > 0 && { gaps }) }
}
