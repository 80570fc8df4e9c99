import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { POINTS_PER_CHUNK, chunkPoints, pointsToDraw } from '../../../shared/geometry/point-chunks.ts'
import { decodeScan, encodeScan } from '../../../shared/geometry/scan-blob.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'

function cloud(count: number, seed: number) {
  const random = seededRandom(seed)
  const positions = Float32Array.from({ length: count * 3 }, () => random.next() * 10 - 5)
  // The colour says which point it was.
  const colors = new Uint8Array(count * 3)
  for (let i = 0; i < count; i++) colors.set([i & 255, (i >> 8) & 255, (i >> 16) & 255], i * 3)
  return { count, positions, colors }
}

describe('points in chunks', () => {
  test('every point is there once, with its own colour, inside the ball of its chunk', () => {
    const before = cloud(70_000, 3)
    const { points, chunks } = chunkPoints(before)
    expect(chunks.length).toBeGreaterThan(4)
    const seen = new Set<number>()
    let next = 0
    for (const { start, count, centre, radius } of chunks) {
      expect(start).toBe(next)
      expect(count).toBeLessThanOrEqual(POINTS_PER_CHUNK)
      next += count
      for (let i = start; i < start + count; i++) {
        const [r, g, b] = points.colors!.subarray(i * 3, i * 3 + 3)
        const was = r! + (g! << 8) + (b! << 16)
        seen.add(was)
        const place = points.positions.subarray(i * 3, i * 3 + 3)
        if (place[0] !== before.positions[was * 3]) throw new Error(`point ${was} has the place of another`)
        const away = Math.hypot(place[0]! - centre[0], place[1]! - centre[1], place[2]! - centre[2])
        if (away > radius + 1e-5) throw new Error(`point ${was} lies outside its chunk`)
      }
    }
    expect(next).toBe(before.count)
    expect(seen.size).toBe(before.count)
  })

  test('the first part of a chunk is spread over all of it', () => {
    const { points, chunks } = chunkPoints(cloud(16_000, 5))
    const part = points.positions.subarray(0, 1600 * 3)
    expect(chunks).toHaveLength(1)
    for (const axis of [0, 1, 2]) {
      const octants = new Set(Array.from({ length: 1600 }, (_, i) => Math.floor(part[i * 3 + axis]! + 5)))
      expect(octants.size).toBe(10)
    }
  })

  test('degenerate clouds end', () => {
    const same = { count: 40_000, positions: new Float32Array(120_000).fill(1) }
    expect(chunkPoints(same).chunks.reduce((sum, { count }) => sum + count, 0)).toBe(40_000)
    expect(chunkPoints({ count: 0, positions: new Float32Array() }).chunks).toEqual([])
  })

  test('the budget is kept, near chunks get more than far ones, what is out of view gets nothing', () => {
    const seen = fc.record({
      count: fc.integer({ min: 1, max: 16_384 }),
      size: fc.double({ min: 0, max: 5, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 80 }), fc.integer({ min: 1, max: 200_000 }), (chunks, budget) => {
        const counts = pointsToDraw(chunks, budget)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(budget)
        chunks.forEach(({ count, size }, n) => {
          expect(counts[n]!).toBeLessThanOrEqual(count)
          if (size === 0) expect(counts[n]).toBe(0)
        })
      }),
    )
    const [near, far, unseen] = pointsToDraw(
      [
        { count: 16_000, size: 1 },
        { count: 16_000, size: 0.1 },
        { count: 16_000, size: 0 },
      ],
      10_000,
    )
    expect(near!).toBeGreaterThan(50 * far!)
    expect(near! + far!).toBeGreaterThan(9_900)
    expect(unseen).toBe(0)
  })

  test('a window gets the chunks with the points', () => {
    const { points, chunks } = chunkPoints(cloud(40_000, 9))
    const blob = decodeScan(encodeScan({ kind: 'points', points }, chunks).buffer)
    expect(blob.chunks.map(({ start, count }) => [start, count])).toEqual(
      chunks.map(({ start, count }) => [start, count]),
    )
    expect(blob.positions).toEqual(points.positions)
    expect(blob.chunks[2]!.radius).toBeCloseTo(chunks[2]!.radius, 5)
  })
})
