/** The figures of a world whose targets are vectors: the same list as with classes, each with its nearest meaning. */
import type { Matrix } from '../algebra/dense.ts'
import { addCrossProduct, cholesky, dot, multiply, rowOf, solveCholesky, zeros } from '../algebra/dense.ts'
import { throwIfCancelled } from '../../errors.ts'
import { randomStream } from '../algebra/random.ts'
import { informationGain, vendiOfKernel } from '../value/diversity.ts'
import { knnShapley } from '../value/knn-shapley.ts'
import { monteCarloShapley } from '../value/monte-carlo-shapley.ts'
import { combineStatistics, noStatistics, ridgeWeights } from '../value/ridge.ts'
import type { BaseFeatures } from './base-features.ts'
import { pairedGain } from './base-features.ts'
import type { CoalitionFeatures } from './coalition-features.ts'
import type { PairedModel } from './paired-model.ts'
import { cosines, joinPairs, meanOfValues, pairedModels, pairedStatistics, pickPairs } from './paired-model.ts'
import type { PairedSet, PairedWorld } from './parse-world.ts'
import type { SampleFeatures } from './sample-features.ts'
import {
  coverageOf,
  distinctRows,
  noveltyOf,
  squaredDistance,
  sumPerBundle,
  typicalDistance,
} from './sample-features.ts'
import { samplingPlan } from './work-budget.ts'

const OTHER_BASES = 8
const BASE_SEED = 41
const COALITION_SEED = 17
const LINEAR_SEED = 1013
const NEIGHBOURS = 5
const COALITION_BUDGET = 8e9
const LARGEST_KERNEL = 48
/** Where bundles are many, each is tried on the reference alone. */
const MANY_BUNDLES = 300
/** Sharpness of the soft "right" of a cosine, around the median cosine of the reference's model. */
const SHARPNESS = 0.08

/** How surely a row is said better than the middling row was: accuracy's smooth cousin. */
function soft(values: Float64Array, middle: number): number {
  return meanOfValues(values.map((value) => 1 / (1 + Math.exp((middle - value) / SHARPNESS))))
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1] ?? 0
}

interface Base {
  readonly base: PairedSet
  readonly judged: PairedSet
}

/** Another base that could have been: as many rows, drawn from reference and probe; the probe rows left over judge. */
function otherBase(world: PairedWorld, seed: number): Base {
  const { reference, probe, dimension, targetDimension } = world
  const pool = joinPairs([reference, probe], dimension, targetDimension)
  const order = Array.from(randomStream(seed).permutation(pool.x.rows))
  const drawn = order.slice(0, Math.min(reference.x.rows, Math.floor(pool.x.rows / 2)))
  const taken = new Set(drawn)
  const left = Array.from({ length: probe.x.rows }, (_, n) => n).filter((n) => !taken.has(n + reference.x.rows))
  return { base: pickPairs(pool, drawn), judged: left.length > 1 ? pickPairs(probe, left) : probe }
}

/** First-order gain in the mean cosine: what one step towards the bundle's residuals does to the probe. */
function pairedInfluence(
  model: PairedModel,
  base: PairedSet,
  judged: PairedSet,
  bundles: readonly PairedSet[],
): Float64Array {
  const statistics = pairedStatistics(model, base)
  const weights = ridgeWeights(statistics, model.lambda)
  const phi = model.features(judged.x)
  const said = multiply(phi, weights)
  const pull = zeros(said.rows, said.columns)
  for (let n = 0; n < said.rows; n++) {
    const a = rowOf(said, n)
    const b = rowOf(judged.y, n)
    const length = Math.sqrt(dot(a, a)) || 1
    const cosine = dot(a, b) / length
    for (let j = 0; j < a.length; j++)
      pull.data[n * a.length + j] = (b[j] - (cosine * a[j]) / length) / length / said.rows
  }
  const gradient = zeros(phi.columns, said.columns)
  addCrossProduct(gradient, phi, pull)
  const curvature = { ...statistics.gram, data: Float64Array.from(statistics.gram.data) }
  for (let i = 0; i < phi.columns; i++) curvature.data[i * phi.columns + i] += model.lambda
  const direction = solveCholesky(cholesky(curvature), gradient)
  return Float64Array.from(bundles, (bundle) => {
    const own = model.features(bundle.x)
    const residuals = multiply(own, weights)
    for (let i = 0; i < residuals.data.length; i++) residuals.data[i] = bundle.y.data[i] - residuals.data[i]
    const step = zeros(phi.columns, said.columns)
    addCrossProduct(step, own, residuals)
    return dot(step.data, direction.data)
  })
}

/** What each bundle adds to the reference alone. */
export function pairedBaseFeatures(world: PairedWorld, signal?: AbortSignal): BaseFeatures {
  const { bundles, reference, probe } = world
  const { linear, fourier } = pairedModels(world)
  const count = bundles.length
  const features = {
    certainty: new Float64Array(count),
    accuracy: new Float64Array(count),
    steadiness: new Float64Array(count),
    ridge: new Float64Array(count),
    influence: pairedInfluence(linear, reference, probe, bundles),
  }
  const added = bundles.map((bundle) => ({
    linear: pairedStatistics(linear, bundle),
    fourier: pairedStatistics(fourier, bundle),
  }))
  const bases = count > MANY_BUNDLES ? 1 : 1 + OTHER_BASES
  for (let index = 0; index < bases; index++) {
    const { base, judged } = index === 0 ? { base: reference, judged: probe } : otherBase(world, BASE_SEED + index)
    const start = { linear: pairedStatistics(linear, base), fourier: pairedStatistics(fourier, base) }
    const phi = { linear: linear.features(judged.x), fourier: fourier.features(judged.x) }
    const rowsBefore = cosines(ridgeWeights(start.fourier, fourier.lambda), phi.fourier, judged.y)
    const linearBefore = meanOfValues(cosines(ridgeWeights(start.linear, linear.lambda), phi.linear, judged.y))
    const before = meanOfValues(rowsBefore)
    const middle = median(rowsBefore)
    const softBefore = soft(rowsBefore, middle)
    added.forEach((own, at) => {
      throwIfCancelled(signal)
      const rows = cosines(
        ridgeWeights(combineStatistics(start.fourier, own.fourier), fourier.lambda),
        phi.fourier,
        judged.y,
      )
      const weights = ridgeWeights(combineStatistics(start.linear, own.linear), linear.lambda)
      features.certainty[at] += (meanOfValues(rows) - before) / bases
      features.accuracy[at] += (soft(rows, middle) - softBefore) / bases
      features.steadiness[at] += pairedGain(rows, rowsBefore) / bases
      features.ridge[at] += (meanOfValues(cosines(weights, phi.linear, judged.y)) - linearBefore) / bases
    })
  }
  return features
}

/** Shapley values of the mean cosine (and of its soft twin) among all bundles under one model. */
function pairedValues(world: PairedWorld, model: PairedModel, seed: number, signal?: AbortSignal): CoalitionFeatures {
  const { bundles, probe, reference, dimension, targetDimension } = world
  const judged = joinPairs([probe, reference], dimension, targetDimension)
  const phi = model.features(judged.x)
  const parts = bundles.map((bundle) => pairedStatistics(model, bundle))
  const p = phi.columns
  const costOfJoin = p * p * (p / 6 + targetDimension) + 2 * judged.x.rows * p * targetDimension
  const { pairs, block } = samplingPlan(bundles.length * 2 * costOfJoin, bundles.length, COALITION_BUDGET)
  const middle = median(cosines(ridgeWeights(pairedStatistics(model, reference), model.lambda), phi, judged.y))
  const accuracy = new Float64Array(bundles.length)
  let joined = noStatistics(p, targetDimension)
  let before = 0
  const certainty = monteCarloShapley(
    bundles.length,
    {
      reset() {
        joined = noStatistics(p, targetDimension)
        before = 0
        return 0
      },
      join(players) {
        for (const player of players) joined = combineStatistics(joined, parts[player])
        const rows = cosines(ridgeWeights(joined, model.lambda), phi, judged.y)
        const after = soft(rows, middle)
        for (const player of players) accuracy[player] += (after - before) / players.length / (2 * pairs)
        before = after
        return meanOfValues(rows)
      },
    },
    pairs,
    randomStream(seed),
    signal,
    block,
  )
  return { certainty, accuracy }
}

/** Shapley values of the Fourier model. */
export function pairedCoalition(world: PairedWorld, signal?: AbortSignal): CoalitionFeatures {
  return pairedValues(world, pairedModels(world).fourier, COALITION_SEED, signal)
}

/** Shapley values of the linear model. */
export function pairedRidgeValues(world: PairedWorld, signal?: AbortSignal): Float64Array {
  return pairedValues(world, pairedModels(world).linear, LINEAR_SEED, signal).certainty
}

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

function neighbourValues(dimension: number, points: PairedSet, judged: PairedSet): Float64Array {
  return knnShapley({
    dimension,
    points: points.x.data,
    probes: judged.x.data,
    k: NEIGHBOURS,
    targets: { kind: 'vectors', dimension: points.y.columns, points: points.y.data, probes: judged.y.data },
  })
}

/** How much better than chance the words of each row fit what a model of reference and probe would say. */
function agreementOf(world: PairedWorld, judged: PairedSet): (bundle: PairedSet) => { sum: number; mean: number } {
  const { fourier } = pairedModels(world)
  const weights = ridgeWeights(pairedStatistics(fourier, judged), fourier.lambda)
  const phi = fourier.features(judged.x)
  const turned: Matrix = { ...judged.y, data: new Float64Array(judged.y.data.length) }
  const half = judged.y.rows >> 1
  for (let n = 0; n < judged.y.rows; n++)
    turned.data.set(rowOf(judged.y, (n + half) % judged.y.rows), n * judged.y.columns)
  const chance = meanOfValues(cosines(weights, phi, turned))
  return (bundle) => {
    const values = cosines(weights, fourier.features(bundle.x), bundle.y)
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
  const perBundle = bundles.map((bundle) => {
    throwIfCancelled(signal)
    const joined = joinPairs([reference, bundle], dimension, targetDimension)
    return {
      agreement: agreement(bundle),
      neighbourBase: sumPerBundle(neighbourValues(dimension, joined, probe), [bundle.x.rows], reference.x.rows)[0],
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
    neighbourUnion: sumPerBundle(neighbourValues(dimension, union, judged), sizes, 0),
    neighbourBase: column((values) => values.neighbourBase),
    agreementSum: column((values) => values.agreement.sum),
    agreementMean: column((values) => values.agreement.mean),
    vendi: column((values) => values.vendi),
    logDeterminant: column((values) => values.logDeterminant),
    novelty: column((values) => values.novelty),
    coverage: column((values) => values.coverage),
  }
}
