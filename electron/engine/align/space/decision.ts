/**
 * What to say about the poses a search has found: the pose, that it is ambiguous, or that there is none. The limits
 * were set on tuning rooms, tuning objects and unrelated pairs only (docs/alignment-space.md).
 */
import { weakestMotion } from '../../../../shared/geometry/pose-covariance.ts'
import type { RefinedHypothesis } from './pose-search.ts'

export type Decision =
  | { readonly kind: 'accepted'; readonly confidence: number }
  | { readonly kind: 'ambiguous'; readonly reason: string; readonly confidences: readonly number[] }
  | { readonly kind: 'refused'; readonly reason: string; readonly confidences: readonly number[] }

/** Least confidence at which a pose is given as the answer. */
export const ACCEPT = 0.8
/** Below this the scans leave a motion free (a ball 0, a wall 0, a bare corridor near 0.001). */
const LEAST_RIGIDITY = 0.008

const HALF_VALUE = 0.38
const VALUE_WIDTH = 0.035
const HALF_RIVAL = 0.86
const RIVAL_WIDTH = 0.03

/** @param hypotheses Distinct poses, best first. */
export function decide(hypotheses: readonly RefinedHypothesis[]): Decision {
  const [best, rival] = hypotheses
  if (!best || best.score.matched === 0) {
    return { kind: 'refused', reason: 'no pose brings the two scans together', confidences: [] }
  }
  const fits = logistic((best.score.value - HALF_VALUE) / VALUE_WIDTH)
  const alone = logistic((HALF_RIVAL - (rival ? rival.score.value / best.score.value : 0)) / RIVAL_WIDTH)
  const total = hypotheses.reduce((sum, h) => sum + h.score.value ** 8, 0)
  const confidences = hypotheses.map((h) => (fits * h.score.value ** 8) / total)
  if (fits < ACCEPT) {
    const share = Math.round(best.score.ratio * 100)
    const reason = `the scans do not agree: in the best pose found ${share} % of what both should see does; they may show different places or overlap too little`
    return { kind: 'refused', reason, confidences }
  }
  if (weakestMotion(best.icp.information) < LEAST_RIGIDITY || !best.icp.covariance) {
    const reason = 'ambiguous: one scan can slide or turn on the other without a difference'
    return { kind: 'ambiguous', reason, confidences }
  }
  const confidence = fits * alone
  if (confidence < ACCEPT) {
    const likely = hypotheses.filter((h) => h.score.value > best.score.value * 0.8).length
    const reason = `ambiguous: ${Math.max(2, likely)} poses explain the scans about equally well, as in a room that looks the same after a turn`
    return { kind: 'ambiguous', reason, confidences }
  }
  return { kind: 'accepted', confidence }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
