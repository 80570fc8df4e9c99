/**
 * Exact K-nearest-neighbour Shapley values of points that come to a base, for many sets of them, each with the base alone.
 * `knnShapley` on base and set together gives the same digits and measures and sorts the whole base again for every set;
 * here that is done once a probe, and each set is merged into it.
 */
import type { Matrix } from '../algebra/dense.ts'
import { squaredDistances, squaredNorms } from '../algebra/pair-distances.ts'
import { fillUtility, type KnnShapleyProblem, type KnnTargets, PROBES_PER_CHUNK } from './knn-shapley.ts'
import { nearestOrder, type OrderScratch, orderScratch } from './nearest-order.ts'

/** Points and their targets, as in the problem that they come to. */
export type AddedPoints = Pick<KnnShapleyProblem, 'points'> & { readonly targets: KnnTargets['points'] }

interface Sorted {
  /** By rising distance, equal ones by rising usefulness. */
  readonly distances: Float64Array
  readonly utilities: Float64Array
  readonly order: Int32Array
}

/** A set of points, with the memory to hold it against a few probes at a time. */
class PointSet {
  readonly rows: number
  readonly #matrix: Matrix
  readonly #targets: KnnTargets
  readonly #norms: Float64Array
  readonly #distances: Float64Array
  readonly #utility: Float64Array
  readonly #scratch: OrderScratch

  constructor(dimension: number, points: Float64Array, targets: KnnTargets) {
    this.rows = points.length / dimension
    this.#matrix = { rows: this.rows, columns: dimension, data: points }
    this.#targets = targets
    this.#norms = squaredNorms(this.#matrix)
    this.#distances = new Float64Array(this.rows * PROBES_PER_CHUNK)
    this.#utility = new Float64Array(this.rows)
    this.#scratch = orderScratch(this.rows)
  }

  /** Measures the distances to a chunk of probes. */
  measure(probes: Matrix, norms: Float64Array): void {
    squaredDistances(this.#matrix, this.#norms, probes, norms, this.#distances)
  }

  /** As one probe of the chunk sees them. The order belongs to the set until it is asked again. */
  sorted(probe: number, inChunk: number): Sorted {
    fillUtility(this.#targets, probe, this.#utility)
    const own = this.#distances.subarray(inChunk * this.rows, (inChunk + 1) * this.rows)
    const order = nearestOrder(own, this.#utility, this.#scratch)
    return {
      order,
      distances: Float64Array.from(order, (at) => own[at]),
      utilities: Float64Array.from(order, (at) => this.#utility[at]),
    }
  }
}

/** One backward pass over base and added together, from the farthest on; values are added to `into` by added point. */
function passBackwards(base: Sorted, added: Sorted, factors: Float64Array, into: Float64Array): void {
  let b = base.order.length - 1
  let a = added.order.length - 1
  let value = 0
  let beyond = 0
  for (let place = b + a + 1; a >= 0; place--) {
    // Of the same distance and usefulness the base's points come first, as they stand first.
    const isAdded =
      b < 0 ||
      added.distances[a] > base.distances[b] ||
      (added.distances[a] === base.distances[b] && added.utilities[a] >= base.utilities[b])
    const utility = isAdded ? added.utilities[a] : base.utilities[b]
    // Beyond the farthest there is nothing, whose usefulness is none.
    value += (utility - beyond) * factors[place]
    beyond = utility
    if (isAdded) into[added.order[a--]] += value
    else b--
  }
}

/**
 * The value of every point of every set when that set alone comes to the base: means over probes.
 *
 * @param problem The base, the probes, and how many neighbours vote.
 * @param sets Each with targets of the problem's kind.
 */
export function knnShapleyAdded(problem: KnnShapleyProblem, sets: readonly AddedPoints[]): Float64Array[] {
  const { dimension, k, targets } = problem
  const count = problem.probes.length / dimension
  const base = new PointSet(dimension, problem.points, targets)
  const added = sets.map(
    (set) => new PointSet(dimension, set.points, { ...targets, points: set.targets } as KnnTargets),
  )
  const largest = base.rows + added.reduce((most, { rows }) => Math.max(most, rows), 0)
  const factors = Float64Array.from({ length: largest }, (_, i) => Math.min(k, i + 1) / (i + 1) / k)
  const values = added.map(({ rows }) => new Float64Array(rows))
  const sums = added.map(({ rows }) => new Float64Array(rows))
  for (let first = 0; first < count; first += PROBES_PER_CHUNK) {
    const end = Math.min(count, first + PROBES_PER_CHUNK)
    const data = problem.probes.subarray(first * dimension, end * dimension)
    const probes = { rows: end - first, columns: dimension, data }
    const norms = squaredNorms(probes)
    for (const set of [base, ...added]) set.measure(probes, norms)
    for (const own of sums) own.fill(0)
    for (let probe = first; probe < end; probe++) {
      const sorted = base.sorted(probe, probe - first)
      added.forEach((set, at) => {
        if (set.rows > 0) passBackwards(sorted, set.sorted(probe, probe - first), factors, sums[at])
      })
    }
    // Formed per chunk and then in order, as `knnShapley` forms them.
    sums.forEach((own, at) => own.forEach((value, row) => (values[at][row] += value)))
  }
  for (const own of values) for (let row = 0; row < own.length; row++) own[row] /= Math.max(1, count)
  return values
}
