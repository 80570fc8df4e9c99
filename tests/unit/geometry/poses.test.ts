import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  IDENTITY4,
  invertSimilarity,
  isSimilarity,
  multiply,
  rotationOf,
  scaleOf,
  similarity,
  transformPoint,
} from '../../../shared/geometry/matrix4.ts'
import {
  angleBetweenRotations,
  poseDifference,
  quaternionFromRotation,
  rotationFromQuaternion,
  rotationFromVector,
  slerp,
  vectorFromRotation,
} from '../../../shared/geometry/rotation.ts'
import { invertSymmetric, smallestEigenvector3, symmetricEigen } from '../../../shared/geometry/symmetric.ts'

const component = fc.double({ min: -1.7, max: 1.7, noNaN: true })
const pose = fc
  .record({ x: component, y: component, z: component, s: fc.double({ min: 0.2, max: 5, noNaN: true }), t: component })
  .map(({ x, y, z, s, t }) => similarity(rotationFromVector(x, y, z), [t * 3, x - t, z * 2], s))
const runs = { seed: 4, numRuns: 200 }

describe('poses', () => {
  it('undo themselves', () => {
    fc.assert(
      fc.property(pose, (m) => {
        multiply(m, invertSimilarity(m)).forEach((value, i) => expect(value).toBeCloseTo(IDENTITY4[i], 9))
      }),
      runs,
    )
  })

  it('compose as their effect on points does', () => {
    fc.assert(
      fc.property(pose, pose, component, (a, b, x) => {
        const p = [x, 1, -x]
        const once = transformPoint(multiply(a, b), p)
        transformPoint(a, transformPoint(b, p)).forEach((value, i) => expect(once[i]).toBeCloseTo(value, 8))
      }),
      runs,
    )
  })

  it('keep rotation vector, matrix and quaternion in step', () => {
    fc.assert(
      fc.property(component, component, component, (x, y, z) => {
        const rotation = rotationFromVector(x, y, z)
        vectorFromRotation(rotation).forEach((value, i) => expect(value).toBeCloseTo([x, y, z][i], 7))
        const again = rotationFromQuaternion(quaternionFromRotation(rotation))
        again.forEach((value, i) => expect(value).toBeCloseTo(rotation[i], 9))
      }),
      runs,
    )
  })

  it('turns +X to +Y by a quarter about +Z, columns first', () => {
    const quarter = rotationFromVector(0, 0, Math.PI / 2)
    expect(transformPoint(similarity(quarter, [0, 0, 5]), [1, 0, 0]).map((v) => Math.round(v * 1e9) / 1e9)).toEqual([
      0, 1, 5,
    ])
    expect(rotationFromQuaternion([0, 0, Math.SQRT1_2, Math.SQRT1_2])[1]).toBeCloseTo(1, 12)
  })

  it('survives half turns, where formulas divide by small numbers', () => {
    for (const axis of [
      [Math.PI, 0, 0],
      [0, Math.PI, 0],
      [0, 0, Math.PI],
      [2.2214414690791831, 2.2214414690791831, 0],
    ]) {
      const rotation = rotationFromVector(axis[0], axis[1], axis[2])
      const back = vectorFromRotation(rotation)
      expect(angleBetweenRotations(rotationFromVector(...back), rotation)).toBeLessThan(1e-6)
      expect(Math.hypot(...back)).toBeCloseTo(Math.PI, 6)
    }
  })

  it('refuses mirrors and nonsense as similarities', () => {
    expect(isSimilarity([...IDENTITY4])).toBe(true)
    expect(isSimilarity([-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])).toBe(false)
    expect(isSimilarity([Number.NaN, ...IDENTITY4.slice(1)])).toBe(false)
    expect(isSimilarity([2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])).toBe(false)
    expect(() => invertSimilarity(Array.from<number>({ length: 16 }).fill(0))).toThrow(/not a rotation/)
  })

  it('measures scale, angle and distance of poses', () => {
    const m = similarity(rotationFromVector(0, 0.2, 0), [1, 2, 3], 2.5)
    expect(scaleOf(m)).toBeCloseTo(2.5, 12)
    expect(rotationOf(m)[0]).toBeCloseTo(Math.cos(0.2), 12)
    const d = poseDifference(similarity(rotationFromVector(0, 0.1, 0), [0, 3, 4]), IDENTITY4, [0, 0, 0])
    expect(d.degrees).toBeCloseTo((0.1 * 180) / Math.PI, 8)
    expect(d.metres).toBeCloseTo(5, 12)
  })

  it('interpolates rotations along the shorter arc at even speed', () => {
    const a = quaternionFromRotation(rotationFromVector(0, 0, 0.2))
    const b = quaternionFromRotation(rotationFromVector(0, 0, 1.2)).map((v) => -v)
    const half = vectorFromRotation(rotationFromQuaternion(slerp(a, b, 0.5)))
    expect(half[2]).toBeCloseTo(0.7, 9)
  })
})

describe('symmetric matrices', () => {
  it('are inverted and decomposed', () => {
    fc.assert(
      fc.property(fc.array(component, { minLength: 36, maxLength: 36 }), (values) => {
        const a = Array.from({ length: 36 }, (_, i) => {
          const [r, c] = [Math.floor(i / 6), i % 6]
          let sum = r === c ? 0.5 : 0
          for (let k = 0; k < 6; k++) sum += values[r * 6 + k] * values[c * 6 + k]
          return sum
        })
        const inverse = invertSymmetric(a, 6)
        expect(inverse).toBeDefined()
        for (let r = 0; r < 6; r++) {
          for (let c = 0; c < 6; c++) {
            let sum = 0
            for (let k = 0; k < 6; k++) sum += a[r * 6 + k] * (inverse?.[k * 6 + c] ?? 0)
            expect(sum).toBeCloseTo(r === c ? 1 : 0, 6)
          }
        }
        const { values: eigenvalues, vectors } = symmetricEigen(a, 6)
        vectors.forEach((v, k) => {
          for (let r = 0; r < 6; r++) {
            let sum = 0
            for (let c = 0; c < 6; c++) sum += a[r * 6 + c] * v[c]
            expect(sum).toBeCloseTo(eigenvalues[k] * v[r], 6)
          }
        })
      }),
      { seed: 4, numRuns: 50 },
    )
    expect(invertSymmetric([1, 1, 1, 1], 2)).toBeUndefined()
  })

  it('give the same smallest eigenvector in closed form as by rotations', () => {
    const out = new Float64Array(6)
    fc.assert(
      fc.property(fc.array(component, { minLength: 9, maxLength: 9 }), (v) => {
        const dot = (r: number, c: number) =>
          v[r * 3] * v[c * 3] + v[r * 3 + 1] * v[c * 3 + 1] + v[r * 3 + 2] * v[c * 3 + 2]
        const a = [dot(0, 0), dot(0, 1), dot(0, 2), dot(0, 1), dot(1, 1), dot(1, 2), dot(0, 2), dot(1, 2), dot(2, 2)]
        smallestEigenvector3(a[0], a[1], a[2], a[4], a[5], a[8], out)
        const eigen = symmetricEigen(a, 3)
        fc.pre(eigen.values[1] - eigen.values[0] > 1e-3)
        const agreement = Math.abs(
          out[0] * eigen.vectors[0][0] + out[1] * eigen.vectors[0][1] + out[2] * eigen.vectors[0][2],
        )
        expect(agreement).toBeGreaterThan(0.99999)
        for (let k = 0; k < 3; k++) expect(out[3 + k]).toBeCloseTo(eigen.values[k], 6)
      }),
      runs,
    )
  })
})
