/**
 * Rows that are rows of the lab: a bundle that holds what it is judged by would look better than it is, and what the reference
 * holds is known. Looked for in valuation coordinates, so that a new scale or rounding hides none.
 *
 * How near is too near is told by the lab's own rows, which are no copies of one another: a copy, encoded anew or shaken, lies
 * within half of what parts even the nearest of them. An honest row seldom does: where rows differ in d ways, one in 2^d of those
 * that lie within a distance lies within half of it.
 */
import type { Matrix } from '../algebra/dense.ts'
import { rowOf } from '../algebra/dense.ts'

/** What is a copy wherever it is, as a share of the usual distance from a probe row to its nearest reference row. */
const COPY = 0.02
/** Copies of the lab's rows lie within this share of what parts them from the lab's nearest other. */
const SHARE = 0.5
/** So many of the lab's rows are near to their nearest other; and where more of the reference than this coincides with the probe, that is usual. */
const FEW = 0.02

/** The squared distance from a row to the nearest of a set that lies farther off than `beyond`. */
function nearestSquare(row: Float64Array, set: Matrix, beyond = -1): number {
  let least = Infinity
  for (let n = 0; n < set.rows; n++) {
    const base = n * set.columns
    let sum = 0
    for (let j = 0; j < row.length && sum < least; j++) sum += (row[j] - set.data[base + j]) ** 2
    if (sum < least && sum > beyond) least = sum
  }
  return least
}

/**
 * The squared distance of each row of a set within which something is a copy of it: `least`, or more where the set's rows lie
 * farther apart. Those that coincide, as rows of few levels do, say nothing of how far others lie apart.
 */
export function copySquares(set: Matrix, least: number): Float64Array {
  const apart = Float64Array.from({ length: set.rows }, (_, n) => nearestSquare(rowOf(set, n), set, least))
  const near = Float64Array.from(apart).sort()[Math.floor(FEW * set.rows)]
  return apart.map((square) => {
    const copied = SHARE ** 2 * Math.min(square, near)
    return Number.isFinite(copied) ? Math.max(least, copied) : least
  })
}

/** Says of rows whether they lie within reach of a row of a set, each with a reach of its own. */
export function isNearRow(set: Matrix, squares: Float64Array): (row: Float64Array) => boolean {
  return (row) =>
    squares.some((square, n) => {
      const base = n * set.columns
      let sum = 0
      for (let j = 0; j < row.length && sum <= square; j++) sum += (row[j] - set.data[base + j]) ** 2
      return sum <= square
    })
}

/** How near rows lie that are one row. */
export interface CopyReach {
  /** Squared, of any two rows. */
  readonly square: number
  /** Squared, of each row of the reference and of the probe; null where reference and probe coincide, so that coinciding says nothing of who had what. */
  readonly ofReference: Float64Array | null
  readonly ofProbe: Float64Array | null
}

/** What is a copy in a world, told by what its reference and its probe are to one another. */
export function copyReach(reference: Matrix, probe: Matrix): CopyReach {
  const nearest = Float64Array.from({ length: probe.rows }, (_, n) => nearestSquare(rowOf(probe, n), reference)).sort()
  const square = COPY ** 2 * (nearest[nearest.length >> 1] ?? 0)
  const isUsual = (squares: Float64Array): boolean => {
    const isNear = isNearRow(probe, squares)
    let coinciding = 0
    for (let n = 0; n < reference.rows; n++) if (isNear(rowOf(reference, n))) coinciding++
    return coinciding > FEW * reference.rows + 1
  }
  const plain = (set: Matrix): Float64Array => new Float64Array(set.rows).fill(square)
  if (isUsual(plain(probe))) return { square, ofReference: null, ofProbe: null }
  const ofProbe = copySquares(probe, square)
  // A reference that lies nearer to the probe than the probe to itself is not told by the probe's distances.
  if (isUsual(ofProbe)) return { square, ofReference: plain(reference), ofProbe: plain(probe) }
  return { square, ofReference: copySquares(reference, square), ofProbe }
}

/** Says of rows whether they are copies of probe rows. */
export function probeCopyDetector(probe: Matrix, { ofProbe }: CopyReach): (row: Float64Array) => boolean {
  return ofProbe ? isNearRow(probe, ofProbe) : () => false
}
