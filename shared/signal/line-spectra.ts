/** Correlograms as spectra of what lies near their middle, and how such a spectrum is read at a lag. */
import { type FftPlans, fftSizeFor } from './fft.ts'
import type { Correlograms } from './correlograms.ts'

/** How far to either side of a line a room is looked at. */
const PROFILE_LAG_SECONDS = 0.012

/** A weighted sum of phases and its derivatives by lag. */
export interface Sums {
  value: number
  first: number
  second: number
}

/**
 * The part of each cross-spectrum that belongs to lags within the correlogram: as telling as the whole near the peak,
 * and shorter by the ratio of the window to the lags.
 */
export function shortSpectra(plans: FftPlans, data: Correlograms): { spectra: Float32Array[]; binHz: number } {
  const reach = profileLagSamples(data)
  const size = fftSizeFor(reach * 2 + 1)
  const fft = plans.real(size)
  const fade = Math.max(1, Math.round(reach * 0.15))
  const width = data.lagSamples * 2 + 1
  const spectra = Array.from(data.middles, (_, index) => {
    const input = fft.input
    input.fill(0)
    for (let lag = -reach; lag <= reach; lag++) {
      const edge = Math.min(1, (reach + 1 - Math.abs(lag)) / fade)
      input[lag < 0 ? size + lag : lag] = data.rows[index * width + lag + data.lagSamples] * edge
    }
    return fft.forward().slice()
  })
  return { spectra, binHz: data.sampleRateHz / size }
}

export const profileLagSamples = (data: Correlograms): number => Math.ceil(PROFILE_LAG_SECONDS * data.sampleRateHz)

/** The signal of a packed spectrum at lags -lagSamples … lagSamples. */
export function centredInverse(plans: FftPlans, spectrum: Float32Array, lagSamples: number): Float32Array {
  const size = spectrum.length
  const fft = plans.real(size)
  fft.input.set(spectrum)
  const circular = fft.inverse()
  return Float32Array.from({ length: lagSamples * 2 + 1 }, (_, index) => {
    const lag = index - lagSamples
    return circular[lag < 0 ? size + lag : lag]
  })
}

/** sum_f W Re(C e^{j w lag}) and its first and second derivative by lag, in the window's standard deviations. */
export function evaluate(
  spectrum: Float32Array,
  weights: Float32Array,
  binHz: number,
  lagSeconds: number,
  sums: Sums,
): void {
  const step = 2 * Math.PI * binHz
  const turnRe = Math.cos(step * lagSeconds)
  const turnIm = Math.sin(step * lagSeconds)
  let re = 1
  let im = 0
  let value = 0
  let first = 0
  let second = 0
  for (let bin = 1; bin < weights.length; bin++) {
    const nextRe = re * turnRe - im * turnIm
    im = re * turnIm + im * turnRe
    re = nextRe
    const weight = weights[bin]
    if (weight === 0) continue
    const inPhase = weight * (spectrum[bin * 2] * re - spectrum[bin * 2 + 1] * im)
    const quadrature = weight * (spectrum[bin * 2] * im + spectrum[bin * 2 + 1] * re)
    const omega = step * bin
    value += inPhase
    first -= omega * quadrature
    second -= omega * omega * inPhase
  }
  sums.value = value
  sums.first = first
  sums.second = second
}
