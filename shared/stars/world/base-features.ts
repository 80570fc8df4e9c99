/** What each bundle adds to the reference alone: really retrained models, exact ridge refits and first-order influence. */
import { dot, pickRows } from '../algebra/dense.ts'
import { throwIfCancelled } from '../../errors.ts'
import { randomStream } from '../algebra/random.ts'
import { influenceOf } from '../value/influence.ts'
import { trainLogistic } from '../value/logistic.ts'
import { combineStatistics, ridgeWeights, statisticsOf } from '../value/ridge.ts'
import type { JudgingSet } from './judging-set.ts'
import { joinSets, judge, oneHot, probeSet, withIntercept } from './judging-set.ts'
import type { LabelledSet, World } from './parse-world.ts'
import { isShifted } from './shift.ts'
import { costOfJudging, costOfStep, costOfTraining } from './work-budget.ts'

export interface BaseFeatures {
  /** Gain in the probability of the right class, retrained on reference + bundle; mean over bases. */
  readonly certainty: Float64Array
  /** Gain in accuracy, same models. */
  readonly accuracy: Float64Array
  /** Mean gain over probe rows divided by its standard error. */
  readonly steadiness: Float64Array
  /** Gain in the accuracy margin of a ridge refit. */
  readonly ridge: Float64Array
  readonly influence: Float64Array
}

const TRAINING = { penalty: 1, maximumIterations: 60, tolerance: 1e-4 }
const RETRAINING = { penalty: 1, tolerance: 1e-4 }
/** Steps of L-BFGS from the base's weights: the budget decides between them. */
const RETRAINING_STEPS = { most: 25, least: 4 }
const RIDGE_LAMBDA = 3
/** Sharpness of the soft accuracy of a ridge classifier, in units of its one-hot outputs. */
export const MARGIN = 0.15
/** Bases beside the reference itself. */
const OTHER_BASES = 8
const BUDGET = 1.2e10
const SEED = 23

/** Soft accuracy of ridge weights: a smooth step of the margin between the right and the best wrong class. */
export function ridgeWorth(
  weights: ReturnType<typeof ridgeWeights>,
  phi: ReturnType<typeof withIntercept>,
  set: Pick<JudgingSet, 'y' | 'weights'>,
): number {
  const classes = weights.columns
  const scores = new Float64Array(classes)
  let worth = 0
  for (let n = 0; n < phi.rows; n++) {
    scores.fill(0)
    for (let j = 0; j < phi.columns; j++) {
      const value = phi.data[n * phi.columns + j]
      for (let c = 0; c < classes; c++) scores[c] += value * weights.data[j * classes + c]
    }
    let rival = -Infinity
    for (let c = 0; c < classes; c++) if (c !== set.y[n] && scores[c] > rival) rival = scores[c]
    worth += set.weights[n] / (1 + Math.exp(-(scores[set.y[n]] - rival) / MARGIN))
  }
  return worth
}

interface Base {
  readonly base: LabelledSet
  readonly judging: JudgingSet
}

/**
 * Another base that could have been: as many rows in the reference's class mix, drawn without repeats from reference and
 * probe together; the probe rows that were not drawn judge. A gain then does not hang on single rows of the reference.
 */
function otherBase(world: World, whole: JudgingSet, seed: number): Base {
  const random = randomStream(seed)
  const { reference } = world
  const pool = joinSets([reference, whole], world.dimension)
  const byClass = Array.from({ length: world.classes }, (): number[] => [])
  for (const row of random.permutation(pool.y.length)) byClass[pool.y[row]].push(row)
  const drawn = new Set<number>()
  const rows: number[] = []
  for (const label of reference.y) {
    // A class can run out.
    const row = byClass[label].pop() ?? random.below(reference.y.length)
    drawn.add(row)
    rows.push(row)
  }
  const left = Array.from(whole.y.keys()).filter((row) => !drawn.has(row + reference.y.length))
  const judged = left.length >= whole.y.length / 2 ? left : Array.from(whole.y.keys())
  return {
    base: { x: pickRows(pool.x, rows), y: Int32Array.from(rows, (row) => pool.y[row]) },
    judging: {
      x: pickRows(whole.x, judged),
      y: Int32Array.from(judged, (row) => whole.y[row]),
      weights: new Float64Array(judged.length).fill(1 / judged.length),
    },
  }
}

/** The mean of the differences of two lists over its standard error. */
export function pairedGain(after: Float64Array, before: Float64Array): number {
  const difference = after.map((value, i) => value - before[i])
  const n = difference.length
  const mean = difference.reduce((sum, value) => sum + value, 0) / n
  const centred = difference.map((value) => value - mean)
  const error = Math.sqrt(dot(centred, centred) / Math.max(1, n - 1) / n)
  return mean / (error + 1e-6)
}

/** Every figure of every bundle. */
export function baseFeatures(world: World, signal?: AbortSignal): BaseFeatures {
  const { bundles, dimension, classes, reference } = world
  const count = bundles.length
  const whole = probeSet(world)
  const features = {
    certainty: new Float64Array(count),
    accuracy: new Float64Array(count),
    steadiness: new Float64Array(count),
    ridge: new Float64Array(count),
    influence: new Float64Array(count),
  }
  const rowsOfBundles = bundles.reduce((sum, bundle) => sum + bundle.y.length, 0)
  const trained = (rowsOfBundles + count * reference.y.length) * costOfTraining(dimension, classes)
  const judged = (count * whole.y.length * costOfJudging(dimension, classes)) / 12
  const costOfAll = trained + judged + count * costOfStep(dimension, classes)
  // Rows of a probe of another kind would make other bases than the lab's.
  const others = isShifted(world) ? 0 : OTHER_BASES
  const bases = 1 + Math.max(0, Math.min(others, Math.floor(BUDGET / (costOfAll * RETRAINING_STEPS.most)) - 1))
  const fitting = Math.floor((2 * BUDGET) / costOfAll)
  const maximumIterations = Math.max(RETRAINING_STEPS.least, Math.min(RETRAINING_STEPS.most, fitting))
  const retraining = { ...RETRAINING, maximumIterations }
  for (let index = 0; index < bases; index++) {
    const { base, judging } = index === 0 ? { base: reference, judging: whole } : otherBase(world, whole, SEED + index)
    const start = trainLogistic(base.x, base.y, classes, TRAINING)
    const rowsBefore = new Float64Array(judging.y.length)
    const rowsAfter = new Float64Array(judging.y.length)
    const before = judge(start, judging, rowsBefore)
    if (index === 0) features.influence.set(influenceOf(start, judging, base, bundles))
    bundles.forEach((bundle, at) => {
      throwIfCancelled(signal)
      if (bundle.y.length === 0) return
      const joined = joinSets([base, bundle], dimension)
      const after = judge(trainLogistic(joined.x, joined.y, classes, retraining, start), judging, rowsAfter)
      features.certainty[at] += (after.certainty - before.certainty) / bases
      features.accuracy[at] += (after.accuracy - before.accuracy) / bases
      features.steadiness[at] += pairedGain(rowsAfter, rowsBefore) / bases
    })
  }
  const phi = withIntercept(whole.x)
  const base = statisticsOf(withIntercept(reference.x), oneHot(reference.y, classes))
  const worthBefore = ridgeWorth(ridgeWeights(base, RIDGE_LAMBDA), phi, whole)
  bundles.forEach((bundle, at) => {
    const added = statisticsOf(withIntercept(bundle.x), oneHot(bundle.y, classes))
    const weights = ridgeWeights(combineStatistics(base, added), RIDGE_LAMBDA)
    features.ridge[at] = ridgeWorth(weights, phi, whole) - worthBefore
  })
  return features
}
