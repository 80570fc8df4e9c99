/** A drawn scene seen by a camera that turns, against the gyroscope of the same hand and of another. */
import { lagsByAxes } from '../../shared/signal/align-axes.ts'
import { alignMotion } from '../../shared/signal/align-motion.ts'
import { PictureRotation } from '../../shared/signal/picture-rotation.ts'
import { rotationRateOfImu } from '../../shared/signal/rotation-rate.ts'
import { gyroscope, handHeld, type Turning } from '../fixtures/time/motion.ts'
import { SeededRandom } from '../fixtures/time/random.ts'
import { type Shutter, turningPictures } from '../fixtures/time/turning-picture.ts'
import { judge, type Judged } from './time-judging.ts'

export interface Seen {
  /** Null where it was refused. */
  readonly own: Judged | null
  /** Of the lags themselves, by what their parts disagree. */
  readonly bareSigmas: readonly number[]
  /** How late what the picture shows is after its stamp: as drawn, and as measured. */
  readonly lateSeconds: number
  readonly measuredLateSeconds: number
  /** The same scene under other cameras: what their exposure and readout add. */
  readonly cameraSigmas: Readonly<Record<Stamp, readonly number[]>>
  readonly answersStranger: boolean
}

export type Stamp = 'start' | 'middle'

/** `at once`: every picture shows one moment, which its stamp names. */
export interface Scene {
  readonly seed: number
  readonly camera: 'at once' | Stamp
}

const OTHER_CAMERAS = 20
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

/**
 * A camera of the population: rows read out over 5 to 30 ms (a published table of phones and action cameras has 14 to 32,
 * newer sensors are quicker), exposed for 1 to 20 ms (evenly by its logarithm), neither longer than a frame.
 */
function shutterOf(random: SeededRandom, rateHz: number, stamp: Stamp): Shutter {
  const longest = 1 / rateHz
  return {
    readoutSeconds: Math.min(longest, random.between(0.005, 0.03)),
    exposureSeconds: Math.min(longest, 1e-3 * 20 ** random.next()),
    stamp,
  }
}

const lateness = ({ stamp, exposureSeconds, readoutSeconds }: Shutter): number =>
  stamp === 'start' ? (exposureSeconds + readoutSeconds) / 2 : 0

export async function perform({ seed, camera }: Scene): Promise<Seen> {
  const cameras = new SeededRandom(seed * 7 + 1)
  const offsetSeconds = new SeededRandom(seed).between(3, 25)
  const rateHz = seed % 2 === 0 ? 25 : 30
  const shutter = camera === 'at once' ? undefined : shutterOf(cameras, rateHz, camera)
  const lateSeconds = shutter ? lateness(shutter) : 0
  const rotation = new PictureRotation()
  let frames = 0
  const options = { seed, rateHz, startSeconds: offsetSeconds, seconds: PICTURE_SECONDS, focal: 120, shutter }
  for (const picture of turningPictures(calm(seed), options)) {
    rotation.push(picture)
    frames++
  }
  const seen = rotation.rate(Array.from({ length: frames }, (_, frame) => frame / rateHz))
  const answer = await alignMotion(felt(seed), seen)
  const lags = lagsByAxes(seen, felt(seed), offsetSeconds)
  const shown = offsetSeconds + lateSeconds
  const others = (stamp: Stamp): number[] =>
    answer.aligned
      ? Array.from({ length: OTHER_CAMERAS }, () => {
          const late = lateness(shutterOf(cameras, rateHz, stamp))
          return (answer.offsetSeconds - shown + late) / Math.sqrt(answer.covariance[0])
        })
      : []
  return {
    own: answer.aligned ? judge(answer, { offsetSeconds, ratePpm: 0 }, SENSOR_SECONDS, PICTURE_SECONDS) : null,
    bareSigmas: lags.map((lag) => (lag.lagSeconds - shown) / lag.sigmaSeconds),
    lateSeconds,
    measuredLateSeconds: answer.aligned ? answer.offsetSeconds - offsetSeconds : Number.NaN,
    cameraSigmas: { start: others('start'), middle: others('middle') },
    answersStranger: camera === 'at once' && (await alignMotion(felt(seed + 500), seen)).aligned,
  }
}
