/** Whether the ways in which two clocks were compared say the same, and what is left of the belief in the best of them. */
import type { GatheredEvidence } from './gatherer.ts'

/** Two ways of comparing contradict each other beyond so many standard deviations of both. */
const CONTRADICTION_SIGMAS = 5
/** What no two ways need to agree to better than: sound travels, pictures are exposed. */
const TOLERANCE_SECONDS = 0.05

/**
 * The evidence believed most, with a confidence that counts what contradicts it: that it is right and the others are
 * wrong, against one of the others being right, or none.
 */
export function mostBelieved(evidence: readonly GatheredEvidence[]): GatheredEvidence | undefined {
  const best = [...evidence].sort((one, two) => two.map.confidence - one.map.confidence)[0]
  if (!best) return undefined
  const against = evidence.filter((each) => contradicts(best, each)).map((each) => each.map.confidence)
  const { confidence } = best.map
  const allWrong = against.reduce((product, each) => product * (1 - each), 1)
  const right = confidence * allWrong
  const otherRight = against.reduce((sum, each) => sum + (each / (1 - each + 1e-6)) * allWrong * (1 - confidence), 0)
  const chance = right / (right + otherRight + allWrong * (1 - confidence))
  return { ...best, map: { ...best.map, confidence: against.length === 0 ? confidence : chance } }
}

function contradicts(one: GatheredEvidence, two: GatheredEvidence): boolean {
  if (one === two) return false
  const sigma = Math.sqrt(one.map.covariance[0] + two.map.covariance[0])
  const apart = Math.abs(one.map.offsetSeconds - two.map.offsetSeconds)
  return apart > CONTRADICTION_SIGMAS * sigma + TOLERANCE_SECONDS
}
