/**
 * A coarse lag turned into a line: the envelope of B is cut into chunks, each is correlated with A around the lag, and
 * the chunks are added along every drift that clocks can have (a Radon transform of the lag-time picture).
 */
import type { FftPlans } from './fft.ts'
import { fftSizeFor } from './fft.ts'
import type { OnsetEnvelope } from './onset-envelope.ts'
import type { LineMap } from './window-correlator.ts'

/** A line between two clocks as envelopes show it. */
export interface EnvelopeLine extends LineMap {
  /** Half the distance to the next distinguishable line. */
  readonly rateTolerancePpm: number
  /** In standard deviations of the lines beside it. */
  readonly score: number
}

/** Frames of B that lie on A at a lag. */
export function overlapFrames(a: OnsetEnvelope, b: OnsetEnvelope, lagFrames: number): { from: number; to: number } {
  return { from: Math.max(0, -lagFrames), to: Math.min(b.frameCount, a.frameCount - lagFrames) }
}

export function searchDrift(
  plans: FftPlans,
  a: OnsetEnvelope,
  b: OnsetEnvelope,
  lagFrames: number,
  widthFrames: number,
  maxRatePpm: number,
): EnvelopeLine | undefined {
  const { from, to } = overlapFrames(a, b, lagFrames)
  const span = to - from
  if (span < 25) return undefined
  const chunk = Math.round(Math.min(span, Math.max(200, Math.min(1500, span / 48))))
  const chunks = Math.max(1, Math.floor(span / chunk))
  const drift = (span * maxRatePpm * 1e-6) / 2
  const reach = Math.ceil(drift + widthFrames / 2) + 8
  const lags = reach * 2 + 1
  const middles = new Float64Array(chunks)
  const rows = new Float32Array(chunks * lags)
  const size = fftSizeFor(chunk * 2 + lags)
  const fft = plans.real(size)
  const product = new Float32Array(size)
  for (let index = 0; index < chunks; index++) {
    const start = from + Math.floor((index * (span - chunk)) / Math.max(1, chunks - 1))
    middles[index] = start + chunk / 2
    product.fill(0)
    for (let band = 0; band < a.bands.length; band++) {
      fft.input.fill(0)
      const firstA = start + lagFrames - reach
      const fromA = Math.max(0, firstA)
      const toA = Math.min(a.frameCount, firstA + chunk + lags - 1)
      if (toA > fromA) fft.input.set(a.bands[band].subarray(fromA, toA), fromA - firstA)
      const spectrumA = fft.forward().slice()
      fft.input.fill(0)
      fft.input.set(b.bands[band].subarray(start, start + chunk))
      const spectrumB = fft.forward()
      product[0] += spectrumA[0] * spectrumB[0]
      product[1] += spectrumA[1] * spectrumB[1]
      for (let bin = 2; bin < size; bin += 2) {
        product[bin] += spectrumA[bin] * spectrumB[bin] + spectrumA[bin + 1] * spectrumB[bin + 1]
        product[bin + 1] += spectrumA[bin + 1] * spectrumB[bin] - spectrumA[bin] * spectrumB[bin + 1]
      }
    }
    fft.input.set(product)
    rows.set(fft.inverse().subarray(0, lags), index * lags)
  }
  return strongestLine(rows, middles, lags, reach, span, maxRatePpm, lagFrames, b.frameSeconds)
}

function strongestLine(
  rows: Float32Array,
  middles: Float64Array,
  lags: number,
  reach: number,
  span: number,
  maxRatePpm: number,
  lagFrames: number,
  frameSeconds: number,
): EnvelopeLine {
  const centre = middles.reduce((sum, value) => sum + value, 0) / middles.length
  // Under two frames of drift over the whole span the envelope says nothing of the rate.
  const half = maxRatePpm * 1e-6 * span < 2 ? 0 : Math.min(2000, Math.ceil((maxRatePpm * 1e-6 * span) / 0.5))
  const stepPpm = half === 0 ? 0 : maxRatePpm / half
  const sums = new Float32Array(lags)
  let best = { value: -Infinity, lag: 0, rate: 0 }
  let power = 0
  let count = 0
  for (let rateIndex = -half; rateIndex <= half; rateIndex++) {
    const rate = rateIndex * stepPpm
    sums.fill(0)
    for (let index = 0; index < middles.length; index++) {
      const exact = rate * 1e-6 * (middles[index] - centre)
      const shift = Math.floor(exact)
      const part = exact - shift
      const row = index * lags + shift
      const first = Math.max(0, -shift)
      const last = Math.min(lags - 1, lags - 1 - shift)
      for (let lag = first; lag < last; lag++) sums[lag] += rows[row + lag] * (1 - part) + rows[row + lag + 1] * part
    }
    for (let lag = 0; lag < lags; lag++) {
      power += sums[lag] * sums[lag]
      count++
      if (sums[lag] > best.value) best = { value: sums[lag], lag, rate }
    }
  }
  // The line is through (centre of the chunks, lag there); B frame f lies on A frame f + lag.
  const lagAtCentre = lagFrames + best.lag - reach
  const deviation = Math.sqrt(power / Math.max(1, count))
  return {
    offsetSeconds: (lagAtCentre - best.rate * 1e-6 * centre) * frameSeconds,
    ratePpm: best.rate,
    rateTolerancePpm: half === 0 ? maxRatePpm : Math.min(maxRatePpm * 2, 1.2e6 / span),
    score: deviation > 0 ? best.value / deviation : 0,
  }
}
