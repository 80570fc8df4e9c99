/**
 * Rotations: rotation vectors (axis times angle, rad), 3x3 matrices (9 numbers, column-major) and quaternions
 * (x, y, z, w). Formulas: J. Sola et al., "A micro Lie theory for state estimation in robotics", arXiv:1812.01537.
 */
import type { Matrix4 } from './matrix4.ts'

/** Rodrigues: the 3x3 matrix of a rotation vector. */
export function rotationFromVector(x: number, y: number, z: number): number[] {
  const angleSquared = x * x + y * y + z * z
  const angle = Math.sqrt(angleSquared)
  const small = angle < 1e-6
  const a = small ? 1 - angleSquared / 6 : Math.sin(angle) / angle
  const b = small ? 0.5 - angleSquared / 24 : (1 - Math.cos(angle)) / angleSquared
  return [
    1 - b * (y * y + z * z),
    a * z + b * x * y,
    -a * y + b * x * z,
    -a * z + b * x * y,
    1 - b * (x * x + z * z),
    a * x + b * y * z,
    a * y + b * x * z,
    -a * x + b * y * z,
    1 - b * (x * x + y * y),
  ]
}

/** The quaternion (x, y, z, w; w >= 0) of a rotation matrix. */
export function quaternionFromRotation(r: ArrayLike<number>): [number, number, number, number] {
  const trace = r[0] + r[4] + r[8]
  let q: [number, number, number, number]
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1)
    q = [(r[5] - r[7]) / s, (r[6] - r[2]) / s, (r[1] - r[3]) / s, s / 4]
  } else if (r[0] >= r[4] && r[0] >= r[8]) {
    const s = 2 * Math.sqrt(1 + r[0] - r[4] - r[8])
    q = [s / 4, (r[1] + r[3]) / s, (r[2] + r[6]) / s, (r[5] - r[7]) / s]
  } else if (r[4] >= r[8]) {
    const s = 2 * Math.sqrt(1 + r[4] - r[0] - r[8])
    q = [(r[1] + r[3]) / s, s / 4, (r[5] + r[7]) / s, (r[6] - r[2]) / s]
  } else {
    const s = 2 * Math.sqrt(1 + r[8] - r[0] - r[4])
    q = [(r[2] + r[6]) / s, (r[5] + r[7]) / s, s / 4, (r[1] - r[3]) / s]
  }
  const length = Math.hypot(...q) * (q[3] < 0 ? -1 : 1)
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length]
}

/** The 3x3 matrix of a quaternion (x, y, z, w), which need not be unit. */
export function rotationFromQuaternion(q: ArrayLike<number>, at = 0): number[] {
  const length = Math.hypot(q[at], q[at + 1], q[at + 2], q[at + 3])
  const x = q[at] / length
  const y = q[at + 1] / length
  const z = q[at + 2] / length
  const w = q[at + 3] / length
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y + w * z),
    2 * (x * z - w * y),
    2 * (x * y - w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z + w * x),
    2 * (x * z + w * y),
    2 * (y * z - w * x),
    1 - 2 * (x * x + y * y),
  ]
}

/** The rotation vector of a rotation matrix, angle in [0, pi]. */
export function vectorFromRotation(r: ArrayLike<number>): [number, number, number] {
  const [x, y, z, w] = quaternionFromRotation(r)
  const sine = Math.hypot(x, y, z)
  if (sine < 1e-12) return [2 * x, 2 * y, 2 * z]
  const factor = (2 * Math.atan2(sine, w)) / sine
  return [x * factor, y * factor, z * factor]
}

/** Product of 3x3 matrices, column-major. */
export function multiplyRotations(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const out: number[] = []
  for (let column = 0; column < 3; column++) {
    for (let row = 0; row < 3; row++) {
      out[column * 3 + row] = a[row] * b[column * 3] + a[3 + row] * b[column * 3 + 1] + a[6 + row] * b[column * 3 + 2]
    }
  }
  return out
}

export function transposeRotation(r: ArrayLike<number>): number[] {
  return [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]]
}

/** The angle between two rotations, rad. */
export function angleBetweenRotations(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(...vectorFromRotation(multiplyRotations(transposeRotation(a), b)))
}

/** The nearest rotation to a 3x3 matrix that has drifted a little from one (Gram-Schmidt, first column kept). */
export function orthonormalise(r: ArrayLike<number>): number[] {
  const l0 = Math.hypot(r[0], r[1], r[2])
  const x = [r[0] / l0, r[1] / l0, r[2] / l0]
  const dot = x[0] * r[3] + x[1] * r[4] + x[2] * r[5]
  const y = [r[3] - dot * x[0], r[4] - dot * x[1], r[5] - dot * x[2]]
  const l1 = Math.hypot(y[0], y[1], y[2])
  y[0] /= l1
  y[1] /= l1
  y[2] /= l1
  return [...x, ...y, x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]]
}

/** Shortest-arc spherical interpolation between unit quaternions (x, y, z, w), `fraction` from 0 to 1. */
export function slerp(a: ArrayLike<number>, b: ArrayLike<number>, fraction: number): [number, number, number, number] {
  let cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
  const sign = cosine < 0 ? -1 : 1
  cosine = Math.min(1, Math.abs(cosine))
  const angle = Math.acos(cosine)
  const sine = Math.sin(angle)
  const wa = sine < 1e-6 ? 1 - fraction : Math.sin((1 - fraction) * angle) / sine
  const wb = (sine < 1e-6 ? fraction : Math.sin(fraction * angle) / sine) * sign
  const q = [wa * a[0] + wb * b[0], wa * a[1] + wb * b[1], wa * a[2] + wb * b[2], wa * a[3] + wb * b[3]]
  const length = Math.hypot(...q)
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length]
}

/** How far two similarities are apart: rotation in degrees, and where they put the point `at`, in metres. */
export function poseDifference(a: Matrix4, b: Matrix4, at: ArrayLike<number>): { degrees: number; metres: number } {
  const linear = (m: Matrix4) => {
    const s = Math.hypot(m[0], m[1], m[2])
    return [m[0] / s, m[1] / s, m[2] / s, m[4] / s, m[5] / s, m[6] / s, m[8] / s, m[9] / s, m[10] / s]
  }
  const d = [0, 1, 2].map(
    (i) =>
      a[i] * at[0] +
      a[4 + i] * at[1] +
      a[8 + i] * at[2] +
      a[12 + i] - //
      (b[i] * at[0] + b[4 + i] * at[1] + b[8 + i] * at[2] + b[12 + i]),
  )
  return {
    degrees: (angleBetweenRotations(linear(a), linear(b)) * 180) / Math.PI,
    metres: Math.hypot(d[0], d[1], d[2]),
  }
}
