/**
 * How well two recordings agree along a line, band by band: what share of a band's whitened cross-spectrum lies in phase.
 * A loud loop fills its own bands in every turn alike; a voice under it is in phase only in the one true place.
 */
import { throwIfCancelled } from '../errors.ts'
import type { FftPlans } from './fft.ts'
import type { Track } from './match-search.ts'
import { type LineMap, WindowCorrelator } from './window-correlator.ts'

/** Wide enough to hold several bins of a window, narrow enough to lie between the partials of music. */
const BAND_HZ = 125
/** The correlator's bands lie below this; above 8 kHz there is nothing at 16 kHz. */
const HIGHEST_HZ = 7000

/**
 * The mean over all bands, from -1 to 1, of each window; NaN where the line leaves a recording or nothing is heard.
 *
 * @param polarity -1 where one side is upside down
 */
export function agreementAlong(
  plans: FftPlans,
  a: Track,
  b: Track,
  map: LineMap,
  middles: Float64Array,
  windowSeconds: number,
  polarity: number,
  signal?: AbortSignal,
): Float64Array {
  const correlator = new WindowCorrelator(plans, a.samples, b.samples, a.sampleRateHz, windowSeconds, 0.001)
  const spectrum = new Float32Array(correlator.binCount * 2)
  const bins = Math.max(2, Math.round(BAND_HZ / correlator.binHz))
  const last = Math.min(correlator.binCount, Math.floor(HIGHEST_HZ / correlator.binHz))
  return middles.map((middle) => {
    throwIfCancelled(signal)
    if (!correlator.crossSpectrum(middle, map, spectrum)) return Number.NaN
    let sum = 0
    let bands = 0
    for (let first = 1; first + bins <= last; first += bins) {
      let inPhase = 0
      let size = 0
      for (let bin = first; bin < first + bins; bin++) {
        const re = spectrum[bin * 2]
        const im = spectrum[bin * 2 + 1]
        inPhase += re
        size += Math.sqrt(re * re + im * im)
      }
      if (!(size > 0)) continue
      sum += inPhase / size
      bands++
    }
    return bands === 0 ? Number.NaN : (polarity * sum) / bands
  })
}
