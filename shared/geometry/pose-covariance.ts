/**
 * How surely a pose is known. The covariance of `target_from_source` is over (rotation vector in rad, translation in
 * m), both in target axes: the true pose is `[exp(w) R, t + v]` with `(w, v)` drawn from it. 6x6, row-major.
 */
import { solveSymmetric, symmetricEigen } from './symmetric.ts'

/** The normal matrix of a point-to-plane fit. */
export interface PoseInformation {
  /** 6x6 row-major over (rotation about `centre` in rad, translation in m), target axes, per unit residual variance. */
  readonly matrix: readonly number[]
  /** The point, in the target's frame, about which the rotation turns. */
  readonly centre: readonly [number, number, number]
  /** Largest distance of a source point from the source's centre along an axis. */
  readonly reachMetres: number
}

/**
 * The smallest eigenvalue of the information over its mean, rotation measured by the motion it causes at the edge of
 * the scan: near zero when the scan can slide or turn freely on the target (one plane, a corridor, a ball).
 */
export function weakestMotion(information: PoseInformation): number {
  const { values } = edgeEigen(information)
  const mean = values.reduce((sum, value) => sum + value, 0) / 6
  return mean > 0 ? Math.max(0, values[0]) / mean : 0
}

/**
 * The motion that the match resists least: rotation vector in rad about `centre`, then translation in m, sized so that
 * the edge of the scan moves about one metre.
 */
export function easiestMotion(information: PoseInformation): number[] {
  const reach = Math.max(information.reachMetres, 1e-12)
  return edgeEigen(information).vectors[0].map((value, i) => (i < 3 ? value / reach : value))
}

function edgeEigen(information: PoseInformation): ReturnType<typeof symmetricEigen> {
  const s = 1 / Math.max(information.reachMetres, 1e-12)
  const scaled = information.matrix.map((value, i) => value * (i % 6 < 3 ? s : 1) * (Math.floor(i / 6) < 3 ? s : 1))
  return symmetricEigen(scaled, 6)
}

/**
 * What turning about a point, moving and (7 columns) growing about it do to a place (x, y, z) away from it: it turns the
 * same and moves by `v + w x place + g * place`. Row-major, 6 rows.
 */
export function leverJacobian(x: number, y: number, z: number, free: 6 | 7 = 6): number[] {
  const rows = [
    [1, 0, 0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0, 0, 0],
    [0, 0, 1, 0, 0, 0, 0],
    [0, z, -y, 1, 0, 0, x],
    [-z, 0, x, 0, 1, 0, y],
    [y, -x, 0, 0, 0, 1, z],
  ]
  return rows.flatMap((row) => row.slice(0, free))
}

/**
 * From the source's origin, in target axes, to the place whose position is known best. A scan that lies far from its own
 * origin is placed to a millimetre, and its origin is not: what the turn is unsure by has that lever.
 * @param covariance 6x6, row-major.
 */
export function firmestPlace(covariance: ArrayLike<number>): readonly [number, number, number] {
  const at = (row: number, column: number) => covariance[row * 6 + column]!
  // The trace of the place's covariance is quadratic in the place: (tr(W) - W) d = g where it is least.
  const turn = at(0, 0) + at(1, 1) + at(2, 2)
  const matrix = [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => (r === c ? turn : 0) - at(r, c)))
  const gradient = [at(1, 5) - at(2, 4), at(2, 3) - at(0, 5), at(0, 4) - at(1, 3)]
  const place = solveSymmetric(Float64Array.from(matrix), Float64Array.from(gradient), 3)
  return place?.every(Number.isFinite) ? [place[0]!, place[1]!, place[2]!] : [0, 0, 0]
}

/** `J C J^T` for a symmetric C, row-major. */
export function congruence(j: ArrayLike<number>, c: ArrayLike<number>): number[] {
  const columns = Math.sqrt(c.length)
  const rows = j.length / columns
  const half = Array.from<number>({ length: rows * columns }).fill(0)
  for (let a = 0; a < rows; a++) {
    for (let k = 0; k < columns; k++) {
      const value = j[a * columns + k]
      if (value === 0) continue
      for (let b = 0; b < columns; b++) half[a * columns + b] += value * c[k * columns + b]
    }
  }
  const out = Array.from<number>({ length: rows * rows }).fill(0)
  for (let a = 0; a < rows; a++) {
    for (let k = 0; k < columns; k++) {
      for (let b = 0; b < rows; b++) out[a * rows + b] += half[a * columns + k] * j[b * columns + k]
    }
  }
  return out
}
