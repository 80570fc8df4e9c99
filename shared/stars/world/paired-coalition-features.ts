/** Shapley values among all bundles of pairs, by retrained ridges. */
import { throwIfCancelled } from '../../errors.ts'
import { randomStream } from '../algebra/random.ts'
import { monteCarloShapley } from '../value/monte-carlo-shapley.ts'
import { combineStatistics, noStatistics, ridgeWeights } from '../value/ridge.ts'
import type { CoalitionFeatures } from './coalition-features.ts'
import type { PairedModel } from './paired-model.ts'
import { cosines, fourierModel, joinPairs, linearModels, meanOfValues, pairedStatistics } from './paired-model.ts'
import type { PairedWorld } from './parse-world.ts'
import { medianOf, softAccuracy } from './soft-accuracy.ts'
import { samplingPlan } from './work-budget.ts'

const FOURIER_SEED = 17
const LINEAR_SEED = 1013
/** Looks of the coalitions are others than those of the bases. */
const FIRST_LOOK = 100
const BUDGET = 8e9

/** Values of the mean cosine, and of its soft twin, with a model for each antithetic pair of permutations. */
function pairedValues(
  world: PairedWorld,
  modelOfPair: (pair: number) => PairedModel,
  seed: number,
  signal?: AbortSignal,
): CoalitionFeatures {
  const { bundles, probe, reference, dimension, targetDimension } = world
  const judged = joinPairs([probe, reference], dimension, targetDimension)
  const count = bundles.length
  const p = modelOfPair(0).features(judged.x).columns
  const costOfJoin = p * p * (p / 6 + targetDimension) + 2 * judged.x.rows * p * targetDimension
  const { pairs, block } = samplingPlan(count * 2 * costOfJoin, count, BUDGET)
  const certainty = new Float64Array(count)
  const accuracy = new Float64Array(count)
  for (let pair = 0; pair < pairs; pair++) {
    throwIfCancelled(signal)
    const model = modelOfPair(pair)
    const phi = model.features(judged.x)
    const parts = bundles.map((bundle) => pairedStatistics(model, bundle))
    const middle = medianOf(cosines(ridgeWeights(pairedStatistics(model, reference), model.lambda), phi, judged.y))
    let joined = noStatistics(p, targetDimension)
    let before = 0
    const values = monteCarloShapley(
      count,
      {
        reset() {
          joined = noStatistics(p, targetDimension)
          before = 0
          return 0
        },
        join(players) {
          for (const player of players) joined = combineStatistics(joined, parts[player])
          const rows = cosines(ridgeWeights(joined, model.lambda), phi, judged.y)
          const after = softAccuracy(rows, middle)
          for (const player of players) accuracy[player] += (after - before) / players.length / (2 * pairs)
          before = after
          return meanOfValues(rows)
        },
      },
      1,
      randomStream(seed + pair),
      signal,
      block,
    )
    values.forEach((value, player) => {
      certainty[player] += value / pairs
    })
  }
  return { certainty, accuracy }
}

/** Shapley values over random looks, another for each pair of permutations. */
export function pairedCoalition(world: PairedWorld, signal?: AbortSignal): CoalitionFeatures {
  return pairedValues(world, (pair) => fourierModel(world, FIRST_LOOK + pair), FOURIER_SEED, signal)
}

/** Shapley values of the linear model, its penalties in turn. */
export function pairedRidgeValues(world: PairedWorld, signal?: AbortSignal): Float64Array {
  const models = linearModels(world)
  return pairedValues(world, (pair) => models[pair % models.length], LINEAR_SEED, signal).certainty
}
