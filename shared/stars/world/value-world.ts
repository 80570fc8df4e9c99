/** What a lab runs: every bundle of a world valued, without media. */
import type { WorldCalibration } from './calibration.ts'
import {
  directGains,
  directShares,
  mixScores,
  percentileRows,
  reorder,
  starsOfScores,
  strata,
  worldNoise,
} from './calibration.ts'
import type { World } from './parse-world.ts'
import { prepareWorld } from './prepare-world.ts'
import type { WorldFeatures } from './world-features.ts'
import { worldFeatures } from './world-features.ts'

export interface ValuedBundle {
  readonly id: string
  /** 0..5: five times the mean of the two predicted percentiles among the bundles of this world; at most 1 when harm is likelier than not. */
  readonly stars: number
  /** 80 % interval on the same scale: five times the true percentile, of the gain as of the Shapley share, lies within it four times in five. */
  readonly low: number
  readonly high: number
  /** Predicted gain in accuracy when a model trained on the reference is retrained with this bundle, 0.01 = one point. */
  readonly gain: number
  /** Predicted Shapley share of the improvement that all bundles bring together, percent; adds up to 100. */
  readonly contribution_percent: number
}

export interface WorldReport {
  readonly bundles: readonly ValuedBundle[]
}

const MOST_STARS_WHEN_HARMFUL = 1
/** Percentiles among few bundles say little: the interval widens as one over the root of their number. */
const BUNDLES_OF_A_FULL_WORLD = 30

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}

/** Values from features alone; bundles in the order of the features. */
export function valueFeatures(
  ids: readonly string[],
  features: WorldFeatures,
  calibration: WorldCalibration,
): ValuedBundle[] {
  const rows = percentileRows(features)
  const share = mixScores(calibration.share, rows)
  const gain = mixScores(calibration.gain, rows)
  const count = ids.length
  const stars = starsOfScores(share, gain)
  const gains = reorder(directGains(features), gain)
  const shares = reorder(directShares(features), share)
  const improved = shares.some((value) => value !== 0)
  const widening = worldNoise(features) * Math.sqrt(Math.max(1, BUNDLES_OF_A_FULL_WORLD / count))
  return ids.map((id, at) => {
    const { harm } = calibration
    const logOdds =
      harm.intercept + harm.percentile * (gain[at] - 0.5) + harm.steadiness * Math.tanh(features.baseSteadiness[at] / 4)
    const half = calibration.halfWidths[strata(stars[at])] * widening
    const shown = logOdds > 0 ? Math.min(stars[at], MOST_STARS_WHEN_HARMFUL) : stars[at]
    return {
      id,
      stars: round(shown, 3),
      low: round(Math.max(0, Math.min(shown, stars[at] - half)), 3),
      high: round(Math.min(5, stars[at] + half), 3),
      gain: round(calibration.gainSlope * gains[at], 6),
      contribution_percent: improved
        ? round(100 * (1 / count + calibration.shareSlope * (shares[at] - 1 / count)), 4)
        : 0,
    }
  })
}

/** A world in valuation coordinates, its bundles by id, so that their order in the file changes nothing. */
export function worldInOrder(world: World): World {
  return prepareWorld({ ...world, bundles: [...world.bundles].sort((a, b) => (a.id < b.id ? -1 : 1)) })
}

/** The report from the features of `worldInOrder(world)`, bundles in the order of `world`. */
export function reportOf(world: World, features: WorldFeatures, calibration: WorldCalibration): WorldReport {
  const ids = world.bundles.map((bundle) => bundle.id).sort((a, b) => (a < b ? -1 : 1))
  const valued = new Map(valueFeatures(ids, features, calibration).map((bundle) => [bundle.id, bundle]))
  return { bundles: world.bundles.flatMap((bundle) => valued.get(bundle.id) ?? []) }
}

/**
 * Values every bundle of a world on this thread.
 *
 * @param world As `parseWorld` gives it.
 */
export function valueWorld(world: World, calibration: WorldCalibration, signal?: AbortSignal): WorldReport {
  return reportOf(world, worldFeatures(worldInOrder(world), signal), calibration)
}
