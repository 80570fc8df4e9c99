import { describe, expect, it } from 'vitest'
import { registerScans } from '../../../electron/engine/align/space/register-scans.ts'
import type { Scan } from '../../../shared/geometry/data.ts'
import { IDENTITY4, multiply, similarity, transformPositions } from '../../../shared/geometry/matrix4.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { poseDifference, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { loadRoom, partialPair, scanOf } from '../../fixtures/space/rooms.ts'
import { warehouse } from '../../fixtures/space/alike.ts'
import { ballPoints, emptyRoom, furnishedRoom, lumpyObject, twofoldRoom } from '../../fixtures/space/synthetic.ts'

const points = 11_000

function pointsOf(scan: Scan): Float32Array {
  if (scan.kind === 'mesh') throw new Error('points expected')
  return scan.points.positions
}

function middleOf(scan: Scan): number[] {
  const p = pointsOf(scan)
  const sum = [0, 0, 0]
  for (let i = 0; i < p.length; i++) sum[i % 3] += (p[i] * 3) / p.length
  return sum
}

describe('registering scans', () => {
  it('finds a real room that both kept 62 % of, cut against each other, at any tilt', () => {
    const pair = partialPair(loadRoom('office_small'), {
      seed: 1,
      kept: 0.62,
      cuts: 'opposite',
      points: 30_000,
      tilted: true,
    })
    const answer = registerScans(pair.target, pair.source)
    expect(answer.registered).toBe(true)
    if (!answer.registered) return
    const error = poseDifference(answer.targetFromSource, pair.targetFromSource, middleOf(pair.source))
    expect(error.degrees).toBeLessThan(0.3)
    expect(error.metres).toBeLessThan(0.01)
    expect(answer.scale).toBe(1)
    expect(answer.overlap).toBeGreaterThan(0.3)
    expect(answer.overlap).toBeLessThan(0.55)
    expect(answer.covariance).toHaveLength(36)
  })

  it('answers with the inverse when the scans change places', () => {
    const pair = partialPair(furnishedRoom(5), { seed: 5, kept: 0.75, points })
    const forth = registerScans(pair.target, pair.source)
    const back = registerScans(pair.source, pair.target)
    if (!forth.registered || !back.registered) throw new Error('not registered')
    const loop = multiply(forth.targetFromSource, back.targetFromSource)
    const error = poseDifference(loop, IDENTITY4, middleOf(pair.target))
    expect(error.degrees).toBeLessThan(0.1)
    expect(error.metres).toBeLessThan(0.01)
  })

  it('works far from the origin, and honours the origin a survey file has', () => {
    const pair = partialPair(furnishedRoom(6), { seed: 6, kept: 0.8, points })
    const source = pointsOf(pair.source)
    const origin = [431_000, 92, 5_400_000] as const
    const answer = registerScans(pair.target, {
      kind: 'points',
      points: { count: source.length / 3, positions: source, origin },
    })
    if (!answer.registered) throw new Error(answer.reason)
    const truth = multiply(
      pair.targetFromSource,
      similarity(
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        origin.map((v) => -v),
      ),
    )
    const middle = middleOf(pair.source).map((v, k) => v + origin[k])
    expect(poseDifference(answer.targetFromSource, truth, middle).metres).toBeLessThan(0.01)
  })

  it('registers a mesh against a thin, noisy cloud, and objects as well as rooms', () => {
    const mesh = lumpyObject(1, 0.4)
    const pair = partialPair(mesh, {
      seed: 2,
      kept: 0.75,
      points: 9_000,
      noiseMetres: 0.001,
      tilted: true,
      offsetMetres: 1,
    })
    const origin = [2000, 0, -3000] as const
    const answer = registerScans({ kind: 'mesh', mesh: { ...mesh, origin } }, pair.source)
    if (!answer.registered) throw new Error(answer.reason)
    const truth = multiply(similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], origin), pair.targetFromSource)
    const error = poseDifference(answer.targetFromSource, truth, middleOf(pair.source))
    expect(error.degrees).toBeLessThan(1)
    expect(error.metres).toBeLessThan(0.003)
  })

  it('finds the scale when it is not known', () => {
    const pair = partialPair(furnishedRoom(9), { seed: 9, kept: 0.85, points: 9_000 })
    const grown = scanOf(pointsOf(pair.source).map((v) => v * 2.5))
    const answer = registerScans(pair.target, grown, { allowScale: true, gravity: 'known' })
    if (!answer.registered) throw new Error(answer.reason)
    expect(answer.scale * 2.5).toBeCloseTo(1, 2)
    expect(Math.hypot(...answer.targetFromSource.slice(0, 3))).toBeCloseTo(answer.scale, 6)
  }, 180_000)

  it('calls a room ambiguous that looks the same after half a turn, and gives the candidates', () => {
    for (const mesh of [emptyRoom(), twofoldRoom(2)]) {
      const pair = partialPair(mesh, { seed: 3, kept: 1, points: 10_000 })
      const answer = registerScans(pair.target, pair.source)
      expect(answer.registered).toBe(false)
      if (answer.registered) return
      expect(answer.reason).toMatch(/^ambiguous: /)
      expect(answer.candidates.length).toBeGreaterThanOrEqual(2)
      const near = answer.candidates.map(
        (candidate) => poseDifference(candidate.targetFromSource, pair.targetFromSource, middleOf(pair.source)).metres,
      )
      expect(Math.min(...near)).toBeLessThan(0.05)
    }
  })

  it('refuses other rooms, other objects and a mirror image', () => {
    const a = partialPair(furnishedRoom(21), { seed: 1, kept: 0.9, points: 10_000 })
    const b = partialPair(furnishedRoom(22), { seed: 2, kept: 0.9, points: 10_000, tilted: true })
    const c = partialPair(lumpyObject(3, 2), { seed: 3, kept: 1, points: 10_000, noiseMetres: 0.002 })
    const mirrored = scanOf(pointsOf(a.source).map((v, i) => (i % 3 === 0 ? -v : v)))
    for (const source of [b.source, c.source, mirrored]) {
      const answer = registerScans(a.target, source)
      expect(answer.registered).toBe(false)
      if (!answer.registered) expect(answer.reason.length).toBeGreaterThan(10)
    }
  })

  it('does not take one warehouse of equal racks for another', () => {
    const { target } = partialPair(warehouse(104), { seed: 104, kept: 0.72 })
    const { source } = partialPair(warehouse(154), { seed: 113, kept: 0.72 })
    const answer = registerScans(target, source, { gravity: 'known' })
    if (answer.registered) throw new Error('two places were taken for one')
    expect(answer.reason).toMatch(/^ambiguous: .*furnished alike/)
  })

  it('refuses what cannot be registered, with the reason', () => {
    const room = partialPair(furnishedRoom(5), { seed: 5, kept: 0.9, points: 8_000 }).target
    const random = seededRandom(1)
    const noise = (k: number) => random.gaussian() * k
    const of = (count: number, make: (i: number) => number[]) =>
      scanOf(Float32Array.from(Array.from({ length: count }, (_, i) => make(i)).flat()))
    const cases: [Scan, RegExp][] = [
      [scanOf(new Float32Array(0)), /empty/],
      [
        {
          kind: 'mesh',
          mesh: { vertexCount: 0, triangleCount: 0, positions: new Float32Array(0), indices: new Uint32Array(0) },
        },
        /no surface/,
      ],
      [of(500, () => [Number.NaN, 0, Number.POSITIVE_INFINITY]), /finite/],
      [of(1, () => [1, 2, 3]), /coincide|only 1/],
      [of(900, () => [1, 2, 3]), /coincide/],
      [of(20, () => [noise(1), noise(1), noise(1)]), /only \d+ usable points/],
      [of(900, (i) => [i * 0.01, noise(0.001), noise(0.001)]), /one line/],
      [of(900, () => [random.next() * 4, random.next() * 3, noise(0.002)]), /one plane/],
      [of(900, () => [5e6 + random.next() * 4, random.next() * 3, random.next() * 2]), /rounds them to 50 cm/],
    ]
    for (const [scan, reason] of cases) {
      for (const [target, source] of [
        [scan, room],
        [room, scan],
      ]) {
        const answer = registerScans(target, source)
        expect(answer.registered).toBe(false)
        if (!answer.registered) expect(answer.reason).toMatch(reason)
      }
    }
  })

  it('does not pick a rotation for a ball', () => {
    const answer = registerScans(scanOf(ballPoints(9_000, 0.4)), scanOf(ballPoints(9_000, 0.4, 5)))
    expect(answer.registered).toBe(false)
    if (!answer.registered) expect(answer.reason).toMatch(/^ambiguous: /)
  })

  it('passes over points that are not finite, and over a quarter of the points strewn fifty metres around', () => {
    const pair = partialPair(furnishedRoom(7), { seed: 7, kept: 0.85, points: 20_000 })
    const random = seededRandom(3)
    const source = Float32Array.from([
      ...pointsOf(pair.source),
      ...Array.from({ length: 21_000 }, () => (random.next() * 2 - 1) * 50),
    ])
    for (let i = 0; i < source.length; i += 97) source[i] = Number.NaN
    const answer = registerScans(pair.target, scanOf(source))
    if (!answer.registered) throw new Error(answer.reason)
    const error = poseDifference(answer.targetFromSource, pair.targetFromSource, middleOf(pair.source))
    expect(error.metres).toBeLessThan(0.01)
  })

  it('does not depend on where the scans lie', () => {
    const pair = partialPair(furnishedRoom(11), { seed: 11, kept: 0.8, points: 10_000 })
    const moved = similarity(rotationFromVector(0.7, -0.4, 1.1), [4, -2, 9])
    const plain = registerScans(pair.target, pair.source)
    const turned = registerScans(scanOf(transformPositions(moved, pointsOf(pair.target))), pair.source)
    if (!plain.registered || !turned.registered) throw new Error('not registered')
    const error = poseDifference(
      turned.targetFromSource,
      multiply(moved, plain.targetFromSource),
      middleOf(pair.source),
    )
    expect(error.degrees).toBeLessThan(0.1)
    expect(error.metres).toBeLessThan(0.01)
  })

  it('stops when cancelled', () => {
    const pair = partialPair(furnishedRoom(5), { seed: 5, kept: 0.9, points: 5_000 })
    expect(() => registerScans(pair.target, pair.source, { signal: AbortSignal.abort() })).toThrow(/Cancelled/)
  })
})
