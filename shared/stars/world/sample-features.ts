/** Figures that need no retraining: neighbours, sizes, diversity, novelty. */
import type { Matrix } from '../algebra/dense.ts'
import { rowOf } from '../algebra/dense.ts'
import { throwIfCancelled } from '../../errors.ts'
import { logDeterminantGain, vendiOfRows } from '../value/diversity.ts'
import { knnShapley } from '../value/knn-shapley.ts'
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

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2
  return sum
}

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

function distinctRows(x: Matrix): number {
  const seen = new Set<string>()
  for (let n = 0; n < x.rows; n++) seen.add(rowOf(x, n).join())
  return seen.size
}

function sumPerBundle(values: Float64Array, bundles: readonly LabelledSet[], skip: number): Float64Array {
  let at = skip
  return Float64Array.from(bundles, (bundle) => {
    let sum = 0
    for (let n = 0; n < bundle.y.length; n++) sum += values[at++]
    return sum
  })
}

/** A typical distance between judged rows and their nearest others: the scale of the Vendi kernel. */
function typicalDistance(x: Matrix): number {
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
  const shapley = (points: LabelledSet, judged: LabelledSet): Float64Array =>
    knnShapley({
      dimension,
      points: points.x.data,
      probes: judged.x.data,
      k: NEIGHBOURS,
      targets: { kind: 'classes', points: points.y, probes: judged.y },
    })
  const width = typicalDistance(probe.x)
  const toProbe = Array.from({ length: probe.x.rows }, (_, n) => nearest(rowOf(probe.x, n), reference.x, 1)[0].square)
  const perBundle = bundles.map((bundle) => {
    throwIfCancelled(signal)
    const rows = bundle.x.rows
    const joined = joinSets([reference, bundle], dimension)
    let agreement = 0
    let novelty = 0
    for (let n = 0; n < rows; n++) {
      const row = rowOf(bundle.x, n)
      const near = nearest(row, judging.x, NEIGHBOURS)
      agreement += near.filter(({ at }) => judging.y[at] === bundle.y[n]).length / near.length
      const known = nearest(row, reference.x, 3)
      novelty += known.reduce((sum, { square }) => sum + Math.sqrt(square), 0) / known.length
    }
    let coverage = 0
    toProbe.forEach((before, n) => {
      const after = nearest(rowOf(probe.x, n), bundle.x, 1)[0].square
      coverage += Math.sqrt(before) - Math.sqrt(Math.min(before, after))
    })
    const head = { rows: Math.min(rows, LARGEST_KERNEL), columns: dimension, data: bundle.x.data }
    return {
      count: rows,
      uniqueCount: distinctRows(bundle.x),
      neighbourBase: sumPerBundle(shapley(joined, probe), [bundle], reference.y.length)[0],
      agreementSum: agreement,
      agreementMean: agreement / rows,
      vendi: vendiOfRows(head, width),
      logDeterminant: logDeterminantGain([reference.x], bundle.x, 1),
      novelty: novelty / rows,
      coverage,
    }
  })
  const column = (pick: (values: (typeof perBundle)[number]) => number): Float64Array =>
    Float64Array.from(perBundle, pick)
  return {
    count: column((values) => values.count),
    uniqueCount: column((values) => values.uniqueCount),
    neighbourUnion: sumPerBundle(shapley(union, judging), bundles, 0),
    neighbourBase: column((values) => values.neighbourBase),
    agreementSum: column((values) => values.agreementSum),
    agreementMean: column((values) => values.agreementMean),
    vendi: column((values) => values.vendi),
    logDeterminant: column((values) => values.logDeterminant),
    novelty: column((values) => values.novelty),
    coverage: column((values) => values.coverage),
  }
}
