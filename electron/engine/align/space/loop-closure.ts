/**
 * Loop closure of one drifting capture: its pieces are registered among each other where it may have come back to a
 * place, the loops that hold together bend the path, and the bend is given as corrections of the recorded poses. The
 * graph follows G. Grisetti et al., "A tutorial on graph-based SLAM" (2010).
 */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import type { Scan } from '../../../../shared/geometry/data.ts'
import { invertSimilarity, type Matrix4, multiply, transformPositions } from '../../../../shared/geometry/matrix4.ts'
import { poseDifference } from '../../../../shared/geometry/rotation.ts'
import type { Fragment } from './capture-fragments.ts'
import { gapOf, type LoopVerdict, recordedPose, weighLoops, withinDrift } from './loop-consensus.ts'
import type { Loop, LoopClosure, LoopReport } from './loop-model.ts'
import type { RegisterOptions, SpaceRegistration } from './registration.ts'

/** Pieces nearer along the way than this share their view anyway, metres. */
export const SHORTEST_LOOP_METRES = 7
/** Registrations tried at most, and loops after which no more are looked for. */
const MOST_TRIES = 30
const ENOUGH_LOOPS = 12
/** Cells in which the places of two pieces are compared, metres, and the least share they must have in common. */
const PLACE_CELL = 1
const LEAST_SHARED_PLACE = 0.3
/** Pairs of pieces next to a pair that was tried say little new. */
const TRIES_NEXT_TO_EACH_OTHER = 2
/** What a registration left open is still taken when the drift allows only this one of its poses, this sure. */
const LEAST_CANDIDATE = 0.25
/** A path that misses its places by less is left as it was recorded. */
const WORTH_METRES = 0.03
const WORTH_DEGREES = 0.5

export interface LoopContext {
  /** Scan to scan, in a thread or here. */
  readonly register: (target: Scan, source: Scan, options: RegisterOptions) => Promise<SpaceRegistration>
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

/** @param fragments Of one capture in the order of time. */
export async function closeLoops(fragments: readonly Fragment[], context: LoopContext): Promise<LoopClosure> {
  const loops: Loop[] = []
  const tried: { earlier: number; later: number }[] = []
  let verdict: LoopVerdict = weighLoops(fragments, [])
  while (tried.length < MOST_TRIES && verdict.believed.length < ENOUGH_LOOPS) {
    throwIfCancelled(context.signal)
    const next = likeliest(fragments, verdict.poses, tried)
    if (!next) break
    tried.push(next)
    const loop = await measure(fragments, next.earlier, next.later, context)
    context.onProgress?.(Math.max(tried.length / MOST_TRIES, verdict.believed.length / ENOUGH_LOOPS))
    if (!loop) continue
    loops.push(loop)
    verdict = weighLoops(fragments, loops)
  }
  return answerOf(fragments, verdict, tried.length)
}

/** The pair of pieces that share most of their place as the path now lies, and were not looked at yet. */
function likeliest(
  fragments: readonly Fragment[],
  poses: readonly Matrix4[],
  tried: readonly { earlier: number; later: number }[],
): { earlier: number; later: number } | undefined {
  const places = fragments.map((fragment, i) => placesOf(fragment, poses[i]))
  let best: { earlier: number; later: number } | undefined
  let most = LEAST_SHARED_PLACE
  for (let later = 0; later < fragments.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      if (fragments[later].walkedMetres - fragments[earlier].walkedMetres < SHORTEST_LOOP_METRES) continue
      const near = tried.filter((pair) => Math.abs(pair.earlier - earlier) <= 1 && Math.abs(pair.later - later) <= 1)
      if (near.length >= TRIES_NEXT_TO_EACH_OTHER) continue
      if (near.some((pair) => pair.earlier === earlier && pair.later === later)) continue
      const share = sharedShare(places[earlier], places[later]) * (near.length > 0 ? 0.6 : 1)
      if (share <= most) continue
      most = share
      best = { earlier, later }
    }
  }
  return best
}

function placesOf(fragment: Fragment, pose: Matrix4): Set<string> {
  const moved = transformPositions(pose, fragment.cloud.positions)
  const places = new Set<string>()
  for (let i = 0; i + 2 < moved.length; i += 9) {
    places.add([0, 1, 2].map((k) => Math.floor(moved[i + k] / PLACE_CELL)).join(' '))
  }
  return places
}

function sharedShare(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0
  for (const place of a) if (b.has(place)) shared++
  return shared / Math.max(1, Math.min(a.size, b.size))
}

/** The later piece in the earlier one, where their surfaces say so and drift can explain it. */
async function measure(
  fragments: readonly Fragment[],
  earlier: number,
  later: number,
  { register, signal }: LoopContext,
): Promise<Loop | undefined> {
  const scan = (i: number): Scan => ({ kind: 'points', points: fragments[i].cloud })
  const answer = await register(scan(earlier), scan(later), { gravity: 'known', signal })
  if (answer.registered) {
    const { targetFromSource, covariance, confidence, overlap } = answer
    return { earlier, later, earlierFromLater: targetFromSource, covariance, confidence, overlap: overlap ?? 0 }
  }
  const possible = answer.candidates.filter(
    (each) => each.confidence >= LEAST_CANDIDATE && withinDrift(fragments, earlier, later, each.targetFromSource),
  )
  if (possible.length !== 1) return undefined
  const covariance = Array.from({ length: 36 }, (_, i) => (i % 7 !== 0 ? 0 : i < 18 ? 0.01 ** 2 : 0.03 ** 2))
  const [{ targetFromSource, confidence }] = possible
  return { earlier, later, earlierFromLater: targetFromSource, covariance, confidence, overlap: 0 }
}

function answerOf(fragments: readonly Fragment[], verdict: LoopVerdict, tries: number): LoopClosure {
  const recorded = fragments.map(recordedPose)
  const report = (loop: Loop, reason?: string): LoopReport => {
    const gap = gapOf(recorded, loop)
    return {
      earlierSeconds: fragments[loop.earlier].clockSeconds,
      laterSeconds: fragments[loop.later].clockSeconds,
      gapMetres: gap.metres,
      gapDegrees: gap.degrees,
      leftMetres: reason === undefined ? gapOf(verdict.poses, loop).metres : null,
      confidence: loop.confidence,
      accepted: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
    }
  }
  const loops = [
    ...verdict.believed.map((loop) => report(loop)),
    ...verdict.rejected.map(({ loop, reason }) => report(loop, reason)),
  ]
  const base = { fragments: fragments.length, loops }
  const closed = loops.filter((loop) => loop.accepted)
  if (closed.length === 0) {
    const reason =
      tries === 0
        ? 'the path comes back to no place it has seen'
        : `none of the ${tries} pairs of places looked at is surely one place`
    return { ...base, knots: [], largestCorrectionMetres: 0, reason }
  }
  if (!closed.some((loop) => loop.gapMetres > WORTH_METRES || loop.gapDegrees > WORTH_DEGREES)) {
    return { ...base, knots: [], largestCorrectionMetres: 0, reason: 'the path closes its loops by itself' }
  }
  const knots = fragments.map((fragment, i) => ({
    clockSeconds: fragment.clockSeconds,
    correctedFromRecorded: multiply(verdict.poses[i], invertSimilarity(recorded[i])),
  }))
  const moves = fragments.map((_, i) => poseDifference(verdict.poses[i], recorded[i], [0, 0, 0]).metres)
  return { ...base, knots, largestCorrectionMetres: Math.max(...moves) }
}
