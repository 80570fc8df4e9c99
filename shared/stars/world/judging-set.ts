/**
 * What models are judged on inside a world: the probe, joined by the reference where that is of its kind and is not trained on, with
 * weights that keep the probe's class mix. More judged samples mean less noise in every measured gain.
 */
import type { Matrix } from '../algebra/dense.ts'
import { pickRows, stackRows } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import type { LogisticWeights } from '../value/logistic.ts'
import { predictLogistic } from '../value/logistic.ts'
import type { LabelledSet, World } from './parse-world.ts'
import { isShifted } from './shift.ts'

export interface JudgingSet extends LabelledSet {
  /** One a row, adding up to 1. */
  readonly weights: Float64Array
}

/** Beyond this more rows cost time and settle nothing. */
const MOST_ROWS = 1000
const THINNING_SEED = 7

function thinned(set: LabelledSet, most: number): LabelledSet {
  if (set.x.rows <= most) return set
  const rows = Array.from(randomStream(THINNING_SEED).permutation(set.x.rows).subarray(0, most)).sort((a, b) => a - b)
  return { x: pickRows(set.x, rows), y: Int32Array.from(rows, (row) => set.y[row]) }
}

/** The probe alone, every row alike: for models that are trained on the reference. */
export function probeSet(world: World): JudgingSet {
  const set = thinned(world.probe, MOST_ROWS)
  return { ...set, weights: new Float64Array(set.x.rows).fill(1 / set.x.rows) }
}

/** Probe and reference, weighted to the class mix of the probe; the probe alone where the reference is of another kind. */
export function probeAndReference(world: World): JudgingSet {
  if (isShifted(world)) return probeSet(world)
  const probe = thinned(world.probe, MOST_ROWS)
  const reference = thinned(world.reference, MOST_ROWS)
  const y = Int32Array.from([...probe.y, ...reference.y])
  const wanted = new Float64Array(world.classes)
  const present = new Float64Array(world.classes)
  for (const label of probe.y) wanted[label]++
  for (const label of y) present[label]++
  // Half a sample each keeps a class that the probe happens to lack from weighing nothing or everything.
  const raw = Float64Array.from(y, (label) => (wanted[label] + 0.5) / (present[label] + 0.5))
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  return { x: stackRows([probe.x, reference.x], world.dimension), y, weights: raw.map((weight) => weight / total) }
}

export interface Judgement {
  /** Weighted share of rows whose likeliest class is right. */
  readonly accuracy: number
  /** Weighted mean probability of the right class: accuracy without its jumps. */
  readonly certainty: number
}

/** Judges a model; `perRow`, where given, receives the probability of the right class of every row. */
export function judge(weights: LogisticWeights, set: JudgingSet, perRow?: Float64Array): Judgement {
  const classes = weights.rows
  const { data } = predictLogistic(weights, set.x)
  let accuracy = 0
  let certainty = 0
  for (let n = 0; n < set.x.rows; n++) {
    const at = n * classes
    let best = 0
    for (let c = 1; c < classes; c++) if (data[at + c] > data[at + best]) best = c
    if (best === set.y[n]) accuracy += set.weights[n]
    certainty += set.weights[n] * data[at + set.y[n]]
    if (perRow) perRow[n] = data[at + set.y[n]]
  }
  return { accuracy, certainty }
}

/** Rows of several sets below one another. */
export function joinSets(sets: readonly LabelledSet[], dimension: number): LabelledSet {
  const y = new Int32Array(sets.reduce((sum, set) => sum + set.y.length, 0))
  let at = 0
  for (const set of sets) {
    y.set(set.y, at)
    at += set.y.length
  }
  return {
    x: stackRows(
      sets.map((set) => set.x),
      dimension,
    ),
    y,
  }
}

/** One-hot rows of labels. */
export function oneHot(labels: Int32Array, classes: number): Matrix {
  const data = new Float64Array(labels.length * classes)
  labels.forEach((label, row) => {
    data[row * classes + label] = 1
  })
  return { rows: labels.length, columns: classes, data }
}

/** Rows with a 1 appended, for an intercept. */
export function withIntercept(x: Matrix): Matrix {
  const columns = x.columns + 1
  const data = new Float64Array(x.rows * columns).fill(1)
  for (let n = 0; n < x.rows; n++) data.set(x.data.subarray(n * x.columns, (n + 1) * x.columns), n * columns)
  return { rows: x.rows, columns, data }
}
