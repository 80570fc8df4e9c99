/** Recordings that say a wrong sample rate of themselves, or were conformed to another frame rate. */
import { coarseCorrelation } from './coarse-correlation.ts'
import type { FftPlans } from './fft.ts'
import type { Track } from './match-search.ts'
import type { OnsetEnvelope } from './onset-envelope.ts'

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
export function likelyFactor(
  plans: FftPlans,
  a: Track,
  b: Track,
  factors: readonly number[],
  signal?: AbortSignal,
): number | undefined {
  let best: { factor: number; score: number } | undefined
  for (const factor of factors) {
    const score = factorScore(plans, a, b, factor, signal)
    if (score > (best?.score ?? 0)) best = { factor, score }
  }
  return best && best.score >= LEAST_SCORE ? best.factor : undefined
}

/** How well the envelopes fit if B is played `factor` times longer, in deviations. */
export function factorScore(plans: FftPlans, a: Track, b: Track, factor: number, signal?: AbortSignal): number {
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
