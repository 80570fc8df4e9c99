/** Squared distances between every row of one set and every row of another, in blocks that stay in a processor's cache. */
import { dotKernel, ROWS_AT_ONCE } from './dot-kernel.ts'
import type { Matrix } from './dense.ts'

/** Bytes of rows that are held against all others before the next are fetched: half of a second-level cache. */
const BLOCK_BYTES = 1 << 17

/** Squared lengths of the rows. */
export function squaredNorms({ rows, columns, data }: Matrix): Float64Array {
  const norms = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = i * columns; j < (i + 1) * columns; j++) sum += data[j] * data[j]
    norms[i] = sum
  }
  return norms
}

function wholeFours(count: number): number {
  return Math.ceil(count / ROWS_AT_ONCE) * ROWS_AT_ONCE
}

/**
 * Every distance is formed by the same instructions in the same order wherever its rows stand, so that equal rows are equally
 * far, and a row is 0 from itself.
 *
 * @param many With its squared norms.
 * @param few A handful of rows that fit into memory interleaved, with their squared norms.
 * @param into Row `f` of `few` to row `m` of `many` at `f * many.rows + m`.
 */
export function squaredDistances(
  many: Matrix,
  manyNorms: Float64Array,
  few: Matrix,
  fewNorms: Float64Array,
  into: Float64Array,
): void {
  const { columns } = many
  if (columns === 0) {
    into.fill(0)
    return
  }
  const four = ROWS_AT_ONCE
  const fewRows = wholeFours(few.rows)
  const blockRows = Math.min(wholeFours(many.rows), Math.max(four, (BLOCK_BYTES / 8 / columns) & -four))
  const [out, panels] = [0, four * four]
  const block = panels + fewRows * columns
  const { memory, dots } = dotKernel(block + blockRows * columns)
  // The last four are filled up with rows of zeros, whose products are left out.
  memory.fill(0, panels, block + blockRows * columns)
  for (let f = 0; f < few.rows; f++) {
    const panel = panels + (f - (f % four)) * columns + (f % four)
    for (let j = 0; j < columns; j++) memory[panel + four * j] = few.data[f * columns + j]
  }
  for (let first = 0; first < many.rows; first += blockRows) {
    const end = Math.min(many.rows, first + blockRows)
    memory.set(many.data.subarray(first * columns, end * columns), block)
    for (let f = 0; f < few.rows; f += four) {
      const lastFew = Math.min(few.rows, f + four)
      for (let m = first; m < end; m += four) {
        dots(block + (m - first) * columns, panels + f * columns, out, columns)
        const lastMany = Math.min(end, m + four)
        for (let row = m; row < lastMany; row++) {
          for (let other = f; other < lastFew; other++) {
            const product = memory[out + four * (row - m) + (other - f)]
            into[other * many.rows + row] = Math.max(0, manyNorms[row] + fewNorms[other] - 2 * product)
          }
        }
      }
    }
  }
}
