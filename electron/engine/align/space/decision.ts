/**
 * What to say about the poses a search has found: the pose, that it is ambiguous, or that there is none. The limits
 * were set on tuning rooms, tuning objects and unrelated pairs only (docs/alignment-space.md).
 */
import { weakestMotion } from '../../../../shared/geometry/pose-covariance.ts'
import { because, type Reason } from '../../../../shared/sayings/saying.ts'
import type { RefinedHypothesis } from './pose-search.ts'
import { valueOf } from './pose-score.ts'

export type Decision =
  | { readonly kind: 'accepted'; readonly confidence: number }
  | ({ readonly kind: 'ambiguous' | 'refused'; readonly confidences: readonly number[] } & Reason)

/** Least confidence at which a pose is given as the answer. */
const ACCEPT = 0.8
/** Below this the scans leave a motion free (a ball 0, a wall 0, a bare corridor near 0.001). */
const LEAST_RIGIDITY = 0.008
/** Where the edge of the scan can be moved further than this without loss, the pose is not pinned; in cells. */
const MOST_SLACK = 0.8

const HALF_VALUE = 0.5
const VALUE_WIDTH = 0.03
/** A mirrored or half-alike room agrees over much of itself, so agreement must also outweigh contradiction by itself. */
const HALF_RATIO = 0.755
const RATIO_WIDTH = 0.012
const SOME_OVERLAP = 0.55
const MUCH_OVERLAP = 0.75
const VALUE_EASE = 0.06
const SHARED_EASE = 0.07
/**
 * What one of the scans alone has seen contradicts nothing when nearly all of the other lies on it: a scan inside a
 * larger one. Mirrored rooms were seen to reach an overlap of 0.87, so from 0.9 on less agreement is asked for.
 */
const CONTAINED_FROM = 0.9
const CONTAINED_TO = 0.95
const CONTAINED_EASE = 0.1
const HALF_RIVAL = 0.82
const RIVAL_WIDTH = 0.03
/**
 * Where rows of equal things fit row by row, what is there once must not speak against the pose: two classrooms were
 * seen to reach 0.13, one and the same 0.26 and more.
 */
const HALF_OWN = 0.2
const OWN_WIDTH = 0.02
/** From so much agreement on, contradictions are the noise of the scans and nothing stands where it should not. */
const CLEAR_FROM = 0.8
const CLEAR_TO = 0.86
/**
 * Where scans were taken from one station each, furniture hides a third of what the other sees. With that left aside 0.986
 * and more of what is said of a right pose was seen to speak for it, 0.946 and less in rooms of equal desks one desk off;
 * enough of both must lie on the other, since a scan laid behind the other's walls contradicts nothing.
 */
const HALF_SEEN = 0.965
const SEEN_WIDTH = 0.005
const HALF_SEEN_MATCHED = 0.4
const HALF_SEEN_OVERLAP = 0.65
const SEEN_SHARE_WIDTH = 0.03
/** Resolved into this many cells a scan needs hardly any overlap; every cell less asks for so much more of it. */
const FINE_CELLS = 50
const OVERLAP_PER_CELL = 0.015
const LEAST_OVERLAP = 0.15
const OVERLAP_WIDTH = 0.02

/** @param hypotheses Distinct poses, best first. */
export function decide(hypotheses: readonly RefinedHypothesis[]): Decision {
  const [best, rival] = hypotheses
  if (!best || best.score.matched === 0) {
    return { kind: 'refused', ...because('space.noPose'), confidences: [] }
  }
  const contained = Math.min(1, Math.max(0, (best.overlap - CONTAINED_FROM) / (CONTAINED_TO - CONTAINED_FROM)))
  // Where most of a scan has found its place, furniture that was moved or hidden is the likelier explanation.
  const shared = Math.max(0, Math.min(1, (best.overlap - SOME_OVERLAP) / (MUCH_OVERLAP - SOME_OVERLAP)))
  const seen = fitsAsSeen(best)
  const fits = Math.max(
    seen,
    logistic((best.score.value - HALF_VALUE + VALUE_EASE * (shared + contained)) / VALUE_WIDTH) *
      logistic((best.score.ratio - HALF_RATIO + SHARED_EASE * shared + CONTAINED_EASE * contained) / RATIO_WIDTH),
  )
  const nearest = rival ? rival.score.value / best.score.value : 0
  const nearestSeen = nearestAsSeen(hypotheses)
  // What hides things makes the right pose look hardly better than one behind the walls.
  const alone = logistic((HALF_RIVAL - (seen < ACCEPT ? Math.max(nearest, nearestSeen) : nearestSeen)) / RIVAL_WIDTH)
  const total = hypotheses.reduce((sum, h) => sum + h.score.value ** 8, 0)
  const confidences = hypotheses.map((h) => (fits * h.score.value ** 8) / total)
  if (fits < ACCEPT) {
    const percent = Math.round(best.score.ratio * 100)
    return { kind: 'refused', ...because('space.disagree', { percent }), confidences }
  }
  const rigid = weakestMotion(best.icp.information) >= LEAST_RIGIDITY && best.slackCells <= MOST_SLACK
  if (!rigid || !best.covariance) {
    return { kind: 'ambiguous', ...because('space.slides'), confidences }
  }
  // Thin scans blur what tells one pose from another, and the less they share the more it matters.
  const needed = LEAST_OVERLAP + OVERLAP_PER_CELL * Math.max(0, FINE_CELLS - best.cellsAcross)
  const enough = logistic((best.overlap - needed) / OVERLAP_WIDTH)
  const clear = Math.min(1, Math.max(0, (best.score.ratio - CLEAR_FROM) / (CLEAR_TO - CLEAR_FROM)))
  const own = Math.max(seen, clear + (1 - clear) * logistic((best.ownShare - HALF_OWN) / OWN_WIDTH))
  const confidence = fits * alone * enough * own
  if (fits * enough < ACCEPT) {
    const percent = Math.round(best.overlap * 100)
    return { kind: 'refused', ...because('space.thin', { percent }), confidences }
  }
  if (fits * enough * own < ACCEPT) {
    return { kind: 'ambiguous', ...because('space.rows'), confidences }
  }
  if (confidence < ACCEPT) {
    const likely = hypotheses.filter((h) => h.score.value > best.score.value * 0.8).length
    return { kind: 'ambiguous', ...because('space.rivals', { poses: Math.max(2, likely) }), confidences }
  }
  return { kind: 'accepted', confidence }
}

/** How well a pose fits with what furniture hid left aside, 0 to 1; 0 where no scan was taken from one station. */
function fitsAsSeen({ seenRatio, score, overlap }: RefinedHypothesis): number {
  if (seenRatio === undefined) return 0
  return (
    logistic((seenRatio - HALF_SEEN) / SEEN_WIDTH) *
    logistic((score.lesserMatched - HALF_SEEN_MATCHED) / SEEN_SHARE_WIDTH) *
    logistic((overlap - HALF_SEEN_OVERLAP) / SEEN_SHARE_WIDTH)
  )
}

/** How near the next pose comes to the best with what furniture hid left aside: a room alike from both ends is one way round as good as the other. */
function nearestAsSeen([best, ...rivals]: readonly RefinedHypothesis[]): number {
  const value = ({ seenRatio = 0, score }: RefinedHypothesis) => valueOf(seenRatio, score.matched)
  return Math.max(0, ...rivals.map((rival) => value(rival) / Math.max(1e-12, value(best))))
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
