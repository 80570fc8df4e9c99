import { describe, expect, it } from 'vitest'
import { registerScans } from '../../../electron/engine/align/space/register-scans.ts'
import { invertSimilarity, multiply, similarity, transformPositions } from '../../../shared/geometry/matrix4.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { poseDifference, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../../shared/geometry/surface-sampling.ts'
import { randomPose, scanOf } from '../../fixtures/space/rooms.ts'
import { furnishedRoom } from '../../fixtures/space/synthetic.ts'

/** Three scans of one room, each in a frame of its own, from three samplings with noise of their own. */
const room = furnishedRoom(41)
const scans = [1, 2, 3].map((seed) => {
  const random = seededRandom(seed)
  const noisy = sampleSurface(room, 9_000, seed).positions.map((value) => value + random.gaussian() * 0.005)
  const roomFromScan = randomPose(random, 3, true)
  return { roomFromScan, positions: transformPositions(invertSimilarity(roomFromScan), noisy) }
})

function posed(target: Float32Array, source: Float32Array): number[] {
  const answer = registerScans(scanOf(target), scanOf(source))
  if (!answer.registered) throw new Error(answer.reason)
  return answer.targetFromSource
}

/** In the middle of the third scan, so that turns do not count twice. */
const at = [0, 1, 2].map(
  (k) => scans[2].positions.filter((_, i) => i % 3 === k).reduce((a, b) => a + b, 0) / (scans[2].positions.length / 3),
)

describe('poses of three scans of one place', () => {
  const [a, b, c] = scans
  const direct = posed(a.positions, c.positions)

  it('compose: over the second scan the third lies where it lies directly', () => {
    const over = multiply(posed(a.positions, b.positions), posed(b.positions, c.positions))
    const { degrees, metres } = poseDifference(over, direct, at)
    expect(degrees).toBeLessThan(0.15)
    expect(metres).toBeLessThan(0.01)
    const truth = multiply(invertSimilarity(a.roomFromScan), c.roomFromScan)
    expect(poseDifference(direct, truth, at).metres).toBeLessThan(0.01)
  })

  it('follow a rigid motion of the source, however far it goes', () => {
    const motion = similarity(rotationFromVector(-1.9, 0.6, 0.8), [-40, 12, 70])
    const moved = posed(a.positions, transformPositions(motion, c.positions))
    const { degrees, metres } = poseDifference(multiply(moved, motion), direct, at)
    expect(degrees).toBeLessThan(0.1)
    expect(metres).toBeLessThan(0.01)
  })
})
