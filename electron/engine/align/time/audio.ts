/** Evidence from what both recordings heard. */
import { alignAudio } from '../../../../shared/signal/align-audio.ts'
import { MICROPHONE_SECONDS } from '../../../../shared/signal/line-covariance.ts'
import type { MeasuredTimeMap, MonoSound, NotFound, TimeEvidenceGatherer } from './gatherer.ts'
import type { OwnDelay } from './graph-model.ts'

const PPM = 1e-6

const earOf = ({ startSigmaSeconds = 0 }: MonoSound): OwnDelay => ({
  by: 'ear',
  sigmaSeconds: Math.hypot(MICROPHONE_SECONDS, startSigmaSeconds),
})

export const audioGatherer: TimeEvidenceGatherer = {
  id: 'audio',
  title: 'Sound',
  supports: (a, b) => a.loadSound !== undefined && b.loadSound !== undefined,
  async gather(a, b, { signal, onProgress }): Promise<MeasuredTimeMap | NotFound> {
    const [soundA, soundB] = await Promise.all([a.loadSound!(signal), b.loadSound!(signal)])
    const answer = await alignAudio(soundA.samples, soundB.samples, soundA.sampleRateHz, { signal, onProgress })
    // From the first samples, which the aligner counts from, to the clocks that they lie on.
    const [startA, startB] = [soundA.startSeconds, soundB.startSeconds]
    if (!answer.aligned) {
      const { reason, said, curves, passageOffsetSeconds: passage } = answer
      const place = passage === undefined ? {} : { passageOffsetSeconds: startA + passage - startB }
      return { found: false, reason, said, ...place, curves: [...curves] }
    }
    const rate = 1 + answer.ratePpm * PPM
    const [oo, or, rr] = answer.covariance
    const begun = (soundA.startSigmaSeconds ?? 0) ** 2 + (soundB.startSigmaSeconds ?? 0) ** 2
    return {
      found: true,
      offsetSeconds: startA + answer.offsetSeconds - rate * startB,
      ratePpm: answer.ratePpm,
      covariance: [oo + begun - 2 * startB * PPM * or + (startB * PPM) ** 2 * rr, or - startB * PPM * rr, rr],
      confidence: answer.confidence,
      overlapSeconds: answer.overlapSeconds,
      knots: answer.knots?.map((knot) => ({
        secondsA: knot.secondsA + startA,
        secondsB: knot.secondsB + startB,
        sigmaSeconds: Math.hypot(knot.sigmaSeconds, Math.sqrt(begun)),
      })),
      ownDelays: [earOf(soundA), earOf(soundB)],
      curves: [...answer.curves],
    }
  },
}
