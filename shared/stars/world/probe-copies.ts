/**
 * Rows that are probe rows: a bundle that holds what it is judged by would look better than it is, so such rows count
 * nothing. Looked for in valuation coordinates, so that a new scale or rounding hides none.
 */
import type { Matrix } from '../algebra/dense.ts'
import { rowOf } from '../algebra/dense.ts'

/** A copy lies within this share of the usual distance from a probe row to its nearest reference row. */
const COPY = 0.02
/** Where this share of the reference coincides with probe rows, coinciding is usual and says nothing. */
const USUAL = 0.02

/** True where some row of `set` lies within the distance of the row. */
function isNear(row: Float64Array, set: Matrix, square: number): boolean {
  for (let n = 0; n < set.rows; n++) {
    const base = n * set.columns
    let sum = 0
    for (let j = 0; j < row.length && sum <= square; j++) sum += (row[j] - set.data[base + j]) ** 2
    if (sum <= square) return true
  }
  return false
}

function nearestSquare(row: Float64Array, set: Matrix): number {
  let least = Infinity
  for (let n = 0; n < set.rows; n++) {
    const base = n * set.columns
    let sum = 0
    for (let j = 0; j < row.length && sum < least; j++) sum += (row[j] - set.data[base + j]) ** 2
    if (sum < least) least = sum
  }
  return least
}

/** How near rows lie that are one row. */
export interface CopyReach {
  readonly square: number
  /** Rows of reference and probe coincide, so that coinciding says nothing of who had what. */
  readonly isUsual: boolean
}

/** What is a copy in a world, told by what its reference and its probe are to one another. */
export function copyReach(reference: Matrix, probe: Matrix): CopyReach {
  const squares = Float64Array.from({ length: probe.rows }, (_, n) => nearestSquare(rowOf(probe, n), reference)).sort()
  const square = COPY ** 2 * (squares[squares.length >> 1] ?? 0)
  let coinciding = 0
  for (let n = 0; n < reference.rows; n++) if (isNear(rowOf(reference, n), probe, square)) coinciding++
  return { square, isUsual: coinciding > USUAL * reference.rows + 1 }
}

/** Says of rows whether they are copies of probe rows. */
export function probeCopyDetector(probe: Matrix, { square, isUsual }: CopyReach): (row: Float64Array) => boolean {
  return (row) => !isUsual && isNear(row, probe, square)
}
