/** Mel levels of sound, ONSET_HZ times a second: what every figure of a sound stream is made of. */
import type { FftPlans } from '../../../shared/signal/fft.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import { MEL_BANDS } from '../../../shared/stars/estimate/sound-measure.ts'
import { ONSET_HZ } from './measurements.ts'

/** What sound is decoded to. */
export const RATE_HZ = 16_000
/** Samples from frame to frame. */
export const HOP = RATE_HZ / ONSET_HZ
const FFT_SIZE = 512
const LOWEST_HZ = 60
const HIGHEST_HZ = 7600
const CLIPPED = 0.997

function mel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700)
}

/** Triangles over the bins of the spectrum, evenly spaced on the mel scale. */
function melFilters(): { first: number; weights: Float32Array }[] {
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, index) => {
    const at = mel(LOWEST_HZ) + ((mel(HIGHEST_HZ) - mel(LOWEST_HZ)) * index) / (MEL_BANDS + 1)
    return ((700 * (Math.pow(10, at / 2595) - 1)) / RATE_HZ) * FFT_SIZE
  })
  return Array.from({ length: MEL_BANDS }, (_, band) => {
    const [low, middle, high] = [edges[band], edges[band + 1], edges[band + 2]]
    const first = Math.floor(low)
    const weights = Float32Array.from({ length: Math.ceil(high) - first + 1 }, (_weight, offset) => {
      const bin = first + offset
      return Math.max(0, Math.min((bin - low) / (middle - low), (high - bin) / (high - middle)))
    })
    return { first, weights }
  })
}

export interface Heard {
  /** Levels of mel bands, dB, one row a frame. */
  readonly levels: Float32Array
  readonly frameLevels: number[]
  /** Clipped samples of every frame's hop. */
  readonly clipped: Uint16Array
}

const FILTERS = melFilters()

/** @throws AsterismError `cancelled`. */
export function melLevels(samples: Float32Array, plans: FftPlans, signal: AbortSignal): Heard {
  const frames = Math.max(0, Math.floor((samples.length - FFT_SIZE) / HOP) + 1)
  const levels = new Float32Array(frames * MEL_BANDS)
  const frameLevels: number[] = []
  const clipped = new Uint16Array(frames)
  const fft = plans.real(FFT_SIZE)
  const window = Float32Array.from(
    { length: FFT_SIZE },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / FFT_SIZE),
  )
  const power = new Float32Array(FFT_SIZE / 2 + 1)
  for (let frame = 0; frame < frames; frame++) {
    if ((frame & 1023) === 0) throwIfCancelled(signal)
    const start = frame * HOP
    const input = fft.input
    let square = 0
    for (let i = 0; i < FFT_SIZE; i++) {
      const value = samples[start + i]
      if (i < HOP && Math.abs(value) >= CLIPPED) clipped[frame]++
      square += value * value
      input[i] = value * window[i]
    }
    frameLevels.push(10 * Math.log10(square / FFT_SIZE + 1e-10))
    const spectrum = fft.forward()
    power[0] = spectrum[0] ** 2
    power[FFT_SIZE / 2] = spectrum[1] ** 2
    for (let bin = 1; bin < FFT_SIZE / 2; bin++) power[bin] = spectrum[2 * bin] ** 2 + spectrum[2 * bin + 1] ** 2
    FILTERS.forEach(({ first, weights }, band) => {
      let sum = 0
      for (let i = 0; i < weights.length; i++) sum += weights[i] * power[Math.min(FFT_SIZE / 2, first + i)]
      levels[frame * MEL_BANDS + band] = 10 * Math.log10((sum * 4) / (FFT_SIZE * FFT_SIZE) + 1e-10)
    })
  }
  return { levels, frameLevels, clipped }
}
