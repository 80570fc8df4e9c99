/**
 * The rigid motion or similarity that maps matched points onto each other with least squares.
 * Rotation: B. K. P. Horn, "Closed-form solution of absolute orientation using unit quaternions", JOSA A 4 (1987),
 * which never answers with a mirror image; scale: S. Umeyama, IEEE PAMI 13 (1991), equation 42.
 */
import { AsterismError } from '../errors.ts'
import { say } from '../sayings/saying.ts'
import { similarity } from './matrix4.ts'
import { rotationFromQuaternion } from './rotation.ts'
import { symmetricEigen } from './symmetric.ts'

export interface PointFit {
  readonly targetFromSource: number[]
  readonly scale: number
  /** Weighted root mean square distance of the matched points, metres. */
  readonly rmseMetres: number
  /**
   * How well the points pin the rotation: the gap between the two largest eigenvalues of Horn's matrix over the
   * largest. Near zero for collinear or coincident points, where the rotation is not determined.
   */
  readonly rotationGap: number
}

/**
 * @param source,target Matched points, x y z x y z …, metres, equally many.
 * @param weights One non-negative number a point; 1 each when left out.
 * @throws AsterismError `bad_input` for fewer than three points, lengths that differ, or numbers that are not finite.
 */
export function fitPoints(
  source: ArrayLike<number>,
  target: ArrayLike<number>,
  options: { readonly withScale?: boolean; readonly weights?: ArrayLike<number> } = {},
): PointFit {
  const count = Math.floor(source.length / 3)
  if (source.length !== target.length || source.length !== count * 3) {
    throw new AsterismError('bad_input', say('misfit.pointsUneven'))
  }
  if (count < 3) throw new AsterismError('bad_input', say('misfit.pointsFew'))
  const cs = [0, 0, 0]
  const ct = [0, 0, 0]
  let total = 0
  for (let i = 0; i < count; i++) {
    const w = options.weights ? options.weights[i] : 1
    total += w
    for (let k = 0; k < 3; k++) {
      cs[k] += w * source[i * 3 + k]
      ct[k] += w * target[i * 3 + k]
    }
  }
  if (!(total > 0) || ![...cs, ...ct].every(Number.isFinite)) {
    throw new AsterismError('bad_input', say('misfit.pointsInfinite'))
  }
  for (let k = 0; k < 3; k++) {
    cs[k] /= total
    ct[k] /= total
  }
  const m = new Float64Array(9)
  let sourceVariance = 0
  let targetVariance = 0
  for (let i = 0; i < count; i++) {
    const w = options.weights ? options.weights[i] : 1
    for (let a = 0; a < 3; a++) {
      const s = source[i * 3 + a] - cs[a]
      const t = target[i * 3 + a] - ct[a]
      sourceVariance += w * s * s
      targetVariance += w * t * t
      for (let b = 0; b < 3; b++) m[a * 3 + b] += w * s * (target[i * 3 + b] - ct[b])
    }
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = m
  const horn = [
    xx + yy + zz,
    yz - zy,
    zx - xz,
    xy - yx,
    yz - zy,
    xx - yy - zz,
    xy + yx,
    zx + xz,
    zx - xz,
    xy + yx,
    -xx + yy - zz,
    yz + zy,
    xy - yx,
    zx + xz,
    yz + zy,
    -xx - yy + zz,
  ]
  const eigen = symmetricEigen(horn, 4)
  const [w, x, y, z] = eigen.vectors[3]
  const rotation = rotationFromQuaternion([x, y, z, w])
  let trace = 0
  for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) trace += rotation[a * 3 + b] * m[a * 3 + b]
  const scale = options.withScale && sourceVariance > 0 ? trace / sourceVariance : 1
  const translation = [0, 1, 2].map(
    (k) => ct[k] - scale * (rotation[k] * cs[0] + rotation[3 + k] * cs[1] + rotation[6 + k] * cs[2]),
  )
  const residual = targetVariance + scale * scale * sourceVariance - 2 * scale * trace
  const top = Math.abs(eigen.values[3])
  return {
    targetFromSource: similarity(rotation, translation, scale),
    scale,
    rmseMetres: Math.sqrt(Math.max(0, residual) / total),
    rotationGap: top > 0 ? (eigen.values[3] - eigen.values[2]) / top : 0,
  }
}
