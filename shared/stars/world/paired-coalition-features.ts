/** Shapley values among all bundles of pairs, by retrained ridges. */
import { randomStream } from '../algebra/random.ts'
import { monteCarloShapley } from '../value/monte-carlo-shapley.ts'
import { combineStatistics, noStatistics, ridgeWeights } from '../value/ridge.ts'
import type { CoalitionFeatures } from './coalition-features.ts'
import type { PairedModel } from './paired-model.ts'
import {
  cosines,
  FOURIER_COLUMNS,
  fourierModel,
  joinPairs,
  linearModels,
  meanOfValues,
  pairedStatistics,
} from './paired-model.ts'
import type { PairedWorld } from './parse-world.ts'
import { medianOf, softAccuracy } from './soft-accuracy.ts'
import { samplingPlan, type SamplingPlan } from './work-budget.ts'

const FOURIER_SEED = 17
const LINEAR_SEED = 1013
/** Looks of the coalitions are others than those of the bases. */
const FIRST_LOOK = 100
const BUDGET = 8e9

/** How coalitions of the world are sampled under models of `columns` features. */
function planOf({ bundles, probe, reference, targetDimension }: PairedWorld, columns: number): SamplingPlan {
  const judged = probe.x.rows + reference.x.rows
  const costOfJoin = columns * columns * (columns / 6 + targetDimension) + 2 * judged * columns * targetDimension
  return samplingPlan(bundles.length * 2 * costOfJoin, bundles.length, BUDGET)
}

/** Values of the mean cosine, and of its soft twin, over one antithetic pair of permutations under one model. */
function pairedValues(
  world: PairedWorld,
  model: PairedModel,
  columns: number,
  seed: number,
  signal?: AbortSignal,
): CoalitionFeatures {
  const { bundles, probe, reference, dimension, targetDimension } = world
  const judged = joinPairs([probe, reference], dimension, targetDimension)
  const accuracy = new Float64Array(bundles.length)
  const phi = model.features(judged.x)
  const parts = bundles.map((bundle) => pairedStatistics(model, bundle))
  const middle = medianOf(cosines(ridgeWeights(pairedStatistics(model, reference), model.lambda), phi, judged.y))
  let joined = noStatistics(columns, targetDimension)
  let before = 0
  const certainty = monteCarloShapley(
    bundles.length,
    {
      reset() {
        joined = noStatistics(columns, targetDimension)
        before = 0
        return 0
      },
      join(players) {
        for (const player of players) joined = combineStatistics(joined, parts[player])
        const rows = cosines(ridgeWeights(joined, model.lambda), phi, judged.y)
        const after = softAccuracy(rows, middle)
        for (const player of players) accuracy[player] += (after - before) / players.length / 2
        before = after
        return meanOfValues(rows)
      },
    },
    1,
    randomStream(seed),
    signal,
    planOf(world, columns).block,
  )
  return { certainty, accuracy }
}

/** Each pair of permutations is a chunk of its own, with a seed of its own: any number of workers gives the same values. */
export function pairedCoalitionChunks(world: PairedWorld): number {
  return planOf(world, FOURIER_COLUMNS).pairs
}

/** Shapley values over a random look, another for each pair of permutations. */
export function pairedCoalition(world: PairedWorld, chunk: number, signal?: AbortSignal): CoalitionFeatures {
  return pairedValues(world, fourierModel(world, FIRST_LOOK + chunk), FOURIER_COLUMNS, FOURIER_SEED + chunk, signal)
}

export function pairedRidgeChunks(world: PairedWorld): number {
  return planOf(world, world.dimension + 1).pairs
}

/** Shapley values of the linear model, its penalties in turn. */
export function pairedRidgeValues(world: PairedWorld, chunk: number, signal?: AbortSignal): Float64Array {
  const models = linearModels(world)
  const model = models[chunk % models.length]
  return pairedValues(world, model, world.dimension + 1, LINEAR_SEED + chunk, signal).certainty
}
