/** Poses of cameras that were computed from pictures: in order, but without times of their own. */
import type { PosePath } from '../../../../shared/geometry/data.ts'
import { quaternionFromRotation } from '../../../../shared/geometry/rotation.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { ClockDescription } from '../importer.ts'
import { warning } from '../refusals.ts'
import { PoseRows } from '../reading/timed-rows.ts'
import { say } from '../../../../shared/sayings/saying.ts'

/** Said of a clock on which only the order of the pictures is known: frame k is at k nanoseconds. */
export const ORDER_CLOCK: ClockDescription = {
  title: 'Order of the pictures, not time',
  source: 'container',
  epochUtcNanoseconds: null,
  timecode: null,
}

export const NO_TIMES: ImportWarning = warning('no_times', say('import.noTimes'))
export const SCALE_UNKNOWN: ImportWarning = warning('scale_unknown', say('import.scaleUnknown'))

/** Half a turn about the camera's X: +Z forward with +Y down (COLMAP, OpenCV) becomes -Z forward with +Y up. */
export function turnedToLookAlongMinusZ([x, y, z, w]: readonly number[]): [number, number, number, number] {
  return [w, z, -y, -x]
}

/** A quarter turn about X that takes +Z up to +Y up, applied on the left of a quaternion. */
export function uprightRotation([x, y, z, w]: readonly number[]): [number, number, number, number] {
  const s = Math.SQRT1_2
  return [s * (x - w), s * (y + z), s * (z - y), s * (w + x)]
}

/** +Z up to +Y up: (x, y, z) becomes (x, z, -y). */
export function uprightPosition([x, y, z]: readonly number[]): [number, number, number] {
  return [x, z, -y]
}

/** The shortest turn that takes -Z to a direction, as a quaternion of any length. */
export function turnTowards(direction: readonly number[]): [number, number, number, number] {
  const length = Math.hypot(...direction)
  const [x, y, z] = direction.map((value) => value / length)
  // Straight back, every turn is as short.
  if (z > 1 - 1e-12) return [0, 1, 0, 0]
  // Cross product of (0, 0, -1) with the direction, and one plus their dot product.
  return [y, -x, 0, 1 - z]
}

/** A rigid 4x4 matrix, row by row, as position and quaternion; undefined when it is no rigid motion. */
export function poseOfRows(
  rows: readonly (readonly number[])[],
): { position: number[]; rotation: number[] } | undefined {
  const m = rows.slice(0, 3)
  if (m.length < 3 || m.some((row) => row.length < 4 || !row.every(Number.isFinite))) return undefined
  const column = (index: number) => m.map((row) => row[index])
  const scale = Math.hypot(...column(0))
  const columns = [column(0), column(1), column(2)].map((values) => values.map((value) => value / scale))
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0)
  const rigid =
    scale > 1e-6 &&
    columns.every((values, i) => columns.every((other, j) => Math.abs(dot(values, other) - (i === j ? 1 : 0)) < 0.01))
  const [a, b, c] = columns
  const determinant = dot(a, [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]])
  if (!rigid || determinant < 0) return undefined
  return { position: column(3), rotation: quaternionFromRotation(columns.flat()) }
}

/** A path from poses in order; frame k is at k nanoseconds unless a time is given. */
export function pathOf(
  sourcePath: string,
  poses: readonly {
    readonly timeNanoseconds?: bigint
    readonly position: readonly number[]
    readonly rotation: readonly number[]
  }[],
): { path: PosePath; warnings: ImportWarning[] } {
  const rows = new PoseRows(sourcePath)
  poses.forEach(({ timeNanoseconds, position, rotation }, index) => {
    rows.add(timeNanoseconds ?? BigInt(index), position, rotation)
  })
  return rows.finish()
}
