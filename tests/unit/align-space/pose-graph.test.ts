import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PairMeasurement, solvePoseGraph } from '../../../electron/engine/align/space/pose-graph.ts'
import { IDENTITY4, invertSimilarity, multiply, similarity, transformPoint } from '../../../shared/geometry/matrix4.ts'
import { congruence, firmestPlace, leverJacobian } from '../../../shared/geometry/pose-covariance.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { poseDifference, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { randomPose } from '../../fixtures/space/rooms.ts'

const SIGMA = 0.004

function worldOf(count: number, seed: number): number[][] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, i) => (i === 0 ? [...IDENTITY4] : randomPose(random, 3, true)))
}

function measured(
  poses: readonly number[][],
  target: number,
  source: number,
  seed: number,
  wrong?: readonly number[],
): PairMeasurement {
  const random = seededRandom(seed * 1000 + target * 37 + source)
  const noise = similarity(
    rotationFromVector(
      random.gaussian() * SIGMA * 0.3,
      random.gaussian() * SIGMA * 0.3,
      random.gaussian() * SIGMA * 0.3,
    ),
    [random.gaussian() * SIGMA, random.gaussian() * SIGMA, random.gaussian() * SIGMA],
  )
  const truth = multiply(invertSimilarity(poses[target]), poses[source])
  const covariance = Array.from({ length: 36 }, (_, i) =>
    i % 7 === 0 ? (i < 18 ? (SIGMA * 0.3) ** 2 : SIGMA ** 2) : 0,
  )
  return {
    pairId: `${target}-${source}`,
    targetAssetId: `a${target}`,
    sourceAssetId: `a${source}`,
    registration: {
      registered: true,
      targetFromSource: multiply(noise, wrong ? multiply(wrong, truth) : truth),
      scale: 1,
      rmseMetres: 0.008,
      overlap: 0.5,
      confidence: 0.97,
      method: 'scan-to-scan',
      covariance,
      candidates: [],
    },
  }
}

const assetsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ assetId: `a${i}`, sizeMetres: 5 }))

function errorOf(solution: ReturnType<typeof solvePoseGraph>, poses: readonly number[][], node: number): number {
  const found = solution.transforms.find((transform) => transform.assetId === `a${node}`)
  if (!found) throw new Error(`a${node} is missing`)
  return poseDifference(found.worldFromAsset, poses[node], [0, 0, 0]).metres
}

describe('pose graph', () => {
  it('places every asset and beats single measurements by closing loops', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (seed) => {
        const poses = worldOf(6, seed)
        const pairs: PairMeasurement[] = []
        for (let i = 0; i < 6; i++) for (let j = i + 1; j < 6; j++) pairs.push(measured(poses, i, j, seed))
        const solution = solvePoseGraph({ assets: assetsOf(6), pairs, manual: [], referenceAssetId: 'a0' })
        expect(solution.worldAssetId).toBe('a0')
        expect(solution.pairs.every((pair) => pair.accepted)).toBe(true)
        expect(solution.unregistered).toEqual([])
        for (let i = 1; i < 6; i++) expect(errorOf(solution, poses, i)).toBeLessThan(0.04)
        expect(solution.transforms[0]).toMatchObject({ method: 'reference', covariance: null, confidence: 1 })
        expect(solution.transforms[3].covariance).toHaveLength(36)
      }),
      { seed: 8, numRuns: 12 },
    )
  })

  it('names the pair that contradicts its cycles and does not use it', () => {
    const poses = worldOf(4, 5)
    const flip = similarity(rotationFromVector(0, Math.PI, 0), [4, 0, 1])
    const pairs = [
      measured(poses, 0, 1, 1),
      measured(poses, 1, 2, 1),
      measured(poses, 2, 3, 1),
      measured(poses, 0, 3, 1),
      measured(poses, 1, 3, 1),
      measured(poses, 0, 2, 1, flip),
    ]
    const solution = solvePoseGraph({ assets: assetsOf(4), pairs, manual: [], referenceAssetId: 'a0' })
    const bad = solution.pairs.filter((pair) => !pair.accepted)
    expect(bad.map((pair) => pair.pairId)).toEqual(['0-2'])
    expect(bad[0].reason).toMatch(/contradicts the cycle a2 - .*a0/)
    for (let i = 1; i < 4; i++) expect(errorOf(solution, poses, i)).toBeLessThan(0.05)
    expect(solution.cycles.some((cycle) => !cycle.consistent && cycle.degrees > 90)).toBe(true)
    expect(Math.min(...solution.transforms.map((transform) => transform.confidence))).toBeGreaterThan(0.9)
  })

  it('doubts what only a broken cycle of three speaks for', () => {
    const poses = worldOf(3, 6)
    const off = similarity(rotationFromVector(0, 0.5, 0), [1, 0, 0])
    const pairs = [measured(poses, 0, 1, 1), measured(poses, 1, 2, 1), measured(poses, 0, 2, 1, off)]
    const solution = solvePoseGraph({ assets: assetsOf(3), pairs, manual: [], referenceAssetId: 'a0' })
    expect(solution.pairs.filter((pair) => !pair.accepted)).toHaveLength(1)
    expect(Math.min(...solution.transforms.map((transform) => transform.confidence))).toBeLessThan(0.6)
  })

  it('never moves what was placed by hand, and rejects what contradicts it', () => {
    const poses = worldOf(4, 7)
    const byHand = multiply(similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [0.01, 0, 0]), poses[2])
    const wrong = similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [2, 0, 0])
    const pairs = [measured(poses, 0, 1, 1), measured(poses, 2, 3, 1), measured(poses, 0, 2, 1, wrong)]
    const solution = solvePoseGraph({
      assets: assetsOf(4),
      pairs,
      manual: [{ assetId: 'a2', worldFromAsset: byHand }],
      referenceAssetId: 'a0',
    })
    const placed = solution.transforms.find((transform) => transform.assetId === 'a2')
    expect(placed?.worldFromAsset).toEqual(byHand)
    expect(placed?.method).toBe('manual')
    expect(errorOf(solution, poses, 3)).toBeLessThan(0.06)
    expect(solution.pairs.find((pair) => pair.pairId === '0-2')?.reason).toMatch(/placed by hand/)
  })

  it('obeys verdicts', () => {
    const poses = worldOf(3, 8)
    const off = similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 1])
    const pairs = [
      { ...measured(poses, 0, 1, 1), verdict: 'reject' as const },
      measured(poses, 1, 2, 1),
      { ...measured(poses, 0, 2, 1, off), verdict: 'accept' as const },
    ]
    const solution = solvePoseGraph({ assets: assetsOf(3), pairs, manual: [], referenceAssetId: 'a0' })
    expect(solution.pairs[0]).toMatchObject({ accepted: false, reason: 'rejected by hand' })
    expect(solution.pairs[2].accepted).toBe(true)
    expect(errorOf(solution, poses, 2)).toBeGreaterThan(0.9)
  })

  it('chooses the best connected asset as the world, the largest of equals, and gives reasons for the rest', () => {
    const poses = worldOf(5, 9)
    const refusal: PairMeasurement = {
      pairId: '0-4',
      targetAssetId: 'a0',
      sourceAssetId: 'a4',
      registration: { registered: false, reason: 'ambiguous: 2 poses', candidates: [] },
    }
    const assets = assetsOf(6).map((asset, i) => ({ ...asset, sizeMetres: i === 2 ? 9 : 5 }))
    const pairs = [measured(poses, 0, 1, 1), measured(poses, 1, 2, 1), measured(poses, 2, 3, 1), refusal]
    const solution = solvePoseGraph({ assets, pairs, manual: [] })
    expect(solution.worldAssetId).toBe('a2')
    expect(solution.unregistered).toEqual([
      { assetId: 'a4', reason: 'ambiguous: 2 poses' },
      { assetId: 'a5', reason: 'there is nothing to compare it with', said: { code: 'space.alone' } },
    ])
  })

  it('takes a metric asset as the world where there is one, however well the others hang together', () => {
    const poses = worldOf(4, 11)
    const pairs = [measured(poses, 0, 1, 1), measured(poses, 1, 2, 1), measured(poses, 1, 3, 1)]
    const worldWith = (isMetric: (i: number) => boolean) =>
      solvePoseGraph({
        assets: assetsOf(5).map((asset, i) => ({ ...asset, scaleKnown: isMetric(i) })),
        pairs,
        manual: [],
      }).worldAssetId
    expect(worldWith((i) => i === 3)).toBe('a3')
    // What nothing is compared with is no world for the others, metric or not.
    expect(worldWith((i) => i === 4)).toBe('a1')
    expect(worldWith(() => false)).toBe('a1')
  })

  it('carries a scale through the graph', () => {
    const poses = worldOf(3, 10)
    poses[1] = multiply(poses[1], similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0], 2))
    const pairs = [measured(poses, 0, 1, 1), measured(poses, 1, 2, 1)].map((pair, i) =>
      pair.registration.registered
        ? { ...pair, registration: { ...pair.registration, scale: i === 0 ? 2 : 0.5 } }
        : pair,
    )
    const solution = solvePoseGraph({ assets: assetsOf(3), pairs, manual: [], referenceAssetId: 'a0' })
    expect(solution.transforms[1].scale).toBeCloseTo(2, 3)
    expect(solution.transforms[2].scale).toBeCloseTo(1, 3)
  })

  describe('scans of a site whose origin lies 900 m away', () => {
    const MIDDLE = [600, 5, 650] as const
    const placed = (turn: readonly [number, number, number]) => {
      const rotation = rotationFromVector(...turn)
      // All of them show the place about the middle of the first.
      const p = transformPoint(similarity(rotation, [0, 0, 0]), MIDDLE)
      return similarity(rotation, [MIDDLE[0] - p[0], MIDDLE[1] - p[1], MIDDLE[2] - p[2]])
    }
    const poses = [[...IDENTITY4], placed([0, 0.7, 0]), placed([0, -1.9, 0.1])]

    /** Turned about the middle by `error`, as a fit is wrong, and known as surely as that. */
    function pair(target: number, source: number, error: readonly [number, number, number], sigma: number) {
      const base = measured(poses, target, source, 1)
      if (!base.registration.registered) throw new Error('is measured')
      const truth = multiply(invertSimilarity(poses[target]!), poses[source]!)
      const turned = multiply(similarity(rotationFromVector(...error), [0, 0, 0]), truth)
      const [before, after] = [transformPoint(truth, MIDDLE), transformPoint(turned, MIDDLE)]
      for (let k = 0; k < 3; k++) turned[12 + k]! += before[k]! - after[k]!
      const there = Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? (i < 18 ? sigma : 0.0003) ** 2 : 0))
      const lever = [0, 1, 2].map((k) => turned[12 + k]! - before[k]!)
      const covariance = congruence(leverJacobian(lever[0]!, lever[1]!, lever[2]!), there)
      return { ...base, registration: { ...base.registration, targetFromSource: turned, covariance } }
    }
    const solved = (errors: readonly (readonly [number, number, number])[], sigmas: readonly number[]) =>
      solvePoseGraph({
        assets: assetsOf(3),
        pairs: [
          pair(0, 1, errors[0]!, sigmas[0]!),
          pair(1, 2, errors[1]!, sigmas[1]!),
          pair(0, 2, errors[2]!, sigmas[2]!),
        ],
        manual: [],
        referenceAssetId: 'a0',
      })
    const middleErrors = (solution: ReturnType<typeof solvePoseGraph>) =>
      solution.transforms.map((transform, i) => poseDifference(transform.worldFromAsset, poses[i]!, MIDDLE).metres)

    it('are placed where they were measured, whatever their turn does to the origin', () => {
      const solution = solved(
        [
          [0, 0.00002, 0],
          [0.00001, 0, 0],
          [0, -0.0003, 0.0002],
        ],
        [0.00002, 0.00002, 0.0003],
      )
      expect(solution.pairs.every((measurement) => measurement.accepted)).toBe(true)
      for (const error of middleErrors(solution)) expect(error).toBeLessThan(0.001)
      const { covariance } = solution.transforms[1]!
      // What is stated of the place itself is as small as its measurement's.
      const [x, y, z] = firmestPlace(covariance!)
      const there = congruence(leverJacobian(x, y, z), covariance!)
      expect(Math.sqrt(there[21]! + there[28]! + there[35]!)).toBeLessThan(0.008)
    })

    it('agree in a circle that a bend of a twentieth of a degree opens at the origin by half a metre', () => {
      const solution = solved(
        [
          [0, 0.0008, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
        [0.00002, 0.00002, 0.00002],
      )
      expect(solution.pairs.every((measurement) => measurement.accepted)).toBe(true)
      expect(solution.cycles[0]?.metres).toBeLessThan(0.01)
      for (const error of middleErrors(solution)) expect(error).toBeLessThan(0.001)
    })
  })

  it('has an answer for nothing at all', () => {
    expect(solvePoseGraph({ assets: [], pairs: [], manual: [] })).toMatchObject({ worldAssetId: null, transforms: [] })
    const alone = solvePoseGraph({ assets: assetsOf(1), pairs: [], manual: [] })
    expect(alone.unregistered).toHaveLength(1)
  })
})
