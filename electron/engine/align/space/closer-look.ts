/**
 * A second look at a scan that is far thinner than the other. The search resolves both as finely as the thinner one allows,
 * where a chair blurs into the wall behind it and a room fits nearly as well turned round. But its few points are as exact
 * as many: each lies on the denser scan's surface, at that scan's resolution, or it does not.
 */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { fitCovariance } from '../../../../shared/geometry/fit-covariance.ts'
import { everyNth, refineByIcp } from '../../../../shared/geometry/icp.ts'
import { invertSimilarity, type Matrix4, rotationOf, transformPoint } from '../../../../shared/geometry/matrix4.ts'
import type { IcpSurface } from '../../../../shared/geometry/point-matches.ts'
import { congruence } from '../../../../shared/geometry/pose-covariance.ts'
import { edgeDistance, nudged, type RefinedHypothesis } from './pose-search.ts'
import { type PoseScore, valueOf } from './pose-score.ts'
import { type PreparedScan, prepareScan } from './prepared-scan.ts'
import { fineCentroids, FINENESS, fineSurfaceOf, pointsOnSurface } from './verification.ts'

/** Scans whose own cells differ by less are looked at closely enough as it is. */
const UNLIKE = 1.5
const PROBES = 2500
/** Where the pose ends: gates in cells of the denser scan, after some that halve from half a cell of the thinner one. */
const LAST_GATE = 0.5
/** A pose that scores this share of the best fits as well as far as anyone can tell. */
const AS_GOOD = 0.98

interface Settled {
  readonly pose: readonly number[]
  readonly icp: RefinedHypothesis['icp']
}

/**
 * The same poses, settled and scored at the denser scan's resolution, best first; undefined where both are as dense.
 * @param cells That target and source would have each by itself, metres.
 */
export function lookCloser(
  target: PreparedScan,
  source: PreparedScan,
  cells: readonly [number, number],
  hypotheses: readonly RefinedHypothesis[],
  signal?: AbortSignal,
): RefinedHypothesis[] | undefined {
  const fineCell = Math.min(...cells)
  if (Math.max(...cells) < UNLIKE * fineCell || hypotheses.length === 0) return undefined
  const isTargetDense = cells[0] < cells[1]
  const thin = isTargetDense ? source : target
  const dense = prepareScan((isTargetDense ? target : source).cloud, fineCell)
  const surface = fineSurfaceOf(dense, fineCell / FINENESS)
  const moving = fineCentroids(thin.cloud.positions, fineCell / FINENESS)
  const settle = (pose: Matrix4): Settled => settledOn(surface, moving, pose, thin.cell, fineCell, signal)
  const turned = (pose: Matrix4): Matrix4 => (isTargetDense ? pose : invertSimilarity(pose))

  const probe = everyNth(moving, PROBES)
  const settled = hypotheses.map(({ pose }) => settle(turned(pose)))
  const fits = settled.map(({ pose }) => pointsOnSurface(dense, surface, probe, pose))
  const agreement = fits.map(({ hits }) => hits.reduce((sum, hit) => sum + hit, 0) / Math.max(1, hits.length))
  const best = agreement.indexOf(Math.max(...agreement))
  const weights = weightsWhere(dense, probe, settled[best]!.pose, fits[best]!.hits)
  const scoreOf = ({ hits, conflicts }: (typeof fits)[number]): PoseScore => scoreBy(weights, hits, conflicts)

  const found = hypotheses.map((hypothesis, at): RefinedHypothesis => {
    const { pose, icp } = settled[at]!
    const score = scoreOf(fits[at]!)
    return { ...hypothesis, icp, pose: [...turned(pose)], score, overlap: agreement[at]!, seenRatio: undefined }
  })
  const first = found[best]!
  const here = { ...first, pose: [...settled[best]!.pose] }
  const aside = nudged(here, fineCell).map((pose) => settle(pose))
  const asGood = aside.filter(({ pose }) => {
    return scoreOf(pointsOnSurface(dense, surface, probe, pose)).value > first.score.value * AS_GOOD
  })
  const slackCells = asGood.reduce(
    (most, { pose }) => Math.max(most, edgeDistance(here, { ...here, pose: [...pose] }) / fineCell),
    0,
  )
  const covariance = covarianceOf(surface, moving, settled[best]!.pose, fineCell, source, isTargetDense)
  // What contradicts at the resolution of both still does.
  const blurred = hypotheses[best]!.score
  const score = leastOf(first.score, blurred)
  found[best] = { ...first, score, slackCells, covariance }
  return [found[best], ...found.filter((_, at) => at !== best).sort((a, b) => b.score.value - a.score.value)]
}

function settledOn(
  surface: IcpSurface,
  moving: Float32Array,
  from: Matrix4,
  thinCell: number,
  fineCell: number,
  signal?: AbortSignal,
): Settled {
  throwIfCancelled(signal)
  const last = fineCell * LAST_GATE
  let gateMetres = Math.max(last, thinCell / 2)
  let icp = refineByIcp(surface, moving, from, { gateMetres, iterations: 8, signal })
  while (gateMetres > last) {
    gateMetres = Math.max(last, gateMetres / 2)
    icp = refineByIcp(surface, moving, icp.targetFromSource, { gateMetres, iterations: 12, signal })
  }
  return { pose: icp.targetFromSource, icp }
}

/** What each point counts for is known from the denser scan: a wall little, what stands in the room, or nowhere, all. */
function weightsWhere(dense: PreparedScan, probe: Float32Array, pose: Matrix4, hits: Float32Array): Float32Array {
  return hits.map((hit, i) => {
    const [x, y, z] = transformPoint(pose, probe.subarray(i * 3, i * 3 + 3))
    const at = dense.tree.nearest(x, y, z, dense.cell * 2)
    return at < 0 ? 1 : 1 - hit * (1 - dense.weights[at]!)
  })
}

function scoreBy(weights: Float32Array, hits: Float32Array, conflicts: Float32Array): PoseScore {
  const share = (of: Float32Array) => of.reduce((sum, value, i) => sum + value * weights[i]!, 0)
  const whole = Math.max(1e-12, share(new Float32Array(hits.length).fill(1)))
  const [matched, conflict] = [share(hits) / whole, share(conflicts) / whole]
  const ratio = matched > 0 ? matched / (matched + conflict) : 0
  return { ratio, matched, lesserMatched: matched, value: valueOf(ratio, matched) }
}

function leastOf(a: PoseScore, b: PoseScore): PoseScore {
  const [ratio, matched] = [Math.min(a.ratio, b.ratio), Math.min(a.matched, b.matched)]
  const lesserMatched = Math.min(a.lesserMatched, b.lesserMatched)
  return { ratio, matched, lesserMatched, value: valueOf(ratio, matched) }
}

/** Of the source's origin in the target's axes, from a fit of the thinner scan to the denser one. */
function covarianceOf(
  surface: IcpSurface,
  moving: Float32Array,
  denseFromThin: Matrix4,
  fineCell: number,
  source: PreparedScan,
  isTargetDense: boolean,
): readonly number[] | undefined {
  const origin = source.cloud.centre.map((value) => -value)
  const gate = fineCell * LAST_GATE
  if (isTargetDense)
    return fitCovariance(surface, moving, denseFromThin, gate, false, transformPoint(denseFromThin, origin))
  const covariance = fitCovariance(surface, moving, denseFromThin, gate, false, origin)
  return covariance && turnedRound(covariance, denseFromThin)
}

/** What the inverse of a pose is unsure by, where the covariance is about the place that is asked of the inverse. */
function turnedRound(covariance: readonly number[], pose: Matrix4): number[] {
  const r = rotationOf(pose)
  // The transpose, for both halves; both change their sign, which falls out.
  const rows = [0, 1, 2, 3, 4, 5].flatMap((row) =>
    [0, 1, 2, 3, 4, 5].map((column) => (row < 3 === column < 3 ? r[(row % 3) * 3 + (column % 3)]! : 0)),
  )
  return congruence(rows, covariance)
}
