/**
 * Generalised cross-correlation of one short window of two recordings (Knapp and Carter 1976, the PHAT weighting), along
 * a supposed map between their clocks. The spectra are whitened against their own smoothed magnitude, not bin by bin:
 * bins between the harmonics of a voice, which hold nothing but noise, then weigh less.
 */
import { type FftPlans, type RealFft, fftSizeFor } from './fft.ts'
import { readSoundBetween, type SincKernel, sincKernel, spanSamples } from './interpolate.ts'
import type { SoundSamples } from './sound-samples.ts'

/** The supposed map t_a = offsetSeconds + (1 + ratePpm * 1e-6) * t_b. */
export interface LineMap {
  readonly offsetSeconds: number
  readonly ratePpm: number
}

/** A's clock at a moment of B's. */
export const onA = (map: LineMap, secondsB: number): number => map.offsetSeconds + (1 + map.ratePpm * 1e-6) * secondsB

const LOWEST_HZ = 150
/** Clocks differ by far less. */
const LARGEST_STEP = 1.01
const SMOOTHING_HZ = 60
/** A single bin may weigh no more than this times its share: hum must not outvote a voice. */
const LARGEST_BIN = 2.5

export class WindowCorrelator {
  readonly sampleRateHz: number
  readonly windowSamples: number
  readonly lagSamples: number
  readonly binCount: number
  readonly binHz: number
  readonly #a: SoundSamples
  readonly #b: SoundSamples
  readonly #fft: RealFft
  readonly #window: Float32Array
  readonly #kernel: SincKernel
  readonly #band: Float32Array
  readonly #scratch: Float32Array
  readonly #span: Float32Array
  readonly #power: Float64Array
  readonly #spectrumA: Float32Array
  readonly #halfSmoothing: number

  constructor(
    plans: FftPlans,
    a: SoundSamples,
    b: SoundSamples,
    sampleRateHz: number,
    windowSeconds: number,
    lagSeconds: number,
  ) {
    this.#a = a
    this.#b = b
    this.sampleRateHz = sampleRateHz
    this.windowSamples = Math.round(windowSeconds * sampleRateHz)
    this.lagSamples = Math.ceil(lagSeconds * sampleRateHz)
    const size = fftSizeFor(this.windowSamples + this.lagSamples)
    this.#fft = plans.real(size)
    this.binCount = size / 2
    this.binHz = sampleRateHz / size
    this.#kernel = sincKernel(1, 8)
    this.#window = Float32Array.from(
      { length: this.windowSamples },
      (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / this.windowSamples),
    )
    this.#scratch = new Float32Array(this.windowSamples)
    this.#span = new Float32Array(spanSamples(this.windowSamples, LARGEST_STEP, this.#kernel))
    this.#spectrumA = new Float32Array(size)
    this.#power = new Float64Array(this.binCount + 1)
    this.#halfSmoothing = Math.max(1, Math.round(SMOOTHING_HZ / this.binHz))
    const highest = sampleRateHz * 0.45
    this.#band = Float32Array.from({ length: this.binCount }, (_, bin) => {
      const hz = bin * this.binHz
      const rise = (hz - LOWEST_HZ * 0.7) / (LOWEST_HZ * 0.6)
      const fall = (highest - hz) / (sampleRateHz * 0.03)
      return Math.max(0, Math.min(1, rise, fall))
    })
  }

  /**
   * Whitened cross-spectrum of the window whose middle is at `middleSeconds` on B's clock, in unit energy: interleaved re, im
   * a bin. Its phase is zero where the map is right. False when either side is silent or outside.
   */
  crossSpectrum(middleSeconds: number, map: LineMap, out: Float32Array): boolean {
    const scale = 1 + map.ratePpm * 1e-6
    const middleA = (map.offsetSeconds + scale * middleSeconds) * this.sampleRateHz
    const startA = Math.round(middleA - this.windowSamples / 2)
    // A is read on its own samples, B between its samples at the same moments.
    const startB = (startA / this.sampleRateHz - map.offsetSeconds) / scale
    const n = this.windowSamples
    if (startA < 0 || startA + n > this.#a.length) return false
    if (startB < 0 || (startB + n / this.sampleRateHz / scale) * this.sampleRateHz > this.#b.length) return false
    const slice = this.#scratch
    this.#a.read(startA, slice)
    for (let index = 0; index < n; index++) if (!Number.isFinite(slice[index])) slice[index] = 0
    if (!this.#whiten(slice)) return false
    this.#spectrumA.set(this.#fft.output)
    readSoundBetween(this.#b, startB * this.sampleRateHz, 1 / scale, this.#kernel, slice, this.#span)
    if (!this.#whiten(slice)) return false
    const sa = this.#spectrumA
    const sb = this.#fft.output
    let energy = 0
    const limit = LARGEST_BIN * LARGEST_BIN
    for (let bin = 1; bin < this.binCount; bin++) {
      const at = bin * 2
      const weight = this.#band[bin]
      let re = sa[at] * sb[at] + sa[at + 1] * sb[at + 1]
      let im = sa[at + 1] * sb[at] - sa[at] * sb[at + 1]
      const size = re * re + im * im
      const shrink = size > limit ? weight * Math.sqrt(limit / size) : weight
      re *= shrink
      im *= shrink
      out[at] = re
      out[at + 1] = im
      energy += re * re + im * im
    }
    out[0] = 0
    out[1] = 0
    if (!(energy > 0)) return false
    const unit = 1 / Math.sqrt(energy)
    for (let at = 2; at < this.binCount * 2; at++) out[at] *= unit
    return true
  }

  /**
   * The correlation that a cross-spectrum of unit energy stands for, at lags -lagSamples … +lagSamples: of unit variance
   * if nothing is common. A positive lag means that A hears it later than the map says.
   */
  correlogram(spectrum: Float32Array, out: Float32Array): void {
    this.#fft.input.set(spectrum.subarray(0, this.binCount * 2))
    this.#fft.input[1] = 0
    const circular = this.#fft.inverse()
    const size = this.binCount * 2
    const scale = size / Math.SQRT2
    for (let lag = -this.lagSamples; lag <= this.lagSamples; lag++) {
      out[lag + this.lagSamples] = circular[lag < 0 ? size + lag : lag] * scale
    }
  }

  /** Transforms `slice` and divides by its smoothed magnitude, in the FFT's output. */
  #whiten(slice: Float32Array): boolean {
    const input = this.#fft.input
    let mean = 0
    for (let index = 0; index < slice.length; index++) mean += slice[index]
    mean /= slice.length
    for (let index = 0; index < slice.length; index++) input[index] = (slice[index] - mean) * this.#window[index]
    input.fill(0, slice.length)
    const spectrum = this.#fft.forward()
    const sums = this.#power
    sums[0] = 0
    for (let bin = 0; bin < this.binCount; bin++) {
      const re = spectrum[bin * 2]
      const im = bin === 0 ? 0 : spectrum[bin * 2 + 1]
      sums[bin + 1] = sums[bin] + re * re + im * im
    }
    const total = sums[this.binCount]
    if (!(total > 1e-12)) return false
    const half = this.#halfSmoothing
    // Sixty dB below the mean there is only rounding and codec dust.
    const floor = (total / this.binCount) * 1e-7
    for (let bin = 0; bin < this.binCount; bin++) {
      const from = Math.max(0, bin - half)
      const to = Math.min(this.binCount, bin + half + 1)
      const gain = 1 / Math.sqrt((sums[to] - sums[from]) / (to - from) + floor)
      spectrum[bin * 2] *= gain
      spectrum[bin * 2 + 1] *= gain
    }
    return true
  }
}
