/**
 * Makes a task of pictures with captions: what a lab's model is to say is the vector of the words, and simulated creators
 * bring pictures that are alike, some with the words of others. Truth is what random Fourier features (another kind of model
 * than the task's own, several draws of it) gain on pairs that neither has seen.
 */
import type { Matrix } from '../algebra/dense.ts'
import { matrixFromRows, pickRows, rowOf, zeros } from '../algebra/dense.ts'
import { AsterismError } from '../../errors.ts'
import { say } from '../../sayings/saying.ts'
import { quantileTable } from '../value/ranks.ts'
import type { RidgeStatistics } from '../value/ridge.ts'
import { combineStatistics, ridgeWeights, statisticsOf } from '../value/ridge.ts'
import { withIntercept } from '../world/judging-set.ts'
import type { PairedModel } from '../world/paired-model.ts'
import { cosines, fourierModel, meanOfValues, pickPairs, preparePairedWorld } from '../world/paired-model.ts'
import type { PairedSet, PairedWorld } from '../world/parse-world.ts'
import { heldOut, honestHalfWidth } from './held-out.ts'
import type { CaptionTask } from './pack-task.ts'
import { taskGain } from './pack-task.ts'
import { sketchReference } from './reference-sketch.ts'
import { taskInfluence } from './task-influence.ts'
import type { FittedTask } from './task-parts.ts'
import { affordableBundles, creatorStream, drawSize, drawWrongShare, halfWidthOf, taskParts } from './task-parts.ts'

/** In mean squared lengths of a row: so penalties mean the same for every encoder. */
const LAMBDAS = [0.3, 1, 3, 10, 30]
/** Models of the truth differ in their draw more than creators do from one another. */
const DRAWS = 6

/** Rows of a market for each simulated creator: those most like one of them, some with the words of another row. */
function simulatedRows(market: PairedSet, count: number): { seen: number[]; said: number[] }[] {
  const random = creatorStream()
  const rows = Array.from({ length: market.x.rows }, (_, row) => row)
  return Array.from({ length: count }, () => {
    const size = Math.min(rows.length, drawSize(random))
    const centre = rowOf(market.x, random.below(rows.length))
    const distance = (row: number): number =>
      rowOf(market.x, row).reduce((sum, value, j) => sum + (value - centre[j]) ** 2, 0)
    // Half of the nearest, so that creators of one subject are not one creator.
    const near = rows
      .map((row) => ({ row, from: distance(row) }))
      .sort((a, b) => a.from - b.from || a.row - b.row)
      .slice(0, 2 * size)
    const order = random.permutation(near.length)
    const seen = Array.from(order.subarray(0, size), (at) => near[at].row)
    const wrong = drawWrongShare(random)
    return { seen, said: seen.map((row) => (random.next() < wrong ? random.below(rows.length) : row)) }
  })
}

/** The penalty under which the reference says most of the market. */
function bestLambda(statistics: RidgeStatistics, { x, y }: PairedSet, unit: number): number {
  const phi = withIntercept(x)
  const worth = (lambda: number): number => meanOfValues(cosines(ridgeWeights(statistics, lambda), phi, y))
  const worths = LAMBDAS.map((factor) => worth(factor * unit))
  return LAMBDAS[worths.indexOf(Math.max(...worths))] * unit
}

function meanSquare({ data, rows }: Matrix): number {
  return data.reduce((sum, value) => sum + value * value, 0) / rows
}

/** The score of one who says the mean caption of a set of every picture of another. */
function cosineOfTheMean({ y }: PairedSet, judged: PairedSet): number {
  const mean = new Float64Array(y.columns)
  y.data.forEach((value, at) => (mean[at % y.columns] += value / y.rows))
  const always = { rows: judged.y.rows, columns: 1, data: new Float64Array(judged.y.rows).fill(1) }
  return meanOfValues(cosines(matrixFromRows([Array.from(mean)]), always, judged.y))
}

/** What each bundle, and all of the market, adds to the reference under one model of the truth, sample by sample. */
function measureGains(
  model: PairedModel,
  world: PairedWorld,
  market: PairedSet,
): { base: Float64Array; gains: Float64Array[] } {
  const phi = model.features(world.probe.x)
  const score = (statistics: RidgeStatistics): Float64Array =>
    cosines(ridgeWeights(statistics, model.lambda), phi, world.probe.y)
  const own = ({ x, y }: PairedSet): RidgeStatistics => statisticsOf(model.features(x), y)
  const base = own(world.reference)
  const before = score(base)
  const gains = [market, ...world.bundles].map((set) =>
    score(combineStatistics(base, own(set))).map((cosine, sample) => cosine - before[sample]),
  )
  return { base: before, gains }
}

/**
 * A task that asks for words.
 *
 * @param samples Rows of pictures and, row by row, the vectors of their captions.
 * @throws AsterismError `bad_input` for fewer than 40 samples, or where all pictures or all captions are the same.
 */
export function fitCaptionTask(id: string, samples: PairedSet): FittedTask<CaptionTask> {
  const parts = taskParts(samples.x.rows)
  for (const [why, { data, columns }] of [
    [say('packBuild.samePictures'), samples.x],
    [say('packBuild.sameCaptions'), samples.y],
  ] as const) {
    if (data.every((value, at) => value === data[at % columns])) throw new AsterismError('bad_input', why)
  }
  const [reference, market, probe, test] = [parts.reference, parts.market, parts.probe, parts.test].map((rows) =>
    pickPairs(samples, rows),
  )
  const statistics = statisticsOf(withIntercept(reference.x), reference.y)
  const bare: CaptionTask = {
    kind: 'captions',
    id,
    title: id,
    dimension: samples.x.columns,
    vectors: 'meaning',
    lambda: bestLambda(statistics, market, meanSquare(reference.x) || 1),
    statistics,
    probe: withIntercept(probe.x),
    probeCaptions: probe.y,
    gainQuantiles: [],
    influence: null,
    sketch: sketchReference({ x: reference.x }, market.x),
  }
  const count = affordableBundles(samples.x.columns, samples.y.columns, probe.x.rows)
  const drawn = simulatedRows(market, count)
  const bundles = drawn.map(({ seen, said }, at) => ({
    id: String(at),
    x: pickRows(market.x, seen),
    y: pickRows(market.y, said),
  }))
  const rows = ({ data, columns }: Matrix): number[][] =>
    Array.from({ length: data.length / columns }, (_, n) => Array.from(data.subarray(n * columns, (n + 1) * columns)))
  const predicted = bundles.map(({ x, y }) => taskGain(bare, { x: rows(x), said: rows(y) }))
  const world: PairedWorld = preparePairedWorld({
    name: id,
    dimension: samples.x.columns,
    targetDimension: samples.y.columns,
    reference,
    probe: test,
    bundles: [{ id: 'market', ...market }, ...bundles],
  })
  const [marketTurned, ...bundlesTurned] = world.bundles
  const turned = { ...world, bundles: bundlesTurned }
  const truths = Array.from({ length: DRAWS }, (_, draw) =>
    measureGains(fourierModel(turned, draw), turned, marketTurned),
  )
  const bySample = zeros(bundles.length, test.x.rows)
  for (const { gains } of truths)
    gains.slice(1).forEach((row, at) => {
      row.forEach((gain, sample) => (bySample.data[at * bySample.columns + sample] += gain / DRAWS))
    })
  const measured = bundles.map((_, at) => meanOfValues(rowOf(bySample, at)))
  const told = heldOut(predicted, bySample, cosineOfTheMean(reference, test))
  const halfWidth = honestHalfWidth(halfWidthOf(predicted, measured), told)
  const mean = (of: (truth: (typeof truths)[number]) => Float64Array): number =>
    truths.reduce((sum, truth) => sum + meanOfValues(of(truth)), 0) / DRAWS
  const base = mean((truth) => truth.base)
  const scores = { base, current: base + mean(({ gains }) => gains[0]) }
  return {
    task: { ...bare, gainQuantiles: quantileTable(predicted, 41), influence: taskInfluence(bare) },
    halfWidth,
    scores,
    heldOut: told,
    figures: {
      cosine_base: scores.base,
      cosine_current: scores.current,
      cosine_chance: told.chance,
      spearman_gain: told.spearman,
      spearman_gain_low: told.spearmanLow,
      half_width_stars: halfWidth,
      samples: samples.x.rows,
    },
  }
}
