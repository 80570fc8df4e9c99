/**
 * Reads a signal on another clock, as it streams by: the value of every output sample is the band-limited signal at the
 * place where a time map says that moment lies. A windowed sinc (Kaiser, 24 zero crossings either side, J. O. Smith's
 * "Digital Audio Resampling"), its phases interpolated: errors stay under -90 dB up to 0.85 of the Nyquist frequency.
 */
import { applyTimeMap, type ClockMap, invertTimeMap } from './time-map.ts'

const ZERO_CROSSINGS = 24
const PHASES = 1024
const KAISER_BETA = 9
/** Between knots a clock that runs this much faster or slower than on the whole has not drifted: samples are missing. */
const LARGEST_WANDER = 0.01
/** Silence that stands for missing samples begins and ends within this. */
const FADE_SECONDS = 0.005

/** A stretch of output samples whose places on the source run evenly. */
export interface WarpedStretch {
  /** Output samples `first` up to, not including, `end`. */
  readonly first: number
  readonly end: number
  /** Place of output sample `first` on the source, in samples of the source; `step` from one sample to the next. */
  readonly position: number
  readonly step: number
  /** True where the recording holds nothing of this time: samples were lost. */
  readonly isMissing: boolean
}

/**
 * Where the samples of a project time span lie on a recording.
 *
 * @param map clock to project
 * @param fromSeconds project time of output sample 0
 * @param count of output samples
 * @param clockStartSeconds clock time of the first sample of the recording, which has `sampleRateHz` as well
 */
export function warpedStretches(
  map: ClockMap,
  fromSeconds: number,
  count: number,
  sampleRateHz: number,
  clockStartSeconds: number,
): WarpedStretch[] {
  const back = invertTimeMap(map)
  const usual = 1 + map.ratePpm * 1e-6
  const borders = [
    0,
    ...(map.knots ?? []).map((knot) => Math.ceil((knot.projectSeconds - fromSeconds) * sampleRateHz)),
    count,
  ]
    .filter((border) => border >= 0 && border <= count)
    .sort((first, second) => first - second)
  const stretches: WarpedStretch[] = []
  for (let index = 1; index < borders.length; index++) {
    const [first, end] = [borders[index - 1]!, borders[index]!]
    if (first === end) continue
    // The middle of the stretch lies between its knots whatever the rounding of its ends did.
    const at = fromSeconds + (first + (end - first) / 2) / sampleRateHz
    const slope = slopeAt(back, at, (end - first) / 2 / sampleRateHz)
    const middle = (applyTimeMap(back, at) - clockStartSeconds) * sampleRateHz
    stretches.push({
      first,
      end,
      position: middle - (slope * (end - first)) / 2,
      step: slope,
      isMissing: Math.abs(slope * usual - 1) > LARGEST_WANDER,
    })
  }
  return stretches
}

/** Clock seconds a project second around a time. */
function slopeAt(back: ClockMap, at: number, halfSeconds: number): number {
  const { knots } = back
  if (!knots || knots.length < 2) return 1 + back.ratePpm * 1e-6
  const inside = knots.findIndex(
    (knot, index) => index > 0 && knot.clockSeconds > at && knots[index - 1]!.clockSeconds <= at,
  )
  if (inside < 0 || halfSeconds === 0) return 1 + back.ratePpm * 1e-6
  const [from, to] = [knots[inside - 1]!, knots[inside]!]
  return (to.projectSeconds - from.projectSeconds) / (to.clockSeconds - from.clockSeconds)
}

/** Modified Bessel function of the first kind and order zero, by its power series. */
function besselI0(x: number): number {
  let term = 1
  let sum = 1
  for (let order = 1; term > sum * 1e-12; order++) {
    term *= (x / (2 * order)) ** 2
    sum += term
  }
  return sum
}

interface Kernel {
  readonly halfTaps: number
  /** PHASES + 2 rows of taps, so that the row after the last may be read. */
  readonly rows: Float32Array
}

const kernels = new Map<number, Kernel>()

/** @param cutoff share of the Nyquist frequency, at most 1 */
function kernelFor(cutoff: number): Kernel {
  const known = kernels.get(cutoff)
  if (known) return known
  const halfTaps = Math.ceil(ZERO_CROSSINGS / cutoff)
  const taps = halfTaps * 2
  const rows = new Float32Array((PHASES + 2) * taps)
  const whole = besselI0(KAISER_BETA)
  for (let phase = 0; phase < PHASES + 2; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - halfTaps + 1 - phase / PHASES
      const edge = 1 - (x / halfTaps) ** 2
      const window = edge > 0 ? besselI0(KAISER_BETA * Math.sqrt(edge)) / whole : 0
      const angle = Math.PI * x * cutoff
      rows[phase * taps + tap] = (x === 0 ? cutoff : (cutoff * Math.sin(angle)) / angle) * window
    }
  }
  const kernel = { halfTaps, rows }
  kernels.set(cutoff, kernel)
  return kernel
}

/** Takes interleaved source samples as they come and gives interleaved output samples as soon as they are known. */
export class WarpedReader {
  readonly #channels: number
  readonly #stretches: readonly WarpedStretch[]
  readonly #count: number
  readonly #fade: number
  readonly #reach: number
  #held: Float32Array
  #heldFrames = 0
  /** Place of the first held frame on the source. */
  #heldFrom = 0
  #next = 0
  #stretch = 0

  constructor(stretches: readonly WarpedStretch[], channels: number, sampleRateHz: number) {
    this.#channels = channels
    this.#stretches = stretches
    this.#count = stretches.at(-1)?.end ?? 0
    this.#fade = Math.max(1, Math.round(FADE_SECONDS * sampleRateHz))
    this.#reach = Math.max(ZERO_CROSSINGS, ...stretches.map(({ step }) => kernelFor(cutoffFor(step)).halfTaps)) + 2
    this.#held = new Float32Array(channels << 16)
  }

  /** Output samples given so far. */
  get position(): number {
    return this.#next
  }

  /** @param samples interleaved, whole frames @returns the output that is complete now, interleaved */
  push(samples: Float32Array): Float32Array {
    this.#drop()
    const frames = samples.length / this.#channels
    const needed = (this.#heldFrames + frames) * this.#channels
    if (needed > this.#held.length) {
      const larger = new Float32Array(Math.max(needed, this.#held.length * 2))
      larger.set(this.#held.subarray(0, this.#heldFrames * this.#channels))
      this.#held = larger
    }
    this.#held.set(samples, this.#heldFrames * this.#channels)
    this.#heldFrames += frames
    return this.#read(this.#heldFrom + this.#heldFrames)
  }

  /** What is left: the source holds nothing more. */
  finish(limitFrames: number): Float32Array {
    return this.#read(Infinity, limitFrames)
  }

  /** Forgets what no later output needs. */
  #drop(): void {
    const stretch = this.#stretches[this.#stretch]
    const place = stretch ? stretch.position + (this.#next - stretch.first) * stretch.step : Infinity
    const gone = Math.min(this.#heldFrames, Math.floor(place) - this.#reach - this.#heldFrom)
    if (!(gone > 0)) return
    this.#held.copyWithin(0, gone * this.#channels, this.#heldFrames * this.#channels)
    this.#heldFrames -= gone
    this.#heldFrom += gone
  }

  #read(knownTo: number, limitFrames = Infinity): Float32Array {
    const parts: Float32Array[] = []
    let budget = Math.min(limitFrames, this.#count - this.#next)
    while (budget > 0) {
      const stretch = this.#stretches[this.#stretch]!
      const start = stretch.position + (this.#next - stretch.first) * stretch.step
      const ready = stretch.isMissing ? Infinity : Math.ceil((knownTo - this.#reach - start) / stretch.step)
      const frames = Math.min(budget, stretch.end - this.#next, Math.max(0, ready))
      if (frames === 0) break
      const out = new Float32Array(frames * this.#channels)
      if (!stretch.isMissing) {
        this.#interpolate(out, frames, start, stretch.step)
        this.#fadeEdges(out, frames)
      }
      parts.push(out)
      this.#next += frames
      budget -= frames
      if (this.#next === stretch.end) this.#stretch++
    }
    return joined(parts)
  }

  #interpolate(out: Float32Array, frames: number, start: number, step: number): void {
    const channels = this.#channels
    const { halfTaps, rows } = kernelFor(cutoffFor(step))
    const taps = halfTaps * 2
    const held = this.#held
    const weights = new Float32Array(taps)
    for (let frame = 0; frame < frames; frame++) {
      const place = start + step * frame
      const whole = Math.floor(place)
      const exact = (place - whole) * PHASES
      const phase = Math.floor(exact)
      const part = exact - phase
      const row = phase * taps
      for (let tap = 0; tap < taps; tap++) {
        const value = rows[row + tap]!
        weights[tap] = value + part * (rows[row + taps + tap]! - value)
      }
      const first = whole - halfTaps + 1 - this.#heldFrom
      const from = Math.max(0, -first)
      const to = Math.min(taps, this.#heldFrames - first)
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0
        for (let tap = from, at = (first + from) * channels + channel; tap < to; tap++, at += channels) {
          sum += weights[tap]! * held[at]!
        }
        out[frame * channels + channel] = sum
      }
    }
  }

  /** Sound before and after missing samples goes out and comes back softly. */
  #fadeEdges(out: Float32Array, frames: number): void {
    const before = this.#stretches[this.#stretch - 1]?.isMissing ?? false
    const after = this.#stretches[this.#stretch + 1]?.isMissing ?? false
    if (!before && !after) return
    const { first, end } = this.#stretches[this.#stretch]!
    for (let frame = 0; frame < frames; frame++) {
      const at = this.#next + frame
      const gain = Math.min(before ? (at - first) / this.#fade : 1, after ? (end - 1 - at) / this.#fade : 1)
      if (gain >= 1) continue
      for (let channel = 0; channel < this.#channels; channel++) out[frame * this.#channels + channel] *= gain
    }
  }
}

/** Read faster than it was recorded, what lies above the new Nyquist frequency must go. Steps of 1 % share a table. */
function cutoffFor(step: number): number {
  return step <= 1.002 ? 1 : Math.floor(100 / step) / 100
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
