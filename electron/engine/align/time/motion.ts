/**
 * Evidence from how two devices turned: gyroscopes, poses, and where one has neither, its picture. For devices without
 * sound. Two pictures are compared only when asked for: two cameras seldom turn together.
 */
import { because } from '../../../../shared/sayings/saying.ts'
import { isCancellation } from '../../../../shared/errors.ts'
import { alignMotion } from '../../../../shared/signal/align-motion.ts'
import { rotationRateOfImu, rotationRateOfPath, type TimedValues } from '../../../../shared/signal/rotation-rate.ts'
import type { Load, MeasuredTimeMap, NotFound, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'

/** A device with more sensors than this moves in more ways than are worth comparing. */
const MOST_SENSORS = 3
/** An answer that sure makes it needless to compare the other sensors. */
const SURE = 0.9

const hasSensor = (source: TimedSource): boolean => source.loadImus !== undefined || source.loadPaths !== undefined
const moves = (source: TimedSource): boolean => hasSensor(source) || source.loadPictureRotation !== undefined

/** What the sensors of one kind say; one that cannot be read is no reason to give up the others. */
async function ratesOf<T>(
  loads: readonly Load<T>[],
  rateOf: (samples: T) => TimedValues | undefined,
  signal: AbortSignal,
): Promise<TimedValues[]> {
  const rates: TimedValues[] = []
  let failure: unknown
  for (const load of loads) {
    if (rates.length === MOST_SENSORS) break
    try {
      const rate = rateOf(await load(signal))
      if (rate && rate.seconds.length > 1) rates.push(rate)
    } catch (error) {
      if (isCancellation(error)) throw error
      failure = error
    }
  }
  if (rates.length === 0 && failure !== undefined) throw failure
  return rates
}

/** The gyroscopes where there are any, since they are faster; else the poses; else the picture. */
async function rotationRates(source: TimedSource, signal: AbortSignal): Promise<TimedValues[]> {
  const felt = await ratesOf(source.loadImus ?? [], rotationRateOfImu, signal)
  if (felt.length > 0) return felt
  if (source.loadPaths) return await ratesOf(source.loadPaths, rotationRateOfPath, signal)
  return source.loadPictureRotation ? [await source.loadPictureRotation(signal)] : []
}

export const motionGatherer: TimeEvidenceGatherer = {
  id: 'motion',
  title: 'Motion',
  supports: (a, b) => moves(a) && moves(b),
  async gather(a, b, { signal, onProgress, isSure }): Promise<MeasuredTimeMap | NotFound> {
    if (isSure && !(hasSensor(a) && hasSensor(b))) {
      return { found: false, ...because('time.picturesLeft'), curves: [] }
    }
    const ratesA = await rotationRates(a, signal)
    onProgress?.(0.3)
    const ratesB = await rotationRates(b, signal)
    onProgress?.(0.6)
    let best: MeasuredTimeMap | undefined
    let refused: NotFound = { found: false, ...because('time.noRotation'), curves: [] }
    for (const [rateA, rateB] of ratesA.flatMap((one) => ratesB.map((two) => [one, two] as const))) {
      const answer = await alignMotion(rateA, rateB, signal)
      if (!answer.aligned) {
        refused = { found: false, reason: answer.reason, said: answer.said, curves: [...answer.curves] }
        continue
      }
      if (best && answer.confidence <= best.confidence) continue
      const { offsetSeconds, ratePpm, covariance, confidence, overlapSeconds } = answer
      const curves = [...answer.curves]
      best = { found: true, offsetSeconds, ratePpm, covariance, confidence, overlapSeconds, curves }
      if (confidence >= SURE) break
    }
    return best ?? refused
  },
}
