import { describe, expect, it } from 'vitest'
import { buildSurface, refineByIcp, registerByIcp } from '../../../shared/geometry/icp.ts'
import {
  IDENTITY4,
  invertSimilarity,
  multiply,
  similarity,
  transformPositions,
} from '../../../shared/geometry/matrix4.ts'
import { weakestMotion } from '../../../shared/geometry/pose-covariance.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { poseDifference, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { partialPair } from '../../fixtures/space/rooms.ts'
import { ballPoints, furnishedRoom } from '../../fixtures/space/synthetic.ts'

const scales = { cellsMetres: [0.25, 0.08, 0.035], gatesMetres: [0.7, 0.25, 0.08] }

/** Eight degrees and nineteen centimetres off. */
function start(truth: readonly number[], seed: number): number[] {
  const random = seededRandom(seed)
  const v = [
    random.gaussian(),
    random.gaussian(),
    random.gaussian(),
    random.gaussian(),
    random.gaussian(),
    random.gaussian(),
  ]
  const turn = (8 * Math.PI) / 180 / Math.hypot(v[0], v[1], v[2])
  const move = 0.19 / Math.hypot(v[3], v[4], v[5])
  return multiply(
    similarity(rotationFromVector(v[0] * turn, v[1] * turn, v[2] * turn), [v[3] * move, v[4] * move, v[5] * move]),
    truth,
  )
}

function positionsOf(pair: ReturnType<typeof partialPair>): [Float32Array, Float32Array] {
  if (pair.target.kind === 'mesh' || pair.source.kind === 'mesh') throw new Error('points expected')
  return [pair.target.points.positions, pair.source.points.positions]
}

describe('icp', () => {
  it('finds a known pose from 8 degrees and 19 cm off with two thirds in common', () => {
    for (const seed of [1, 2]) {
      const pair = partialPair(furnishedRoom(seed), {
        seed,
        kept: 0.82,
        cuts: 'opposite',
        points: 16_000,
        noiseMetres: 0.005,
        offsetMetres: 0,
      })
      const [target, source] = positionsOf(pair)
      const result = registerByIcp(target, source, start(pair.targetFromSource, seed), scales)
      const error = poseDifference(result.targetFromSource, pair.targetFromSource, [0, 0, 0])
      expect(error.degrees).toBeLessThan(0.02)
      expect(error.metres).toBeLessThan(0.002)
      // Noise of both sides along the normal, the thinned target's being smaller.
      expect(result.rmseMetres).toBeGreaterThan(0.003)
      expect(result.rmseMetres).toBeLessThan(0.009)
    }
  })

  it('is not held back by the walls that fit already', () => {
    const looks = {
      seed: 309,
      kept: 0.84,
      cuts: 'opposite',
      points: 12_000,
      noiseMetres: 0.005,
      offsetMetres: 0,
    } as const
    const pair = partialPair(furnishedRoom(309), looks)
    const [target, source] = positionsOf(pair)
    const turn = (8 * Math.PI) / 180 / Math.sqrt(3)
    const away = similarity(rotationFromVector(turn, turn, -turn), [0.11, -0.11, 0.11])
    const result = registerByIcp(target, source, multiply(away, pair.targetFromSource), scales)
    expect(poseDifference(result.targetFromSource, pair.targetFromSource, [0, 0, 0]).metres).toBeLessThan(0.003)
  })

  it('gives the inverse when target and source change places', () => {
    const pair = partialPair(furnishedRoom(3), {
      seed: 3,
      kept: 0.85,
      points: 14_000,
      noiseMetres: 0.004,
      offsetMetres: 0.5,
    })
    const [target, source] = positionsOf(pair)
    const forth = registerByIcp(target, source, pair.targetFromSource, scales)
    const back = registerByIcp(source, target, invertSimilarity(pair.targetFromSource), scales)
    const loop = poseDifference(multiply(forth.targetFromSource, back.targetFromSource), IDENTITY4, [0, 0, 0])
    expect(loop.degrees).toBeLessThan(0.03)
    expect(loop.metres).toBeLessThan(0.002)
  })

  it('recovers a scale when asked', () => {
    const pair = partialPair(furnishedRoom(4), {
      seed: 4,
      kept: 0.9,
      points: 12_000,
      noiseMetres: 0.004,
      offsetMetres: 0,
    })
    const [target, source] = positionsOf(pair)
    const grown = source.map((v) => v * 1.03)
    const result = registerByIcp(target, grown, pair.targetFromSource, { ...scales, withScale: true })
    expect(result.scale * 1.03).toBeCloseTo(1, 3)
  })

  it('knows when a motion stays free: on a ball', () => {
    const ball = ballPoints(4000, 0.5)
    const onBall = refineByIcp(buildSurface(ball), ballPoints(2000, 0.5, 9), IDENTITY4, {
      gateMetres: 0.1,
      iterations: 5,
    })
    expect(weakestMotion(onBall.information)).toBeLessThan(0.003)
  })

  it('stops when cancelled', () => {
    const points = transformPositions(IDENTITY4, ballPoints(500, 1))
    expect(() =>
      refineByIcp(buildSurface(points), points, IDENTITY4, {
        gateMetres: 1,
        iterations: 5,
        signal: AbortSignal.abort(),
      }),
    ).toThrow(/Cancelled/)
  })
})
