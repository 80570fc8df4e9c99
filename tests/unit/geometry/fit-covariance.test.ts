/** The uncertainty that a fit states, held against truth: whatever the noise, and none where a motion stays free. */
import { describe, expect, it } from 'vitest'
import { fitCovariance } from '../../../shared/geometry/fit-covariance.ts'
import { buildSurface, refineByIcp } from '../../../shared/geometry/icp.ts'
import { IDENTITY4, rotationOf, transformPoint } from '../../../shared/geometry/matrix4.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { multiplyRotations, transposeRotation, vectorFromRotation } from '../../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../../shared/geometry/surface-sampling.ts'
import { thinToCells } from '../../../shared/geometry/voxel-grid.ts'
import { partialPair } from '../../fixtures/space/rooms.ts'
import { furnishedRoom } from '../../fixtures/space/synthetic.ts'

/** Far from the scan, where a scale that is a little off moves much; metres. */
const FAR = [20, 5, -30] as const

const SEEDS = 6

/** The share of components within two stated deviations of the truth, and their mean square in stated ones. */
function held(
  noiseMetres: number,
  withScale: boolean,
  bent: (positions: Float32Array, seed: number) => Float32Array,
): { within: number; squares: number } {
  let within = 0
  let squares = 0
  for (let seed = 0; seed < SEEDS; seed++) {
    const pair = partialPair(furnishedRoom(seed), { seed, kept: 0.8, points: 10_000, noiseMetres })
    const [target, source] = [pair.target, pair.source].map((scan, side) =>
      scan.kind === 'mesh'
        ? new Float32Array()
        : thinToCells(bent(scan.points.positions, 2 * seed + side), 0.06).positions,
    )
    const surface = buildSurface(target)
    const fit = refineByIcp(surface, source, pair.targetFromSource, { gateMetres: 0.07, iterations: 20, withScale })
    const m = fit.targetFromSource
    const found = transformPoint(m, FAR)
    const covariance = fitCovariance(surface, source, m, 0.07, withScale, found) ?? []
    expect(covariance).toHaveLength(36)
    const turn = vectorFromRotation(
      multiplyRotations(rotationOf(pair.targetFromSource), transposeRotation(rotationOf(m))),
    )
    const error = [...turn, ...transformPoint(pair.targetFromSource, FAR).map((value, k) => value - found[k])]
    error.forEach((e, k) => {
      const share = (e * e) / covariance[k * 7]
      squares += share
      if (share <= 4) within++
    })
  }
  return { within: within / (6 * SEEDS), squares: squares / (6 * SEEDS) }
}

/** Off by waves 8 mm high, others on each side; of about a metre where they rise by up to 6 radians a metre along each axis. */
function wavy(positions: Float32Array, seed: number, radiansPerMetre: number): Float32Array {
  const random = seededRandom(seed)
  const waves = Array.from({ length: 24 }, (_, i) => ({
    axis: i % 3,
    along: [0, 0, 0].map(() => (random.next() - 0.5) * 2 * radiansPerMetre),
    phase: random.next() * 7,
  }))
  return positions.map((value, i) => {
    const o = i - (i % 3)
    return waves.reduce((sum, { axis, along, phase }) => {
      if (axis !== i % 3) return sum
      const [x, y, z] = [positions[o]!, positions[o + 1]!, positions[o + 2]!]
      return sum + 0.004 * Math.sin(along[0]! * x + along[1]! * y + along[2]! * z + phase)
    }, value)
  })
}

describe('fitCovariance', () => {
  it.each([
    [0.004, false],
    [0.015, false],
    [0.008, true],
  ])('states 2-sigma intervals that hold at %d m of noise, with a scale that is free: %s', (noiseMetres, withScale) => {
    const { within, squares } = held(noiseMetres, withScale, (positions) => positions)
    expect(within).toBeGreaterThanOrEqual(0.85)
    expect(squares).toBeGreaterThan(0.4)
    expect(squares).toBeLessThan(2)
  })

  // Of waves of two metres hardly more than 40 pieces are left, each of which holds much of some motion.
  it.each([
    [6, 1.2],
    [3, 2.2],
  ])(
    'states ones that hold where neighbours are off alike by %d rad/m, as on a mesh of large triangles',
    (steep, most) => {
      const { within, squares } = held(0.002, false, (positions, seed) => wavy(positions, seed, steep))
      expect(within).toBeGreaterThanOrEqual(0.8)
      expect(squares).toBeGreaterThan(0.4)
      expect(squares).toBeLessThan(most)
    },
  )

  it('states one for a scan without noise, whose matches fit exactly', () => {
    const pair = partialPair(furnishedRoom(3), { seed: 3, kept: 0.8, points: 10_000, noiseMetres: 0 })
    const [target, source] = [pair.target, pair.source].map((scan) =>
      scan.kind === 'mesh' ? new Float32Array() : scan.points.positions,
    )
    const surface = buildSurface(target)
    const fit = refineByIcp(surface, source, pair.targetFromSource, { gateMetres: 0.07, iterations: 20 })
    expect(fitCovariance(surface, source, fit.targetFromSource, 0.07)).toHaveLength(36)
  })

  it('states none where a motion changes nothing', () => {
    const plane = {
      vertexCount: 3,
      triangleCount: 1,
      positions: Float32Array.from([0, 0, 0, 4, 0, 0, 0, 0, 4]),
      indices: Uint32Array.from([0, 1, 2]),
    }
    const surface = buildSurface(sampleSurface(plane, 3000).positions)
    expect(fitCovariance(surface, sampleSurface(plane, 1000, 5).positions, IDENTITY4, 0.1)).toBeUndefined()
  })
})
