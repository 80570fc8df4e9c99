/** Bodies in motion: where joints are in the world, whatever unit and axes the recorder chose. */
import { expect, test } from 'vitest'
import { describe as describeFile } from '../../../electron/engine/import/describe.ts'
import { rotationFromQuaternion } from '../../../shared/geometry/rotation.ts'
import { ariaFixtures } from '../../fixtures/import/aria-fixtures.ts'
import { walkPose } from '../../fixtures/import/benchmark-fixtures.ts'
import { handJoint, HOLOLENS, hololensFixtures } from '../../fixtures/import/hololens-fixtures.ts'
import { BODY, bodyTurn, bvhFixtures } from '../../fixtures/import/bvh-fixtures.ts'
import { fixtureScene } from '../../fixtures/import/scene.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'

test('head, hands, gaze and depth of a HoloLens are where they were', async () => {
  await withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const [fixture] = hololensFixtures
    const { importer, source, asset } = await describeFile(await fixture!.write(folder, context.tools), context)
    expect(asset.streams.map(({ title }) => title)).toEqual([
      'head',
      'left palm',
      'gaze',
      'colour camera',
      'Depth Long Throw',
    ])
    const [from, to] = HOLOLENS.handFrames
    const [head, hand, gaze] = await Promise.all([0, 1, 2].map((index) => importer.loadPoses!(source, index, context)))
    expect(hand!.count).toBe(to - from)
    // 132.5e15 ticks since 1601 are 1,605,526,400 s since 1970, of which the clock takes the whole seconds.
    expect(asset.clocks[0]!.epochUtcNanoseconds).toBe('1605526400000000000')
    expect(hand!.timesNanoseconds[0]).toBe(BigInt(from) * 100_000_000n)
    expect(asset.streams.map(({ jointCount }) => jointCount ?? 0)).toEqual([0, 26, 0, 0, 0])
    const joints = await importer.loadJoints!(source, 1, context)
    expect(joints.timesNanoseconds).toEqual(hand!.timesNanoseconds)
    for (const joint of [0, 1, 5, 10, 25]) {
      const place = handJoint(joint).map((value, axis) => value + walkPose(from).position[axis]!)
      place.forEach((value, axis) => expect(joints.positions[3 * joint + axis]).toBeCloseTo(value, 5))
    }
    // Every bone is as long as a bone of that hand: none leads from finger to finger.
    const ends = (joint: number) => Array.from(joints.positions.subarray(3 * joint, 3 * joint + 3))
    for (const [a, b] of joints.bones) {
      const [p, q] = [ends(a), ends(b)]
      expect(Math.hypot(...p.map((value, axis) => value - q[axis]!)), `${a}-${b}`).toBeLessThan(0.13)
      if (a > 1) expect(p[0]).toBeCloseTo(q[0]!, 5)
    }
    expect(new Set(joints.bones.flat()).size).toBe(26)
    walkPose(5).position.forEach((value, axis) => expect(head!.positions[15 + axis]).toBeCloseTo(value, 6))
    walkPose(5).rotation.forEach((value, slot) => expect(head!.rotations[20 + slot]).toBeCloseTo(value, 6))
    const r = rotationFromQuaternion(gaze!.rotations)
    ;[-r[6]!, -r[7]!, -r[8]!].forEach((value, axis) =>
      expect(value).toBeCloseTo([0.5, 0, -1][axis]! / Math.hypot(0.5, 1), 6),
    )
    const frame = await importer.loadDepthFrame!(source, 4, 5, context)
    expect(frame.intrinsics).toMatchObject({ width: HOLOLENS.width, height: HOLOLENS.height })
    expect(frame.intrinsics.fx).toBeCloseTo(HOLOLENS.focal, 3)
    // The wall is flat, and the camera looks where the head does.
    for (const metres of frame.depthMetres) expect(metres).toBeCloseTo(HOLOLENS.wallMetres, 2)
    // A turn and its negative are the same.
    const sign = Math.sign(frame.pose!.rotation[3])
    walkPose(5).rotation.forEach((value, slot) => expect(sign * frame.pose!.rotation[slot]!).toBeCloseTo(value, 6))
  })
})

test('hands and gaze of Aria glasses are where they were', async () => {
  await withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const [fixture] = ariaFixtures
    const { importer, source, asset } = await describeFile(await fixture!.write(folder, context.tools), context)
    const path = await importer.loadPoses!(source, 0, context)
    const left = await importer.loadPoses!(source, 2, context)
    // Half a metre along the X of a device that is not turned.
    for (let k = 0; k < left.count; k++) {
      const device = Array.from(path.positions.subarray(3 * k, 3 * k + 3))
      device[0]! += 0.5
      device.forEach((value, axis) => expect(left.positions[3 * k + axis]).toBeCloseTo(value, 9))
    }
    const [gap] = asset.streams[3]!.gaps ?? []
    expect(gap?.startSeconds).toBeCloseTo(5.5, 6)
    expect(gap?.durationSeconds).toBeCloseTo(0.25, 6)
    const gaze = await importer.loadPoses!(source, 4, context)
    const r = rotationFromQuaternion(gaze.rotations)
    // To the wearer's left is -X, up is +Y, ahead is -Z.
    const look = [-r[6]!, -r[7]!, -r[8]!]
    expect(look[0]! / look[2]!).toBeCloseTo(Math.tan(0.1), 9)
    expect(look[1]! / -look[2]!).toBeCloseTo(Math.tan(0.05), 9)
    expect(look[2]).toBeLessThan(0)
    const scan = await importer.loadScan!(source, 5, context)
    const scene = fixtureScene()
    const points = scan.kind === 'points' ? scan.points.positions : []
    scene.positions.forEach((value, slot) => expect(points[slot]).toBeCloseTo(value, 6))
    expect(asset.warnings.map(({ code }) => code)).toEqual(['rotation_unknown', 'frame_of_eyes', 'points_unsure'])
  })
})

test('hands of Aria glasses without their trajectory are told landmark by landmark, where the device saw them', async () => {
  await withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const fixture = ariaFixtures.find(({ id }) => id === 'hand-landmarks')!
    const { importer, source, asset } = await describeFile(await fixture.write(folder, context.tools), context)
    expect(asset.warnings.map(({ code }) => code)).toContain('frame_of_device')
    const joints = await importer.loadJoints!(source, 0, context)
    for (const joint of [0, 5, 20]) expect(joints.positions[3 * joint]).toBeCloseTo(0.5 + joint / 100, 5)
    expect(new Set(joints.bones.flat()).size).toBe(21)
  })
})

const RADIANS = Math.PI / 180

/** The left hand in frame k: the arm turned about +Z at the shoulder, then the body about +Y at the hips. */
function leftHand(k: number): number[] {
  const { heading, arm } = bodyTurn(k)
  const x = 0.2 + BODY.armMetres * Math.cos(arm * RADIANS)
  const y = 0.5 + BODY.armMetres * Math.sin(arm * RADIANS)
  return [0.05 * k + x * Math.cos(heading * RADIANS), BODY.hipsMetres + y, -x * Math.sin(heading * RADIANS)]
}

test.each(bvhFixtures.map((fixture) => [fixture.id, fixture] as const))('%s', async (id, fixture) => {
  await withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const { importer, source, asset } = await describeFile(await fixture.write(folder, context.tools), context)
    expect(asset.streams.map(({ title }) => title)).toEqual(['Hips', 'Head', 'LeftHand', 'LeftShoulder', 'LeftFoot'])
    const path = await importer.loadPoses!(source, 2, context)
    for (let row = 0; row < path.count; row++) {
      const k = Math.round(Number(path.timesNanoseconds[row]) / 1e9 / BODY.frameSeconds)
      expect(Number(path.timesNanoseconds[row]) / 1e9).toBeCloseTo(k * BODY.frameSeconds, 8)
      leftHand(k).forEach((value, axis) => expect(path.positions[3 * row + axis], `${id} ${k}`).toBeCloseTo(value, 5))
    }
    const joints = await importer.loadJoints!(source, 0, context)
    expect(asset.streams[0]!.jointCount).toBe(5)
    // As the file has them: the left hand hangs on the left shoulder.
    const hand = joints.positions.subarray(0, 15)
    const place = path.positions.subarray(0, 3)
    expect(
      [0, 1, 2, 3, 4].some((joint) => place.every((v, axis) => Math.abs(hand[3 * joint + axis]! - v) < 1e-5)),
    ).toBe(true)
    expect(joints.bones).toHaveLength(4)
    expect(asset.warnings.map(({ code }) => code)).toContain('unit_guessed')
    const lost = id === 'lost-frames'
    expect(path.count).toBe(lost ? BODY.count - 4 : BODY.count)
    const gaps = asset.streams[0]!.gaps ?? []
    expect(gaps.map(({ startSeconds }) => Math.round(startSeconds * 30))).toEqual(lost ? [10] : [])
    if (lost) expect(gaps[0]!.durationSeconds).toBeCloseTo(4 / 30, 6)
  })
})
