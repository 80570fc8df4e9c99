/** The whitened cross-spectra of many windows, with steady tones taken out. */
import { throwIfCancelled } from '../errors.ts'
import type { LineMap, WindowCorrelator } from './window-correlator.ts'

export interface CrossSpectra {
  /** Middles of the windows that had sound on both sides, B's clock. */
  readonly middles: Float64Array
  /** Interleaved re, im; of unit energy, one a window. */
  readonly spectra: readonly Float32Array[]
}

export function crossSpectra(
  correlator: WindowCorrelator,
  middles: Float64Array,
  map: LineMap,
  signal?: AbortSignal,
): CrossSpectra {
  const spectra: Float32Array[] = []
  const kept: number[] = []
  for (const middle of middles) {
    throwIfCancelled(signal)
    const spectrum = new Float32Array(correlator.binCount * 2)
    if (!correlator.crossSpectrum(middle, map, spectrum)) continue
    spectra.push(spectrum)
    kept.push(middle)
  }
  muteSteadyTones(spectra, correlator.binHz)
  return { middles: Float64Array.from(kept), spectra }
}

/**
 * Mains hum and whistles are in both recordings whatever else is: bins that stand above their neighbourhood in the mean
 * over all windows, where voices and music have moved on, are turned down, and every window is brought to unit energy.
 */
function muteSteadyTones(spectra: readonly Float32Array[], binHz: number): void {
  if (spectra.length === 0) return
  const bins = spectra[0].length / 2
  const mean = new Float64Array(bins)
  for (const spectrum of spectra) {
    for (let bin = 0; bin < bins; bin++) mean[bin] += spectrum[bin * 2] ** 2 + spectrum[bin * 2 + 1] ** 2
  }
  // What is usual around a bin: the median over some 300 Hz, in steps of half that.
  const half = Math.max(4, Math.round(150 / binHz))
  const gains = new Float32Array(bins).fill(1)
  for (let block = 0; block < bins; block += half) {
    const around = mean.slice(Math.max(1, block - half / 2), Math.min(bins, block + half * 1.5)).sort()
    const usual = around[around.length >> 1]
    for (let bin = Math.max(1, block); bin < Math.min(bins, block + half); bin++) {
      if (mean[bin] > usual * 3) gains[bin] = ((usual * 3) / mean[bin]) ** 2
    }
  }
  for (const spectrum of spectra) {
    let energy = 0
    for (let bin = 0; bin < bins; bin++) {
      const re = spectrum[bin * 2] * gains[bin]
      const im = spectrum[bin * 2 + 1] * gains[bin]
      spectrum[bin * 2] = re
      spectrum[bin * 2 + 1] = im
      energy += re * re + im * im
    }
    const unit = energy > 0 ? 1 / Math.sqrt(energy) : 0
    for (let at = 0; at < spectrum.length; at++) spectrum[at] *= unit
  }
}
