/** What a bundle of pairs adds to a base: refitted ridges, on the inputs and on many random looks at them. */
import { addCrossProduct, cholesky, dot, multiply, rowOf, solveCholesky, zeros } from '../algebra/dense.ts'
import { throwIfCancelled } from '../../errors.ts'
import { randomStream } from '../algebra/random.ts'
import { combineStatistics, ridgeWeights } from '../value/ridge.ts'
import type { BaseFeatures } from './base-features.ts'
import { pairedGain } from './base-features.ts'
import type { PairedModel } from './paired-model.ts'
import {
  cosines,
  fourierModel,
  joinPairs,
  linearModels,
  meanOfValues,
  pairedStatistics,
  pickPairs,
} from './paired-model.ts'
import type { PairedSet, PairedWorld } from './parse-world.ts'
import { medianOf, softAccuracy } from './soft-accuracy.ts'

/** Random looks at the reference, and other bases, each with a look of its own. */
const LOOKS = 8
const OTHER_BASES = 8
const BASE_SEED = 41
/** Where bundles are many, each is tried on the reference alone. */
const MANY_BUNDLES = 300

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

/** What the bundles add to one base under one model: the gain in the mean cosine, in soft accuracy, over its standard error. */
function gainsOver(
  { base, judged }: Base,
  model: PairedModel,
  bundles: readonly PairedSet[],
  signal: AbortSignal | undefined,
): { cosine: number; soft: number; steadiness: number }[] {
  const start = pairedStatistics(model, base)
  const phi = model.features(judged.x)
  const before = cosines(ridgeWeights(start, model.lambda), phi, judged.y)
  const middle = medianOf(before)
  const [meanBefore, softBefore] = [meanOfValues(before), softAccuracy(before, middle)]
  return bundles.map((bundle) => {
    throwIfCancelled(signal)
    const joined = combineStatistics(start, pairedStatistics(model, bundle))
    const rows = cosines(ridgeWeights(joined, model.lambda), phi, judged.y)
    return {
      cosine: meanOfValues(rows) - meanBefore,
      soft: softAccuracy(rows, middle) - softBefore,
      steadiness: pairedGain(rows, before),
    }
  })
}

/** What each bundle adds to the reference alone, and to other bases that could have been. */
export function pairedBaseFeatures(world: PairedWorld, signal?: AbortSignal): BaseFeatures {
  const { bundles, reference, probe } = world
  const [, linear] = linearModels(world)
  const count = bundles.length
  const features = {
    certainty: new Float64Array(count),
    accuracy: new Float64Array(count),
    steadiness: new Float64Array(count),
    ridge: new Float64Array(count),
    influence: pairedInfluence(linear, reference, probe, bundles),
  }
  const own: Base = { base: reference, judged: probe }
  const others = count > MANY_BUNDLES ? 0 : OTHER_BASES
  const looks = count > MANY_BUNDLES ? 1 : LOOKS
  const bases = [
    ...Array.from({ length: looks }, () => own),
    ...Array.from({ length: others }, (_, index) => otherBase(world, BASE_SEED + index + 1)),
  ]
  bases.forEach((base, draw) => {
    gainsOver(base, fourierModel(world, draw), bundles, signal).forEach(({ cosine, soft, steadiness }, at) => {
      features.certainty[at] += cosine / bases.length
      features.accuracy[at] += soft / bases.length
      features.steadiness[at] += steadiness / bases.length
    })
  })
  const linearBases = bases.slice(looks - 1)
  for (const base of linearBases) {
    gainsOver(base, linear, bundles, signal).forEach(({ cosine }, at) => {
      features.ridge[at] += cosine / linearBases.length
    })
  }
  return features
}
