/**
 * What filters may delay one recording by against another. Filters that take much away turn phases as well, and a causal
 * one that does no more than it must delays by what its magnitudes say (Bode 1945): a telephone's band by some 0.3 ms, a
 * microphone by 0.01. A filter of linear phase, whose delay was taken off, delays nothing and looks the same. So the
 * delay that goes with the ratio of both recordings' spectra is what the line may be off by.
 */
import type { FftPlans } from './fft.ts'
import type { SoundSamples } from './sound-samples.ts'
import { type LineMap, onA } from './window-correlator.ts'

const FRAME_SAMPLES = 1024
const MOST_FRAMES = 240
/** Spectra are smoothed over this much to either side (Hz): voices have harmonics, rooms have combs. */
const SMOOTHING_HZ = 150
/** Below this share of the mean power there is rounding only. */
const LEAST_POWER = 1e-7

/**
 * How much of it: nothing where phase is linear, and up to four times where it is turned so far that waves lie on each
 * other a cycle off (bands of 4 to 12 poles, tuning seeds).
 */
const UNTOLD_SHARE = 2
/** Simple microphones and noises differ by less, which is in sigma already (s). */
const USUAL_SECONDS = 6e-5

interface HeardWindows {
  /** On B's clock. */
  readonly middles: ArrayLike<number>
  /** Of each window's correlation on the line, in standard deviations. */
  readonly strengths: ArrayLike<number>
  readonly seconds: number
}

/**
 * @param weights of the line's estimate, by bins of `binHz`
 * @returns by how much later B's sound comes than the line says, if both filters are of least delay (s)
 */
export function filterDelaySeconds(
  plans: FftPlans,
  a: SoundSamples,
  b: SoundSamples,
  sampleRateHz: number,
  map: LineMap,
  windows: HeardWindows,
  weights: ArrayLike<number>,
  binHz: number,
): number {
  const bins = FRAME_SAMPLES / 2
  const powers = [new Float64Array(bins + 1), new Float64Array(bins + 1)] as const
  const frameSeconds = FRAME_SAMPLES / sampleRateHz
  const perWindow = Math.max(1, Math.floor(windows.seconds / frameSeconds))
  const step = Math.max(1, Math.ceil((windows.middles.length * perWindow) / MOST_FRAMES))
  for (let frame = 0; frame < windows.middles.length * perWindow; frame += step) {
    const index = Math.floor(frame / perWindow)
    if (!(windows.strengths[index] > 4)) continue
    const middle = windows.middles[index] + (((frame % perWindow) + 0.5) / perWindow - 0.5) * windows.seconds
    addPowers(plans, a, onA(map, middle) * sampleRateHz, powers[0])
    addPowers(plans, b, middle * sampleRateHz, powers[1])
  }
  const phases = leastPhases(plans, logRatio(powers, sampleRateHz / FRAME_SAMPLES))
  let phase = 0
  let whole = 0
  for (let bin = 1; bin < weights.length; bin++) {
    const omega = 2 * Math.PI * binHz * bin
    const at = Math.round((binHz * bin * FRAME_SAMPLES) / sampleRateHz)
    if (at >= bins) break
    phase += weights[bin] * omega * phases[at]
    whole += weights[bin] * omega * omega
  }
  return whole > 0 ? -phase / whole : 0
}

/** What a delay that nobody can tell makes a line unsure by (s). */
export function filterSigmaSeconds(delaySeconds: number): number {
  const square = delaySeconds ** 2
  return (UNTOLD_SHARE * square) / Math.sqrt(square + USUAL_SECONDS ** 2)
}

function addPowers(plans: FftPlans, samples: SoundSamples, middle: number, out: Float64Array): void {
  const fft = plans.real(FRAME_SAMPLES)
  samples.read(Math.round(middle - FRAME_SAMPLES / 2), fft.input)
  for (let n = 0; n < FRAME_SAMPLES; n++) {
    const value = fft.input[n]
    fft.input[n] = Number.isFinite(value)
      ? value * (0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / FRAME_SAMPLES))
      : 0
  }
  const spectrum = fft.forward()
  for (let bin = 1; bin < FRAME_SAMPLES / 2; bin++) out[bin] += spectrum[bin * 2] ** 2 + spectrum[bin * 2 + 1] ** 2
}

/** Natural logarithm of B's magnitudes over A's, smoothed. */
function logRatio([ofA, ofB]: readonly [Float64Array, Float64Array], binHz: number): Float64Array {
  const [one, two] = [smoothed(ofA, binHz), smoothed(ofB, binHz)]
  return one.map((power, bin) => (power > 0 && two[bin] > 0 ? Math.log(two[bin] / power) / 2 : 0))
}

function smoothed(powers: Float64Array, binHz: number): Float64Array {
  const half = Math.round(SMOOTHING_HZ / binHz)
  const floor = (LEAST_POWER * powers.reduce((sum, power) => sum + power, 0)) / powers.length
  return powers.map((_, bin) => {
    const near = powers.subarray(Math.max(1, bin - half), Math.min(powers.length - 1, bin + half + 1))
    return near.reduce((sum, power) => sum + power, 0) / near.length + floor
  })
}

/** The phases of the causal filter with these log magnitudes that delays least: the folded cepstrum's. */
function leastPhases(plans: FftPlans, logs: Float64Array): Float64Array {
  const bins = FRAME_SAMPLES / 2
  const fft = plans.real(FRAME_SAMPLES)
  fft.input.fill(0)
  for (let bin = 1; bin < bins; bin++) fft.input[bin * 2] = logs[bin]
  fft.input[0] = logs[1]
  fft.input[1] = logs[bins - 1]
  const cepstrum = Float64Array.from(fft.inverse())
  return Float64Array.from({ length: bins }, (_, bin) => {
    let phase = 0
    for (let n = 1; n < bins; n++) phase -= 2 * cepstrum[n] * Math.sin((2 * Math.PI * bin * n) / FRAME_SAMPLES)
    return phase
  })
}
