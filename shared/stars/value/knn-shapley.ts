/**
 * Exact Shapley values of training points in the game of a K-nearest-neighbour classifier.
 *
 * For one probe, v(S) = 1/K * sum of u over the min(K, |S|) points of S nearest to it, where u says how well a point's
 * target serves the probe: 1 or 0 for class labels, a similarity in [0, 1] for soft targets. With the points sorted by
 * distance the values follow from one backward pass (Jia et al., Efficient task-specific data valuation for nearest
 * neighbor algorithms, VLDB 2019). Values of a probe add up to v(all); over probes they are averaged.
 */
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
function fillUtility(targets: KnnTargets, probe: number, into: Float64Array): void {
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

/** Squared lengths of the rows. */
function squaredNorms(data: Float64Array, dimension: number): Float64Array {
  const norms = new Float64Array(data.length / dimension)
  for (let i = 0; i < norms.length; i++) {
    let sum = 0
    for (let j = i * dimension; j < (i + 1) * dimension; j++) sum += data[j] * data[j]
    norms[i] = sum
  }
  return norms
}

/** Squared distances from `rows` (4) consecutive probes to every point, in `into` as 4 rows of N. */
function distancesOfFour(
  problem: KnnShapleyProblem,
  first: number,
  pointNorms: Float64Array,
  probeNorms: Float64Array,
  into: readonly Float64Array[],
): void {
  const { dimension: d, points, probes } = problem
  const last = probes.length / d - 1
  // A short block repeats its last probe: every pair is then formed by the same instructions in the same order.
  const at = [0, 1, 2, 3].map((offset) => Math.min(first + offset, last))
  const p0 = probes.subarray(at[0] * d, (at[0] + 1) * d)
  const p1 = probes.subarray(at[1] * d, (at[1] + 1) * d)
  const p2 = probes.subarray(at[2] * d, (at[2] + 1) * d)
  const p3 = probes.subarray(at[3] * d, (at[3] + 1) * d)
  const [d0, d1, d2, d3] = into
  for (let i = 0; i < pointNorms.length; i++) {
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    const base = i * d
    for (let j = 0; j < d; j++) {
      const x = points[base + j]
      s0 += x * p0[j]
      s1 += x * p1[j]
      s2 += x * p2[j]
      s3 += x * p3[j]
    }
    d0[i] = Math.max(0, pointNorms[i] + probeNorms[at[0]] - 2 * s0)
    d1[i] = Math.max(0, pointNorms[i] + probeNorms[at[1]] - 2 * s1)
    d2[i] = Math.max(0, pointNorms[i] + probeNorms[at[2]] - 2 * s2)
    d3[i] = Math.max(0, pointNorms[i] + probeNorms[at[3]] - 2 * s3)
  }
}

/** How many chunks of probes the problem has. */
export function chunkCount(problem: KnnShapleyProblem): number {
  return Math.ceil(problem.probes.length / problem.dimension / PROBES_PER_CHUNK)
}

/** Sums of values over the probes of some chunks, one array a chunk: what a worker computes. */
export function knnShapleyChunks(problem: KnnShapleyProblem, chunks: readonly number[]): Float64Array[] {
  const { dimension, k } = problem
  const n = problem.points.length / dimension
  const probeCount = problem.probes.length / dimension
  const pointNorms = squaredNorms(problem.points, dimension)
  const probeNorms = squaredNorms(problem.probes, dimension)
  const scratch = orderScratch(n)
  const distances = [0, 1, 2, 3].map(() => new Float64Array(n))
  const u = new Float64Array(n)
  const factors = Float64Array.from({ length: n }, (_, i) => Math.min(k, i + 1) / (i + 1) / k)
  return chunks.map((chunk) => {
    const sums = new Float64Array(n)
    const end = Math.min(probeCount, (chunk + 1) * PROBES_PER_CHUNK)
    for (let first = chunk * PROBES_PER_CHUNK; first < end; first += 4) {
      distancesOfFour(problem, first, pointNorms, probeNorms, distances)
      for (let probe = first; probe < Math.min(end, first + 4); probe++) {
        fillUtility(problem.targets, probe, u)
        const order = nearestOrder(distances[probe - first], u, scratch)
        let value = n > 0 ? u[order[n - 1]] * factors[n - 1] : 0
        if (n > 0) sums[order[n - 1]] += value
        for (let i = n - 2; i >= 0; i--) {
          value += (u[order[i]] - u[order[i + 1]]) * factors[i]
          sums[order[i]] += value
        }
      }
    }
    return sums
  })
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
  const sums = knnShapleyChunks(problem, all)
  return combineChunks(sums, problem.points.length / dimension, problem.probes.length / dimension)
}
