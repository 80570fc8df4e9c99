import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Matrix } from '../../../shared/stars/algebra/dense.ts'
import { squaredDistances, squaredNorms } from '../../../shared/stars/algebra/pair-distances.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'

function randomRows(rows: number, columns: number, seed: number): Matrix {
  const random = randomStream(seed)
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => random.normal()) }
}

function between(many: Matrix, few: Matrix): Float64Array {
  const into = new Float64Array(many.rows * few.rows)
  squaredDistances(many, squaredNorms(many), few, squaredNorms(few), into)
  return into
}

/** The same products and sums in the same order, one pair at a time. */
function plainly(many: Matrix, few: Matrix): Float64Array {
  const { columns } = many
  const product = (a: Matrix, i: number, b: Matrix, j: number): number => {
    let sum = 0
    for (let at = 0; at < columns; at++) sum += a.data[i * columns + at] * b.data[j * columns + at]
    return sum
  }
  return Float64Array.from({ length: many.rows * few.rows }, (_, at) => {
    const [row, other] = [at % many.rows, Math.floor(at / many.rows)]
    const square = product(many, row, many, row) + product(few, other, few, other) - 2 * product(many, row, few, other)
    return Math.max(0, square)
  })
}

describe('squaredDistances', () => {
  it('is a plain loop to the last digit, whatever is left over at the edges of its blocks', () => {
    const sizes = fc.tuple(
      fc.integer({ min: 0, max: 90 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 9 }),
    )
    fc.assert(
      fc.property(sizes, fc.integer(), ([columns, rows, others], seed) => {
        const [many, few] = [randomRows(rows, columns, seed), randomRows(others, columns, seed + 1)]
        expect(between(many, few)).toEqual(plainly(many, few))
      }),
      { seed: 6, numRuns: 60 },
    )
  })

  it('goes on over several blocks and after a smaller problem', () => {
    const [many, few] = [randomRows(150, 700, 3), randomRows(33, 700, 4)]
    expect(between(randomRows(2, 3, 1), randomRows(1, 3, 2))).toHaveLength(2)
    expect(between(many, few)).toEqual(plainly(many, few))
  })

  it('puts a row at nothing from itself and equal rows equally far, wherever they stand', () => {
    const many = randomRows(30, 17, 5)
    many.data.copyWithin(29 * 17, 2 * 17, 3 * 17)
    const distances = between(many, { rows: 3, columns: 17, data: many.data.subarray(0, 3 * 17) })
    expect([distances[0], distances[31], distances[62]]).toEqual([0, 0, 0])
    for (const other of [0, 1, 2]) expect(distances[other * 30 + 29]).toBe(distances[other * 30 + 2])
  })
})
