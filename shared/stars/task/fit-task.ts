/** Makes a task of labelled vectors: splits them, simulates what creators would bring, and measures how well it predicts. */
import type { Matrix } from '../algebra/dense.ts'
import { pickRows, zeros } from '../algebra/dense.ts'
import { AsterismError } from '../../errors.ts'
import { say } from '../../sayings/saying.ts'
import { logisticAccuracy, trainLogistic } from '../value/logistic.ts'
import { quantileTable } from '../value/ranks.ts'
import { statisticsOf } from '../value/ridge.ts'
import { joinSets, judge, oneHot, withIntercept } from '../world/judging-set.ts'
import type { LabelledSet } from '../world/parse-world.ts'
import { LONGEST_ROW, prepareWorld } from '../world/prepare-world.ts'
import { costOfTraining } from '../world/work-budget.ts'
import { heldOut, honestHalfWidth } from './held-out.ts'
import type { ClassTask } from './pack-task.ts'
import { taskGain } from './pack-task.ts'
import { sketchReference } from './reference-sketch.ts'
import { taskInfluence } from './task-influence.ts'
import type { FittedTask } from './task-parts.ts'
import {
  affordableBundles,
  BUDGET,
  BUNDLES,
  creatorStream,
  drawSize,
  drawWrongShare,
  halfWidthOf,
  taskParts,
} from './task-parts.ts'

const FEWEST_OF_A_CLASS = 4
const LAMBDA = 1
const TRAINING = { penalty: 1, maximumIterations: 60, tolerance: 1e-4 }
const FEWEST_STEPS = 12
const FEWEST_RETRAINED = 200

/** So many steps, over so many rows of the reference, that large tasks end as well: steps are saved first, then rows. */
function affordable(rows: number, columns: number, classes: number): { steps: number; rows: number } {
  const perRow = costOfTraining(columns, classes) * (BUNDLES.most + 2)
  const steps = Math.min(TRAINING.maximumIterations, Math.max(FEWEST_STEPS, Math.floor(BUDGET / (perRow * rows))))
  return { steps, rows: Math.min(rows, Math.max(FEWEST_RETRAINED, Math.floor(BUDGET / (perRow * steps)))) }
}

interface Parts {
  readonly dimension: number
  readonly reference: LabelledSet
  readonly probe: LabelledSet
  readonly bundles: readonly LabelledSet[]
}

/** Parts with rows of at most LONGEST_ROW numbers; shorter ones stay as they are. */
function onShortRows(parts: Parts): Parts {
  return parts.dimension > LONGEST_ROW ? prepareWorld(parts) : parts
}

function allTheSame({ x }: LabelledSet): boolean {
  return x.data.every((value, at) => value === x.data[at % x.columns])
}

/** How often one is right who always says what is commonest in another set. */
function shareOfCommonest({ y }: LabelledSet, judged: LabelledSet): number {
  const counts = new Map<number, number>()
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1)
  const [commonest] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))
  return judged.y.filter((label) => label === commonest).length / judged.y.length
}

function rowsOf(set: LabelledSet, rows: readonly number[]): LabelledSet {
  return { x: pickRows(set.x, rows), y: Int32Array.from(rows, (row) => set.y[row]) }
}

function simulatedBundles(market: LabelledSet, classes: number, count: number): LabelledSet[] {
  const random = creatorStream()
  return Array.from({ length: count }, () => {
    const size = drawSize(random)
    const wanted = new Set(Array.from({ length: 1 + random.below(3) }, () => market.y[random.below(market.y.length)]))
    const wrong = drawWrongShare(random)
    const from = Array.from(market.y.keys()).filter((row) => wanted.has(market.y[row]))
    const rows = Array.from({ length: size }, () => from[random.below(from.length)])
    const bundle = rowsOf(market, rows)
    const y = bundle.y.map((label) =>
      random.next() < wrong ? (label + 1 + random.below(classes - 1)) % classes : label,
    )
    return { x: bundle.x, y }
  })
}

function vectorsOf({ x, y }: LabelledSet): { x: number[][]; y: number[] } {
  const row = (n: number): number[] => Array.from(x.data.subarray(n * x.columns, (n + 1) * x.columns))
  return { x: Array.from({ length: x.rows }, (_, n) => row(n)), y: Array.from(y) }
}

/**
 * A task that asks for classes.
 *
 * @throws AsterismError `bad_input` for fewer than 40 samples, or than four of a class, or samples that are all the same.
 */
export function fitTask(id: string, classNames: readonly string[], samples: LabelledSet): FittedTask<ClassTask> {
  const count = samples.y.length
  const parts = taskParts(count)
  classNames.forEach((name, at) => {
    const own = samples.y.filter((label) => label === at).length
    if (own < FEWEST_OF_A_CLASS)
      throw new AsterismError('bad_input', say('packBuild.smallClass', { name, own, least: FEWEST_OF_A_CLASS }))
  })
  if (allTheSame(samples)) throw new AsterismError('bad_input', say('packBuild.oneRow'))
  const [reference, market, test] = [parts.reference, parts.market, parts.test].map((rows) => rowsOf(samples, rows))
  const probe = rowsOf(samples, parts.probe)
  const classes = classNames.length
  const bare: ClassTask = {
    kind: 'classes',
    id,
    title: id,
    classNames,
    dimension: samples.x.columns,
    vectors: 'meaning',
    lambda: LAMBDA,
    statistics: statisticsOf(withIntercept(reference.x), oneHot(reference.y, classes)),
    probe: withIntercept(probe.x),
    probeLabels: probe.y,
    gainQuantiles: [],
    influence: null,
    sketch: sketchReference(reference, market.x),
  }
  const bundles = simulatedBundles(market, classes, affordableBundles(samples.x.columns, classes, probe.y.length))
  const predicted = bundles.map((bundle) => taskGain(bare, vectorsOf(bundle)))
  // Models are retrained on the leading axes of long rows, as those of a world are.
  const turned = onShortRows({ dimension: samples.x.columns, reference, probe: test, bundles: [market, ...bundles] })
  const [marketTurned, ...bundlesTurned] = turned.bundles
  const work = affordable(reference.y.length, turned.dimension, classes)
  const training = { ...TRAINING, maximumIterations: work.steps }
  const retrainedOn = rowsOf(
    turned.reference,
    Array.from({ length: work.rows }, (_, row) => row),
  )
  const start = trainLogistic(retrainedOn.x, retrainedOn.y, classes, training)
  const judging = { ...turned.probe, weights: new Float64Array(test.y.length).fill(1 / test.y.length) }
  const certainBefore = new Float64Array(test.y.length)
  const before = judge(start, judging, certainBefore).certainty
  const retrained = (sets: readonly LabelledSet[]): Matrix => {
    const joined = joinSets([retrainedOn, ...sets], turned.dimension)
    return trainLogistic(joined.x, joined.y, classes, training, start)
  }
  const bySample = zeros(bundles.length, test.y.length)
  const measured = bundlesTurned.map((bundle, at) => {
    const row = bySample.data.subarray(at * bySample.columns, (at + 1) * bySample.columns)
    const gain = judge(retrained([bundle]), judging, row).certainty - before
    certainBefore.forEach((certain, sample) => (row[sample] -= certain))
    return gain
  })
  const told = heldOut(predicted, bySample, shareOfCommonest(reference, test))
  const halfWidth = honestHalfWidth(halfWidthOf(predicted, measured), told)
  const scores = {
    base: logisticAccuracy(start, judging.x, test.y),
    current: logisticAccuracy(retrained([marketTurned]), judging.x, test.y),
  }
  return {
    task: { ...bare, gainQuantiles: quantileTable(predicted, 41), influence: taskInfluence(bare) },
    halfWidth,
    scores,
    heldOut: told,
    figures: {
      accuracy_base: scores.base,
      accuracy_current: scores.current,
      accuracy_chance: told.chance,
      spearman_gain: told.spearman,
      spearman_gain_low: told.spearmanLow,
      half_width_stars: halfWidth,
      samples: count,
    },
  }
}
