/**
 * The search for the pose between two prepared scans, from nothing to a short list: candidates from flat directions
 * and from descriptors, scored, refined coarsely, scored again, refined finely. What to make of the list is decided
 * elsewhere (decision.ts).
 */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { fitCovariance } from '../../../../shared/geometry/fit-covariance.ts'
import { APPROACH_POINTS, everyNth, type IcpResult, refineByIcp } from '../../../../shared/geometry/icp.ts'
import {
  invertSimilarity,
  type Matrix4,
  multiply,
  similarity,
  transformPoint,
} from '../../../../shared/geometry/matrix4.ts'
import type { IcpSurface } from '../../../../shared/geometry/point-matches.ts'
import { easiestMotion } from '../../../../shared/geometry/pose-covariance.ts'
import { poseDifference, rotationFromVector } from '../../../../shared/geometry/rotation.ts'
import { featureCandidates } from './feature-candidates.ts'
import { describePoints } from './local-descriptors.ts'
import { fineCentroids, FINENESS, fineSurfaceOf, verifier } from './verification.ts'
import { combine, drawProbe, type PoseScore, type Probe, scoreOneWay } from './pose-score.ts'
import type { PreparedScan } from './prepared-scan.ts'
import { type RotationCandidate, rotationCandidates, turnsAbout } from './rotation-candidates.ts'
import { searchAxes, searchTranslations } from './translation-search.ts'

export interface SearchOptions {
  readonly gravityKnown: boolean
  /** Let the refinement change the source's size a little too. */
  readonly withScale?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

interface Hypothesis {
  /** target_from_source between the prepared (centred) scans. */
  readonly pose: number[]
  readonly score: PoseScore
  readonly origin: 'structure' | 'features'
}

export interface RefinedHypothesis extends Hypothesis {
  readonly icp: IcpResult
  /** Share of the surface of the scan that has more of it in common; worked out for the best only. */
  readonly overlap: number
  /** Of what speaks for this pose alone and what speaks against it, the share for it; worked out for the best only. */
  readonly ownShare: number
  /** As `score.ratio`, but what was hidden from a scan of one station contradicts nothing; undefined where neither is one. */
  readonly seenRatio?: number
  /** How finely the smaller scan was resolved: its extent in cells. */
  readonly cellsAcross: number
  /** As in pose-covariance.ts, the translation being that of the source asset's origin; worked out for the best only, undefined where a motion stays free. */
  readonly covariance?: readonly number[]
  /** How far the edge of the scan can be moved to where it fits as well, in cells; worked out for the best only. */
  readonly slackCells: number
}

/** How far apart two poses must be to count as two answers: degrees, and cells at the middle of the source. */
const APART_DEGREES = 6
const APART_CELLS = 2.5
const COARSE = 36
/** A pose that scores this share of the best fits as well as far as anyone can tell. */
const AS_GOOD = 0.98
const FINE = 6
/** Noise that the gate cuts into makes steps short; without it few are needed. */
const POLISH_STEPS = 24
/** As many as ICP on its own matches: a quarter of them turned dense scans by a third more. */
const POLISH_POINTS = 100_000

/** All poses worth a look, scored coarsely, best first. */
function firstHypotheses(target: PreparedScan, source: PreparedScan, options: SearchOptions): Hypothesis[] {
  const probes = { target: drawProbe(target, 500), source: drawProbe(source, 500) }
  const found = [
    ...structureHypotheses(target, source, probes, options),
    ...featureHypotheses(target, source, probes, options),
  ]
  return found.sort((a, b) => b.score.value - a.score.value)
}

/** How well the best unrefined pose fits: for comparing scales, not for accepting. */
export function quickValue(target: PreparedScan, source: PreparedScan, options: SearchOptions): number {
  const probes = { target: drawProbe(target, 400), source: drawProbe(source, 400) }
  const flat = structureHypotheses(target, source, probes, options)
  const found = flat.length > 0 ? flat : featureHypotheses(target, source, probes, options)
  found.sort((a, b) => b.score.value - a.score.value)
  const first = distinct(found, target.cell, 6)
  return refineCoarsely(target, source, first, options)[0]?.score.value ?? 0
}

/** The best distinct poses, best first, refined to the full density of the scans. */
export function searchPoses(target: PreparedScan, source: PreparedScan, options: SearchOptions): RefinedHypothesis[] {
  const first = firstHypotheses(target, source, options)
  options.onProgress?.(0.5)
  const coarse = refineCoarsely(target, source, distinct(first, target.cell, COARSE), options)
  options.onProgress?.(0.7)
  const surface = fineSurfaceOf(target, target.cell / FINENESS)
  const moving = fineCentroids(source.cloud.positions, target.cell / FINENESS)
  const few = everyNth(moving, 2500)
  const verify = verifier(target, source, surface)
  const cellsAcross = Math.min(target.cloud.extentMetres, source.cloud.extentMetres) / target.cell
  const fine: RefinedHypothesis[] = []
  for (const hypothesis of distinct(coarse, target.cell, FINE)) {
    throwIfCancelled(options.signal)
    const refined = refineFinely(surface, few, hypothesis, target.cell, options)
    fine.push({ ...refined, score: verify.score(refined.pose), overlap: 0, ownShare: 0, cellsAcross, slackCells: 0 })
    options.onProgress?.(0.7 + (0.25 * fine.length) / FINE)
  }
  fine.sort((a, b) => b.score.value - a.score.value)
  let slackCells = 0
  if (fine.length > 0) {
    const settled = nudged(fine[0], target.cell).map((pose) => {
      const refined = refineFinely(surface, few, { ...fine[0], pose }, target.cell, options)
      return { ...fine[0], ...refined, score: verify.score(refined.pose) }
    })
    for (const other of settled) if (other.score.value > fine[0].score.value) fine[0] = other
    const rivals = [...settled, ...fine.slice(1)].filter((h) => h.score.value > fine[0].score.value * AS_GOOD)
    for (const other of rivals) slackCells = Math.max(slackCells, edgeDistance(fine[0], other) / target.cell)
  }
  // Different starts may have run into the same answer.
  const answers = distinct(fine, target.cell, FINE)
  if (answers.length > 0) {
    const best = polish(surface, source, everyNth(moving, POLISH_POINTS), answers[0], options)
    const rivals = answers.slice(1).map((answer) => answer.pose)
    const ownShare = verify.ownShare(best.pose, rivals)
    answers[0] = { ...best, overlap: verify.overlap(best.pose), ownShare, slackCells }
    const seen = options.withScale ? undefined : verify.seenRatios(answers.map((answer) => answer.pose))
    if (seen) return answers.map((answer, i) => ({ ...answer, seenRatio: seen[i] }))
  }
  return answers
}

function structureHypotheses(
  target: PreparedScan,
  source: PreparedScan,
  probes: { readonly target: Probe; readonly source: Probe },
  options: SearchOptions,
): Hypothesis[] {
  const rotations = rotationCandidates(target.directions, source.directions, options.gravityKnown)
  if (rotations.length === 0) rotations.push(...freeTurns(target, source, options.gravityKnown))
  const axes = searchAxes(target)
  const quick = drawProbe(source, rotations.length > 40 ? 48 : 64)
  const keep = Math.max(8, Math.min(40, Math.ceil(900 / Math.max(1, rotations.length))))
  const found: { pose: number[]; value: number }[] = []
  for (const { rotation } of rotations) {
    throwIfCancelled(options.signal)
    for (const t of searchTranslations(target, source, quick, rotation, axes, keep)) {
      found.push({ pose: similarity(rotation, [t.x, t.y, t.z]), value: t.value })
    }
  }
  found.sort((a, b) => b.value - a.value)
  return found
    .slice(0, 700)
    .map(({ pose }) => ({ pose, score: scorePose(target, source, probes, pose, 0.7), origin: 'structure' }))
}

/** With one flat direction only, or none and gravity known: turns about it in even steps. */
function freeTurns(target: PreparedScan, source: PreparedScan, gravityKnown: boolean): RotationCandidate[] {
  if (gravityKnown) return turnsAbout([0, 1, 0], [0, 1, 0], 10, false)
  const [a, b] = [target.directions[0], source.directions[0]]
  return a && b && a.share > 0.15 && b.share > 0.15 ? turnsAbout(a.axis, b.axis, 12, true) : []
}

function featureHypotheses(
  target: PreparedScan,
  source: PreparedScan,
  probes: { readonly target: Probe; readonly source: Probe },
  options: SearchOptions,
): Hypothesis[] {
  throwIfCancelled(options.signal)
  const cell = target.cell * 1.6
  const poses = featureCandidates(
    describePoints(target.positions, cell, 2200),
    describePoints(source.positions, cell, 2200),
  )
  return poses
    .filter((pose) => !options.gravityKnown || pose[5] > 0.97)
    .map((pose) => ({ pose, score: scorePose(target, source, probes, pose, 0.7), origin: 'features' }))
}

/** @param cells Tolerance in cells. */
function scorePose(
  target: PreparedScan,
  source: PreparedScan,
  probes: { readonly target: Probe; readonly source: Probe },
  pose: Matrix4,
  cells: number,
): PoseScore {
  const tolerance = target.cell * cells
  return combine(
    scoreOneWay(probes.source, target, pose, tolerance),
    scoreOneWay(probes.target, source, invertSimilarity(pose), tolerance),
  )
}

function refineCoarsely(
  target: PreparedScan,
  source: PreparedScan,
  hypotheses: readonly Hypothesis[],
  options: SearchOptions,
): Hypothesis[] {
  const surface: IcpSurface = { tree: target.tree, normals: target.normals }
  const icpProbe = drawProbe(source, 450)
  const probes = { target: drawProbe(target, 1500), source: drawProbe(source, 1500) }
  const out: Hypothesis[] = []
  for (const hypothesis of hypotheses) {
    throwIfCancelled(options.signal)
    let pose: readonly number[] = hypothesis.pose
    for (const gate of [2.5, 1.2]) {
      pose = refineByIcp(surface, icpProbe.positions, pose, {
        gateMetres: target.cell * gate,
        iterations: 6,
        sourceNormals: icpProbe.normals,
        withScale: options.withScale,
        toleranceMetres: target.cell * 0.02,
      }).targetFromSource
    }
    out.push({ ...hypothesis, pose: [...pose], score: scorePose(target, source, probes, pose, 0.45) })
  }
  return out.sort((a, b) => b.score.value - a.score.value)
}

function refineFinely(
  surface: IcpSurface,
  moving: Float32Array,
  hypothesis: Hypothesis,
  cell: number,
  options: SearchOptions,
): Hypothesis & { readonly icp: IcpResult } {
  const { withScale, signal } = options
  const near = refineByIcp(surface, moving, hypothesis.pose, {
    gateMetres: cell * 1.2,
    iterations: 8,
    withScale,
    signal,
  })
  const icp = refineByIcp(surface, moving, near.targetFromSource, {
    gateMetres: cell * 0.5,
    iterations: 8,
    withScale,
    signal,
  })
  return { ...hypothesis, icp, pose: icp.targetFromSource }
}

/** Starts a few cells to either side along the motion that the match resists least: refinement may have stuck there. */
export function nudged(hypothesis: RefinedHypothesis, cell: number): number[][] {
  const { information } = hypothesis.icp
  const motion = easiestMotion(information)
  const [x, y, z] = information.centre
  return [-4, -2, 2, 4].map((cells) => {
    const step = motion.map((value) => value * cells * cell)
    const about = similarity(rotationFromVector(step[0], step[1], step[2]), [x + step[3], y + step[4], z + step[5]])
    return multiply(multiply(about, similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [-x, -y, -z])), hypothesis.pose)
  })
}

/** How far apart two answers put the edge of the source, metres; far ones are rivals, not slack, and count as none. */
export function edgeDistance(a: RefinedHypothesis, b: RefinedHypothesis): number {
  const { degrees, metres } = poseDifference(a.pose, b.pose, [0, 0, 0])
  return degrees > APART_DEGREES ? 0 : metres + ((degrees * Math.PI) / 180) * a.icp.information.reachMetres
}

/** The winner once more with all its points. */
function polish(
  surface: IcpSurface,
  { cell, cloud }: PreparedScan,
  moving: Float32Array,
  hypothesis: RefinedHypothesis,
  options: SearchOptions,
): RefinedHypothesis {
  const { withScale, signal } = options
  const common = { iterations: POLISH_STEPS, toleranceMetres: cell * 2e-4, withScale, signal }
  const refine = (points: Float32Array, from: Matrix4): IcpResult =>
    refineByIcp(surface, points, from, { gateMetres: cell * 0.5, ...common })
  const near = refine(everyNth(moving, APPROACH_POINTS), hypothesis.pose)
  const icp = refine(moving, near.targetFromSource)
  const pose = icp.targetFromSource
  const [x, y, z] = cloud.centre
  const origin = transformPoint(pose, [-x, -y, -z])
  return { ...hypothesis, icp, pose, covariance: fitCovariance(surface, moving, pose, cell * 0.5, withScale, origin) }
}

/** The best of every group of poses that are the same within a few degrees and cells. */
function distinct<T extends Hypothesis>(sorted: readonly T[], cell: number, wanted: number): T[] {
  const kept: T[] = []
  for (const hypothesis of sorted) {
    if (kept.length === wanted) break
    const same = kept.some((other) => {
      const difference = poseDifference(other.pose, hypothesis.pose, [0, 0, 0])
      return difference.degrees < APART_DEGREES && difference.metres < APART_CELLS * cell
    })
    if (!same) kept.push(hypothesis)
  }
  return kept
}
