/** Figures of a world of pairs that need no retraining: the same list as with classes, each with its nearest meaning. */
import type { Matrix } from '../algebra/dense.ts'
import { dot, rowOf, squaredDistance, zeros } from '../algebra/dense.ts'
import { throwIfCancelled } from '../../errors.ts'
import { informationGain, vendiOfKernel } from '../value/diversity.ts'
import { knnShapley, type KnnShapleyProblem } from '../value/knn-shapley.ts'
import { knnShapleyAdded } from '../value/knn-shapley-added.ts'
import { ridgeWeights } from '../value/ridge.ts'
import { cosines, joinPairs, linearModels, meanOfValues, pairedStatistics } from './paired-model.ts'
import type { PairedSet, PairedWorld } from './parse-world.ts'
import type { SampleFeatures } from './sample-features.ts'
import { coverageOf, distinctRows, noveltyOf, sumPerBundle, typicalDistance } from './sample-features.ts'

const NEIGHBOURS = 5
const LARGEST_KERNEL = 48

/** Similarity of inputs times similarity of targets: two rows are alike when both are. */
function jointVendi(set: PairedSet, width: number): number {
  const n = Math.min(set.x.rows, LARGEST_KERNEL)
  const kernel = zeros(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const near = Math.exp(-squaredDistance(rowOf(set.x, i), rowOf(set.x, j)) / (2 * width * width))
      const value = i === j ? 1 : (near * (1 + dot(rowOf(set.y, i), rowOf(set.y, j)))) / 2
      kernel.data[i * n + j] = value
      kernel.data[j * n + i] = value
    }
  }
  return vendiOfKernel(kernel)
}

function neighbourProblem(dimension: number, points: PairedSet, judged: PairedSet): KnnShapleyProblem {
  return {
    dimension,
    points: points.x.data,
    probes: judged.x.data,
    k: NEIGHBOURS,
    targets: { kind: 'vectors', dimension: points.y.columns, points: points.y.data, probes: judged.y.data },
  }
}

/** How much better than chance the words of each row fit what a model of reference and probe would say. */
function agreementOf(world: PairedWorld, judged: PairedSet): (bundle: PairedSet) => { sum: number; mean: number } {
  const [model] = linearModels(world)
  const weights = ridgeWeights(pairedStatistics(model, judged), model.lambda)
  const phi = model.features(judged.x)
  const turned: Matrix = { ...judged.y, data: new Float64Array(judged.y.data.length) }
  const half = judged.y.rows >> 1
  for (let n = 0; n < judged.y.rows; n++)
    turned.data.set(rowOf(judged.y, (n + half) % judged.y.rows), n * judged.y.columns)
  const chance = meanOfValues(cosines(weights, phi, turned))
  return (bundle) => {
    const values = cosines(weights, model.features(bundle.x), bundle.y)
    const sum = values.reduce((total, value) => total + value - chance, 0)
    return { sum, mean: values.length > 0 ? sum / values.length : 0 }
  }
}

/** Figures that need no retraining. */
export function pairedSampleFeatures(world: PairedWorld, signal?: AbortSignal): SampleFeatures {
  const { bundles, reference, probe, dimension, targetDimension } = world
  const judged = joinPairs([probe, reference], dimension, targetDimension)
  const agreement = agreementOf(world, judged)
  const width = typicalDistance(probe.x)
  const coverage = coverageOf(probe.x, reference.x)
  const information = informationGain([reference.x], dimension, 1)
  const union = joinPairs(bundles, dimension, targetDimension)
  const besideReference = knnShapleyAdded(
    neighbourProblem(dimension, reference, probe),
    bundles.map(({ x, y }) => ({ points: x.data, targets: y.data })),
  )
  const perBundle = bundles.map((bundle, at) => {
    throwIfCancelled(signal)
    return {
      agreement: agreement(bundle),
      neighbourBase: sumPerBundle(besideReference[at], [bundle.x.rows], 0)[0],
      uniqueCount: distinctRows(bundle.x),
      vendi: jointVendi(bundle, width),
      logDeterminant: information(bundle.x),
      novelty: noveltyOf(bundle.x, reference.x),
      coverage: coverage(bundle.x),
    }
  })
  const column = (pick: (values: (typeof perBundle)[number]) => number): Float64Array =>
    Float64Array.from(perBundle, pick)
  const sizes = bundles.map((bundle) => bundle.x.rows)
  return {
    count: Float64Array.from(sizes),
    uniqueCount: column((values) => values.uniqueCount),
    neighbourUnion: sumPerBundle(knnShapley(neighbourProblem(dimension, union, judged)), sizes, 0),
    neighbourBase: column((values) => values.neighbourBase),
    agreementSum: column((values) => values.agreement.sum),
    agreementMean: column((values) => values.agreement.mean),
    vendi: column((values) => values.vendi),
    logDeterminant: column((values) => values.logDeterminant),
    novelty: column((values) => values.novelty),
    coverage: column((values) => values.coverage),
  }
}
