/**
 * Where two envelopes may lie on each other: one correlation over the whole length, read at several widths so that a
 * drifting pair, whose peak is smeared, still stands out.
 */
import { throwIfCancelled } from '../errors.ts'
import type { FftPlans } from './fft.ts'
import { fftSizeFor } from './fft.ts'
import type { OnsetEnvelope } from './onset-envelope.ts'

/** A lag worth a closer look. B's frame 0 lies at `lagFrames` of A. */
export interface CoarseCandidate {
  readonly lagFrames: number
  /** Width of the box that showed it best, in frames. */
  readonly widthFrames: number
  /** In standard deviations of all lags. */
  readonly score: number
}

export interface CoarseCorrelation {
  readonly candidates: readonly CoarseCandidate[]
  /** Standard scores of every lag; index 0 is lag `-(b.frameCount - 1)`. */
  readonly scores: Float32Array
  readonly firstLagFrames: number
}

/** Correlates all bands of two envelopes: `out[lag] = sum over t of a[t + lag] * b[t]`, and the same of their activity. */
function correlate(
  plans: FftPlans,
  a: readonly Float32Array[],
  b: readonly Float32Array[],
  signal: AbortSignal | undefined,
): Float32Array {
  const countA = a[0].length
  const countB = b[0].length
  const size = fftSizeFor(countA + countB)
  const fft = plans.real(size)
  const product = new Float32Array(size)
  for (let band = 0; band < a.length; band++) {
    throwIfCancelled(signal)
    fft.input.fill(0)
    fft.input.set(a[band])
    const spectrumA = fft.forward().slice()
    fft.input.fill(0)
    fft.input.set(b[band])
    const spectrumB = fft.forward()
    product[0] += spectrumA[0] * spectrumB[0]
    product[1] += spectrumA[1] * spectrumB[1]
    for (let bin = 2; bin < size; bin += 2) {
      const ar = spectrumA[bin]
      const ai = spectrumA[bin + 1]
      const br = spectrumB[bin]
      const bi = spectrumB[bin + 1]
      product[bin] += ar * br + ai * bi
      product[bin + 1] += ai * br - ar * bi
    }
  }
  fft.input.set(product)
  const circular = fft.inverse()
  const out = new Float32Array(countA + countB - 1)
  out.set(circular.subarray(size - (countB - 1), size), 0)
  out.set(circular.subarray(0, countA), countB - 1)
  plans.release(size)
  return out
}

/** The `limit` best places, over all widths, at least `apart` frames from one another. */
export function coarseCorrelation(
  plans: FftPlans,
  a: OnsetEnvelope,
  b: OnsetEnvelope,
  options: {
    readonly maxRatePpm: number
    readonly minOverlapFrames: number
    readonly limit: number
    readonly signal?: AbortSignal
  },
): CoarseCorrelation {
  if (a.frameCount < 10 || b.frameCount < 10) return { candidates: [], scores: new Float32Array(0), firstLagFrames: 0 }
  const raw = correlate(plans, a.bands, b.bands, options.signal)
  const weight = correlate(plans, [a.activity], [b.activity], options.signal)
  const firstLagFrames = -(b.frameCount - 1)
  const scores = new Float32Array(raw.length)
  const floor = a.bands.length
  for (let index = 0; index < raw.length; index++) {
    const lag = index + firstLagFrames
    const overlap = Math.min(a.frameCount, b.frameCount + lag) - Math.max(0, lag)
    if (overlap < options.minOverlapFrames) continue
    scores[index] = raw[index] / Math.sqrt(Math.max(weight[index], floor) * a.bands.length)
  }
  scaleByDeviation(scores)
  const longest = Math.min(a.frameCount, b.frameCount)
  const smear = Math.ceil(longest * options.maxRatePpm * 1e-6)
  const found: CoarseCandidate[] = []
  for (let width = 1; ; width = width * 3) {
    const smoothed = width === 1 ? scores : boxSum(scores, width)
    if (width > 1) scaleByDeviation(smoothed)
    collect(smoothed, firstLagFrames, width, options.limit, found)
    if (width >= smear) break
  }
  found.sort((first, second) => second.score - first.score)
  const candidates: CoarseCandidate[] = []
  for (const candidate of found) {
    if (candidates.length >= options.limit) break
    const near = candidates.some(
      (other) =>
        Math.abs(other.lagFrames - candidate.lagFrames) <= Math.max(5, other.widthFrames, candidate.widthFrames),
    )
    if (!near) candidates.push(candidate)
  }
  return { candidates, scores, firstLagFrames }
}

/** Divides by a robust standard deviation of the values that are not zero. */
function scaleByDeviation(values: Float32Array): void {
  const step = Math.max(1, Math.floor(values.length / 20000))
  const sample: number[] = []
  for (let index = 0; index < values.length; index += step)
    if (values[index] !== 0) sample.push(Math.abs(values[index]))
  if (sample.length === 0) return
  sample.sort((first, second) => first - second)
  const deviation = sample[Math.floor(sample.length / 2)] / 0.6745
  if (!(deviation > 0)) return
  for (let index = 0; index < values.length; index++) values[index] /= deviation
}

function boxSum(values: Float32Array, width: number): Float32Array {
  const out = new Float32Array(values.length)
  const half = width >> 1
  let sum = 0
  for (let index = 0; index < Math.min(half, values.length); index++) sum += values[index]
  for (let index = 0; index < values.length; index++) {
    if (index + half < values.length) sum += values[index + half]
    if (index - half - 1 >= 0) sum -= values[index - half - 1]
    out[index] = sum
  }
  return out
}

/** Deviations under which no place is worth a look. */
const WEAKEST = 1.5

/** Adds the `limit` highest places of one width, none within its width of another. */
function collect(values: Float32Array, firstLag: number, width: number, limit: number, into: CoarseCandidate[]): void {
  const apart = Math.max(5, width)
  const peaks: CoarseCandidate[] = []
  const highest = values.reduce((most, value) => Math.max(most, value), 0)
  // Where all repeats, turns of one loop are what others are measured by: no place stands out far, and all of them count.
  let weakest = highest > WEAKEST ? Math.min(WEAKEST, highest / 2) : WEAKEST
  for (let index = 0; index < values.length; index++) {
    const score = values[index]
    if (score <= weakest) continue
    if (index > 0 && values[index - 1] > score) continue
    if (index + 1 < values.length && values[index + 1] > score) continue
    const lagFrames = index + firstLag
    const last = peaks.findIndex((peak) => Math.abs(peak.lagFrames - lagFrames) < apart)
    if (last >= 0) {
      if (peaks[last].score >= score) continue
      peaks.splice(last, 1)
    }
    peaks.push({ lagFrames, widthFrames: width, score })
    if (peaks.length > limit * 4) {
      peaks.sort((first, second) => second.score - first.score)
      peaks.length = limit * 2
      weakest = peaks[peaks.length - 1].score
    }
  }
  peaks.sort((first, second) => second.score - first.score)
  into.push(...peaks.slice(0, limit))
}
