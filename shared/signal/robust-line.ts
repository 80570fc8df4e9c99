/** A line through points some of which are wrong: consensus first (RANSAC), then reweighted least squares (Tukey). */

export interface LinePoint {
  readonly x: number
  readonly y: number
  /** One standard deviation of y. */
  readonly sigma: number
}

export interface RobustLine {
  /** y = intercept + slope * x */
  readonly intercept: number
  readonly slope: number
  /** [var intercept, covariance, var slope], scaled by how the points scatter against what they say. */
  readonly covariance: readonly [number, number, number]
  /** Share of the points that the line explains. */
  readonly inlierShare: number
  /** Chi-square of the inliers over their degrees of freedom. */
  readonly scatter: number
}

const REWEIGHTINGS = 12
/** The sigmas that points claim count as much as the scatter of so many points (an inverse-gamma prior). */
const BELIEF_IN_SIGMAS = 8
/** Tukey's constant: 95 % efficiency for normal errors. */
const TUKEY = 4.685

/**
 * @param largestSlope Lines steeper than this are not considered.
 * @param floor Added to every sigma, so that points that claim too much do not rule.
 */
export function fitRobustLine(
  points: readonly LinePoint[],
  largestSlope: number,
  floor: number,
): RobustLine | undefined {
  if (points.length < 3) return undefined
  const sigmas = points.map((point) => Math.hypot(point.sigma, floor))
  let best: { intercept: number; slope: number; support: number } | undefined
  // All pairs of up to some eighty points: few enough to try every one, and the same answer every time.
  const step = Math.max(1, Math.ceil(points.length / 80))
  for (let one = 0; one < points.length; one += step) {
    for (let two = one + step; two < points.length; two += step) {
      const span = points[two].x - points[one].x
      if (Math.abs(span) < 1e-9) continue
      const slope = Math.max(-largestSlope, Math.min(largestSlope, (points[two].y - points[one].y) / span))
      const intercept = (points[one].y + points[two].y - slope * (points[one].x + points[two].x)) / 2
      let support = 0
      points.forEach((point, index) => {
        const miss = (point.y - intercept - slope * point.x) / (3 * sigmas[index])
        support += Math.max(0, 1 - miss * miss)
      })
      if (!best || support > best.support) best = { intercept, slope, support }
    }
  }
  if (!best) return undefined
  let { intercept, slope } = best
  let covariance: [number, number, number] = [0, 0, 0]
  let inliers = 0
  let chi = 0
  for (let round = 0; round < REWEIGHTINGS; round++) {
    let w = 0
    let wx = 0
    let wxx = 0
    let wy = 0
    let wxy = 0
    inliers = 0
    chi = 0
    points.forEach((point, index) => {
      const miss = (point.y - intercept - slope * point.x) / sigmas[index]
      if (Math.abs(miss) >= TUKEY) return
      inliers++
      chi += miss * miss
      const weight = (1 - (miss / TUKEY) ** 2) ** 2 / sigmas[index] ** 2
      w += weight
      wx += weight * point.x
      wxx += weight * point.x * point.x
      wy += weight * point.y
      wxy += weight * point.x * point.y
    })
    const determinant = w * wxx - wx * wx
    if (inliers < 3 || !(determinant > 1e-12 * w * wxx)) return undefined
    intercept = (wxx * wy - wx * wxy) / determinant
    slope = (w * wxy - wx * wy) / determinant
    covariance = [wxx / determinant, -wx / determinant, w / determinant]
  }
  const scatter = chi / Math.max(1, inliers - 2)
  // What the points say of their own sigmas, and what their scatter says, weighed by how many points there are.
  const scale = (BELIEF_IN_SIGMAS + scatter * (inliers - 2)) / (BELIEF_IN_SIGMAS + inliers - 2)
  return {
    intercept,
    slope,
    covariance: [covariance[0] * scale, covariance[1] * scale, covariance[2] * scale],
    inlierShare: inliers / points.length,
    scatter,
  }
}
