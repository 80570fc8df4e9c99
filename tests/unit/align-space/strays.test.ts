import { describe, expect, it } from 'vitest'
import { withoutStrays } from '../../../electron/engine/align/space/strays.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'

const random = seededRandom(5)

/** Two walls of a corner, 4 x 2.5 m each, 5 mm thick; the second is seen as thinly as its share says. */
function corner(points: number, secondShare: number): number[] {
  return Array.from({ length: points }, () => {
    const [u, v, off] = [random.next() * 4, random.next() * 2.5, random.gaussian() * 0.005]
    return random.next() < secondShare ? [off, v, u] : [u, v, off]
  }).flat()
}

function air(points: number): number[] {
  return Array.from({ length: points }, () => [0, 1, 2].map(() => random.next() * 6 - 1)).flat()
}

function nearWalls(positions: Float32Array): { wall: number; thin: number; air: number } {
  const found = { wall: 0, thin: 0, air: 0 }
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = positions.subarray(i, i + 3)
    const inside = y > -0.02 && y < 2.52
    if (inside && Math.abs(z) < 0.02 && x > -0.02 && x < 4.02) found.wall++
    else if (inside && Math.abs(x) < 0.02 && z > -0.02 && z < 4.02) found.thin++
    else found.air++
  }
  return found
}

describe('strays', () => {
  it('are left out, be they two fifths of a scan spread evenly around its surfaces', () => {
    const kept = nearWalls(withoutStrays(Float32Array.from([...corner(12_000, 0.5), ...air(8000)])))
    expect(kept.wall + kept.thin).toBeGreaterThan(12_000 * 0.97)
    expect(kept.air).toBeLessThan(8000 * 0.01)
  })

  it('are not taken for what a scanner saw thinly: a wall with a fifteenth of the points stays', () => {
    const scan = Float32Array.from(corner(12_000, 0.06))
    const before = nearWalls(scan)
    const after = nearWalls(withoutStrays(scan))
    expect(after.thin).toBeGreaterThan(before.thin * 0.95)
    expect(after.wall).toBeGreaterThan(before.wall * 0.98)
  })
})
