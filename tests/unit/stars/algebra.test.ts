import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cholesky,
  invertCholesky,
  logDeterminant,
  matrixFromRows,
  multiply,
  solveCholesky,
  zeros,
} from '../../../shared/stars/algebra/dense.ts'
import type { Matrix } from '../../../shared/stars/algebra/dense.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { symmetricEigen } from '../../../shared/stars/algebra/symmetric-eigen.ts'

const SEED = { seed: 41 }

function transposed(a: Matrix): Matrix {
  const b = zeros(a.columns, a.rows)
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) b.data[j * a.rows + i] = a.data[i * a.columns + j]
  return b
}

function positiveDefinite(n: number, seed: number): Matrix {
  const random = randomStream(seed)
  const a = zeros(n, n)
  for (let i = 0; i < a.data.length; i++) a.data[i] = random.normal()
  const product = multiply(a, transposed(a))
  for (let i = 0; i < n; i++) product.data[i * n + i] += 0.5
  return product
}

const size = fc.integer({ min: 1, max: 24 })
const seed = fc.integer({ min: 1, max: 1e6 })

describe('Cholesky', () => {
  it('solves A x = b', () => {
    fc.assert(
      fc.property(size, seed, (n, s) => {
        const a = positiveDefinite(n, s)
        const b = matrixFromRows(Array.from({ length: n }, (_, i) => [i + 1, 1 / (i + 1)]))
        const back = multiply(a, solveCholesky(cholesky(a), b))
        back.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i], 7))
      }),
      SEED,
    )
  })

  it('inverts', () => {
    fc.assert(
      fc.property(size, seed, (n, s) => {
        const a = positiveDefinite(n, s)
        multiply(a, invertCholesky(cholesky(a))).data.forEach((value, i) =>
          expect(value).toBeCloseTo(i % (n + 1) === 0 ? 1 : 0, 7),
        )
      }),
      SEED,
    )
  })

  it('refuses a matrix that is not positive definite', () => {
    expect(() =>
      cholesky(
        matrixFromRows([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow('positive definite')
  })
})

describe('symmetricEigen', () => {
  it('gives orthonormal vectors with A v = lambda v, trace and determinant kept', () => {
    fc.assert(
      fc.property(size, seed, (n, s) => {
        const a = positiveDefinite(n, s)
        const { values, vectors } = symmetricEigen(a)
        const product = multiply(a, vectors)
        const gram = multiply(transposed(vectors), vectors)
        for (let i = 0; i < n; i++) {
          for (let k = 0; k < n; k++) {
            expect(product.data[i * n + k]).toBeCloseTo(values[k] * vectors.data[i * n + k], 8)
            expect(gram.data[i * n + k]).toBeCloseTo(i === k ? 1 : 0, 10)
          }
          if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1])
        }
        const logs = values.reduce((sum, value) => sum + Math.log(value), 0)
        expect(logDeterminant(cholesky(a))).toBeCloseTo(logs, 7)
      }),
      SEED,
    )
  })

  it('takes matrices with rows of zeros', () => {
    const a = zeros(6, 6)
    a.data[0] = 4
    a.data[7] = 1
    a.data[6] = 1
    a.data[1] = 1
    const { values } = symmetricEigen(a)
    expect(values[0] + values[1]).toBeCloseTo(5, 12)
    expect(values[2]).toBeCloseTo(0, 12)
  })

  it('agrees with a matrix whose eigenvalues are known', () => {
    // The path graph's Laplacian: 2 - 2 cos(pi k / n).
    const n = 12
    const a = zeros(n, n)
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = i === 0 || i === n - 1 ? 1 : 2
      if (i > 0) {
        a.data[i * n + i - 1] = -1
        a.data[(i - 1) * n + i] = -1
      }
    }
    const { values } = symmetricEigen(a)
    for (let k = 0; k < n; k++) expect(values[n - 1 - k]).toBeCloseTo(2 - 2 * Math.cos((Math.PI * k) / n), 12)
  })
})

describe('randomStream', () => {
  it('repeats itself, and differs between seeds', () => {
    const draw = (s: number): number[] => {
      const random = randomStream(s)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it('is uniform, normal, and permutes', () => {
    const random = randomStream(1)
    const uniform = Array.from({ length: 20_000 }, () => random.next())
    expect(uniform.reduce((sum, value) => sum + value, 0) / 20_000).toBeCloseTo(0.5, 2)
    const normal = Array.from({ length: 20_000 }, () => random.normal())
    expect(normal.reduce((sum, value) => sum + value * value, 0) / 20_000).toBeCloseTo(1, 1)
    expect(Array.from(random.permutation(50)).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })
})
