/** Is there anything in a recording that could be aligned? */
import { because, type Reason, type Saying } from '../sayings/saying.ts'
import { type FftPlans, fftSizeFor } from './fft.ts'
import type { SoundSamples } from './sound-samples.ts'

const SHORTEST_SECONDS = 1
/** Between the lowest and the highest sample; full scale is 2. */
const LEAST_SWING = 1e-7
/** Of the power outside steady lines: below this there is a tone and nothing else. */
const LEAST_CHANGING_SHARE = 1e-5

/** Why a recording cannot be aligned; undefined if it can. @param which what it is called */
export function unusableReason(
  plans: FftPlans,
  samples: SoundSamples,
  sampleRateHz: number,
  which: Saying,
): Reason | undefined {
  if (samples.length === 0) return because('time.empty', { which })
  if (samples.length < SHORTEST_SECONDS * sampleRateHz) {
    const seconds = Number((samples.length / sampleRateHz).toFixed(3))
    return because('time.tooShort', { which, seconds, least: SHORTEST_SECONDS })
  }
  const every = Math.ceil(samples.length / ENOUGH_SAMPLES)
  let found = extremes(samples, every)
  if (every > 1 && !(found.high - found.low > LEAST_SWING)) found = extremes(samples, 1)
  const { broken, low, high, seen } = found
  if (broken > seen / 2) return because('time.notNumbers', { which })
  if (!(high - low > LEAST_SWING)) return because(high === 0 && low === 0 ? 'time.silent' : 'time.constant', { which })
  if (changingShare(plans, samples, sampleRateHz) < LEAST_CHANGING_SHARE) {
    return because('time.hum', { which })
  }
  return undefined
}

/** So many samples tell whether there is a signal; the rest is looked at only if they do not. */
const ENOUGH_SAMPLES = 1 << 20

const BLOCK_SAMPLES = 4096

/** The lowest and the highest sample, and how many are not numbers, of every `every`th block. */
function extremes(samples: SoundSamples, every: number): { broken: number; low: number; high: number; seen: number } {
  let broken = 0
  let low = Infinity
  let high = -Infinity
  let seen = 0
  const room = new Float32Array(Math.min(samples.length, BLOCK_SAMPLES))
  for (let start = 0; start < samples.length; start += room.length * every) {
    const block = room.subarray(0, Math.min(room.length, samples.length - start))
    samples.read(start, block)
    for (const sample of block) {
      seen++
      if (!Number.isFinite(sample)) broken++
      else {
        if (sample < low) low = sample
        if (sample > high) high = sample
      }
    }
  }
  return { broken, low, high, seen }
}

/**
 * Share of the power that is not in lines which stand in all frames alike. Hann-windowed frames of a pure tone leave
 * less than 1e-7 outside the line.
 */
function changingShare(plans: FftPlans, samples: SoundSamples, sampleRateHz: number): number {
  const size = fftSizeFor(Math.round(sampleRateHz * 0.25))
  const fft = plans.real(size)
  const frames = Math.max(1, Math.min(64, Math.floor(samples.length / size)))
  const spectra: Float64Array[] = []
  // A Blackman-Harris window: its side lobes lie at -92 dB.
  const count = Math.min(size, samples.length)
  const window = Float64Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count
    return 0.35875 - 0.48829 * Math.cos(angle) + 0.14128 * Math.cos(2 * angle) - 0.01168 * Math.cos(3 * angle)
  })
  const block = new Float32Array(count)
  for (let frame = 0; frame < frames; frame++) {
    const start = frames === 1 ? 0 : Math.floor((frame * (samples.length - size)) / (frames - 1))
    const input = fft.input
    input.fill(0)
    samples.read(start, block)
    for (let index = 0; index < count; index++) {
      input[index] = Number.isFinite(block[index]) ? block[index] * window[index] : 0
    }
    const spectrum = fft.forward()
    spectra.push(
      Float64Array.from({ length: size / 2 }, (_, bin) =>
        bin < 2 ? 0 : spectrum[bin * 2] ** 2 + spectrum[bin * 2 + 1] ** 2,
      ),
    )
  }
  const mean = new Float64Array(size / 2)
  const least = new Float64Array(size / 2).fill(Infinity)
  for (const spectrum of spectra) {
    for (let bin = 0; bin < mean.length; bin++) {
      mean[bin] += spectrum[bin] / spectra.length
      least[bin] = Math.min(least[bin], spectrum[bin])
    }
  }
  let total = 0
  for (const power of mean) total += power
  if (total === 0) return 0
  // A steady bin never falls far under its own mean; noise and voices do.
  let changing = 0
  for (let bin = 0; bin < mean.length; bin++)
    if (spectra.length < 3 || least[bin] < mean[bin] * 0.5) changing += mean[bin]
  return spectra.length < 3 ? 1 : changing / total
}
