import { describe, expect, test } from 'vitest'
import { fragmentsOf } from '../../../electron/engine/align/space/capture-fragments.ts'
import { closeLoops } from '../../../electron/engine/align/space/loop-closure.ts'
import { weighLoops } from '../../../electron/engine/align/space/loop-consensus.ts'
import type { Loop } from '../../../electron/engine/align/space/loop-model.ts'
import { registerScans } from '../../../electron/engine/align/space/register-scans.ts'
import { correctedPose } from '../../../shared/geometry/path-correction.ts'
import { IDENTITY4, similarity } from '../../../shared/geometry/matrix4.ts'
import { rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { driftingWalk } from '../../fixtures/space/drifting-walk.ts'

const registered = async (...[a, b, options]: Parameters<typeof registerScans>) => registerScans(a, b, options)

/** That a walk which comes back is put right is shown from its import on in tests/integration/space-loops.test.ts. */
describe('a phone carried round five rooms', () => {
  test('that does not come back is left as it was recorded', async () => {
    const walk = driftingWalk({ seed: 6, comesBack: false })
    const closure = await closeLoops(await fragmentsOf(walk.frames(), walk.recorded), { register: registered })
    expect(closure).toMatchObject({ knots: [], loops: [] })
    expect(closure.reason).toBeDefined()
  })
})

describe('which loops are believed', () => {
  /** Forty metres round a square, 2.5 m a piece, drifting along x: the last quarter lies over the first again. */
  const pieces = Array.from({ length: 20 }, (_, i) => {
    const walked = i * 2.5
    const side = Math.floor(walked / 10) % 4
    const along = walked % 10
    const [x, z] = [
      [along, 0],
      [10, along],
      [10 - along, 10],
      [0, 10 - along],
    ][side]!
    return { at: [x! + walked * 0.01, 0, z!] as const, walkedMetres: walked, clockSeconds: walked }
  })
  const covariance = Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1e-5 : 0))
  const loop = (earlier: number, later: number, offset: readonly number[], confidence = 0.95): Loop => ({
    earlier,
    later,
    earlierFromLater: similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], offset),
    covariance,
    confidence,
    overlap: 0.5,
  })
  const right = [loop(0, 16, [0, 0, 0]), loop(1, 17, [0, 0, 0]), loop(2, 18, [0, 0, 0])]

  test('those that agree close the path and the last piece returns to where it belongs', () => {
    const { poses, believed, rejected } = weighLoops(pieces, right)
    expect(believed).toHaveLength(3)
    expect(rejected).toHaveLength(0)
    expect(Math.abs(poses[16]![12]! - poses[0]![12]!)).toBeLessThan(0.02)
  })

  test('one that drift could explain but its neighbours contradict is rejected, with the reason', () => {
    const wrong = loop(1, 16, [1.2, 0, 0.9], 0.99)
    const { poses, believed, rejected } = weighLoops(pieces, [...right, wrong])
    expect(believed).not.toContain(wrong)
    expect(rejected).toEqual([{ loop: wrong, reason: expect.stringContaining('other loops') }])
    expect(Math.abs(poses[16]![12]! - poses[0]![12]!)).toBeLessThan(0.02)
  })

  test('another room that looks the same is further off than drift', () => {
    const { believed, rejected } = weighLoops(pieces, [loop(2, 10, [0, 0, 0]), loop(3, 11, [0, 0, 0])])
    expect(believed).toHaveLength(0)
    expect(rejected.map((each) => each.reason)).toEqual(Array(2).fill(expect.stringContaining('drift')))
  })

  test('an unsure one that nothing supports is not believed', () => {
    expect(weighLoops(pieces, [loop(0, 16, [0, 0, 0], 0.82)]).believed).toHaveLength(0)
  })
})

describe('a correction', () => {
  const turn = similarity(rotationFromVector(0, 0.2, 0), [1, 0, 0])
  const knots = [
    { clockSeconds: 1, correctedFromRecorded: IDENTITY4 },
    { clockSeconds: 3, correctedFromRecorded: turn },
  ]
  const pose = { position: [2, 1, 0], rotation: [0, 0, 0, 1] } as const

  test('holds before its first and after its last moment and is mixed between', () => {
    expect(correctedPose(knots, 0, pose).position).toEqual([2, 1, 0])
    const last = correctedPose(knots, 9, pose)
    expect(last.position[0]).toBeCloseTo(2 * Math.cos(0.2) + 1, 12)
    expect(last.rotation[1]).toBeCloseTo(Math.sin(0.1), 12)
    const half = correctedPose(knots, 2, pose)
    expect(half.position[0]).toBeCloseTo((2 + last.position[0]) / 2, 12)
    expect(half.rotation[1]).toBeCloseTo(Math.sin(0.05), 12)
  })
})
