/**
 * What a lab has already, in a few numbers: its samples centred, whitened and brought to unit length, the middles of what
 * lies together with how many lie there (k-means with the seeding of Arthur and Vassilvitskii, SODA 2007), and a few rows
 * as they are, every sample as likely as any other. It tells how rare a window is to the lab, and what of the lab's own it is most like.
 */
import type { Matrix } from '../algebra/dense.ts'
import { dot, multiply, pickRows, rowOf, zeros } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import { percentileUnderTable, quantileTable } from '../value/ranks.ts'
import { principalAxes } from '../world/prepare-world.ts'

/** Numbers beyond which a sketch is none. */
export const SKETCH_LIMITS = { kept: 32, centroids: 32, reservoir: 64 } as const
const ROWS_OF_A_CENTROID = 8
const ROUNDS = 10
const QUANTILES = 21
/** Added to the spread of every axis, in mean spreads: an axis on which hardly anything differs is not blown up. */
const FLOOR = 0.1
const SEED = 2027

interface Whitening {
  readonly mean: Float64Array
  /** Numbers of a vector x kept; each axis divided by what samples differ by on it. */
  readonly axes: Matrix
}

export interface ReferenceSketch {
  readonly whitening: Whitening
  /** In whitened coordinates, as the reservoir. */
  readonly centroids: Matrix
  /** How many of the lab's samples are nearest to each. */
  readonly counts: readonly number[]
  readonly reservoir: Matrix
  /** The class of each row of the reservoir; none where the task is not of classes. */
  readonly labels: readonly number[]
  /** Quantiles of how far samples that the sketch has not seen lie from it, ascending. */
  readonly distances: readonly number[]
}

/** A vector in whitened coordinates, of unit length; zeros where it lies in the middle. */
function whitened({ mean, axes }: Whitening, vector: ArrayLike<number>): Float64Array {
  const centred = { rows: 1, columns: mean.length, data: Float64Array.from(mean, (middle, i) => vector[i] - middle) }
  const { data } = multiply(centred, axes)
  const length = Math.sqrt(dot(data, data))
  return length > 0 ? data.map((value) => value / length) : data
}

function whitenedRows(whitening: Whitening, x: Matrix): Matrix {
  const rows = zeros(x.rows, whitening.axes.columns)
  for (let n = 0; n < x.rows; n++) rows.data.set(whitened(whitening, rowOf(x, n)), n * rows.columns)
  return rows
}

function fitWhitening(x: Matrix): Whitening {
  const mean = new Float64Array(x.columns)
  x.data.forEach((value, i) => (mean[i % x.columns] += value / x.rows))
  const centred = { ...x, data: x.data.map((value, i) => value - mean[i % x.columns]) }
  const kept = Math.min(SKETCH_LIMITS.kept, x.columns, Math.max(1, x.rows - 1))
  const axes = principalAxes([centred], x.columns, kept)
  const turned = multiply(centred, axes)
  const spreads = Float64Array.from({ length: kept }, (_, k) => {
    let square = 0
    for (let n = 0; n < turned.rows; n++) square += turned.data[n * kept + k] ** 2 / turned.rows
    return square
  })
  const floor = (FLOOR * spreads.reduce((sum, value) => sum + value, 0)) / kept || 1
  return { mean, axes: { ...axes, data: axes.data.map((value, i) => value / Math.sqrt(spreads[i % kept] + floor)) } }
}

function squareOf(a: Float64Array, b: Float64Array): number {
  let square = 0
  for (let j = 0; j < a.length; j++) square += (a[j] - b[j]) ** 2
  return square
}

/** The row of a set that lies nearest, and how far. */
function nearestOf(set: Matrix, point: Float64Array): { row: number; distance: number } {
  let [row, least] = [-1, Infinity]
  for (let n = 0; n < set.rows; n++) {
    const square = squareOf(rowOf(set, n), point)
    if (square < least) [row, least] = [n, square]
  }
  return { row, distance: Math.sqrt(least) }
}

/** Middles, each with how many rows are nearest to it; those that nothing is nearest to are left out. */
function middles(x: Matrix): { centroids: Matrix; counts: number[] } {
  const random = randomStream(SEED)
  const most = Math.max(1, Math.min(SKETCH_LIMITS.centroids, Math.floor(x.rows / ROWS_OF_A_CENTROID)))
  const first = [random.below(x.rows)]
  const far = Float64Array.from({ length: x.rows }, () => Infinity)
  while (first.length < most) {
    const last = rowOf(x, first[first.length - 1])
    far.forEach((square, n) => (far[n] = Math.min(square, squareOf(rowOf(x, n), last))))
    const total = far.reduce((sum, square) => sum + square, 0)
    if (total <= 0) break
    let left = random.next() * total
    const at = far.findIndex((square) => (left -= square) < 0)
    first.push(at < 0 ? x.rows - 1 : at)
  }
  let centroids = pickRows(x, first)
  let counts: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const sums = zeros(centroids.rows, x.columns)
    counts = Array.from({ length: centroids.rows }, () => 0)
    for (let n = 0; n < x.rows; n++) {
      const { row } = nearestOf(centroids, rowOf(x, n))
      counts[row]++
      rowOf(x, n).forEach((value, j) => (sums.data[row * x.columns + j] += value))
    }
    const lived = counts.flatMap((count, at) => (count > 0 ? [at] : []))
    const data = sums.data.map((value, i) => value / Math.max(1, counts[Math.floor(i / x.columns)]))
    centroids = pickRows({ ...sums, data }, lived)
    counts = lived.map((at) => counts[at])
  }
  return { centroids, counts }
}

function distanceFrom(sketch: Pick<ReferenceSketch, 'centroids' | 'reservoir'>, point: Float64Array): number {
  return Math.min(nearestOf(sketch.centroids, point).distance, nearestOf(sketch.reservoir, point).distance)
}

/**
 * @param reference What the lab has, a row a sample, and its classes where it has any.
 * @param others Samples of the same kind that it does not have: how far they lie is what is usual.
 */
export function sketchReference(
  reference: { readonly x: Matrix; readonly y?: Int32Array },
  others: Matrix,
): ReferenceSketch {
  const whitening = fitWhitening(reference.x)
  const own = whitenedRows(whitening, reference.x)
  const kept = Array.from(
    randomStream(SEED + 1)
      .permutation(own.rows)
      .subarray(0, SKETCH_LIMITS.reservoir),
  )
  const reservoir = pickRows(own, kept)
  const { y } = reference
  const { centroids, counts } = middles(own)
  const points = whitenedRows(whitening, others)
  const distances = Array.from({ length: points.rows }, (_, n) =>
    distanceFrom({ centroids, reservoir }, rowOf(points, n)),
  )
  return {
    whitening,
    centroids,
    counts,
    reservoir,
    labels: y ? kept.map((row) => y[row]) : [],
    distances: quantileTable(distances, QUANTILES),
  }
}

/** How rare a vector is to the lab: the share of its own kind that lies nearer, 0..1; and the row of the reservoir that is most like it. */
export function rarityIn(sketch: ReferenceSketch, vector: ArrayLike<number>): { rarity: number; nearest: number } {
  const point = whitened(sketch.whitening, vector)
  return {
    rarity: percentileUnderTable(sketch.distances, distanceFrom(sketch, point)),
    nearest: nearestOf(sketch.reservoir, point).row,
  }
}
