/** Scans by their shape: a copy is known turned, mirrored, of another size, noisy and thin; another room is not. */
import { describe, expect, it } from 'vitest'
import { sphericalHarmonics } from '../../../shared/originality/spherical-harmonics.ts'
import { matchShape, shapeDescriptor } from '../../../shared/originality/shape.ts'
import { rescanned, room } from '../../fixtures/originality/scenes.ts'

const shapeOf = (positions: Float32Array): Float32Array =>
  shapeDescriptor({ kind: 'points', points: { count: positions.length / 3, positions } })!
const original = room(40, 12_000)

describe('shapes of scans', () => {
  it.each([
    ['turned and of another size', rescanned(original, 1, 1, 0)],
    ['mirrored', original.map((value, i) => (i % 3 === 0 ? -value : value))],
    ['shaken by 20 mm', rescanned(original, 2, 1, 0.02)],
    ['a twelfth of the points', rescanned(original, 3, 0.085, 0)],
  ])('knows a copy: %s', (_, copy) => {
    expect(matchShape(shapeOf(copy), shapeOf(original))).toBeGreaterThan(0.5)
  })

  it('takes no other room for it, however thin either is', () => {
    const mine = [original, rescanned(original, 4, 0.08, 0)].map(shapeOf)
    for (let seed = 41; seed < 49; seed++) {
      const other = room(seed, 12_000)
      for (const shape of [other, rescanned(other, 5, 0.08, 0)].map(shapeOf)) {
        for (const own of mine) expect(matchShape(own, shape)).toBeNull()
      }
    }
  })

  it('compares nothing with what is no descriptor of its kind', () => {
    expect(matchShape(shapeOf(original), new Float32Array(3))).toBeNull()
  })
})

describe('spherical harmonics', () => {
  it('multiply to the Legendre polynomial of the angle between two directions', () => {
    const [a, b] = [
      [0.48, 0.6, 0.64],
      [-0.36, 0.8, 0.48],
    ]
    const [of, and] = [a, b].map((direction) => {
      const out = new Float64Array(16)
      sphericalHarmonics(direction[0], direction[1], direction[2], 3, out)
      return out
    })
    const cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    const legendre = [1, cosine, (3 * cosine ** 2 - 1) / 2, (5 * cosine ** 3 - 3 * cosine) / 2]
    for (const [degree, wanted] of legendre.entries()) {
      let sum = 0
      for (let k = degree ** 2; k < (degree + 1) ** 2; k++) sum += of[k] * and[k]
      expect(sum).toBeCloseTo(wanted, 12)
    }
  })
})
