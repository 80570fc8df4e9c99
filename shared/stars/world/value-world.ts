/** What a lab runs: every bundle of a world valued, without media. */
import type { HalfWidths, WorldCalibration } from './calibration.ts'
import {
  difficulty,
  directGains,
  directShares,
  mixScores,
  mostlyHarmful,
  percentileRows,
  reorder,
  starsOfScore,
  starsOfScores,
  strata,
} from './calibration.ts'
import { rowOf } from '../algebra/dense.ts'
import { rowCounter, sharedRows } from './counted-rows.ts'
import { preparePairedWorld } from './paired-model.ts'
import type { AnyWorld } from './parse-world.ts'
import { isPaired } from './parse-world.ts'
import { prepareWorld } from './prepare-world.ts'
import { copyReach, probeCopyDetector } from './probe-copies.ts'
import { keepInBundles, thinBundles, thinJudges } from './thin-world.ts'
import { twinsOf } from './twins.ts'
import type { WorldFeatures } from './world-features.ts'
import { WORLD_FEATURES, worldFeatures } from './world-features.ts'

/** One truth by itself, on the scale of stars: five times its percentile among the bundles lies within four times in five. */
interface OwnStars {
  readonly stars: number
  readonly low: number
  readonly high: number
}

/** What is told of the rows of a bundle. */
interface ToldOfRows {
  /** Rows of the probe: they counted nothing. */
  readonly probe_rows: number
  /** Rows that the reference holds: they counted nothing. */
  readonly reference_rows: number
  /** Rows that say again what another row of the same bundle says: they counted nothing. */
  readonly repeated_rows: number
  /** Of those that counted, rows that another bundle holds as well. */
  readonly shared_rows: number
}

export interface ValuedBundle extends ToldOfRows {
  readonly id: string
  /** 0..5: five times the mean of the two predicted percentiles among the bundles of this world; at most 1 when harm is likelier than not. */
  readonly stars: number
  /** 80 % interval on the same scale: five times the true percentile, of the gain as of the Shapley share, lies within it four times in five. */
  readonly low: number
  readonly high: number
  /** The Shapley share by itself, the gain by itself: narrower, since each has one truth to hold. Null under a calibration that does not know them. */
  readonly of_share: OwnStars | null
  readonly of_gain: OwnStars | null
  /** Predicted gain in accuracy when a model trained on the reference is retrained with this bundle, 0.01 = one point. */
  readonly gain: number
  /** Predicted Shapley share of the improvement that all bundles bring together, percent; adds up to 100. */
  readonly contribution_percent: number
  /** The same share as percent of the whole score that a model of all bundles reaches; adds up to less than 100. */
  readonly contribution_percent_of_score: number
  /** The first bundle, by id, that holds the very same rows; null for a bundle of its own. */
  readonly same_as: string | null
}

type Valued = Omit<ValuedBundle, keyof ToldOfRows | 'same_as' | 'contribution_percent_of_score'>

export interface WorldReport {
  /** What shares are shares of: accuracy on probe and reference, the mean cosine where targets are rows of numbers. */
  readonly score: {
    /** Of a model that was trained on nothing. */
    readonly none: number
    /** Of one that was trained on all bundles. */
    readonly all: number
  }
  readonly bundles: readonly ValuedBundle[]
  /** Ids were given as numbers, and are their text here. */
  readonly isNumbered: boolean
}

const MOST_STARS_WHEN_HARMFUL = 1
/** So many that the shares of thousands of bundles still add up to 100 within a millionth. */
const SHARE_DIGITS = 10
/** Percentiles among few bundles say little: the interval widens as one over the root of their number. */
const BUNDLES_OF_A_FULL_WORLD = 30

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}

function ownStars(score: number, halfWidths: HalfWidths | undefined, widening: number): OwnStars | null {
  if (!halfWidths) return null
  const stars = starsOfScore(score)
  const half = halfWidths[strata(stars)] * widening
  return {
    stars: round(stars, 3),
    low: round(Math.max(0, stars - half), 3),
    high: round(Math.min(5, stars + half), 3),
  }
}

/** Values from features alone; bundles in the order of the features. */
export function valueFeatures(
  ids: readonly string[],
  features: WorldFeatures,
  calibration: WorldCalibration,
): Valued[] {
  const rows = percentileRows(features)
  const share = mixScores(calibration.share, rows)
  const gain = mixScores(calibration.gain, rows)
  const count = ids.length
  const stars = starsOfScores(share, gain)
  const gains = reorder(directGains(features), gain)
  const shares = reorder(directShares(features), share)
  const improved = shares.some((value) => value !== 0)
  const crowd = mostlyHarmful(features)
  const widening = difficulty(features) * Math.sqrt(Math.max(1, BUNDLES_OF_A_FULL_WORLD / count))
  return ids.map((id, at) => {
    const { harm } = calibration
    const logOdds =
      harm.intercept +
      harm.percentile * (gain[at] - 0.5 - crowd) +
      harm.steadiness * Math.tanh(features.baseSteadiness[at] / 4)
    const half = calibration.halfWidths[strata(stars[at])] * widening
    const shown = logOdds > 0 ? Math.min(stars[at], MOST_STARS_WHEN_HARMFUL) : stars[at]
    return {
      id,
      stars: round(shown, 3),
      low: round(Math.max(0, Math.min(shown, stars[at] - half)), 3),
      high: round(Math.min(5, stars[at] + half), 3),
      of_share: ownStars(share[at], calibration.ownHalfWidths?.share, widening),
      of_gain: ownStars(gain[at], calibration.ownHalfWidths?.gain, widening),
      gain: round(calibration.gainSlope * gains[at], 6),
      contribution_percent: improved
        ? round(100 * (1 / count + calibration.shareSlope * (shares[at] - 1 / count)), SHARE_DIGITS)
        : 0,
    }
  })
}

/** A world as its features are computed: turned, in order, without rows that are the probe's. */
export type PreparedWorld<W extends AnyWorld = AnyWorld> = W & {
  /** The ids as they were given: that order is the answer's. */
  readonly given: readonly string[]
  /** In the order of the bundles. */
  readonly told: readonly ToldOfRows[]
}

function prepare(world: AnyWorld): AnyWorld {
  return isPaired(world) ? preparePairedWorld(world) : prepareWorld(world)
}

/**
 * A world in valuation coordinates, its bundles by id, so that their order in the file changes nothing. What counts nothing is
 * left out before bundles are thinned: it would take the room of others.
 */
export function worldInOrder(world: AnyWorld): PreparedWorld {
  const given = world.bundles.map(({ id }) => id)
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
  const prepared = prepare(
    thinJudges(
      isPaired(world)
        ? { ...world, bundles: [...world.bundles].sort(byId) }
        : { ...world, bundles: [...world.bundles].sort(byId) },
    ),
  )
  const reach = copyReach(prepared.reference.x, prepared.probe.x)
  const isCopy = probeCopyDetector(prepared.probe.x, reach)
  const count = rowCounter(prepared, reach)
  const counted = prepared.bundles.map((bundle) => {
    const { rows } = bundle.x
    const own = Array.from({ length: rows }, (_, row) => row).filter((row) => !isCopy(rowOf(bundle.x, row)))
    return { ...count(bundle, own), ofProbe: rows - own.length }
  })
  const kept = counted.map((each) => each.counted)
  const shared = sharedRows(prepared, reach, kept)
  const told = counted.map(({ ofProbe, ofReference, repeated }, at) => ({
    probe_rows: ofProbe,
    reference_rows: ofReference,
    repeated_rows: repeated,
    shared_rows: shared[at],
  }))
  return { ...thinBundles(keepInBundles(prepared, kept)), given, told }
}

/** A bundle of which no row counts: it brings nothing, whatever else is in the world. */
function nothingFrom(id: string): Valued {
  const own = { stars: 0, low: 0, high: MOST_STARS_WHEN_HARMFUL }
  return { id, ...own, of_share: own, of_gain: own, gain: 0, contribution_percent: 0 }
}

/** The score of nothing and of all bundles: values of coalitions add up to the difference, whatever was sampled. */
function scoreOf(world: AnyWorld, features: WorldFeatures): WorldReport['score'] {
  const none = isPaired(world) ? 0 : 1 / world.classes
  const values = isPaired(world) ? features.coalitionCertainty : features.coalitionAccuracy
  return { none, all: values.reduce((sum, value) => sum + value, none) }
}

/** The report from the features of a prepared world, bundles as they were given. */
export function reportOf(prepared: PreparedWorld, features: WorldFeatures, calibration: WorldCalibration): WorldReport {
  const ids = prepared.bundles.map((bundle) => bundle.id)
  const left = ids.map((_, at) => at).filter((at) => prepared.bundles[at].x.rows > 0)
  const valued = new Map(ids.map((id) => [id, nothingFrom(id)]))
  if (left.length > 0) {
    const own = Object.fromEntries(
      WORLD_FEATURES.map((feature) => [feature, Float64Array.from(left, (at) => features[feature][at])]),
    ) as WorldFeatures
    const values = valueFeatures(
      left.map((at) => ids[at]),
      own,
      calibration,
    )
    for (const value of values) valued.set(value.id, value)
  }
  const twins = twinsOf(prepared)
  const places = new Map(ids.map((id, at) => [id, at]))
  const score = scoreOf(prepared, features)
  const improvedShare = score.all > 0 ? (score.all - score.none) / score.all : 0
  return {
    score: { none: round(score.none, 6), all: round(score.all, 6) },
    isNumbered: prepared.isNumbered ?? false,
    bundles: prepared.given.map((id) => {
      const at = places.get(id) ?? 0
      const same_as = twins[at] === at ? null : ids[twins[at]]
      const value = valued.get(id) ?? nothingFrom(id)
      return {
        ...value,
        contribution_percent_of_score: round(value.contribution_percent * improvedShare, SHARE_DIGITS),
        ...prepared.told[at],
        same_as,
      }
    }),
  }
}

/**
 * Values every bundle of a world on this thread.
 *
 * @param world As `parseWorld` gives it.
 */
export function valueWorld(world: AnyWorld, calibration: WorldCalibration, signal?: AbortSignal): WorldReport {
  const prepared = worldInOrder(world)
  return reportOf(prepared, worldFeatures(prepared, signal), calibration)
}
