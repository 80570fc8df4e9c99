/**
 * Exact Shapley values of training points in the game of a K-nearest-neighbour classifier.
 *
 * For one probe, v(S) = 1/K * sum of u over the min(K, |S|) points of S nearest to it, where u says how well a point's
 * target serves the probe: 1 or 0 for class labels, a similarity in [0, 1] for soft targets. With the points sorted by
 * distance the values follow from one backward pass (Jia et al., Efficient task-specific data valuation for nearest
 * neighbor algorithms, VLDB 2019). Values of a probe add up to v(all); over probes they are averaged.
 */
import type { Matrix } from '../algebra/dense.ts'
import { squaredDistances, squaredNorms } from '../algebra/pair-distances.ts'
import { nearestOrder, orderScratch } from './nearest-order.ts'

export interface KnnShapleyProblem {
  readonly dimension: number
  /** Training points, row-major. */
  readonly points: Float64Array
  /** Probe points, row-major. */
  readonly probes: Float64Array
  /** Neighbours that vote. */
  readonly k: number
  readonly targets: KnnTargets
}

export type KnnTargets =
  | { readonly kind: 'classes'; readonly points: Int32Array; readonly probes: Int32Array }
  /** Rows of unit length; u is the cosine, raised from [-1, 1] to [0, 1]. */
  | {
      readonly kind: 'vectors'
      readonly dimension: number
      readonly points: Float64Array
      readonly probes: Float64Array
    }

/** Probes a worker takes at a time. Sums are formed per chunk and then in order, so that workers change no digit. */
export const PROBES_PER_CHUNK = 32

/** u of every training point for one probe. */
export function fillUtility(targets: KnnTargets, probe: number, into: Float64Array): void {
  if (targets.kind === 'classes') {
    const wanted = targets.probes[probe]
    for (let i = 0; i < into.length; i++) into[i] = targets.points[i] === wanted ? 1 : 0
    return
  }
  const { dimension, points, probes } = targets
  const base = probe * dimension
  for (let i = 0; i < into.length; i++) {
    let cosine = 0
    for (let j = 0; j < dimension; j++) cosine += points[i * dimension + j] * probes[base + j]
    into[i] = (1 + cosine) / 2
  }
}

/** How many chunks of probes the problem has. */
export function chunkCount(problem: KnnShapleyProblem): number {
  return Math.ceil(problem.probes.length / problem.dimension / PROBES_PER_CHUNK)
}

/** Sums of values over the probes of a chunk: what a thread computes, chunk after chunk, in memory that it sets up once. */
export function knnShapleySolver(problem: KnnShapleyProblem): (chunk: number) => Float64Array {
  const { dimension, k } = problem
  const rowsOf = (data: Float64Array): Matrix => ({ rows: data.length / dimension, columns: dimension, data })
  const points = rowsOf(problem.points)
  const n = points.rows
  const probeCount = problem.probes.length / dimension
  const pointNorms = squaredNorms(points)
  const scratch = orderScratch(n)
  const distances = new Float64Array(n * Math.min(PROBES_PER_CHUNK, probeCount))
  const u = new Float64Array(n)
  const factors = Float64Array.from({ length: n }, (_, i) => Math.min(k, i + 1) / (i + 1) / k)
  return (chunk) => {
    const sums = new Float64Array(n)
    const first = chunk * PROBES_PER_CHUNK
    const end = Math.min(probeCount, first + PROBES_PER_CHUNK)
    const probes = rowsOf(problem.probes.subarray(first * dimension, end * dimension))
    squaredDistances(points, pointNorms, probes, squaredNorms(probes), distances)
    for (let probe = first; probe < end; probe++) {
      fillUtility(problem.targets, probe, u)
      const order = nearestOrder(distances.subarray((probe - first) * n, (probe - first + 1) * n), u, scratch)
      let value = n > 0 ? u[order[n - 1]] * factors[n - 1] : 0
      if (n > 0) sums[order[n - 1]] += value
      for (let i = n - 2; i >= 0; i--) {
        value += (u[order[i]] - u[order[i + 1]]) * factors[i]
        sums[order[i]] += value
      }
    }
    return sums
  }
}

/** The mean over probes from the chunk sums, in chunk order. */
export function combineChunks(chunks: readonly Float64Array[], pointCount: number, probeCount: number): Float64Array {
  const values = new Float64Array(pointCount)
  for (const sums of chunks) for (let i = 0; i < pointCount; i++) values[i] += sums[i]
  for (let i = 0; i < pointCount; i++) values[i] /= Math.max(1, probeCount)
  return values
}

/** The value of every training point, on this thread. */
export function knnShapley(problem: KnnShapleyProblem): Float64Array {
  const all = Array.from({ length: chunkCount(problem) }, (_, index) => index)
  const { dimension } = problem
  const sums = all.map(knnShapleySolver(problem))
  return combineChunks(sums, problem.points.length / dimension, problem.probes.length / dimension)
}
