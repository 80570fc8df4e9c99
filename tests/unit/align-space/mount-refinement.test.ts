import { expect, it } from 'vitest'
import type { PosePair } from '../../../electron/engine/align/space/mount-refinement.ts'
import { solveMount } from '../../../electron/engine/align/space/rigid-mount.ts'
import { invertSimilarity, multiply, rotationOf, similarity, translationOf } from '../../../shared/geometry/matrix4.ts'
import { type Random, seededRandom } from '../../../shared/geometry/random.ts'
import {
  multiplyRotations,
  rotationFromVector,
  transposeRotation,
  vectorFromRotation,
} from '../../../shared/geometry/rotation.ts'
import { solveSymmetric } from '../../../shared/geometry/symmetric.ts'
import { motion } from '../../fixtures/space/paths.ts'

const RATE_HZ = 8
const MOMENTS = 400
const world = similarity(rotationFromVector(0.1, 2.1, -0.2), [4, -1, 2])
const mount = similarity(rotationFromVector(0.3, -0.8, 0.4), [0.12, 0.05, -0.2])

/** Errors of a tracker that forgets them over so many seconds; of none where it has new ones each time. */
function wander(random: Random, deviation: number, seconds: number): () => [number, number, number] {
  const kept = seconds > 0 ? Math.exp(-1 / (RATE_HZ * seconds)) : 0
  const fresh = Math.sqrt(1 - kept * kept)
  const now = [0, 1, 2].map(() => random.gaussian() * deviation)
  return () => {
    for (let k = 0; k < 3; k++) now[k] = kept * now[k] + fresh * random.gaussian() * deviation
    return [now[0], now[1], now[2]]
  }
}

function chiSquaredOf(seed: number, seconds: number): number {
  const random = seededRandom(seed)
  const [turns, places] = [wander(random, 0.005, seconds), wander(random, 0.01, seconds)]
  const pairs: PosePair[] = Array.from({ length: MOMENTS }, (_, i) => {
    const target = motion(i / RATE_HZ + seed)
    const source = multiply(multiply(invertSimilarity(world), target), mount)
    const off = places()
    return {
      targetRotation: rotationOf(target),
      targetPosition: translationOf(target),
      sourceRotation: multiplyRotations(rotationOf(source), rotationFromVector(...turns())),
      sourcePosition: translationOf(source).map((value, k) => value + off[k]) as [number, number, number],
    }
  })
  const found = solveMount(pairs, 6)
  if (!found) throw new Error('not solved')
  const m = found.targetFromSource
  const turn = vectorFromRotation(multiplyRotations(rotationOf(world), transposeRotation(rotationOf(m))))
  const error = Float64Array.from([...turn, ...[12, 13, 14].map((k) => world[k] - m[k])])
  const solved = solveSymmetric(Float64Array.from(found.covariance), error, 6)
  if (!solved) throw new Error('the covariance is not regular')
  return solved.reduce((sum, value, k) => sum + value * error[k], 0)
}

// Six unknowns: the mean over 40 seeds is 6 with a deviation of 0.55.
it.each([
  ['new at every moment', 0],
  ['shared over a second', 1],
])('states how surely two worlds are joined where the errors of a tracker are %s', (_, seconds) => {
  const values = Array.from({ length: 40 }, (_each, seed) => chiSquaredOf(seed + 1, seconds))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean).toBeGreaterThan(3.5)
  // What is left after a fit hides a little of how long errors last; without it the mean is tens.
  expect(mean).toBeLessThan(10)
})
