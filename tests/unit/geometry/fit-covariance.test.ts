/** The uncertainty that a fit states, held against truth: whatever the noise, and none where a motion stays free. */
import { describe, expect, it } from 'vitest'
import { fitCovariance } from '../../../shared/geometry/fit-covariance.ts'
import { buildSurface, refineByIcp } from '../../../shared/geometry/icp.ts'
import { IDENTITY4, rotationOf, transformPoint } from '../../../shared/geometry/matrix4.ts'
import { multiplyRotations, transposeRotation, vectorFromRotation } from '../../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../../shared/geometry/surface-sampling.ts'
import { thinToCells } from '../../../shared/geometry/voxel-grid.ts'
import { partialPair } from '../../fixtures/space/rooms.ts'
import { furnishedRoom } from '../../fixtures/space/synthetic.ts'

/** Far from the scan, where a scale that is a little off moves much; metres. */
const FAR = [20, 5, -30] as const

describe('fitCovariance', () => {
  it.each([
    [0.004, false],
    [0.015, false],
    [0.008, true],
  ])('states 2-sigma intervals that hold at %d m of noise, with a scale that is free: %s', (noiseMetres, withScale) => {
    let within = 0
    let squares = 0
    let all = 0
    for (let seed = 0; seed < 5; seed++) {
      const pair = partialPair(furnishedRoom(seed), { seed, kept: 0.8, points: 10_000, noiseMetres })
      const [target, source] = [pair.target, pair.source].map((scan) =>
        scan.kind === 'mesh' ? new Float32Array() : thinToCells(scan.points.positions, 0.06).positions,
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
        all++
      })
    }
    expect(within / all).toBeGreaterThanOrEqual(0.85)
    expect(squares / all).toBeGreaterThan(0.4)
    expect(squares / all).toBeLessThan(2)
  })

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
