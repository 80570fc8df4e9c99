/** What the person set by hand, as edges of the sync graph that are never rejected. */
import type { SyncPoint, TimeMap } from '../../../../shared/document/records.ts'
import type { GraphEdge } from './graph-model.ts'

/** How well a person hits a moment with the pointer. */
const POINT_SIGMA_SECONDS = 0.01
/** One point says nothing of the rate. */
const UNKNOWN_RATE_PPM = 60

/**
 * @param reference the clock that maps made by hand refer to; they tie nothing while it is not known
 */
export function handMadeEdges(
  points: readonly SyncPoint[],
  maps: readonly TimeMap[],
  reference: string | null,
): GraphEdge[] {
  const byPair = new Map<string, SyncPoint[]>()
  for (const point of points) {
    const turned =
      point.clockA < point.clockB
        ? point
        : { ...point, clockA: point.clockB, secondsA: point.secondsB, clockB: point.clockA, secondsB: point.secondsA }
    const key = `${turned.clockA}\n${turned.clockB}`
    byPair.set(key, [...(byPair.get(key) ?? []), turned])
  }
  const edges = [...byPair.values()].map(lineThrough)
  for (const map of maps) {
    if (reference === null || map.clockId === reference) continue
    const [oo, or, rr] = map.covariance as [number, number, number]
    edges.push({
      id: `hand:${map.id}`,
      clockA: reference,
      clockB: map.clockId,
      method: 'hand',
      offsetSeconds: map.offsetSeconds,
      ratePpm: map.ratePpm,
      covariance: [Math.max(oo, 1e-8), or, Math.max(rr, 1e-2)],
      confidence: 1,
      overlapSeconds: 0,
      manual: true,
    })
  }
  return edges
}

/** The line through points that a person set; with one point, an offset and an unknown rate. */
function lineThrough(points: readonly SyncPoint[]): GraphEdge {
  const first = points[0]!
  const count = points.length
  const meanA = points.reduce((sum, point) => sum + point.secondsA, 0) / count
  const meanB = points.reduce((sum, point) => sum + point.secondsB, 0) / count
  const spread = points.reduce((sum, point) => sum + (point.secondsB - meanB) ** 2, 0)
  const variance = POINT_SIGMA_SECONDS ** 2
  // The prior on the rate keeps points that lie close together from turning the line.
  const priorWeight = variance / (UNKNOWN_RATE_PPM * 1e-6) ** 2
  const slope =
    1 +
    points.reduce(
      (sum, point) => sum + (point.secondsB - meanB) * (point.secondsA - meanA - (point.secondsB - meanB)),
      0,
    ) /
      (spread + priorWeight)
  const rateVariance = variance / (spread + priorWeight)
  return {
    id: `hand:${first.clockA}:${first.clockB}`,
    clockA: first.clockA,
    clockB: first.clockB,
    method: 'hand',
    offsetSeconds: meanA - slope * meanB,
    ratePpm: (slope - 1) * 1e6,
    covariance: [variance / count + meanB ** 2 * rateVariance, -meanB * rateVariance * 1e6, rateVariance * 1e12],
    confidence: 1,
    overlapSeconds: 0,
    manual: true,
  }
}
