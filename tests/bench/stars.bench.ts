/**
 * How well stars rank works, against truth from really retrained models, beside simpler predictors; and how fast.
 * Worlds: ../shared/data/worlds beside the repository where it is there (part of the calibration: shown as such), the folder
 * in ASTERISM_STARS_WORLDS (made by tests/fixtures/stars/make-worlds.ts), and worlds made here and now. `stars:speed` asks
 * only how fast.
 */
import { join } from 'node:path'
import { builtInCalibration } from '../../electron/engine/stars/built-in-pack.ts'
import { knnShapleyInWorkers } from '../../electron/engine/stars/compute.ts'
import { randomStream } from '../../shared/stars/algebra/random.ts'
import type { KnnShapleyProblem } from '../../shared/stars/value/knn-shapley.ts'
import { knnShapley } from '../../shared/stars/value/knn-shapley.ts'
import { areaUnderRoc, spearman } from '../../shared/stars/value/ranks.ts'
import type { MeasuredWorld } from '../../shared/stars/world/calibration.ts'
import { figuresOf, judgeAcrossDatasets, meanFigures } from '../../shared/stars/world/judge-calibration.ts'
import { isPaired, parseWorld } from '../../shared/stars/world/parse-world.ts'
import { valueFeatures } from '../../shared/stars/world/value-world.ts'
import type { WorldFeatures } from '../../shared/stars/world/world-features.ts'
import type { WorldWithTruth } from '../fixtures/stars/measured-worlds.ts'
import { madeUpConcepts } from '../fixtures/stars/made-up-concepts.ts'
import { makePairsWorld } from '../fixtures/stars/pairs-recipe.ts'
import { measureWorld, readWorlds } from '../fixtures/stars/measured-worlds.ts'
import { syntheticImages } from '../fixtures/stars/synthetic-images.ts'
import { makeWorld } from '../fixtures/stars/world-recipe.ts'

type Print = (line: string) => void

const RECIPE = {
  creators: 40,
  smallest: 4,
  largest: 30,
  referenceCount: 60,
  probeCount: 240,
  testCount: 1500,
  features: 16,
  permutationPairs: 20,
  baseResamples: 12,
}

/** Simpler ways to rank the same bundles. */
const RIVALS: { name: string; score(features: WorldFeatures): ArrayLike<number> }[] = [
  {
    name: 'random',
    score: ({ count }) => {
      const random = randomStream(99)
      return count.map(() => random.next())
    },
  },
  { name: 'count', score: ({ count }) => count },
  { name: 'novelty', score: ({ novelty }) => novelty },
  { name: 'Vendi', score: ({ vendi }) => vendi },
  { name: 'label agreement', score: ({ agreementSum }) => agreementSum },
  { name: 'KNN-Shapley', score: ({ neighbourUnion }) => neighbourUnion },
]

function row(name: string, values: readonly number[]): string {
  return `  ${name.padEnd(22)}${values.map((value) => value.toFixed(3).padStart(8)).join('')}`
}

function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.reduce((sum, value) => sum + value, 0) / known.length
}

function printWorlds(title: string, worlds: readonly MeasuredWorld[], print: Print): void {
  print(`${title} (${worlds.length} worlds)`)
  print(`  ${''.padEnd(22)}       A       B   AUROC  cov. A  cov. B`)
  for (const { name, score } of RIVALS) {
    print(
      row(name, [
        mean(worlds.map((world) => spearman(score(world.features), world.shapley))),
        mean(worlds.map((world) => spearman(score(world.features), world.gain))),
        mean(
          worlds.map((world) =>
            areaUnderRoc(
              Array.from(score(world.features), (value) => -value),
              world.gain.map((gain) => gain < 0),
            ),
          ),
        ),
      ]),
    )
  }
  const figures = meanFigures(
    worlds.map((world) => {
      const ids = world.shapley.map((_, at) => String(at))
      return figuresOf(valueFeatures(ids, world.features, builtInCalibration()), world.shapley, world.gain)
    }),
  )
  const { spearmanShare, spearmanGain, harmfulAuroc, coverageShare, coverageGain } = figures
  print(row('built-in pack', [spearmanShare, spearmanGain, harmfulAuroc, coverageShare, coverageGain]))
}

function liveWorlds(): WorldWithTruth[] {
  return [11, 12].map((seed) => {
    const { world, truth } = makeWorld(`live-${seed}`, syntheticImages(6000, 8, seed), RECIPE, seed)
    return { name: world.name, dataset: 'live', world: parseWorld(world), shapley: truth.shapley, gain: truth.gain }
  })
}

/** Pictures and words that are made up, with a truth from models refitted now. */
function livePairs(): WorldWithTruth[] {
  const recipe = {
    ...RECIPE,
    smallest: 5,
    mismatches: [0, 0, 0.3, 0.6, 1],
    testCount: 300,
    baseResamples: 8,
    permutationPairs: 3,
    refits: 4,
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

const keptOrMissed = (kept: boolean): string => (kept ? 'kept' : 'MISSED')

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

function printAcross(worlds: readonly MeasuredWorld[], print: Print): void {
  if (new Set(worlds.map((world) => world.dataset)).size < 3) return
  print('Every data set judged by a calibration that was fitted on the others')
  print(`  ${''.padEnd(22)}       A       B   AUROC  cov. A  cov. B`)
  for (const { dataset, worlds: count, figures } of judgeAcrossDatasets(worlds)) {
    const { spearmanShare, spearmanGain, harmfulAuroc, coverageShare, coverageGain } = figures
    print(row(`${dataset} (${count})`, [spearmanShare, spearmanGain, harmfulAuroc, coverageShare, coverageGain]))
  }
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
  printWorlds(title, worlds.map(measureWorld), print)
  printCeiling(worlds, print)
}

export async function run(print: Print, parts: readonly string[]): Promise<void> {
  await benchSpeed(print)
  if (parts.length > 0 && parts.every((part) => part === 'speed')) return
  printWorlds(
    'Made here and now, of made-up classes: never part of the calibration',
    liveWorlds().map(measureWorld),
    print,
  )
  printPairs('Pairs made here and now, their truth refitted now', livePairs(), print)
  const folder = process.env['ASTERISM_STARS_WORLDS']
  const given = readWorlds(join(import.meta.dirname, '../../../shared/data/worlds'))
  const made = folder ? readWorlds(folder) : []
  const classes = given.map(measureWorld)
  if (classes.length > 0) printWorlds('Digits (part of the calibration)', classes, print)
  const more = made.filter(({ world }) => !isPaired(world)).map(measureWorld)
  if (more.length > 0) printWorlds(`Classes of ${folder} (may be part of the calibration)`, more, print)
  printAcross([...classes, ...more], print)
  const paired = made.filter(({ world }) => isPaired(world))
  for (const dataset of new Set(paired.map((each) => each.dataset))) {
    const own = paired.filter((each) => each.dataset === dataset)
    printPairs(`Pairs of ${dataset}: the mix was fitted on classes and saw none`, own, print)
  }
}
