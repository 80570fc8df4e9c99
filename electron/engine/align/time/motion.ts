/**
 * Evidence from how two devices turned: gyroscopes, poses, and where one has neither, its picture. For devices without
 * sound. Two pictures are compared only when asked for: two cameras seldom turn together.
 */
import { alignMotion } from '../../../../shared/signal/align-motion.ts'
import { rotationRateOfImu, rotationRateOfPath, type TimedValues } from '../../../../shared/signal/rotation-rate.ts'
import type { MeasuredTimeMap, NotFound, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'

const hasSensor = (source: TimedSource): boolean => source.loadImu !== undefined || source.loadPath !== undefined
const moves = (source: TimedSource): boolean => hasSensor(source) || source.loadPictureRotation !== undefined

/** The gyroscope where there is one, since it is faster; else the poses; else the picture. */
async function rotationRate(source: TimedSource, signal: AbortSignal): Promise<TimedValues | undefined> {
  const imu = source.loadImu && rotationRateOfImu(await source.loadImu(signal))
  if (imu && imu.seconds.length > 1) return imu
  if (source.loadPath) return rotationRateOfPath(await source.loadPath(signal))
  return await source.loadPictureRotation?.(signal)
}

export const motionGatherer: TimeEvidenceGatherer = {
  id: 'motion',
  title: 'Motion',
  supports: (a, b) => moves(a) && moves(b),
  async gather(a, b, { signal, onProgress, mayDecodePictures }): Promise<MeasuredTimeMap | NotFound> {
    if (!mayDecodePictures && !(hasSensor(a) && hasSensor(b))) {
      return { found: false, reason: 'Their pictures were not compared, since sound had placed them.', curves: [] }
    }
    const rateA = await rotationRate(a, signal)
    onProgress?.(0.3)
    const rateB = await rotationRate(b, signal)
    onProgress?.(0.6)
    if (!rateA || !rateB) return { found: false, reason: 'One of the two holds no rotation.', curves: [] }
    const answer = await alignMotion(rateA, rateB, signal)
    if (!answer.aligned) return { found: false, reason: answer.reason, curves: [...answer.curves] }
    const { offsetSeconds, ratePpm, covariance, confidence, overlapSeconds } = answer
    return { found: true, offsetSeconds, ratePpm, covariance, confidence, overlapSeconds, curves: [...answer.curves] }
  },
}
