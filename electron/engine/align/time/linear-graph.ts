/** Weighted least squares over the maps of all clocks, the reference held at identity. */
import type { GraphEdge } from './graph-model.ts'

export interface LineMapSolution {
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
}

export interface LinearSolution {
  readonly maps: ReadonlyMap<string, LineMapSolution>
  /** Of all residuals, two an edge. */
  readonly chiSquare: number
}

const STEPS = 4
const PPM = 1e-6

/** Inverse of a symmetric 2x2 covariance. */
function weightOf([oo, or, rr]: GraphEdge['covariance']): [number, number, number] {
  const determinant = oo * rr - or * or
  return [rr / determinant, -or / determinant, oo / determinant]
}

/**
 * Unknowns are offset (s) and log rate (ppm) of each clock but the reference.
 *
 * @param clockIds all connected by the edges
 */
export function solveLinearGraph(
  clockIds: readonly string[],
  edges: readonly GraphEdge[],
  reference: string,
): LinearSolution {
  const free = clockIds.filter((clockId) => clockId !== reference)
  const indexOf = new Map(free.map((clockId, n) => [clockId, n * 2]))
  const size = free.length * 2
  const state = new Float64Array(size)
  let inverse: Float64Array = new Float64Array(0)
  let chiSquare = 0
  for (let step = 0; step < STEPS; step++) {
    const normal = new Float64Array(size * size)
    const right = new Float64Array(size)
    chiSquare = 0
    for (const edge of edges) chiSquare += accumulate(edge, indexOf, state, normal, right, size)
    inverse = invertSymmetric(normal, size)
    for (let row = 0; row < size; row++) {
      let sum = 0
      for (let column = 0; column < size; column++) sum += inverse[row * size + column]! * right[column]!
      state[row]! += sum
    }
  }
  const maps = new Map<string, LineMapSolution>([[reference, { offsetSeconds: 0, ratePpm: 0, covariance: [0, 0, 0] }]])
  for (const [clockId, n] of indexOf) {
    maps.set(clockId, {
      offsetSeconds: state[n]!,
      ratePpm: Math.expm1(state[n + 1]! * PPM) / PPM,
      covariance: [inverse[n * size + n]!, inverse[n * size + n + 1]!, inverse[(n + 1) * size + n + 1]!],
    })
  }
  return { maps, chiSquare }
}

/** Adds one edge to the normal equations; returns its chi-square at the present state. */
function accumulate(
  edge: GraphEdge,
  indexOf: ReadonlyMap<string, number>,
  state: Float64Array,
  normal: Float64Array,
  right: Float64Array,
  size: number,
): number {
  const a = indexOf.get(edge.clockA)
  const b = indexOf.get(edge.clockB)
  const [offsetA, rateA] = a === undefined ? [0, 0] : [state[a]!, state[a + 1]!]
  const [offsetB, rateB] = b === undefined ? [0, 0] : [state[b]!, state[b + 1]!]
  const scaled = Math.exp(rateA * PPM) * edge.offsetSeconds
  // What the state lacks for the edge to hold.
  const missing = [scaled - (offsetB - offsetA), Math.log1p(edge.ratePpm * PPM) / PPM - (rateB - rateA)]
  const [w00, w01, w11] = weightOf(edge.covariance)
  // Derivatives of the two residuals by (offset, rate) of each end.
  const columns: [index: number, first: number, second: number][] = []
  if (b !== undefined) columns.push([b, 1, 0], [b + 1, 0, 1])
  if (a !== undefined) columns.push([a, -1, 0], [a + 1, -scaled * PPM, -1])
  for (const [i, i0, i1] of columns) {
    right[i]! += i0 * (w00 * missing[0]! + w01 * missing[1]!) + i1 * (w01 * missing[0]! + w11 * missing[1]!)
    for (const [j, j0, j1] of columns) normal[i * size + j]! += i0 * (w00 * j0 + w01 * j1) + i1 * (w01 * j0 + w11 * j1)
  }
  return missing[0]! ** 2 * w00 + 2 * missing[0]! * missing[1]! * w01 + missing[1]! ** 2 * w11
}

/** Gauss-Jordan with scaling: the entries span many orders of magnitude (s^-2 against ppm^-2). */
function invertSymmetric(matrix: Float64Array, size: number): Float64Array {
  const scale = Float64Array.from({ length: size }, (_, i) => 1 / Math.sqrt(matrix[i * size + i]! || 1))
  const work = Float64Array.from(matrix, (value, n) => value * scale[Math.floor(n / size)]! * scale[n % size]!)
  const inverse = new Float64Array(size * size)
  for (let i = 0; i < size; i++) inverse[i * size + i] = 1
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot
    for (let row = pivot + 1; row < size; row++)
      if (Math.abs(work[row * size + pivot]!) > Math.abs(work[best * size + pivot]!)) best = row
    for (const m of [work, inverse]) swapRows(m, size, pivot, best)
    const divisor = work[pivot * size + pivot]!
    for (let column = 0; column < size; column++) {
      work[pivot * size + column]! /= divisor
      inverse[pivot * size + column]! /= divisor
    }
    for (let row = 0; row < size; row++) {
      const factor = work[row * size + pivot]!
      if (row === pivot || factor === 0) continue
      for (let column = 0; column < size; column++) {
        work[row * size + column]! -= factor * work[pivot * size + column]!
        inverse[row * size + column]! -= factor * inverse[pivot * size + column]!
      }
    }
  }
  return inverse.map((value, n) => value * scale[Math.floor(n / size)]! * scale[n % size]!)
}

function swapRows(matrix: Float64Array, size: number, a: number, b: number): void {
  if (a === b) return
  for (let column = 0; column < size; column++) {
    const kept = matrix[a * size + column]!
    matrix[a * size + column] = matrix[b * size + column]!
    matrix[b * size + column] = kept
  }
}
