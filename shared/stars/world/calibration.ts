/**
 * From features to stars: ridge regression of true percentiles on feature percentiles, fitted on worlds whose truth was
 * measured with retrained models, and split-conformal widths from data sets that the fit had not seen.
 */
import { matrixFromRows } from '../algebra/dense.ts'
import { midRanks, percentiles } from '../value/ranks.ts'
import { ridgeWeights, statisticsOf } from '../value/ridge.ts'
import type { WorldFeature, WorldFeatures } from './world-features.ts'
import { WORLD_FEATURES } from './world-features.ts'

/** A linear score over feature percentiles minus one half. */
export interface LinearMix {
  readonly intercept: number
  readonly weights: Readonly<Record<WorldFeature, number>>
}

export interface WorldCalibration {
  /** Predicts the percentile of the Shapley share (A). */
  readonly share: LinearMix
  /** Predicts the percentile of the gain over the base (B). */
  readonly gain: LinearMix
  /** True share (of the total) = this times the estimated one, shrunk towards the mean. */
  readonly shareSlope: number
  /** True gain = this times the retrained gain on the probe. */
  readonly gainSlope: number
  /** log-odds of harm = intercept + percentile * weight + steadiness * weight. */
  readonly harm: { readonly intercept: number; readonly percentile: number; readonly steadiness: number }
  /** Half-widths in stars of the 80 % interval, per unit of `difficulty`, for predictions in the lower, middle and upper third. */
  readonly halfWidths: HalfWidths
  /** The same for the percentile of the share and of the gain by themselves, each around its own prediction; none in packs made before 2026-11-28. */
  readonly ownHalfWidths?: { readonly share: HalfWidths; readonly gain: HalfWidths }
}

export type HalfWidths = [lower: number, middle: number, upper: number]

/** A world whose truth is known. */
export interface MeasuredWorld {
  readonly dataset: string
  readonly features: WorldFeatures
  /** A: Shapley value of every bundle. */
  readonly shapley: readonly number[]
  /** B: gain over the base of every bundle. */
  readonly gain: readonly number[]
}

const LAMBDA = 2
/** Between 0.2 and 0.5 it changes no coverage by more than two points. */
const NOISE_FLOOR = 0.3
const LEAST_NOISE = 0.1
const MOST_NOISE = 2

/** Rows of centred feature percentiles, one a bundle. */
export function percentileRows(features: WorldFeatures): number[][] {
  const columns = WORLD_FEATURES.map((feature) => percentiles(features[feature]))
  return Array.from(columns[0], (_, row) => columns.map((column) => column[row] - 0.5))
}

/** The score of each bundle under a mix, as a percentile (not clipped). */
export function mixScores(mix: LinearMix, rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows, (row) =>
    row.reduce((sum, value, index) => sum + value * mix.weights[WORLD_FEATURES[index]], mix.intercept),
  )
}

/** Ridge on ranks over several worlds; the intercept is the middle, since percentiles are centred in every world. */
export function fitMix(
  worlds: readonly MeasuredWorld[],
  truth: (world: MeasuredWorld) => readonly number[],
  lambda = LAMBDA,
): LinearMix {
  const rows = worlds.flatMap((world) => percentileRows(world.features))
  const targets = worlds.flatMap((world) => Array.from(percentiles(truth(world)), (value) => [value - 0.5]))
  const weights = ridgeWeights(statisticsOf(matrixFromRows(rows), matrixFromRows(targets)), lambda)
  return {
    intercept: 0.5,
    weights: Object.fromEntries(
      WORLD_FEATURES.map((feature, index) => [feature, weights.data[index]]),
    ) as LinearMix['weights'],
  }
}

/** Values given out again in the order of other scores: the best score gets the largest value. */
export function reorder(values: ArrayLike<number>, scores: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values as ArrayLike<number>).sort()
  const ranks = midRanks(scores)
  return ranks.map((rank) => (sorted[Math.floor(rank) - 1] + sorted[Math.ceil(rank) - 1]) / 2)
}

/** Shares of the improvement that the retrained coalitions gave, adding up to 1; all 0 where nothing improved. */
export function directShares(features: WorldFeatures): Float64Array {
  const values = features.coalitionCertainty.map((value, at) => value + features.coalitionAccuracy[at])
  const total = values.reduce((sum, value) => sum + value, 0)
  return total > 1e-9 ? values.map((value) => value / total) : values.fill(0)
}

/** Gain over the reference that retraining showed on the probe: of accuracy and of its smooth twin, meaned. */
export function directGains(features: WorldFeatures): Float64Array {
  return features.baseCertainty.map((value, at) => (value + features.baseAccuracy[at]) / 2)
}

/** Stars of predicted percentiles: five times their mean, within 0 and 5. */
export function starsOfScores(share: Float64Array, gain: Float64Array): Float64Array {
  return share.map((value, at) => starsOfScore((value + gain[at]) / 2))
}

/** One predicted percentile on the scale of stars. */
export function starsOfScore(score: number): number {
  return 5 * Math.min(1, Math.max(0, score))
}

/** Which third of the scale a prediction lies in. */
export function strata(stars: number): 0 | 1 | 2 {
  return stars < 5 / 3 ? 0 : stars < 10 / 3 ? 1 : 2
}

/**
 * By how much more than half of a world seems to harm, 0 to 0.5. Harm is told by the place among the other bundles, which says
 * where most of them help; where most of them harm, the best of them may harm as well. Each gain is negative with the
 * probability that its standard error leaves (a logistic curve for the normal one).
 */
export function mostlyHarmful({ baseSteadiness }: WorldFeatures): number {
  const harmful = baseSteadiness.reduce((sum, steadiness) => sum + 1 / (1 + Math.exp(1.702 * steadiness)), 0)
  return Math.max(0, harmful / baseSteadiness.length - 0.5)
}

/**
 * What intervals widen with: the root of how blurred a world is, which is the middle standard error of the measured gains over
 * their spread, plus a floor for what no probe tells. Small probes and bundles that are all alike make it large. Its root, since
 * predictions miss by less than half as much more as the error grows by. The middle error, since that of a gain is known through
 * its steadiness: one gain that is all but nothing would pass for a huge error.
 */
export function difficulty(features: WorldFeatures): number {
  const { baseCertainty: gains, baseSteadiness } = features
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  const spread = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length)
  const errors = gains
    .map((gain, at) => (Math.abs(baseSteadiness[at]) > 1e-9 ? Math.abs(gain / baseSteadiness[at]) : 0))
    .sort()
  const ratio = spread > 0 ? errors[errors.length >> 1] / spread : MOST_NOISE
  return Math.sqrt(NOISE_FLOOR + Math.min(MOST_NOISE, Math.max(LEAST_NOISE, ratio)))
}
