/**
 * Which loops to believe, and the path they make. A loop must lie within what drift explains, loops nearby must say the
 * same of the drift between them, and what is still pulled hard after all have been weighed together is let go.
 */
import { IDENTITY4, invertSimilarity, type Matrix4, multiply, similarity } from '../../../../shared/geometry/matrix4.ts'
import { poseDifference } from '../../../../shared/geometry/rotation.ts'
import type { Fragment } from './capture-fragments.ts'
import { type Constraint, optimise } from './graph-optimise.ts'
import { driftAllowance, driftCovariance, type Loop } from './loop-model.ts'

type Piece = Pick<Fragment, 'at' | 'walkedMetres'>

export interface LoopVerdict {
  /** world_from_fragment; the first stays where it was recorded. */
  readonly poses: readonly Matrix4[]
  readonly believed: readonly Loop[]
  readonly rejected: readonly { readonly loop: Loop; readonly reason: string }[]
}

/** Loops further apart along the path than this share of their own length say nothing of each other. */
const NEARBY_SHARE = 0.35
/** A loop that nothing supports must be this sure by itself. */
const ALONE_CONFIDENCE = 0.9
/** Loops that support each other may show a tracker that turned this many times more than usual. */
const MOST_TURNS = 3
/** What may be left of a loop after all are weighed together. */
const LEFT_DEGREES = 2
const LEFT_METRES = 0.12

export function recordedPose(piece: Piece): number[] {
  return similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], piece.at)
}

/** How far poses of the pieces miss a loop where the later piece stands. */
export function gapOf(poses: readonly Matrix4[], loop: Loop): { degrees: number; metres: number } {
  const expected = multiply(invertSimilarity(poses[loop.earlier]), poses[loop.later])
  return poseDifference(expected, loop.earlierFromLater, [0, 0, 0])
}

/**
 * Whether drift over the way between two pieces can explain a pose of the later in the earlier.
 * @param turns How many times the usual turn is allowed.
 */
export function withinDrift(
  pieces: readonly Piece[],
  earlier: number,
  later: number,
  pose: Matrix4,
  turns = 1,
): boolean {
  const recorded = multiply(invertSimilarity(recordedPose(pieces[earlier])), recordedPose(pieces[later]))
  const { degrees, metres } = poseDifference(recorded, pose, [0, 0, 0])
  let lever = 0
  for (let i = earlier; i <= later; i++) lever = Math.max(lever, distance(pieces[earlier].at, pieces[i].at))
  const allowed = driftAllowance(pieces[later].walkedMetres - pieces[earlier].walkedMetres, lever)
  return degrees <= allowed.degrees * turns && metres <= allowed.metres
}

export function weighLoops(pieces: readonly Piece[], loops: readonly Loop[]): LoopVerdict {
  const rejected: { loop: Loop; reason: string }[] = []
  let believed = loops.filter((loop) => {
    if (withinDrift(pieces, loop.earlier, loop.later, loop.earlierFromLater, MOST_TURNS)) return true
    rejected.push({ loop, reason: 'no drift explains it: another place that looks the same' })
    return false
  })
  for (;;) {
    const worst = mostContradicted(pieces, believed)
    if (!worst) break
    believed = believed.filter((loop) => loop !== worst)
    rejected.push({ loop: worst, reason: 'contradicts other loops nearby' })
  }
  const alone = believed.filter((loop) => supportOf(pieces, believed, loop).good === 0)
  for (const loop of alone) {
    const usual = withinDrift(pieces, loop.earlier, loop.later, loop.earlierFromLater)
    if (usual && loop.confidence >= ALONE_CONFIDENCE) continue
    believed = believed.filter((other) => other !== loop)
    rejected.push({ loop, reason: 'nothing nearby supports it and it is not sure enough alone' })
  }
  for (;;) {
    const poses = solve(pieces, believed)
    const strained = believed
      .map((loop) => ({ loop, left: gapOf(poses, loop) }))
      .filter(({ left }) => left.degrees > LEFT_DEGREES || left.metres > LEFT_METRES)
      .sort((a, b) => b.left.metres - a.left.metres)[0]
    if (!strained) return { poses, believed, rejected }
    believed = believed.filter((loop) => loop !== strained.loop)
    const reason = `misses by ${strained.left.metres.toFixed(2)} m what the other loops agree on`
    rejected.push({ loop: strained.loop, reason })
  }
}

function mostContradicted(pieces: readonly Piece[], loops: readonly Loop[]): Loop | undefined {
  const judged = loops
    .map((loop) => ({ loop, ...supportOf(pieces, loops, loop) }))
    .filter(({ loop, good, bad }) => bad > 0 && bad >= good + loop.confidence * 0.5)
  return judged.sort((a, b) => b.bad - b.good - (a.bad - a.good) || a.loop.confidence - b.loop.confidence)[0]?.loop
}

/** The confidence of the loops nearby that agree and that do not. */
function supportOf(pieces: readonly Piece[], loops: readonly Loop[], loop: Loop): { good: number; bad: number } {
  let good = 0
  let bad = 0
  for (const other of loops) {
    if (other === loop) continue
    const apart =
      Math.abs(pieces[loop.earlier].walkedMetres - pieces[other.earlier].walkedMetres) +
      Math.abs(pieces[loop.later].walkedMetres - pieces[other.later].walkedMetres)
    const length = Math.min(lengthOf(pieces, loop), lengthOf(pieces, other))
    if (apart > length * NEARBY_SHARE) continue
    // Round: later of one, its earlier, earlier of the other, its later, and back along the recorded path.
    const recorded = (from: number, to: number): number[] =>
      multiply(invertSimilarity(recordedPose(pieces[from])), recordedPose(pieces[to]))
    const round = [
      loop.earlierFromLater,
      recorded(loop.later, other.later),
      invertSimilarity(other.earlierFromLater),
      recorded(other.earlier, loop.earlier),
    ].reduce((product, step) => multiply(product, step), IDENTITY4)
    const { degrees, metres } = poseDifference(round, IDENTITY4, [0, 0, 0])
    const allowed = driftAllowance(apart, 4)
    if (degrees <= allowed.degrees && metres <= allowed.metres) good += other.confidence
    else bad += other.confidence
  }
  return { good, bad }
}

function lengthOf(pieces: readonly Piece[], loop: Loop): number {
  return pieces[loop.later].walkedMetres - pieces[loop.earlier].walkedMetres
}

/** All pieces at once: each follows the one before as recorded, give or take its drift, and loops hold. */
function solve(pieces: readonly Piece[], loops: readonly Loop[]): number[][] {
  const start = new Map(pieces.map((piece, i) => [i, recordedPose(piece)]))
  if (loops.length === 0) return [...start.values()]
  const recorded: Constraint[] = pieces.slice(1).map((piece, i) => ({
    target: i,
    source: i + 1,
    targetFromSource: multiply(invertSimilarity(recordedPose(pieces[i])), recordedPose(piece)),
    scale: 1,
    covariance: driftCovariance(piece.walkedMetres - pieces[i].walkedMetres),
    forced: false,
  }))
  const closing: Constraint[] = loops.map((loop) => ({
    target: loop.earlier,
    source: loop.later,
    targetFromSource: loop.earlierFromLater,
    scale: 1,
    covariance: loop.covariance,
    forced: false,
  }))
  const { poses } = optimise(start, [...recorded, ...closing], new Set([0]))
  return pieces.map((piece, i) => poses.get(i) ?? recordedPose(piece))
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}
