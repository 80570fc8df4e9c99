/**
 * A lab's need, as its pack carries it: what its benchmark knows already (ridge statistics) and what it is judged by (a
 * probe). How much a set of labelled vectors would help is really refitted from them: W = (G + lambda I)^-1 b.
 */
import type { Matrix } from '../algebra/dense.ts'
import { matrixFromRows } from '../algebra/dense.ts'
import { percentileUnderTable } from '../value/ranks.ts'
import type { RidgeStatistics } from '../value/ridge.ts'
import { combineStatistics, ridgeWeights, statisticsOf } from '../value/ridge.ts'
import { oneHot, withIntercept } from '../world/judging-set.ts'
import { ridgeWorth } from '../world/base-features.ts'

export interface PackTask {
  readonly id: string
  readonly classNames: readonly string[]
  readonly dimension: number
  /** Which vectors of a picture it is about: those of the encoder that ships, or of a model that a person brought. */
  readonly vectors: 'meaning' | 'joint'
  readonly lambda: number
  readonly statistics: RidgeStatistics
  /** Rows with an intercept. */
  readonly probe: Matrix
  readonly probeLabels: Int32Array
  /** Ascending gains of simulated bundles: what a gain is worth. */
  readonly gainQuantiles: readonly number[]
}

export interface LabelledVectors {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
}

/** The soft accuracy on the probe of the task's model, as it is or with more samples. */
function worthOf(task: PackTask, statistics: RidgeStatistics): number {
  const rows = task.probe.rows
  const judging = { y: task.probeLabels, weights: new Float64Array(rows).fill(1 / rows) }
  return ridgeWorth(ridgeWeights(statistics, task.lambda), task.probe, judging)
}

const worthBefore = new WeakMap<PackTask, number>()

/** How much samples raise the soft accuracy on the probe; 0 for none. */
export function taskGain(task: PackTask, samples: LabelledVectors): number {
  if (samples.y.length === 0) return 0
  const before = worthBefore.get(task) ?? worthOf(task, task.statistics)
  worthBefore.set(task, before)
  const phi = withIntercept(matrixFromRows(samples.x, task.dimension))
  const added = statisticsOf(phi, oneHot(Int32Array.from(samples.y), task.classNames.length))
  return worthOf(task, combineStatistics(task.statistics, added)) - before
}

/** One star of five: the most that harm can be given. */
const MOST_WHEN_HARMFUL = 0.2

/** The share of simulated bundles that brought less, 0..1; at most a fifth where the gain is none. */
export function gainPercentile(task: PackTask, gain: number): number {
  const percentile = percentileUnderTable(task.gainQuantiles, gain)
  return gain > 0 ? percentile : Math.min(percentile, MOST_WHEN_HARMFUL)
}
