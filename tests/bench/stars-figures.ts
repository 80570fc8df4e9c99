/** The figures that stars are held to, beside simpler ways to rank the same bundles, and whether they are kept. */
import { builtInCalibration } from '../../electron/engine/stars/built-in-pack.ts'
import { randomStream } from '../../shared/stars/algebra/random.ts'
import { areaUnderRoc, spearman } from '../../shared/stars/value/ranks.ts'
import type { MeasuredWorld } from '../../shared/stars/world/calibration.ts'
import type { WorldFigures } from '../../shared/stars/world/judge-calibration.ts'
import { judgeWorld, meanFigures } from '../../shared/stars/world/judge-calibration.ts'
import type { WorldFeatures } from '../../shared/stars/world/world-features.ts'

export type Print = (line: string) => void

export interface Rival {
  readonly name: string
  score(features: WorldFeatures): ArrayLike<number>
}

const RIVALS: readonly Rival[] = [
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

/** What is promised of the stars. */
export interface Promised {
  readonly share: number
  readonly gain: number
  readonly harm: number
}
const COVERED = [0.75, 0.88] as const
export const PROMISED_OF_CLASSES: Promised = { share: 0.84, gain: 0.88, harm: 0.87 }
export const PROMISED_OF_PAIRS: Promised = { share: 0.73, gain: 0.69, harm: 0.87 }

export const keptOrMissed = (kept: boolean): string => (kept ? 'kept' : 'MISSED')

function row(name: string, values: readonly number[]): string {
  return `  ${name.padEnd(24)}${values.map((value) => value.toFixed(3).padStart(8)).join('')}`
}

export function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.reduce((sum, value) => sum + value, 0) / known.length
}

export function printHead(title: string, print: Print): void {
  print(title)
  print(`  ${''.padEnd(24)}       A       B   AUROC  cov. A  cov. B   own A   own B`)
}

/** A line of figures, and which of what is promised they miss. Digits that are not printed do not decide. */
export function printFigures(name: string, figures: WorldFigures, promised: Promised, print: Print): void {
  const { spearmanShare, spearmanGain, harmfulAuroc, coverageShare, coverageGain, coverageOwnShare, coverageOwnGain } =
    figures
  const shown = (value: number): number => Math.round(value * 1000) / 1000
  const covered = (value: number): boolean => shown(value) >= COVERED[0] && shown(value) <= COVERED[1]
  const missed = [
    ...(shown(spearmanShare) >= promised.share ? [] : [`A ${promised.share}`]),
    ...(shown(spearmanGain) >= promised.gain ? [] : [`B ${promised.gain}`]),
    ...(shown(harmfulAuroc) >= promised.harm ? [] : [`AUROC ${promised.harm}`]),
    ...(covered(coverageShare) ? [] : [`coverage of A ${COVERED.join(' to ')}`]),
    ...(covered(coverageGain) ? [] : [`coverage of B ${COVERED.join(' to ')}`]),
  ]
  const verdict = missed.length === 0 ? 'kept' : `MISSED: ${missed.join(', ')}`
  const coverages = [coverageShare, coverageGain, coverageOwnShare, coverageOwnGain]
  print(`${row(name, [spearmanShare, spearmanGain, harmfulAuroc, ...coverages])}  ${verdict}`)
}

/** Simpler ways to rank, as means over worlds. @param more Rivals that know something of these worlds alone. */
export function printRivals(worlds: readonly MeasuredWorld[], print: Print, more: readonly Rival[] = []): void {
  for (const { name, score } of [...RIVALS, ...more]) {
    const harm = (world: MeasuredWorld): number =>
      areaUnderRoc(
        Array.from(score(world.features), (value) => -value),
        world.gain.map((gain) => gain < 0),
      )
    const figures = [
      mean(worlds.map((world) => spearman(score(world.features), world.shapley))),
      mean(worlds.map((world) => spearman(score(world.features), world.gain))),
      mean(worlds.map(harm)),
    ]
    print(row(name, figures))
  }
}

/** Rivals and the pack that ships, as means over worlds. */
export function printWorlds(title: string, worlds: readonly MeasuredWorld[], promised: Promised, print: Print): void {
  printHead(`${title} (${worlds.length} worlds)`, print)
  printRivals(worlds, print)
  const figures = worlds.map((world) => judgeWorld(world, builtInCalibration()))
  printFigures('built-in pack', meanFigures(figures), promised, print)
}
