import { expect, test } from 'vitest'
import { fineCentroids } from '../../../electron/engine/align/space/verification.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { thinToCells } from '../../../shared/geometry/voxel-grid.ts'

const CELL = 0.06

/** A level floor at 0 with 5 mm of noise, whose first point puts a boundary of the upright grid into it. */
function floor(points: number): Float32Array {
  const random = seededRandom(8)
  const positions = new Float32Array(points * 3)
  for (let i = 0; i < points; i++)
    positions.set([random.next() * 2, random.gaussian() * 0.005, random.next() * 2], i * 3)
  positions[1] = 0.004
  return positions
}

const meanHeight = (positions: Float32Array): number =>
  positions.reduce((sum, value, i) => sum + (i % 3 === 1 ? value : 0), 0) / (positions.length / 3)

test.each([
  [20_000, 0.0015],
  [3500, 0.0006],
])('a floor of %d points that lies along the grid is measured where it is', (points, aside) => {
  const scanned = floor(points)
  expect(meanHeight(thinToCells(scanned, CELL).positions)).toBeGreaterThan(aside)
  expect(Math.abs(meanHeight(fineCentroids(scanned, CELL)))).toBeLessThan(0.0004)
})
