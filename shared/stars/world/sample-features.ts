/** Figures that need no retraining: neighbours, sizes, diversity, novelty. */
import type { Matrix } from '../algebra/dense.ts'
import { rowOf, squaredDistance } from '../algebra/dense.ts'
import { throwIfCancelled } from '../../errors.ts'
import { informationGain, vendiOfRows } from '../value/diversity.ts'
import { knnShapley, type KnnShapleyProblem } from '../value/knn-shapley.ts'
import { knnShapleyAdded } from '../value/knn-shapley-added.ts'
import { joinSets, probeAndReference, probeSet } from './judging-set.ts'
import type { LabelledSet, World } from './parse-world.ts'

export interface SampleFeatures {
  readonly count: Float64Array
  readonly uniqueCount: Float64Array
  /** KNN-Shapley among all bundles, summed over the bundle. */
  readonly neighbourUnion: Float64Array
  /** KNN-Shapley among the reference and this bundle alone. */
  readonly neighbourBase: Float64Array
  /** How many of its labels the nearest judged rows confirm, summed. */
  readonly agreementSum: Float64Array
  readonly agreementMean: Float64Array
  readonly vendi: Float64Array
  readonly logDeterminant: Float64Array
  readonly novelty: Float64Array
  /** How much nearer the probe rows have a neighbour once the bundle is there. */
  readonly coverage: Float64Array
}

const NEIGHBOURS = 5
const LARGEST_KERNEL = 128
/** An eigenvalue problem a bundle: where bundles are many, each is looked at by fewer rows. */
const MANY_BUNDLES = 300
const SMALL_KERNEL = 32

/** The k smallest of the squared distances from a row to the rows of a set, with the row they belong to. */
function nearest(row: Float64Array, set: Matrix, k: number): { at: number; square: number }[] {
  const best: { at: number; square: number }[] = []
  for (let n = 0; n < set.rows; n++) {
    const square = squaredDistance(row, rowOf(set, n))
    if (best.length === k && square >= best[k - 1].square) continue
    let place = best.length
    while (place > 0 && best[place - 1].square > square) place--
    best.splice(place, 0, { at: n, square })
    if (best.length > k) best.pop()
  }
  return best
}

/** How many rows differ. */
export function distinctRows(x: Matrix): number {
  const seen = new Set<string>()
  for (let n = 0; n < x.rows; n++) seen.add(rowOf(x, n).join())
  return seen.size
}

/** Values of rows summed per bundle, given the bundles' sizes; the first `skip` rows belong to none. */
export function sumPerBundle(values: Float64Array, sizes: readonly number[], skip: number): Float64Array {
  let at = skip
  return Float64Array.from(sizes, (size) => {
    let sum = 0
    for (let n = 0; n < size; n++) sum += values[at++]
    return sum
  })
}

/** Mean distance of rows to their three nearest in the reference; 0 without rows. */
export function noveltyOf(x: Matrix, reference: Matrix): number {
  let sum = 0
  for (let n = 0; n < x.rows; n++) {
    const known = nearest(rowOf(x, n), reference, 3)
    sum += known.reduce((total, { square }) => total + Math.sqrt(square), 0) / known.length
  }
  return x.rows > 0 ? sum / x.rows : 0
}

/** How much nearer the probe rows have a neighbour than in the reference once some rows are there. */
export function coverageOf(probe: Matrix, reference: Matrix): (x: Matrix) => number {
  const toReference = Array.from({ length: probe.rows }, (_, n) => nearest(rowOf(probe, n), reference, 1)[0].square)
  return (x) => {
    if (x.rows === 0) return 0
    let coverage = 0
    toReference.forEach((before, n) => {
      const after = nearest(rowOf(probe, n), x, 1)[0].square
      coverage += Math.sqrt(before) - Math.sqrt(Math.min(before, after))
    })
    return coverage
  }
}

/** A typical distance between judged rows and their nearest others: the scale of the Vendi kernel. */
export function typicalDistance(x: Matrix): number {
  const rows = Math.min(x.rows, 200)
  const distances: number[] = []
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) distances.push(Math.sqrt(squaredDistance(rowOf(x, i), rowOf(x, j))))
  }
  distances.sort((a, b) => a - b)
  return distances[distances.length >> 1] || 1
}

/** Every figure of every bundle. */
export function sampleFeatures(world: World, signal?: AbortSignal): SampleFeatures {
  const { bundles, reference, dimension } = world
  const judging = probeAndReference(world)
  const probe = probeSet(world)
  const union = joinSets(bundles, dimension)
  const problem = (points: LabelledSet, judged: LabelledSet): KnnShapleyProblem => ({
    dimension,
    points: points.x.data,
    probes: judged.x.data,
    k: NEIGHBOURS,
    targets: { kind: 'classes', points: points.y, probes: judged.y },
  })
  const besideReference = knnShapleyAdded(
    problem(reference, probe),
    bundles.map(({ x, y }) => ({ points: x.data, targets: y })),
  )
  const width = typicalDistance(probe.x)
  const coverage = coverageOf(probe.x, reference.x)
  const information = informationGain([reference.x], dimension, 1)
  const kernelRows = bundles.length > MANY_BUNDLES ? SMALL_KERNEL : LARGEST_KERNEL
  const perBundle = bundles.map((bundle, at) => {
    throwIfCancelled(signal)
    const rows = bundle.x.rows
    let agreement = 0
    for (let n = 0; n < rows; n++) {
      const row = rowOf(bundle.x, n)
      const near = nearest(row, judging.x, NEIGHBOURS)
      agreement += near.filter(({ at }) => judging.y[at] === bundle.y[n]).length / near.length
    }
    const head = { rows: Math.min(rows, kernelRows), columns: dimension, data: bundle.x.data }
    return {
      count: rows,
      uniqueCount: distinctRows(bundle.x),
      neighbourBase: sumPerBundle(besideReference[at], [rows], 0)[0],
      agreementSum: agreement,
      agreementMean: rows > 0 ? agreement / rows : 0,
      vendi: vendiOfRows(head, width),
      logDeterminant: information(bundle.x),
      novelty: noveltyOf(bundle.x, reference.x),
      coverage: coverage(bundle.x),
    }
  })
  const column = (pick: (values: (typeof perBundle)[number]) => number): Float64Array =>
    Float64Array.from(perBundle, pick)
  return {
    count: column((values) => values.count),
    uniqueCount: column((values) => values.uniqueCount),
    neighbourUnion: sumPerBundle(
      knnShapley(problem(union, judging)),
      bundles.map((bundle) => bundle.y.length),
      0,
    ),
    neighbourBase: column((values) => values.neighbourBase),
    agreementSum: column((values) => values.agreementSum),
    agreementMean: column((values) => values.agreementMean),
    vendi: column((values) => values.vendi),
    logDeterminant: column((values) => values.logDeterminant),
    novelty: column((values) => values.novelty),
    coverage: column((values) => values.coverage),
  }
}
