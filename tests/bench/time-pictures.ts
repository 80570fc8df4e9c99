/** A drawn scene seen by a camera that turns, against the gyroscope of the same hand and of another. */
import { lagsByAxes } from '../../shared/signal/align-axes.ts'
import { alignMotion } from '../../shared/signal/align-motion.ts'
import { PictureRotation } from '../../shared/signal/picture-rotation.ts'
import { rotationRateOfImu } from '../../shared/signal/rotation-rate.ts'
import { gyroscope, handHeld, type Turning } from '../fixtures/time/motion.ts'
import { SeededRandom } from '../fixtures/time/random.ts'
import { turningPictures } from '../fixtures/time/turning-picture.ts'
import { judge, type Judged } from './time-judging.ts'

export interface Seen {
  /** Null where it was refused. */
  readonly own: Judged | null
  /** Of the lags themselves: the drawn camera has no exposure. */
  readonly bareSigmas: readonly number[]
  /** The same with what a camera's exposure would have added, at several moments of it. */
  readonly exposedSigmas: readonly number[]
  readonly answersStranger: boolean
}

/** Frames from the stamp to the middle of what the picture shows. */
const EXPOSURES = [-0.25, -0.15, -0.05, 0.05, 0.15, 0.25]
const SENSOR_SECONDS = 60
const PICTURE_SECONDS = 20

function calm(seed: number): Turning {
  const turning = handHeld(seed)
  return (seconds) => {
    const [x, y, z] = turning(seconds * 0.4)
    return [x * 0.5, y * 0.5, z * 0.5]
  }
}

const felt = (seed: number) =>
  rotationRateOfImu(
    gyroscope(calm(seed), {
      rateHz: 200,
      startSeconds: 0,
      seconds: SENSOR_SECONDS,
      ratePpm: 0,
      noise: 0.01,
      seed: seed + 1,
    }),
  )!

export async function perform(seed: number): Promise<Seen> {
  const offsetSeconds = new SeededRandom(seed).between(3, 25)
  const rateHz = seed % 2 === 0 ? 25 : 30
  const rotation = new PictureRotation()
  let frames = 0
  const options = { seed, rateHz, startSeconds: offsetSeconds, seconds: PICTURE_SECONDS, focal: 120 }
  for (const picture of turningPictures(calm(seed), options)) {
    rotation.push(picture)
    frames++
  }
  const seen = rotation.rate(Array.from({ length: frames }, (_, frame) => frame / rateHz))
  const answer = await alignMotion(felt(seed), seen)
  const lags = lagsByAxes(seen, felt(seed), offsetSeconds)
  return {
    own: answer.aligned ? judge(answer, { offsetSeconds, ratePpm: 0 }, SENSOR_SECONDS, PICTURE_SECONDS) : null,
    bareSigmas: lags.map((lag) => (lag.lagSeconds - offsetSeconds) / lag.sigmaSeconds),
    exposedSigmas: answer.aligned
      ? EXPOSURES.map(
          (frames) => (answer.offsetSeconds - offsetSeconds + frames / rateHz) / Math.sqrt(answer.covariance[0]),
        )
      : [],
    answersStranger: (await alignMotion(felt(seed + 500), seen)).aligned,
  }
}
