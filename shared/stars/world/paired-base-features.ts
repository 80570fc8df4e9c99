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

/** How many random looks at the reference, and how many other bases after them. */
function drawsOf({ bundles }: PairedWorld): { looks: number; others: number } {
  const isMany = bundles.length > MANY_BUNDLES
  return { looks: isMany ? 1 : LOOKS, others: isMany ? 0 : OTHER_BASES }
}

/** Each look at a base is a chunk of its own. */
export function pairedBaseChunks(world: PairedWorld): number {
  const { looks, others } = drawsOf(world)
  return looks + others
}

/**
 * The part that one look has in what each bundle adds to the reference alone, and to other bases that could have been: the
 * parts of all chunks add up to the features. The linear model, which needs no look, is asked once for each base.
 */
export function pairedBaseFeatures(world: PairedWorld, chunk: number, signal?: AbortSignal): BaseFeatures {
  const { bundles, reference, probe } = world
  const { looks, others } = drawsOf(world)
  const [, linear] = linearModels(world)
  const count = bundles.length
  const part = {
    certainty: new Float64Array(count),
    accuracy: new Float64Array(count),
    steadiness: new Float64Array(count),
    ridge: new Float64Array(count),
    influence: chunk === 0 ? pairedInfluence(linear, reference, probe, bundles) : new Float64Array(count),
  }
  const base = chunk < looks ? { base: reference, judged: probe } : otherBase(world, BASE_SEED + chunk - looks + 1)
  gainsOver(base, fourierModel(world, chunk), bundles, signal).forEach(({ cosine, soft, steadiness }, at) => {
    part.certainty[at] = cosine / (looks + others)
    part.accuracy[at] = soft / (looks + others)
    part.steadiness[at] = steadiness / (looks + others)
  })
  if (chunk < looks - 1) return part
  gainsOver(base, linear, bundles, signal).forEach(({ cosine }, at) => {
    part.ridge[at] = cosine / (others + 1)
  })
  return part
}
