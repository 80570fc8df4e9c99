/** The correlograms of many windows along a supposed map between two clocks. */
import { crossSpectra } from './cross-spectra.ts'
import type { FftPlans } from './fft.ts'
import { type LineMap, WindowCorrelator } from './window-correlator.ts'
import type { SoundSamples } from './sound-samples.ts'
import type { WindowPlan } from './window-plan.ts'

/** Correlations of single windows around a map. */
export interface Correlograms {
  readonly map: LineMap
  readonly sampleRateHz: number
  readonly lagSamples: number
  /** Middles of the windows that had sound on both sides, B's clock. */
  readonly middles: Float64Array
  /** One row of 2 * lagSamples + 1 values a window; unit variance where nothing is common. */
  readonly rows: Float32Array
}

export function correlograms(
  plans: FftPlans,
  a: SoundSamples,
  b: SoundSamples,
  sampleRateHz: number,
  plan: WindowPlan,
  map: LineMap,
  lagSeconds: number,
  signal?: AbortSignal,
): Correlograms {
  const correlator = new WindowCorrelator(plans, a, b, sampleRateHz, plan.windowSeconds, lagSeconds)
  const { spectra, middles } = crossSpectra(correlator, plan.middles, map, signal)
  const width = correlator.lagSamples * 2 + 1
  const rows = new Float32Array(middles.length * width)
  for (let index = 0; index < middles.length; index++) {
    correlator.correlogram(spectra[index], rows.subarray(index * width, (index + 1) * width))
  }
  return { map, sampleRateHz, lagSamples: correlator.lagSamples, middles, rows }
}
