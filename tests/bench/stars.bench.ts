/**
 * How well stars rank works, against truth from really retrained models, beside simpler predictors; and how fast.
 * `stars:speed` asks only how fast, `stars:live` only of worlds whose models are retrained now. Otherwise also the standard
 * worlds (tests/fixtures/stars/standard-worlds.ts), digits of ../shared/data/worlds beside the repository where they are
 * there, and the folder in ASTERISM_STARS_WORLDS, made by make-worlds.ts or make-pairs-worlds.ts.
 */
import { join } from 'node:path'
import { knnShapleyInWorkers } from '../../electron/engine/stars/compute.ts'
import { randomStream } from '../../shared/stars/algebra/random.ts'
import type { KnnShapleyProblem } from '../../shared/stars/value/knn-shapley.ts'
import { knnShapley } from '../../shared/stars/value/knn-shapley.ts'
import type { MeasuredWorld } from '../../shared/stars/world/calibration.ts'
import { judgeAcrossDatasets, meanFigures } from '../../shared/stars/world/judge-calibration.ts'
import { isPaired, parseWorld } from '../../shared/stars/world/parse-world.ts'
import { madeUpConcepts } from '../fixtures/stars/made-up-concepts.ts'
import type { WorldWithTruth } from '../fixtures/stars/measured-worlds.ts'
import { measureWorld, readWorlds } from '../fixtures/stars/measured-worlds.ts'
import { makePairsWorld, type PairsRecipe } from '../fixtures/stars/pairs-recipe.ts'
import { lackingPictures, recomputedWorld, standardPairs, standardWorlds } from '../fixtures/stars/standard-worlds.ts'
import type { Print } from './stars-figures.ts'
import {
  keptOrMissed,
  mean,
  printFigures,
  printHead,
  printRivals,
  printWorlds,
  PROMISED_OF_CLASSES,
  PROMISED_OF_PAIRS,
} from './stars-figures.ts'

/**
 * Pictures and words that are made up, with a truth from models refitted now. With 24 orders behind it, as it was first, its
 * halves agreed to 0.50 and 0.68 only: what was judged then was mostly the toss of the truth.
 */
function livePairs(): WorldWithTruth[] {
  const recipe: PairsRecipe = {
    creators: 40,
    smallest: 5,
    largest: 30,
    referenceCount: 60,
    probeCount: 240,
    testCount: 300,
    mismatches: [0, 0, 0.3, 0.6, 1],
    permutationPairs: 6,
    baseResamples: 8,
    refits: 24,
  }
  return [21, 22].map((seed) => {
    const { world, truth } = makePairsWorld(`live-pairs-${seed}`, madeUpConcepts(1500, seed), recipe, seed)
    return { ...truth, dataset: 'live', world: parseWorld(world) }
  })
}

/** The textbook loop: distances one pair at a time, an ordinary sort, the recursion. */
function plainKnnShapley({ dimension, points, probes, k, targets }: KnnShapleyProblem): Float64Array {
  if (targets.kind !== 'classes') throw new RangeError('classes expected')
  const n = points.length / dimension
  const count = probes.length / dimension
  const values = new Float64Array(n)
  for (let probe = 0; probe < count; probe++) {
    const near = Array.from({ length: n }, (_, i) => {
      let square = 0
      for (let j = 0; j < dimension; j++) square += (points[i * dimension + j] - probes[probe * dimension + j]) ** 2
      return { i, square }
    }).sort((a, b) => a.square - b.square)
    const useful = (at: number): number => (targets.points[near[at].i] === targets.probes[probe] ? 1 : 0)
    let value = (useful(n - 1) * Math.min(k, n)) / n / k
    values[near[n - 1].i] += value / count
    for (let at = n - 2; at >= 0; at--) {
      value += (((useful(at) - useful(at + 1)) / k) * Math.min(k, at + 1)) / (at + 1)
      values[near[at].i] += value / count
    }
  }
  return values
}

interface Spent {
  readonly wallS: number
  readonly cpuS: number
}

async function benchSpeed(print: Print): Promise<void> {
  const [n, v, d] = [10_000, 500, 256]
  const random = randomStream(1)
  const rows = (count: number): Float64Array => Float64Array.from({ length: count * d }, () => random.normal())
  const labels = (count: number): Int32Array => Int32Array.from({ length: count }, () => random.below(10))
  const problem: KnnShapleyProblem = {
    dimension: d,
    points: rows(n),
    probes: rows(v),
    k: 5,
    targets: { kind: 'classes', points: labels(n), probes: labels(v) },
  }
  const timed = async (work: () => Float64Array | Promise<Float64Array>): Promise<[Spent, Float64Array]> => {
    const [start, before] = [performance.now(), process.cpuUsage()]
    const values = await work()
    const { user, system } = process.cpuUsage(before)
    return [{ wallS: (performance.now() - start) / 1000, cpuS: (user + system) / 1e6 }, values]
  }
  const [plain, expected] = await timed(() => plainKnnShapley(problem))
  const [own, values] = await timed(() => knnShapley(problem))
  const { signal } = new AbortController()
  const [spread] = await timed(() => knnShapleyInWorkers(problem, { signal, workers: 2 }))
  const error = values.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0)
  print(`KNN-Shapley ${n} x ${v} x ${d}; largest difference to the plain loop ${error.toExponential(1)}`)
  for (const [name, spent] of [
    ['plain loop', plain],
    ['one thread', own],
    ['two threads', spread],
  ] as const) {
    const ratio = plain.wallS / spent.wallS
    print(
      `  ${name.padEnd(22)}${spent.wallS.toFixed(2)} s, processors ${spent.cpuS.toFixed(2)} s, ${ratio.toFixed(1)} x the plain loop`,
    )
  }
  print(`  ${keptOrMissed(spread.wallS < 1.5)}: under 1.5 s on two threads`)
}

/** Every data set judged by a calibration that was fitted on the others, and all of them together. */
function printAcross(worlds: readonly MeasuredWorld[], print: Print): void {
  const datasets = new Set(worlds.map((world) => world.dataset))
  if (datasets.size < 2) return
  printHead(`Every data set judged by a calibration that was fitted on the others (${worlds.length} worlds)`, print)
  printRivals(worlds, print)
  const judged = judgeAcrossDatasets(worlds)
  for (const { dataset, worlds: count, figures } of judged) {
    printFigures(`${dataset} (${count})`, figures, PROMISED_OF_CLASSES, print)
  }
  printFigures('across data sets', meanFigures(judged.map(({ figures }) => figures)), PROMISED_OF_CLASSES, print)
}

/** How well models agree that differ in their draw alone: nobody who predicts one of them does better on the mean. */
function printCeiling(worlds: readonly WorldWithTruth[], print: Print): void {
  const known = worlds.flatMap(({ reliability }) => (reliability ? [reliability] : []))
  if (known.length === 0) return
  const line = (what: 'halves' | 'single'): string =>
    `A ${mean(known.map(({ shapley }) => shapley[what])).toFixed(3)}, B ${mean(known.map(({ gain }) => gain[what])).toFixed(3)}`
  print(
    `  The truth itself: one refitted model against the mean of the others ${line('single')}; halves ${line('halves')}`,
  )
}

function printPairs(title: string, worlds: readonly WorldWithTruth[], print: Print): void {
  printWorlds(title, worlds.map(measureWorld), PROMISED_OF_PAIRS, print)
  printCeiling(worlds, print)
}

function printLive(print: Print): void {
  const live = (['small', 'live-11', 'live-12'] as const).map(recomputedWorld)
  print(`The truth of ${live.map(({ name }) => name).join(', ')}, measured anew, is the one that is kept.`)
  const large = live.filter(({ name }) => name !== 'small').map(measureWorld)
  printWorlds('Of made-up classes, retrained now: never part of the calibration', large, PROMISED_OF_CLASSES, print)
  printPairs('Pairs made here and now, their truth refitted now', livePairs(), print)
}

async function printStandard(print: Print): Promise<void> {
  const digits = readWorlds(join(import.meta.dirname, '../../../shared/data/worlds'))
  if (digits.length === 0) print('No worlds of digits: ../shared/data/worlds is not beside the repository.')
  const lacking = lackingPictures()
  if (lacking) print(lacking)
  printAcross([...digits, ...(lacking ? [] : await standardWorlds())].map(measureWorld), print)
  if (!lacking) printPairs('Pairs: the mix was fitted on classes and saw none', await standardPairs(), print)
}

/** Worlds of a folder that the calibration may have seen. */
function printGiven(folder: string, print: Print): void {
  const given = readWorlds(folder)
  const classes = given.filter(({ world }) => !isPaired(world)).map(measureWorld)
  if (classes.length > 0) printWorlds(`Classes of ${folder}`, classes, PROMISED_OF_CLASSES, print)
  const paired = given.filter(({ world }) => isPaired(world))
  for (const dataset of new Set(paired.map((each) => each.dataset))) {
    const own = paired.filter((each) => each.dataset === dataset)
    printPairs(`Pairs of ${dataset} in ${folder}`, own, print)
  }
}

export async function run(print: Print, parts: readonly string[]): Promise<void> {
  const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part)
  if (wanted('speed')) await benchSpeed(print)
  if (wanted('live')) printLive(print)
  if (wanted('standard')) await printStandard(print)
  const folder = process.env['ASTERISM_STARS_WORLDS']
  if (wanted('given') && folder) printGiven(folder, print)
}
