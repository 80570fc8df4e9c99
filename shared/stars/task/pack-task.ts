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
import { cosines, meanOfValues } from '../world/paired-model.ts'
import type { ReferenceSketch } from './reference-sketch.ts'

interface TaskOfAnyKind {
  readonly id: string
  /** What its maker calls it. */
  readonly title: string
  readonly dimension: number
  /**
   * Which vectors it is about: of a picture by the encoder that ships (`meaning`) or by a model that a person brought
   * (`joint`), or of a sound by the encoder that ships.
   */
  readonly vectors: 'meaning' | 'joint' | 'sound'
  readonly lambda: number
  readonly statistics: RidgeStatistics
  /** Rows with an intercept. */
  readonly probe: Matrix
  /** Ascending gains of simulated bundles: what a gain is worth. */
  readonly gainQuantiles: readonly number[]
  /** What a sample more does to the score, to first order (task-influence.ts); null in a pack of version 1, as the sketch is. */
  readonly influence: Matrix | null
  /** What the lab has already. */
  readonly sketch: ReferenceSketch | null
}

/** To tell classes from one another; judged by a smooth accuracy. */
export interface ClassTask extends TaskOfAnyKind {
  readonly kind: 'classes'
  readonly classNames: readonly string[]
  readonly probeLabels: Int32Array
}

/** To say what a picture shows; judged by the mean cosine between what a model says and what its caption says. */
export interface CaptionTask extends TaskOfAnyKind {
  readonly kind: 'captions'
  /** The vectors of the probe's captions, by the sentence encoder that goes with `vectors`. */
  readonly probeCaptions: Matrix
}

export type PackTask = ClassTask | CaptionTask

export interface LabelledVectors {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
}

export interface CaptionedVectors {
  readonly x: readonly (readonly number[])[]
  /** The vector of the words that belong to each. */
  readonly said: readonly ArrayLike<number>[]
}

/** What can teach a task. */
export type SamplesOf<T extends PackTask> = T extends ClassTask ? LabelledVectors : CaptionedVectors

/** The score on the probe of the task's model, as it is or with more samples. */
function worthOf(task: PackTask, statistics: RidgeStatistics): number {
  const weights = ridgeWeights(statistics, task.lambda)
  if (task.kind === 'captions') return meanOfValues(cosines(weights, task.probe, task.probeCaptions))
  const rows = task.probe.rows
  const judging = { y: task.probeLabels, weights: new Float64Array(rows).fill(1 / rows) }
  return ridgeWorth(weights, task.probe, judging)
}

const worthBefore = new WeakMap<PackTask, number>()

/** What a model is to say of each sample, as rows of numbers. */
function targetsOf(task: PackTask, samples: LabelledVectors | CaptionedVectors): Matrix {
  if (task.kind === 'classes' && 'y' in samples) return oneHot(Int32Array.from(samples.y), task.classNames.length)
  if (task.kind === 'captions' && 'said' in samples)
    return matrixFromRows(
      samples.said.map((row) => Array.from(row)),
      task.probeCaptions.columns,
    )
  throw new RangeError(`samples that cannot teach a task of ${task.kind}`)
}

/** How much samples raise the score on the probe; 0 for none. */
export function taskGain<T extends PackTask>(task: T, samples: SamplesOf<T>): number {
  if (samples.x.length === 0) return 0
  const before = worthBefore.get(task) ?? worthOf(task, task.statistics)
  worthBefore.set(task, before)
  const phi = withIntercept(matrixFromRows(samples.x, task.dimension))
  const added = statisticsOf(phi, targetsOf(task, samples))
  return worthOf(task, combineStatistics(task.statistics, added)) - before
}

/** One star of five: the most that harm can be given. */
const MOST_WHEN_HARMFUL = 0.2

/** The share of simulated bundles that brought less, 0..1; at most a fifth where the gain is none. */
export function gainPercentile(task: PackTask, gain: number): number {
  const percentile = percentileUnderTable(task.gainQuantiles, gain)
  return gain > 0 ? percentile : Math.min(percentile, MOST_WHEN_HARMFUL)
}
