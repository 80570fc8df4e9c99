/**
 * What each bundle adds to coalitions of the others: Monte-Carlo Shapley values of retrained models, judged on probe and
 * reference. The reference is not part of the game, so that it can judge.
 */
import { addCrossProduct, cholesky, solveCholesky, zeros } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import type { LogisticWeights } from '../value/logistic.ts'
import { trainLogistic } from '../value/logistic.ts'
import { monteCarloShapley } from '../value/monte-carlo-shapley.ts'
import { statisticsOf } from '../value/ridge.ts'
import { joinSets, judge, oneHot, probeAndReference, withIntercept } from './judging-set.ts'
import type { World } from './parse-world.ts'
import type { SamplingPlan } from './work-budget.ts'
import { costOfJudging, costOfStep, costOfTraining, samplingPlan } from './work-budget.ts'

export interface CoalitionFeatures {
  /** Shapley value of the probability of the right class. */
  readonly certainty: Float64Array
  /** Shapley value of accuracy, from the same models. */
  readonly accuracy: Float64Array
}

const SEED = 11
const RIDGE_SEED = 999
const PAIRS_PER_CHUNK = 4
const RIDGE_BUDGET = 4e9
/** A warm start from the coalition before leaves little to do. */
const WARM_TRAINING = { penalty: 1, maximumIterations: 3, tolerance: 1e-3 }
const RIDGE_LAMBDA = 3

function rowsOf(bundles: World['bundles']): number {
  return bundles.reduce((sum, bundle) => sum + bundle.y.length, 0)
}

/** How many permutations the budget allows for this world. */
function logisticPlan({ bundles, dimension, classes }: World, judged: number): SamplingPlan {
  const total = rowsOf(bundles)
  const steps = WARM_TRAINING.maximumIterations + 1
  // Both walks of a pair together: coalitions of half of all rows on the mean.
  const trained = total * steps * costOfTraining(dimension, classes)
  const stepped = 2 * steps * costOfStep(dimension, classes)
  const judgedTwice = 2 * judged * costOfJudging(dimension, classes)
  return samplingPlan(bundles.length * (trained + stepped + judgedTwice), bundles.length)
}

/** Permutations come in chunks with a seed of their own, so that any number of workers gives the same values. */
export function coalitionChunks(world: World): number {
  return Math.ceil(logisticPlan(world, probeAndReference(world).y.length).pairs / PAIRS_PER_CHUNK)
}

/** The values of retrained logistic models over one chunk of permutations. */
export function coalitionChunk(world: World, chunk: number, signal?: AbortSignal): CoalitionFeatures {
  const { bundles, dimension, classes } = world
  const judging = probeAndReference(world)
  const everyone = joinSets(bundles, dimension)
  const accuracy = new Float64Array(bundles.length)
  const plan = logisticPlan(world, judging.y.length)
  const pairs = Math.min(PAIRS_PER_CHUNK, plan.pairs)
  // Rows of the coalition lie at the front of buffers that hold everyone.
  const x = new Float64Array(everyone.x.data.length)
  const y = new Int32Array(everyone.y.length)
  let rows = 0
  let weights: LogisticWeights | undefined
  let before = 1 / classes
  const certainty = monteCarloShapley(
    bundles.length,
    {
      reset() {
        rows = 0
        weights = undefined
        before = 1 / classes
        return 1 / classes
      },
      join(players) {
        for (const player of players) {
          const bundle = bundles[player]
          x.set(bundle.x.data, rows * dimension)
          y.set(bundle.y, rows)
          rows += bundle.y.length
        }
        const part = { rows, columns: dimension, data: x.subarray(0, rows * dimension) }
        weights = trainLogistic(part, y.subarray(0, rows), classes, WARM_TRAINING, weights)
        const judged = judge(weights, judging)
        for (const player of players) accuracy[player] += (judged.accuracy - before) / players.length / (2 * pairs)
        before = judged.accuracy
        return judged.certainty
      },
    },
    pairs,
    randomStream(SEED + chunk),
    signal,
    plan.block,
  )
  return { certainty, accuracy }
}

/** The mean over chunks, in their order. */
export function combineCoalition(chunks: readonly CoalitionFeatures[]): CoalitionFeatures {
  const mean = (pick: (chunk: CoalitionFeatures) => Float64Array): Float64Array =>
    pick(chunks[0]).map((_, at) => chunks.reduce((sum, chunk) => sum + pick(chunk)[at], 0) / chunks.length)
  return { certainty: mean((chunk) => chunk.certainty), accuracy: mean((chunk) => chunk.accuracy) }
}

/** Shapley values of the accuracy of a ridge classifier. */
export function ridgeValues(world: World, signal?: AbortSignal): Float64Array {
  const { bundles, dimension, classes } = world
  const judging = probeAndReference(world)
  const phi = withIntercept(judging.x)
  const p = dimension + 1
  const parts = bundles.map((bundle) => ({ phi: withIntercept(bundle.x), y: oneHot(bundle.y, classes) }))
  const small = parts.map((part) => (part.phi.rows > p ? statisticsOf(part.phi, part.y) : undefined))
  const costOfJoin = p * p * (p / 6 + classes) + judging.y.length * p * classes
  const costOfRows = parts.reduce((sum, part) => sum + Math.min(p, part.phi.rows) * p * (p + classes), 0)
  const plan = samplingPlan(2 * (bundles.length * costOfJoin + costOfRows), bundles.length, RIDGE_BUDGET)
  let gram = zeros(p, p)
  let moment = zeros(p, classes)
  const scores = new Float64Array(classes)
  return monteCarloShapley(
    bundles.length,
    {
      reset() {
        gram = zeros(p, p)
        moment = zeros(p, classes)
        for (let i = 0; i < p; i++) gram.data[i * p + i] = RIDGE_LAMBDA
        return 1 / classes
      },
      join(players) {
        for (const player of players) {
          const statistics = small[player]
          if (statistics) {
            for (let i = 0; i < gram.data.length; i++) gram.data[i] += statistics.gram.data[i]
            for (let i = 0; i < moment.data.length; i++) moment.data[i] += statistics.moment.data[i]
          } else {
            addCrossProduct(gram, parts[player].phi, parts[player].phi)
            addCrossProduct(moment, parts[player].phi, parts[player].y)
          }
        }
        const weights = solveCholesky(cholesky(gram), moment)
        let right = 0
        for (let n = 0; n < phi.rows; n++) {
          scores.fill(0)
          for (let j = 0; j < p; j++) {
            const value = phi.data[n * p + j]
            for (let c = 0; c < classes; c++) scores[c] += value * weights.data[j * classes + c]
          }
          let best = 0
          for (let c = 1; c < classes; c++) if (scores[c] > scores[best]) best = c
          if (best === judging.y[n]) right += judging.weights[n]
        }
        return right
      },
    },
    plan.pairs,
    randomStream(RIDGE_SEED),
    signal,
    plan.block,
  )
}
