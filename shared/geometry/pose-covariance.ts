/**
 * How surely a pose is known. The covariance of `target_from_source` is over (rotation vector in rad, translation in
 * m), both in target axes: the true pose is `[exp(w) R, t + v]` with `(w, v)` drawn from it. 6x6, row-major.
 */
import { invertSymmetric, symmetricEigen } from './symmetric.ts'

/** The normal matrix of a point-to-plane fit. */
export interface PoseInformation {
  /** 6x6 row-major over (rotation about `centre` in rad, translation in m), target axes, per unit residual variance. */
  readonly matrix: readonly number[]
  /** The point, in the target's frame, about which the rotation turns. */
  readonly centre: readonly [number, number, number]
  /** The translation column of the pose. */
  readonly translation: readonly [number, number, number]
  readonly varianceMetresSquared: number
  /** Largest distance of a source point from the source's centre along an axis. */
  readonly reachMetres: number
}

/**
 * Neighbouring residuals are not independent: they share target points, normals and the noise in both. The factor by
 * which the plain covariance was too small was measured on simulated scans with truth (docs/alignment-space.md).
 */
const CORRELATION_FACTOR = 3

/** The 6x6 covariance, or undefined when some motion leaves the residuals as they are. */
export function covarianceFromInformation(information: PoseInformation): number[] | undefined {
  const { matrix, centre, translation, varianceMetresSquared } = information
  const aboutCentre = invertSymmetric(matrix, 6)
  if (!aboutCentre || !(weakestMotion(information) > 1e-9)) return undefined
  // Turning about `centre` by w and moving by u changes the translation column by u + w x (t - centre).
  const [x, y, z] = [translation[0] - centre[0], translation[1] - centre[1], translation[2] - centre[2]]
  const jacobian = [
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    z,
    -y,
    1,
    0,
    0,
    -z,
    0,
    x,
    0,
    1,
    0,
    y,
    -x,
    0,
    0,
    0,
    1,
  ]
  return congruence(jacobian, aboutCentre).map((value) => value * varianceMetresSquared * CORRELATION_FACTOR)
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

/** `J C J^T` for 6x6 matrices, row-major. */
export function congruence(j: ArrayLike<number>, c: ArrayLike<number>): number[] {
  const half = Array.from<number>({ length: 36 }).fill(0)
  for (let a = 0; a < 6; a++) {
    for (let k = 0; k < 6; k++) {
      const value = j[a * 6 + k]
      if (value === 0) continue
      for (let b = 0; b < 6; b++) half[a * 6 + b] += value * c[k * 6 + b]
    }
  }
  const out = Array.from<number>({ length: 36 }).fill(0)
  for (let a = 0; a < 6; a++) {
    for (let k = 0; k < 6; k++) {
      for (let b = 0; b < 6; b++) out[a * 6 + b] += half[a * 6 + k] * j[b * 6 + k]
    }
  }
  return out
}
