import { describe, expect, it } from 'vitest'
import { registerScans } from '../../../electron/engine/align/space/register-scans.ts'
import type { Scan } from '../../../shared/geometry/data.ts'
import { everyNth } from '../../../shared/geometry/icp.ts'
import { firmestPlace } from '../../../shared/geometry/pose-covariance.ts'
import { invertSimilarity, type Matrix4, transformPoint } from '../../../shared/geometry/matrix4.ts'
import { poseDifference } from '../../../shared/geometry/rotation.ts'
import { partialPair, scanOf } from '../../fixtures/space/rooms.ts'
import { furnishedRoom, twofoldRoom } from '../../fixtures/space/synthetic.ts'

const THIN = 700

const thinned = (scan: Scan): Scan => {
  if (scan.kind === 'mesh') throw new Error('points expected')
  return scanOf(everyNth(scan.points.positions, THIN))
}

const pairOf = (room: number) =>
  partialPair(furnishedRoom(room), { seed: room, kept: 1, points: 40_000, noiseMetres: 0.004, tilted: true })

/** Of the truth, in the deviations stated along each axis, at the place that is known best. */
function deviationsOff(answer: { targetFromSource: Matrix4; covariance: readonly number[] }, truth: Matrix4): number[] {
  const [x, y, z] = firmestPlace(answer.covariance)
  const at = transformPoint(answer.targetFromSource, [0, 0, 0]).map((value, axis) => value + [x, y, z][axis]!)
  const inSource = transformPoint(invertSimilarity(answer.targetFromSource), at)
  const there = transformPoint(truth, inSource)
  return at.map((value, axis) => Math.abs(value - there[axis]!) / Math.sqrt(answer.covariance[(axis + 3) * 7]!))
}

describe('a scan of a few hundred points against a dense one', () => {
  it('is placed to millimetres, whichever of the two is the thin one', () => {
    const { target, source, targetFromSource } = pairOf(4)
    const forth = registerScans(target, thinned(source))
    const back = registerScans(thinned(source), target)
    for (const [answer, truth] of [
      [forth, targetFromSource],
      [back, invertSimilarity(targetFromSource)],
    ] as const) {
      if (!answer.registered) throw new Error(answer.reason)
      expect(poseDifference(answer.targetFromSource, truth, [0, 0, 0]).degrees).toBeLessThan(0.1)
      expect(Math.max(...deviationsOff(answer, truth))).toBeLessThan(4)
    }
  })

  it('is refused where it is of another room, and ambiguous where the room looks the same after a turn', () => {
    expect(registerScans(pairOf(4).target, thinned(pairOf(8).source)).registered).toBe(false)
    const alike = partialPair(twofoldRoom(4), { seed: 4, kept: 1, points: 40_000, noiseMetres: 0.004 })
    const answer = registerScans(alike.target, thinned(alike.source))
    expect(answer.registered ? '' : answer.reason).toContain('ambiguous: ')
  })
})
