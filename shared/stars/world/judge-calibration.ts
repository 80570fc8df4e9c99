/** How good a calibration is on worlds whose truth is known: the figures that are promised. */
import { areaUnderRoc, percentiles, spearman } from '../value/ranks.ts'
import type { MeasuredWorld, WorldCalibration } from './calibration.ts'
import { fitCalibration } from './fit-calibration.ts'
import type { ValuedBundle } from './value-world.ts'
import { valueFeatures } from './value-world.ts'

/** What is judged of a valued bundle. */
type Judged = Pick<ValuedBundle, 'low' | 'high' | 'of_share' | 'of_gain' | 'gain' | 'contribution_percent'>

export interface WorldFigures {
  /** Rank correlation of contribution_percent with the Shapley value (A). */
  readonly spearmanShare: number
  /** Rank correlation of gain with the measured gain (B). */
  readonly spearmanGain: number
  /** Bundles with a negative measured gain found by the predicted one; NaN in a world without any. */
  readonly harmfulAuroc: number
  /** Share of bundles whose true percentile, times five, lies within low..high: of A, of B. */
  readonly coverageShare: number
  readonly coverageGain: number
  /** The same of of_share and of_gain, each for its own truth; NaN where the calibration does not know them. */
  readonly coverageOwnShare: number
  readonly coverageOwnGain: number
}

function coverage(intervals: readonly (Pick<ValuedBundle, 'low' | 'high'> | null)[], truth: readonly number[]): number {
  const stars = percentiles(truth).map((percentile) => 5 * percentile)
  const held = intervals.map((each, at) =>
    each ? Number(stars[at] >= each.low && stars[at] <= each.high) : Number.NaN,
  )
  return held.reduce((sum, value) => sum + value, 0) / held.length
}

/** Figures of one world. */
function figuresOf(bundles: readonly Judged[], shapley: readonly number[], gain: readonly number[]): WorldFigures {
  const predicted = bundles.map((bundle) => bundle.gain)
  return {
    spearmanShare: spearman(
      bundles.map((bundle) => bundle.contribution_percent),
      shapley,
    ),
    spearmanGain: spearman(predicted, gain),
    harmfulAuroc: areaUnderRoc(
      predicted.map((value) => -value),
      gain.map((value) => value < 0),
    ),
    coverageShare: coverage(bundles, shapley),
    coverageGain: coverage(bundles, gain),
    coverageOwnShare: coverage(
      bundles.map((bundle) => bundle.of_share),
      shapley,
    ),
    coverageOwnGain: coverage(
      bundles.map((bundle) => bundle.of_gain),
      gain,
    ),
  }
}

/** Means over worlds, NaN left out. */
export function meanFigures(figures: readonly WorldFigures[]): WorldFigures {
  const mean = (pick: (figure: WorldFigures) => number): number => {
    const values = figures.map(pick).filter((value) => !Number.isNaN(value))
    return values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return {
    spearmanShare: mean((figure) => figure.spearmanShare),
    spearmanGain: mean((figure) => figure.spearmanGain),
    harmfulAuroc: mean((figure) => figure.harmfulAuroc),
    coverageShare: mean((figure) => figure.coverageShare),
    coverageGain: mean((figure) => figure.coverageGain),
    coverageOwnShare: mean((figure) => figure.coverageOwnShare),
    coverageOwnGain: mean((figure) => figure.coverageOwnGain),
  }
}

/** Figures of a world under a calibration. */
export function judgeWorld(world: MeasuredWorld, calibration: WorldCalibration): WorldFigures {
  const ids = world.shapley.map((_, at) => String(at))
  return figuresOf(valueFeatures(ids, world.features, calibration), world.shapley, world.gain)
}

/** Every data set judged by a calibration that was fitted on the others. */
export function judgeAcrossDatasets(
  worlds: readonly MeasuredWorld[],
): { dataset: string; worlds: number; figures: WorldFigures }[] {
  return [...new Set(worlds.map((world) => world.dataset))].map((dataset) => {
    const calibration = fitCalibration(worlds.filter((world) => world.dataset !== dataset))
    const judged = worlds.filter((world) => world.dataset === dataset)
    return {
      dataset,
      worlds: judged.length,
      figures: meanFigures(judged.map((world) => judgeWorld(world, calibration))),
    }
  })
}
