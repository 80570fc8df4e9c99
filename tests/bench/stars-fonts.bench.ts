/**
 * Creators that nobody simulated: families of letters from npm, as their makers published them, and models that learn to
 * read from them, really retrained (tests/fixtures/stars/font-worlds.ts). The pack that ships has seen nothing of the kind.
 */
import { Worker } from 'node:worker_threads'
import { builtInCalibration } from '../../electron/engine/stars/built-in-pack.ts'
import { logisticAccuracy, trainLogistic } from '../../shared/stars/value/logistic.ts'
import { matrixFromRows } from '../../shared/stars/algebra/dense.ts'
import { spearman } from '../../shared/stars/value/ranks.ts'
import type { MeasuredWorld } from '../../shared/stars/world/calibration.ts'
import { judgeWorld, meanFigures } from '../../shared/stars/world/judge-calibration.ts'
import { parseWorld } from '../../shared/stars/world/parse-world.ts'
import { valueFeatures } from '../../shared/stars/world/value-world.ts'
import { readFontFamilies } from '../fixtures/stars/font-glyphs.ts'
import type { FontMarket } from '../fixtures/stars/font-worlds.ts'
import {
  BASE_FAMILIES,
  CREATOR_FAMILIES,
  FONT_TASKS,
  FONT_VERSION,
  makeFontMarket,
  PROBE_FAMILIES,
  TEST_FAMILIES,
} from '../fixtures/stars/font-worlds.ts'
import { measureWorld } from '../fixtures/stars/measured-worlds.ts'
import type { MadeWorld, RotatedOrders } from '../fixtures/stars/world-recipe.ts'
import type { Print } from './stars-figures.ts'
import { mean, printFigures, printHead, printRivals, PROMISED_OF_CLASSES } from './stars-figures.ts'
import type { HalfOfTruth } from './stars-fonts-worker.ts'

/**
 * Random orders of each half of a truth: as many as make halves agree to 0.9. With 1, 1 and 3 they agreed to 0.72, 0.84 and 0.89,
 * and what a truth tosses no interval holds.
 */
const ORDERS: Record<string, RotatedOrders> = {
  capitals: { rotations: 4, settledWithin: 0.01 },
  'small letters': { rotations: 2, settledWithin: 0.01 },
  numerals: { rotations: 4, settledWithin: 0.01 },
}

function halfOfTruth(given: HalfOfTruth): Promise<MadeWorld['truth']> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./stars-fonts-worker.ts', import.meta.url), { workerData: given })
    worker.once('message', resolve).once('error', reject)
  })
}

/** What the model of all creators loses when one of them had never come. */
function leaveOneOut({ world, test }: FontMarket): number[] {
  const [testX, testY] = [matrixFromRows(test.x), Int32Array.from(test.y)]
  const training = { penalty: 1, maximumIterations: 100, tolerance: 1e-4 }
  const fit = (bundles: typeof world.bundles, start?: ReturnType<typeof trainLogistic>) => {
    const x = matrixFromRows(bundles.flatMap((bundle) => bundle.x))
    const y = Int32Array.from(bundles.flatMap((bundle) => bundle.y))
    return trainLogistic(x, y, world.classes, training, start)
  }
  const all = fit(world.bundles)
  const score = logisticAccuracy(all, testX, testY)
  return world.bundles.map((left) => {
    const others = world.bundles.filter((bundle) => bundle !== left)
    return score - logisticAccuracy(fit(others, all), testX, testY)
  })
}

interface FontWorld extends MeasuredWorld {
  readonly name: string
  readonly quality: readonly number[]
  /** Rank correlation of the predicted share with what is lost without a creator. */
  readonly leaveOneOut: number
}

async function measureMarket(name: string, market: FontMarket, print: Print): Promise<FontWorld> {
  const halves = [1, 2].map((seed) => {
    const bases = market.bases.filter((_, at) => at % 2 === seed - 1)
    return halfOfTruth({ market: { ...market, bases }, orders: ORDERS[name], seed })
  })
  const [first, second] = await Promise.all(halves)
  const middle = (of: 'shapley' | 'gain'): number[] => first[of].map((value, at) => (value + second[of][at]) / 2)
  const [shapley, gain] = [middle('shapley'), middle('gain')]
  const measured = measureWorld({ name, dataset: 'fonts', world: parseWorld(market.world), shapley, gain })
  const ids = market.world.bundles.map(({ id }) => id)
  const values = valueFeatures(ids, measured.features, builtInCalibration())
  const rows = market.world.bundles.reduce((sum, { y }) => sum + y.length, 0)
  const harmful = ids.filter((_, at) => gain[at] < 0)
  print(
    `${name}: ${ids.length} families, ${rows} letters, a model of all reads ${(100 * first.total).toFixed(1)} %; halves of the truth agree to ${spearman(first.shapley, second.shapley).toFixed(2)} (A) and ${spearman(first.gain, second.gain).toFixed(2)} (B); harmful: ${harmful.join(', ') || 'none'}`,
  )
  return {
    ...measured,
    name,
    quality: market.quality,
    leaveOneOut: spearman(
      values.map((value) => value.contribution_percent),
      leaveOneOut(market),
    ),
  }
}

export async function run(print: Print): Promise<void> {
  const letters = FONT_TASKS.flatMap((task) => task.letters)
  const read = (names: readonly string[]) => readFontFamilies([...names].sort(), FONT_VERSION, letters)
  const families = {
    creators: await read(CREATOR_FAMILIES),
    test: await read(TEST_FAMILIES),
    probe: await read(PROBE_FAMILIES),
    base: await read(BASE_FAMILIES),
  }
  const worlds: FontWorld[] = []
  for (const task of FONT_TASKS) {
    worlds.push(await measureMarket(task.name, makeFontMarket(task, families, 1), print))
  }
  printHead('Fonts: the pack that ships beside simpler predictors, means over the tasks', print)
  const quality = new Map(worlds.map((world) => [world.features, world.quality]))
  printRivals(worlds, print, [{ name: 'quality', score: (features) => quality.get(features) ?? [] }])
  const figures = worlds.map((world) => judgeWorld(world, builtInCalibration()))
  worlds.forEach(({ name }, at) => printFigures(`pack, ${name}`, figures[at], PROMISED_OF_CLASSES, print))
  printFigures('built-in pack', meanFigures(figures), PROMISED_OF_CLASSES, print)
  const loo = mean(worlds.map((world) => world.leaveOneOut))
  print(`  share against what a model of all loses without a family: ${loo.toFixed(3)}`)
}
