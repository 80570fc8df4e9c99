/**
 * The picture of sound that Whisper reads: powers in 80 (or 128) bands of the mel scale as Slaney drew it, every 10 ms of
 * 30 s, as logarithms. Source: Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (2022), 2.2.
 */

export const WHISPER_HZ = 16_000
export const WINDOW_SECONDS = 30
const SAMPLES = WHISPER_HZ * WINDOW_SECONDS
const FFT = 400
const HOP = 160
const BINS = FFT / 2 + 1
export const FRAMES = SAMPLES / HOP

/** Linear below 1 kHz, logarithmic above. */
function melOf(hz: number): number {
  return hz < 1000 ? (3 * hz) / 200 : 15 + (27 * Math.log(hz / 1000)) / Math.log(6.4)
}

function hzOf(mel: number): number {
  return mel < 15 ? (200 * mel) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27)
}

/** Triangles over the bins of the spectrum, each of unit area in hertz: `bands` rows of BINS. */
function melBands(bands: number): Float64Array {
  const edges = Array.from({ length: bands + 2 }, (_, n) => hzOf((n * melOf(WHISPER_HZ / 2)) / (bands + 1)))
  const weights = new Float64Array(bands * BINS)
  for (let band = 0; band < bands; band++) {
    const [low, peak, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!]
    for (let bin = 0; bin < BINS; bin++) {
      const hz = (bin * WHISPER_HZ) / FFT
      const rise = (hz - low) / (peak - low)
      const fall = (high - hz) / (high - peak)
      weights[band * BINS + bin] = (Math.max(0, Math.min(rise, fall)) * 2) / (high - low)
    }
  }
  return weights
}

const cosines = Float64Array.from({ length: FFT }, (_, n) => Math.cos((2 * Math.PI * n) / FFT))
const sines = Float64Array.from({ length: FFT }, (_, n) => Math.sin((2 * Math.PI * n) / FFT))
const hann = Float64Array.from({ length: FFT }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FFT))

/**
 * @param samples mono at 16 kHz, 30 s at most; what is missing is silence
 * @returns `bands` rows of FRAMES
 */
export function logMel(samples: Float32Array, bands: number): Float32Array {
  const weights = melBands(bands)
  const mel = new Float32Array(bands * FRAMES)
  const windowed = new Float64Array(FFT)
  const power = new Float64Array(BINS)
  const heard = Math.min(FRAMES, Math.ceil(samples.length / HOP) + 2)
  let loudest = -10
  for (let frame = 0; frame < FRAMES; frame++) {
    // Frames of silence behind the end are all alike.
    if (frame < heard) {
      for (let n = 0; n < FFT; n++) windowed[n] = sampleAt(samples, frame * HOP + n - FFT / 2) * hann[n]!
      spectrum(windowed, power)
    } else power.fill(0)
    for (let band = 0; band < bands; band++) {
      let sum = 0
      for (let bin = 0; bin < BINS; bin++) sum += weights[band * BINS + bin]! * power[bin]!
      const value = Math.log10(Math.max(1e-10, sum))
      mel[band * FRAMES + frame] = value
      loudest = Math.max(loudest, value)
    }
  }
  for (let n = 0; n < mel.length; n++) mel[n] = (Math.max(mel[n]!, loudest - 8) + 4) / 4
  return mel
}

/** Mirrored at the beginning, silence behind the end. */
function sampleAt(samples: Float32Array, at: number): number {
  return samples[at < 0 ? -at : at] ?? 0
}

function spectrum(windowed: Float64Array, power: Float64Array): void {
  for (let bin = 0; bin < BINS; bin++) {
    let [real, imaginary, phase] = [0, 0, 0]
    for (let n = 0; n < FFT; n++) {
      real += windowed[n]! * cosines[phase]!
      imaginary += windowed[n]! * sines[phase]!
      phase += bin
      if (phase >= FFT) phase -= FFT
    }
    power[bin] = real * real + imaginary * imaginary
  }
}
