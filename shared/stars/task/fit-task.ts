/** Makes a task of labelled vectors: splits them, simulates what creators would bring, and measures how well it predicts. */
import type { Matrix } from '../algebra/dense.ts'
import { pickRows } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import { AsterismError } from '../../errors.ts'
import { conformalHalfWidth } from '../value/conformal.ts'
import { logisticAccuracy, trainLogistic } from '../value/logistic.ts'
import { percentiles, quantileTable, spearman } from '../value/ranks.ts'
import { statisticsOf } from '../value/ridge.ts'
import { joinSets, judge, oneHot, withIntercept } from '../world/judging-set.ts'
import type { LabelledSet } from '../world/parse-world.ts'
import { LONGEST_ROW, prepareWorld } from '../world/prepare-world.ts'
import type { PackTask } from './pack-task.ts'
import { taskGain } from './pack-task.ts'

export interface FittedTask {
  readonly task: PackTask
  /** Half of the 80 % interval, stars: split-conformal, from models really retrained and judged on held-out samples. */
  readonly halfWidth: number
  readonly figures: {
    /** Accuracy of the reference's model on held-out samples, before any bundle and with all of them. */
    readonly accuracy_base: number
    readonly accuracy_current: number
    /** Rank correlation of the predicted with the measured gain. */
    readonly spearman_gain: number
    readonly half_width_stars: number
    readonly samples: number
  }
}

const FEWEST_SAMPLES = 40
const FEWEST_OF_A_CLASS = 4
/** Fewer where refitting one costs much: then the interval rests on less. */
const BUNDLES = { most: 60, least: 20 }
const SIZES = { least: 4, most: 40 }
const WRONG_LABELS = [0, 0, 0, 0.3, 0.6]
const LAMBDA = 1
const MOST_PROBE = 500
const SEED = 2026
const TRAINING = { penalty: 1, maximumIterations: 60, tolerance: 1e-4 }
/** Multiplications that all retraining together, and all refitting, may cost: some twenty seconds each. */
const BUDGET = 2e10
const FEWEST_STEPS = 12
const FEWEST_RETRAINED = 200

/** How many bundles can be refitted exactly: each costs a factorisation, its solution, and a look at the probe. */
function affordableBundles(columns: number, classes: number, probe: number): number {
  const p = columns + 1
  const costOfOne = p * p * (p / 6 + classes) + probe * p * classes
  return Math.min(BUNDLES.most, Math.max(BUNDLES.least, Math.floor(BUDGET / costOfOne)))
}

/** Of the probability of one class in one row, beside the products that it takes: an exponential and its share of two passes. */
const COST_OF_CLASS = 24

/** So many steps, over so many rows of the reference, that large tasks end as well: steps are saved first, then rows. */
function affordable(rows: number, columns: number, classes: number): { steps: number; rows: number } {
  const perRow = (2 * columns + COST_OF_CLASS) * classes * (BUNDLES.most + 2)
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

function rowsOf(set: LabelledSet, rows: readonly number[]): LabelledSet {
  return { x: pickRows(set.x, rows), y: Int32Array.from(rows, (row) => set.y[row]) }
}

function simulatedBundles(market: LabelledSet, classes: number, count: number): LabelledSet[] {
  const random = randomStream(SEED + 1)
  return Array.from({ length: count }, () => {
    const size = Math.round(SIZES.least * Math.exp(Math.log(SIZES.most / SIZES.least) * random.next()))
    const wanted = new Set(Array.from({ length: 1 + random.below(3) }, () => market.y[random.below(market.y.length)]))
    const wrong = WRONG_LABELS[random.below(WRONG_LABELS.length)]
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
 * Four parts of the samples: two fifths are what the lab has, a fifth is the market, a fifth the probe, a fifth judges.
 *
 * @throws AsterismError `bad_input` for fewer than 40 samples, or than four of a class, or samples that are all the same.
 */
export function fitTask(id: string, classNames: readonly string[], samples: LabelledSet): FittedTask {
  const count = samples.y.length
  if (count < FEWEST_SAMPLES)
    throw new AsterismError(
      'bad_input',
      `${count} samples are too few for a task: at least ${FEWEST_SAMPLES} are needed.`,
    )
  classNames.forEach((name, at) => {
    const own = samples.y.filter((label) => label === at).length
    if (own < FEWEST_OF_A_CLASS)
      throw new AsterismError(
        'bad_input',
        `The class "${name}" has ${own} samples; at least ${FEWEST_OF_A_CLASS} are needed.`,
      )
  })
  if (allTheSame(samples))
    throw new AsterismError(
      'bad_input',
      'All samples are the same row: no model can tell their classes from one another.',
    )
  const order = Array.from(randomStream(SEED).permutation(count))
  const part = (from: number, to: number): LabelledSet =>
    rowsOf(samples, order.slice(Math.round(from * count), Math.round(to * count)))
  const [reference, market, test] = [part(0, 0.4), part(0.4, 0.6), part(0.8, 1)]
  const probe = rowsOf(samples, order.slice(Math.round(0.6 * count), Math.round(0.8 * count)).slice(0, MOST_PROBE))
  const classes = classNames.length
  const bare: PackTask = {
    id,
    classNames,
    dimension: samples.x.columns,
    vectors: 'meaning',
    lambda: LAMBDA,
    statistics: statisticsOf(withIntercept(reference.x), oneHot(reference.y, classes)),
    probe: withIntercept(probe.x),
    probeLabels: probe.y,
    gainQuantiles: [],
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
  const before = judge(start, judging).certainty
  const retrained = (sets: readonly LabelledSet[]): Matrix => {
    const joined = joinSets([retrainedOn, ...sets], turned.dimension)
    return trainLogistic(joined.x, joined.y, classes, training, start)
  }
  const measured = bundlesTurned.map((bundle) => judge(retrained([bundle]), judging).certainty - before)
  const [own, truth] = [percentiles(predicted), percentiles(measured)]
  const halfWidth = conformalHalfWidth(
    Array.from(own, (value, at) => 5 * Math.abs(value - truth[at])),
    0.8,
  )
  return {
    task: { ...bare, gainQuantiles: quantileTable(predicted, 41) },
    halfWidth,
    figures: {
      accuracy_base: logisticAccuracy(start, judging.x, test.y),
      accuracy_current: logisticAccuracy(retrained([marketTurned]), judging.x, test.y),
      spearman_gain: spearman(predicted, measured),
      half_width_stars: halfWidth,
      samples: count,
    },
  }
}
