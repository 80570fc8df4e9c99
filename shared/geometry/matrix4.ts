/**
 * 4x4 matrices of the document: 16 numbers, column-major, acting on column vectors (`p' = M p`), so that
 * `multiply(aFromB, bFromC)` is `aFromC`. The linear part of a similarity is scale times rotation.
 */
import { AsterismError } from '../errors.ts'
import { say } from '../sayings/saying.ts'

export type Matrix4 = readonly number[]
export type Vector3 = readonly [number, number, number]

export const IDENTITY4: Matrix4 = Object.freeze([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])

/** `aFromC` of `aFromB` and `bFromC`. */
export function multiply(aFromB: Matrix4, bFromC: Matrix4): number[] {
  const out: number[] = []
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0
      for (let k = 0; k < 4; k++) sum += aFromB[k * 4 + row] * bFromC[column * 4 + k]
      out[column * 4 + row] = sum
    }
  }
  return out
}

/** A similarity from a rotation (9 numbers, column-major), a translation in metres and a scale. */
export function similarity(rotation: ArrayLike<number>, translation: ArrayLike<number>, scale = 1): number[] {
  return [
    scale * rotation[0],
    scale * rotation[1],
    scale * rotation[2],
    0,
    scale * rotation[3],
    scale * rotation[4],
    scale * rotation[5],
    0,
    scale * rotation[6],
    scale * rotation[7],
    scale * rotation[8],
    0,
    translation[0],
    translation[1],
    translation[2],
    1,
  ]
}

/** The scale of a similarity: the cube root of the determinant of its linear part. */
export function scaleOf(m: Matrix4): number {
  const determinant =
    m[0] * (m[5] * m[10] - m[6] * m[9]) - m[4] * (m[1] * m[10] - m[2] * m[9]) + m[8] * (m[1] * m[6] - m[2] * m[5])
  return Math.cbrt(determinant)
}

/** The rotation of a similarity, 9 numbers column-major. */
export function rotationOf(m: Matrix4): number[] {
  const s = 1 / scaleOf(m)
  return [m[0] * s, m[1] * s, m[2] * s, m[4] * s, m[5] * s, m[6] * s, m[8] * s, m[9] * s, m[10] * s]
}

export function translationOf(m: Matrix4): [number, number, number] {
  return [m[12], m[13], m[14]]
}

/**
 * The inverse of a similarity.
 * @throws AsterismError `bad_input` when the matrix mirrors, collapses space or is not finite.
 */
export function invertSimilarity(m: Matrix4): number[] {
  const scale = scaleOf(m)
  if (!(scale > 1e-12) || !Number.isFinite(scale)) {
    throw new AsterismError('bad_input', say('misfit.noSimilarity'))
  }
  const r = rotationOf(m)
  const inverse = [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]]
  const s = 1 / scale
  const [x, y, z] = [m[12], m[13], m[14]]
  return similarity(
    inverse,
    [
      -s * (inverse[0] * x + inverse[3] * y + inverse[6] * z),
      -s * (inverse[1] * x + inverse[4] * y + inverse[7] * z),
      -s * (inverse[2] * x + inverse[5] * y + inverse[8] * z),
    ],
    s,
  )
}

export function transformPoint(m: Matrix4, p: ArrayLike<number>): [number, number, number] {
  return [
    m[0] * p[0] + m[4] * p[1] + m[8] * p[2] + m[12],
    m[1] * p[0] + m[5] * p[1] + m[9] * p[2] + m[13],
    m[2] * p[0] + m[6] * p[1] + m[10] * p[2] + m[14],
  ]
}

/** All points (x, y, z, x, …) moved by the matrix, as a new array. */
export function transformPositions(m: Matrix4, positions: Float32Array): Float32Array {
  const out = new Float32Array(positions.length)
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const x = positions[i]
    const y = positions[i + 1]
    const z = positions[i + 2]
    out[i] = m[0] * x + m[4] * y + m[8] * z + m[12]
    out[i + 1] = m[1] * x + m[5] * y + m[9] * z + m[13]
    out[i + 2] = m[2] * x + m[6] * y + m[10] * z + m[14]
  }
  return out
}

/** True when the matrix is finite and a rotation, translation and positive scale to within `tolerance`. */
export function isSimilarity(m: ArrayLike<number>, tolerance = 1e-4): boolean {
  if (m.length !== 16) return false
  for (let i = 0; i < 16; i++) if (!Number.isFinite(m[i])) return false
  if (Math.abs(m[3]) + Math.abs(m[7]) + Math.abs(m[11]) + Math.abs(m[15] - 1) > tolerance) return false
  const scale = scaleOf(Array.from(m))
  if (!(scale > 1e-9)) return false
  for (let a = 0; a < 3; a++) {
    for (let b = a; b < 3; b++) {
      const dot = m[a * 4] * m[b * 4] + m[a * 4 + 1] * m[b * 4 + 1] + m[a * 4 + 2] * m[b * 4 + 2]
      if (Math.abs(dot / (scale * scale) - (a === b ? 1 : 0)) > tolerance) return false
    }
  }
  return true
}
