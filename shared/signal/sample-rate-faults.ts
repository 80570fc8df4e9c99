/** Recordings that say a wrong sample rate of themselves, or were conformed to another frame rate. */
import { coarseCorrelation } from './coarse-correlation.ts'
import type { OnsetEnvelope } from './onset-envelope.ts'
import type { TrackPair } from './track-pair.ts'

/** How many times longer B must be played: 44.1 for 48 kHz, film and television frame rates, half and double rates. */
export const declaredRateFactors: readonly number[] = [
  48 / 44.1,
  44.1 / 48,
  1.001,
  1 / 1.001,
  25 / 24,
  24 / 25,
  32 / 44.1,
  44.1 / 32,
  2,
  0.5,
]

/** In deviations, with clear daylight to the other factors. */
const LEAST_SCORE = 7

/** The factor under which the envelopes fit best, if they fit at all. */
export function likelyFactor(pair: TrackPair, factors: readonly number[]): number | undefined {
  let best: { factor: number; score: number } | undefined
  for (const factor of factors) {
    const score = factorScore(pair, factor)
    if (score > (best?.score ?? 0)) best = { factor, score }
  }
  return best && best.score >= LEAST_SCORE ? best.factor : undefined
}

/** How well the envelopes fit if B is played `factor` times longer, in deviations. */
export function factorScore(pair: TrackPair, factor: number): number {
  const { plans, a, b, signal } = pair
  const stretched = stretchEnvelope(b.envelope, factor)
  if (Math.min(stretched.frameCount, a.envelope.frameCount) < 250) return 0
  const options = { maxRatePpm: 100, minOverlapFrames: 200, limit: 1, signal }
  return coarseCorrelation(plans, a.envelope, stretched, options).candidates[0]?.score ?? 0
}

/** The envelope as it would be if the recording were played `factor` times longer. Bands are wider than the change of pitch. */
function stretchEnvelope(envelope: OnsetEnvelope, factor: number): OnsetEnvelope {
  const frameCount = Math.floor(envelope.frameCount * factor)
  const stretch = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: frameCount }, (_, frame) => {
      const at = frame / factor
      const whole = Math.min(values.length - 1, Math.floor(at))
      const next = Math.min(values.length - 1, whole + 1)
      return values[whole] + (values[next] - values[whole]) * (at - whole)
    })
  return { ...envelope, frameCount, bands: envelope.bands.map(stretch), activity: stretch(envelope.activity) }
}
