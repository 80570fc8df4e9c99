/**
 * Band-limited reading of a signal between its samples: a windowed sinc (Hann, 16 taps either side of the cutoff) from a
 * table of 512 phases, whose rounding stays under -60 dB.
 */
import { throwIfCancelled } from '../errors.ts'
import { PackedSound, type SoundSamples } from './sound-samples.ts'

const PHASES = 512

/** A table of filter rows, one a phase. */
export interface SincKernel {
  readonly halfTaps: number
  readonly rows: Float32Array
}

const kernels = new Map<string, SincKernel>()

/**
 * The filter for reading at `cutoff` of the signal's own Nyquist frequency (at most 1).
 * @param lobes Zero crossings either side: more is steeper and slower.
 */
export function sincKernel(cutoff: number, lobes: number): SincKernel {
  const key = `${cutoff}/${lobes}`
  const known = kernels.get(key)
  if (known) return known
  const halfTaps = Math.ceil(lobes / cutoff)
  const taps = halfTaps * 2
  const rows = new Float32Array((PHASES + 1) * taps)
  for (let phase = 0; phase <= PHASES; phase++) {
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - halfTaps + 1 - phase / PHASES
      const angle = Math.PI * x * cutoff
      const sinc = x === 0 ? 1 : Math.sin(angle) / angle
      const window = Math.abs(x) >= halfTaps ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * x) / halfTaps)
      rows[phase * taps + tap] = sinc * window
      sum += sinc * window
    }
    for (let tap = 0; tap < taps; tap++) rows[phase * taps + tap] /= sum
  }
  const kernel = { halfTaps, rows }
  kernels.set(key, kernel)
  return kernel
}

/**
 * Writes `source[start + step * n]` for every n of `out`; zero outside the source. Samples that are not finite count as zero.
 * @param start Position of the first value, in samples of the source.
 */
export function readBetween(
  source: Float32Array,
  start: number,
  step: number,
  kernel: SincKernel,
  out: Float32Array,
  count = out.length,
): void {
  const { halfTaps, rows } = kernel
  const taps = halfTaps * 2
  for (let index = 0; index < count; index++) {
    const position = start + step * index
    const whole = Math.floor(position)
    const first = whole - halfTaps + 1
    let sum = 0
    const row = Math.round((position - whole) * PHASES) * taps
    if (first >= 0 && first + taps <= source.length) {
      for (let tap = 0; tap < taps; tap++) sum += rows[row + tap] * source[first + tap]
    } else if (first + taps > 0 && first < source.length) {
      for (let tap = Math.max(0, -first); tap < taps && first + tap < source.length; tap++) {
        sum += rows[row + tap] * source[first + tap]
      }
    }
    out[index] = Number.isFinite(sum) ? sum : 0
  }
}

/** How many samples `readSoundBetween` needs room for. */
export const spanSamples = (count: number, step: number, kernel: SincKernel): number =>
  Math.ceil(step * count) + 2 * kernel.halfTaps + 2

/** As `readBetween`, from sound that is not at hand as an array. @param span room for `spanSamples` */
export function readSoundBetween(
  source: SoundSamples,
  start: number,
  step: number,
  kernel: SincKernel,
  out: Float32Array,
  span: Float32Array,
): void {
  const first = Math.floor(start) - kernel.halfTaps
  source.read(first, span)
  readBetween(span, start - first, step, kernel, out)
}

/** A signal at another rate, low-passed under the lower of the two Nyquist frequencies. Time zero keeps its place. */
export function resample(source: SoundSamples, fromHz: number, toHz: number, signal?: AbortSignal): SoundSamples {
  if (fromHz === toHz) return source
  const count = Math.floor((source.length * toHz) / fromHz)
  const out = new PackedSound()
  const kernel = sincKernel(Math.min(1, (0.94 * toHz) / fromHz), 12)
  const step = fromHz / toHz
  const block = new Float32Array(Math.min(count, 1 << 16))
  const span = new Float32Array(spanSamples(block.length, step, kernel))
  for (let start = 0; start < count; start += block.length) {
    throwIfCancelled(signal)
    const part = block.subarray(0, Math.min(block.length, count - start))
    readSoundBetween(source, start * step, step, kernel, part, span)
    out.push(part)
  }
  return out
}
