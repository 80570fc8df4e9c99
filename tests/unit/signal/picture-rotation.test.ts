import { describe, expect, test } from 'vitest'
import { alignMotion } from '../../../shared/signal/align-motion.ts'
import { PictureRotation, ROTATION_PICTURE } from '../../../shared/signal/picture-rotation.ts'
import { rotationRateOfImu, type TimedValues } from '../../../shared/signal/rotation-rate.ts'
import { gyroscope, handHeld, type Turning } from '../../fixtures/time/motion.ts'
import { turningPictures } from '../../fixtures/time/turning-picture.ts'

const RATE = 25
const SECONDS = 20

/** A calm hand: a third of the usual speed. */
const calm =
  (seed: number): Turning =>
  (seconds) => {
    const [x, y, z] = handHeld(seed)(seconds * 0.4)
    return [x * 0.5, y * 0.5, z * 0.5]
  }

function seen(turning: Turning, startSeconds: number): TimedValues {
  const rotation = new PictureRotation()
  let count = 0
  for (const picture of turningPictures(turning, {
    seed: 3,
    rateHz: RATE,
    startSeconds,
    seconds: SECONDS,
    focal: 120,
  })) {
    rotation.push(picture)
    count++
  }
  return rotation.rate(Array.from({ length: count }, (_, frame) => frame / RATE))
}

const felt = (turning: Turning): TimedValues =>
  rotationRateOfImu(
    gyroscope(turning, { rateHz: 200, startSeconds: 0, seconds: 40, ratePpm: 0, noise: 0.01, seed: 5 }),
  )!

describe('how a picture turns', () => {
  const picture = seen(calm(11), 9.4137)

  test('its rate is that of the camera, up to the lens', () => {
    const truth = calm(11)
    const ratios = Array.from(picture.seconds, (seconds, index) => {
      const [x, y, z] = truth(seconds + 9.4137)
      return picture.values[index]! / Math.hypot(x, y, z)
    }).sort((one, two) => one - two)
    expect(picture.seconds.length).toBeGreaterThan(0.95 * RATE * SECONDS)
    // 120 pixels of focal length against the 126 of the usual lens.
    expect(ratios[ratios.length >> 1]).toBeCloseTo(0.95, 1)
  })

  test('a gyroscope is placed on it within two milliseconds, either way round', async () => {
    const there = await alignMotion(felt(calm(11)), picture)
    const back = await alignMotion(picture, felt(calm(11)))
    if (!there.aligned || !back.aligned) throw new Error('refused')
    const sigma = Math.sqrt(there.covariance[0])
    expect(Math.abs(there.offsetSeconds - 9.4137)).toBeLessThan(2e-3)
    expect(Math.abs(there.offsetSeconds - 9.4137)).toBeLessThan(3 * sigma)
    expect(Math.abs(back.offsetSeconds + there.offsetSeconds)).toBeLessThan(2e-3)
  })

  test('what moved otherwise, and a picture without anything in it, are refused', async () => {
    for (const seed of [1, 2, 3, 4])
      expect(await alignMotion(felt(calm(seed)), picture)).toMatchObject({ aligned: false })
    const blank = new PictureRotation()
    for (let frame = 0; frame < 300; frame++)
      blank.push(new Uint8Array(ROTATION_PICTURE.width * ROTATION_PICTURE.height).fill(90))
    const still = blank.rate(Array.from({ length: 300 }, (_, frame) => frame / RATE))
    expect(await alignMotion(felt(calm(11)), still)).toMatchObject({
      aligned: false,
      reason: expect.stringMatching(/too few/),
    })
  })
})
