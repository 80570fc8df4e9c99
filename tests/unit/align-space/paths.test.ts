import { describe, expect, it } from 'vitest'
import { cloudFromDepth } from '../../../electron/engine/align/space/depth-cloud.ts'
import { poseAt } from '../../../shared/geometry/pose-at.ts'
import { alignPaths } from '../../../electron/engine/align/space/path-to-path.ts'
import type { DepthFrame, PosePath } from '../../../shared/geometry/data.ts'
import { invertSimilarity, multiply, similarity } from '../../../shared/geometry/matrix4.ts'
import { poseDifference, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { motion, pathOf } from '../../fixtures/space/paths.ts'

const world = similarity(rotationFromVector(0.1, 2.1, -0.2), [4, -1, 2])
const mount = similarity(rotationFromVector(0.3, -0.8, 0.4), [0.12, 0.05, -0.2])

function devices(oneAxis = false, noise = 0.004) {
  const target = pathOf(
    (t) => motion(t, oneAxis),
    60,
    30,
    (t) => t,
    noise,
    1,
  )
  // In its own world, on a clock that started 100 s earlier and is out by 17 ms.
  const source = pathOf(
    (t) => multiply(multiply(invertSimilarity(world), motion(t, oneAxis)), mount),
    90,
    30,
    (t) => t + 100 + 0.017,
    noise,
    2,
  )
  const clockMap = { offsetSeconds: -100, ratePpm: 0, sigmaOffsetSeconds: 0.01 }
  return {
    target: { path: target, clockMap: { offsetSeconds: 0, ratePpm: 0, sigmaOffsetSeconds: 0 } },
    source: { path: source, clockMap },
  }
}

describe('paths', () => {
  it('of two devices fixed to each other give both worlds, the mount and what is left of the clocks', () => {
    const { target, source } = devices()
    const { registration, clockCorrectionSeconds, mount: found } = alignPaths(target, source)
    if (!registration.registered || !found) throw new Error('not registered')
    const error = poseDifference(registration.targetFromSource, world, [0, 0, 0])
    expect(error.degrees).toBeLessThan(0.2)
    expect(error.metres).toBeLessThan(0.02)
    expect(Math.abs((clockCorrectionSeconds ?? 0) + 0.017)).toBeLessThan(0.002)
    const mounted = poseDifference(found, mount, [0, 0, 0])
    expect(mounted.degrees).toBeLessThan(0.2)
    expect(mounted.metres).toBeLessThan(0.01)
  })

  it('of devices that turned about one axis only are ambiguous', () => {
    const { target, source } = devices(true, 0.0005)
    const { registration } = alignPaths(target, source)
    expect(registration).toMatchObject({ registered: false, reason: expect.stringMatching(/^ambiguous: /) })
  })

  it('of devices that went their own ways are refused, as are short and broken ones', () => {
    const { target } = devices()
    const other = pathOf(
      (t) => motion(t * 1.31 + 40),
      60,
      30,
      (t) => t,
      0.004,
      5,
    )
    expect(alignPaths(target, { path: other }).registration.registered).toBe(false)
    const late = { path: other, clockMap: { offsetSeconds: 29, ratePpm: 0, sigmaOffsetSeconds: 0 } }
    expect(alignPaths(target, late).registration).toMatchObject({
      registered: false,
      reason: expect.stringContaining('share 1.0 s'),
    })
    const broken = { ...other, positions: other.positions.map((v, i) => (i === 7 ? Number.NaN : v)) }
    expect(alignPaths(target, { path: broken }).registration).toMatchObject({
      registered: false,
      reason: expect.stringContaining('finite'),
    })
  })

  it('are read between their samples and nowhere else', () => {
    const path = pathOf(
      (t) => similarity(rotationFromVector(0, t, 0), [t, 0, 0]),
      10,
      2,
      (t) => t,
      0,
      1,
    )
    const half = poseAt(path, 250_000_000n)
    expect(half?.position[0]).toBeCloseTo(0.25, 9)
    expect(half?.rotation[0]).toBeCloseTo(Math.cos(0.25), 6)
    expect(poseAt(path, 1_900_000_000n)?.position[0]).toBeCloseTo(1.9, 9)
    expect(poseAt(path, 1_900_000_001n)).toBeUndefined()
    expect(poseAt(path, -1n)).toBeUndefined()
  })
})

describe('depth along a path', () => {
  const intrinsics = { width: 64, height: 48, fx: 60, fy: 60, cx: 32, cy: 24 }
  const frame = (timeNanoseconds: bigint, depth: (u: number, v: number) => number): DepthFrame => ({
    width: 32,
    height: 24,
    depthMetres: Float32Array.from({ length: 768 }, (_, i) => depth(i % 32, Math.floor(i / 32))),
    intrinsics,
    timeNanoseconds,
  })
  const still: PosePath = {
    count: 2,
    timesNanoseconds: BigInt64Array.from([0n, 400_000_000n]),
    positions: Float64Array.from([1, 2, 3, 1, 2, 3]),
    rotations: Float64Array.from([0, Math.SQRT1_2, 0, Math.SQRT1_2, 0, Math.SQRT1_2, 0, Math.SQRT1_2]),
  }

  it('puts a wall where the camera saw it: ahead is -Z of the device, turned to -X here', async () => {
    const cloud = await cloudFromDepth([frame(1000n, () => 2)], still)
    expect(cloud.count).toBeGreaterThan(300)
    let top = -Infinity
    let right = Infinity
    for (let i = 0; i < cloud.count; i++) {
      expect(cloud.positions[i * 3]).toBeCloseTo(-1, 5)
      top = Math.max(top, cloud.positions[i * 3 + 1])
      right = Math.min(right, cloud.positions[i * 3 + 2])
    }
    // Half a (coarse) pixel inside the picture's edge: up is +Y, right is -Z after the turn.
    expect(top).toBeCloseTo(2 + (23 / 60) * 2, 2)
    expect(right).toBeCloseTo(3 - (31 / 60) * 2, 2)
  })

  it('leaves out holes, far and doubtful pixels, edges, and frames without a pose', async () => {
    expect((await cloudFromDepth([frame(1000n, () => 0), frame(1000n, () => 9)], still)).count).toBe(0)
    expect((await cloudFromDepth([frame(900_000_000n, () => 2)], still)).count).toBe(0)
    const doubtful = { ...frame(1000n, () => 2), confidence: new Uint8Array(768) }
    expect((await cloudFromDepth([doubtful], still)).count).toBe(0)
    const step = await cloudFromDepth([frame(1000n, (u) => (u < 16 ? 1 : 3))], still, { cellMetres: 0.001 })
    expect(step.count).toBe(30 * 24)
  })
})
