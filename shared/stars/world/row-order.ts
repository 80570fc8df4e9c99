/**
 * Rows in an order of their own, so that the order in which a file holds them changes nothing: samples are drawn by place, and
 * sums round as they are added. By distance from the centre of reference and probe, which no rotation and no unit changes.
 */
import type { Matrix } from '../algebra/dense.ts'
import { rowOf } from '../algebra/dense.ts'
import { meanOf, towardsOne } from './prepare-world.ts'

/** Rows and what is meant by each: a class, or a row of numbers. */
interface Rows {
  readonly x: Matrix
  readonly y: Int32Array | Matrix
}

/** Below zero where the first row that differs is smaller. */
function compareNumbers(a: Float64Array, b: Float64Array): number {
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) return a[j] - b[j]
  return 0
}

function compareTargets(y: Rows['y'], a: number, b: number): number {
  return y instanceof Int32Array ? y[a] - y[b] : compareNumbers(rowOf(y, a), rowOf(y, b))
}

/**
 * Squared distances in single precision: the mean is known to the rounding of its sum only, which must not settle an order.
 * Rows that are then as far out as one another go by their numbers.
 */
function distances(x: Matrix, centre: Float64Array, factor: number): Float32Array {
  return Float32Array.from({ length: x.rows }, (_, n) => {
    const row = rowOf(x, n)
    let square = 0
    for (let j = 0; j < row.length; j++) square += ((row[j] - centre[j]) * factor) ** 2
    return square
  })
}

/** Puts what lies at `order[n]` at n, in place: a copy of the largest world would not fit beside it. */
function permute<R>(order: Int32Array, take: (from: number) => R, put: (at: number, what: R) => void): void {
  const isDone = new Uint8Array(order.length)
  for (let start = 0; start < order.length; start++) {
    if (isDone[start] === 1) continue
    const first = take(start)
    let at = start
    for (; order[at] !== start; at = order[at]) {
      put(at, take(order[at]))
      isDone[at] = 1
    }
    put(at, first)
    isDone[at] = 1
  }
}

function permuteRows(matrix: Matrix, order: Int32Array): void {
  permute(
    order,
    (from) => rowOf(matrix, from).slice(),
    (at, row) => matrix.data.set(row, at * matrix.columns),
  )
}

function permuteTargets(y: Rows['y'], order: Int32Array): void {
  if (y instanceof Int32Array)
    permute(
      order,
      (from) => y[from],
      (at, label) => (y[at] = label),
    )
  else permuteRows(y, order)
}

/** Puts the rows of a world in an order that their numbers alone decide, in place. */
export function orderRows(world: {
  readonly dimension: number
  readonly reference: Rows
  readonly probe: Rows
  readonly bundles: readonly Rows[]
}): void {
  const judging = [world.reference.x, world.probe.x]
  const centre = meanOf(judging, world.dimension)
  // Squares of tiny numbers are nothing.
  const factor = towardsOne(judging)
  for (const { x, y } of [world.reference, world.probe, ...world.bundles]) {
    const far = distances(x, centre, factor)
    const order = Int32Array.from({ length: x.rows }, (_, row) => row).sort(
      (a, b) => far[a] - far[b] || compareNumbers(rowOf(x, a), rowOf(x, b)) || compareTargets(y, a, b),
    )
    permuteRows(x, order)
    permuteTargets(y, order)
  }
}
