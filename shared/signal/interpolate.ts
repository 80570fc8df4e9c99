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
  const isDrift = taps === RUN_TAPS && Math.abs(step - 1) < LARGEST_DRIFT
  for (let index = 0; index < count; index++) {
    const position = start + step * index
    if (isDrift) {
      index += readRun(source, position, step, kernel, out, index, count) - 1
      continue
    }
    const whole = Math.floor(position)
    const first = whole - halfTaps + 1
    let sum = 0
    const row = Math.round((position - whole) * PHASES) * taps
    if (first >= 0 && first + taps <= source.length) {
      for (let tap = 0; tap < taps; tap++) sum += rows[row + tap] * source[first + tap]
      out[index] = Number.isFinite(sum) ? sum : 0
    } else out[index] = atTheEdge(source, first, rows.subarray(row, row + taps))
  }
}

const RUN_TAPS = 16
const LARGEST_DRIFT = 2e-3

/**
 * Values from `out[at]` on that are read with one row of the filter. Between clocks that drift there are many of them,
 * and with the row at hand they take half the time or less: most of an alignment goes by here.
 *
 * @param position of the first of them @returns how many were written, at least one
 */
function readRun(
  source: Float32Array,
  position: number,
  step: number,
  { halfTaps, rows }: SincKernel,
  out: Float32Array,
  at: number,
  end: number,
): number {
  const whole = Math.floor(position)
  const phase = Math.round((position - whole) * PHASES)
  const drift = step - 1
  // As long as the place between two samples is nearest to the same row.
  const room = Math.abs(((phase + Math.sign(drift) / 2) / PHASES - (position - whole)) / drift)
  const count = Math.max(1, Math.min(end - at, drift === 0 ? Infinity : Math.ceil(room)))
  const row = phase * RUN_TAPS
  const r0 = rows[row + 0]
  const r1 = rows[row + 1]
  const r2 = rows[row + 2]
  const r3 = rows[row + 3]
  const r4 = rows[row + 4]
  const r5 = rows[row + 5]
  const r6 = rows[row + 6]
  const r7 = rows[row + 7]
  const r8 = rows[row + 8]
  const r9 = rows[row + 9]
  const r10 = rows[row + 10]
  const r11 = rows[row + 11]
  const r12 = rows[row + 12]
  const r13 = rows[row + 13]
  const r14 = rows[row + 14]
  const r15 = rows[row + 15]
  const first = whole - halfTaps + 1
  for (let index = 0; index < count; index++) {
    const k = first + index
    if (k < 0 || k + RUN_TAPS > source.length) {
      out[at + index] = atTheEdge(source, k, rows.subarray(row, row + RUN_TAPS))
      continue
    }
    const sum =
      r0 * source[k] +
      r1 * source[k + 1] +
      r2 * source[k + 2] +
      r3 * source[k + 3] +
      (r4 * source[k + 4] + r5 * source[k + 5] + r6 * source[k + 6] + r7 * source[k + 7]) +
      (r8 * source[k + 8] + r9 * source[k + 9] + r10 * source[k + 10] + r11 * source[k + 11]) +
      (r12 * source[k + 12] + r13 * source[k + 13] + r14 * source[k + 14] + r15 * source[k + 15])
    out[at + index] = Number.isFinite(sum) ? sum : 0
  }
  return count
}

/** One value where the filter reaches over the end of the source. */
function atTheEdge(source: Float32Array, first: number, row: Float32Array): number {
  let sum = 0
  for (let tap = Math.max(0, -first); tap < row.length && first + tap < source.length; tap++) {
    sum += row[tap] * source[first + tap]
  }
  return Number.isFinite(sum) ? sum : 0
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
