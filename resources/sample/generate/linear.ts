/** Vectors, quaternions (x, y, z, w) and rigid matrices (16 numbers, column-major), in metres and radians. */

export type Vec3 = readonly [number, number, number]
export type Quat = readonly [number, number, number, number]

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s]
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2])
export const mix = (a: Vec3, b: Vec3, t: number): Vec3 => add(scale(a, 1 - t), scale(b, t))

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

export function normalize(a: Vec3): Vec3 {
  const n = length(a)
  return n > 1e-12 ? scale(a, 1 / n) : [0, 1, 0]
}

export function smoothstep(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)))
  return t * t * t * (t * (t * 6 - 15) + 10)
}

export function axisAngle(axis: Vec3, angle: number): Quat {
  const s = Math.sin(angle / 2)
  return [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angle / 2)]
}

export function multiplyQuat(a: Quat, b: Quat): Quat {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ]
}

export const conjugate = (q: Quat): Quat => [-q[0], -q[1], -q[2], q[3]]

export function rotate(q: Quat, v: Vec3): Vec3 {
  const u: Vec3 = [q[0], q[1], q[2]]
  const t = scale(cross(u, v), 2)
  return add(add(v, scale(t, q[3])), cross(u, t))
}

/** Turn left by `yaw` about +Y, then up by `pitch`, then roll anticlockwise as the camera's own axes go. */
export function fromYawPitchRoll(yaw: number, pitch: number, roll: number): Quat {
  return multiplyQuat(multiplyQuat(axisAngle([0, 1, 0], yaw), axisAngle([1, 0, 0], pitch)), axisAngle([0, 0, 1], roll))
}

export interface Pose {
  readonly position: Vec3
  readonly rotation: Quat
}

export const transform = (p: Pose, v: Vec3): Vec3 => add(p.position, rotate(p.rotation, v))

export function compose(a: Pose, b: Pose): Pose {
  return { position: transform(a, b.position), rotation: multiplyQuat(a.rotation, b.rotation) }
}

export function invert(p: Pose): Pose {
  const rotation = conjugate(p.rotation)
  return { rotation, position: scale(rotate(rotation, p.position), -1) }
}

export function matrixOf(p: Pose): number[] {
  const x = rotate(p.rotation, [1, 0, 0])
  const y = rotate(p.rotation, [0, 1, 0])
  const z = rotate(p.rotation, [0, 0, 1])
  return [...x, 0, ...y, 0, ...z, 0, ...p.position, 1]
}

/** The pose of a thing at `from` whose -Z looks at `to`, upright. */
export function lookAt(from: Vec3, to: Vec3): Pose {
  const d = normalize(sub(to, from))
  return { position: from, rotation: fromYawPitchRoll(Math.atan2(-d[0], -d[2]), Math.asin(d[1]), 0) }
}

/** The turn that takes +Y to `direction`. */
export function turnUpTo(direction: Vec3): Quat {
  const d = normalize(direction)
  const axis: Vec3 = [d[2], 0, -d[0]]
  const s = length(axis)
  if (s < 1e-9) return d[1] > 0 ? [0, 0, 0, 1] : [1, 0, 0, 0]
  return axisAngle(scale(axis, 1 / s), Math.atan2(s, d[1]))
}

/** Natural cubic spline: twice continuously differentiable, which is what makes an accelerometer trace believable. */
export class Spline {
  private readonly x: readonly number[]
  private readonly y: readonly number[]
  private readonly m: number[]

  constructor(x: readonly number[], y: readonly number[]) {
    this.x = x
    this.y = y
    const n = x.length
    const upper = Array.from({ length: n }, () => 0)
    const right = Array.from({ length: n }, () => 0)
    for (let i = 1; i < n - 1; i++) {
      const h0 = x[i] - x[i - 1]
      const h1 = x[i + 1] - x[i]
      const pivot = 2 * (h0 + h1) - h0 * upper[i - 1]
      upper[i] = h1 / pivot
      right[i] = (6 * ((y[i + 1] - y[i]) / h1 - (y[i] - y[i - 1]) / h0) - h0 * right[i - 1]) / pivot
    }
    this.m = Array.from({ length: n }, () => 0)
    for (let i = n - 2; i > 0; i--) this.m[i] = right[i] - upper[i] * this.m[i + 1]
  }

  at(t: number): number {
    const { x, y, m } = this
    const last = x.length - 1
    if (t <= x[0]) return y[0]
    if (t >= x[last]) return y[last]
    let lo = 0
    let hi = last
    while (hi - lo > 1) {
      const mid = (lo + hi) >> 1
      if (x[mid] <= t) lo = mid
      else hi = mid
    }
    const h = x[hi] - x[lo]
    const a = (x[hi] - t) / h
    const b = 1 - a
    return a * y[lo] + b * y[hi] + (((a * a * a - a) * m[lo] + (b * b * b - b) * m[hi]) * h * h) / 6
  }
}
