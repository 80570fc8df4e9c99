/**
 * The last microseconds of a line, and how sure they are.
 *
 * All windows vote at once: the line maximises `P(offset, rate) = sum_k w_k sum_f W(f) Re C_k(f) exp(j 2 pi f lag_k)`,
 * where C_k are whitened cross-spectra and W is the Hannan-Thomson weighting from the coherence of the windows
 * themselves (Knapp and Carter 1976). Newton's method on P goes from low frequencies to high, so that it cannot lock to a
 * neighbouring cycle. The covariance is the sandwich estimate H^-1 G H^-1 over the windows' own gradients (White 1980;
 * Newey and West 1987 for half-overlapping windows); what a room adds to the offset in every window alike is read from
 * the slope of the summed correlogram beside its peak.
 */
import type { FftPlans } from './fft.ts'
import { type Correlograms, correlograms } from './correlograms.ts'
import { filterSigmaSeconds } from './filter-delay.ts'
import { estimateOf, type LineEstimate, neweyWest } from './line-covariance.ts'
import { centredInverse, evaluate, profileLagSamples, shortSpectra, type Sums } from './line-spectra.ts'
import type { SoundSamples } from './sound-samples.ts'
import type { WindowPlan } from './window-plan.ts'
import type { LineMap } from './window-correlator.ts'

/** A line with its covariance. */
export interface RefinedLine extends LineEstimate {
  /** The part of that which all windows share: rooms and filters, not chance. */
  readonly sharedSigmaSeconds: number
  readonly windows: readonly WindowResidual[]
  /** Of all windows, LAG_SECONDS to either side: along a line that is within a fraction of a millisecond of this one. */
  readonly correlograms: Correlograms
  /** The weighted, summed correlogram along the line. */
  readonly profile: Float32Array
  readonly profileLagSamples: number
}

/** What one window says against the line. */
interface WindowResidual {
  readonly middleSeconds: number
  /** Correlation on the line in standard deviations. */
  readonly strength: number
  /** dP/dlag and d2P/dlag2 of the window, per s and s^2, weighted. */
  readonly gradient: number
  readonly curvature: number
}

/** How far beside the line the correlograms reach, for what looks for steps in the clock. */
export const LAG_SECONDS = 0.045

export function refineLine(
  plans: FftPlans,
  a: SoundSamples,
  b: SoundSamples,
  sampleRateHz: number,
  plan: WindowPlan,
  start: LineMap,
  polarity: number,
  signal?: AbortSignal,
): RefinedLine | undefined {
  let map: LineMap = start
  const limits = [0.22, 0.5, 0.9].map((part) => (part * sampleRateHz) / 2)
  for (let turn = 0; ; turn++) {
    const data = correlograms(plans, a, b, sampleRateHz, plan, map, LAG_SECONDS, signal)
    const { middles } = data
    if (middles.length < 4) return undefined
    const centre = (middles[0] + middles[middles.length - 1]) / 2
    const half = Math.max(1e-3, (middles[middles.length - 1] - middles[0]) / 2)
    const round: Round = {
      data,
      ...shortSpectra(plans, data),
      strengths: new Float64Array(middles.length),
      centreSeconds: centre,
      halfSeconds: half,
      polarity,
      line: { offset: 0, slope: 0 },
    }
    for (const limitHz of turn === 0 ? limits : limits.slice(2)) {
      const weights = coherenceWeights(round, limitHz)
      for (let step = 0; step < 4; step++) if (newtonStep(round, weights) < 2e-7) break
    }
    const { offset, slope } = round.line
    const scale = 1 + map.ratePpm * 1e-6
    const ratePpm = map.ratePpm + (slope / half) * 1e6
    const atCentre = map.offsetSeconds + scale * centre + offset
    const next = { offsetSeconds: atCentre - (1 + ratePpm * 1e-6) * centre, ratePpm }
    const smear = (Math.abs(ratePpm - map.ratePpm) * 1e-6 * plan.windowSeconds) / 2
    if (turn < 2 && (smear > 1e-5 || Math.abs(offset) > 2e-4)) {
      map = next
      continue
    }
    const weights = coherenceWeights(round, limits[2])
    const windows = { middles, strengths: round.strengths, seconds: plan.windowSeconds }
    const heard = { plans, a, b, sampleRateHz, map: next, windows, polarity }
    return withCovariance(plans, round, weights, next, filterSigmaSeconds(heard, weights, round.binHz))
  }
}

/** What lies beside the line before Newton's method, window by window, and where the method is. */
interface Round {
  readonly data: Correlograms
  /** Whitened cross-spectra of the windows. */
  readonly spectra: readonly Float32Array[]
  readonly binHz: number
  /** Of each window's correlation on the line, in standard deviations; set with the weights. */
  readonly strengths: Float64Array
  /** Around the middle of the windows the two unknowns hardly depend on each other. */
  readonly centreSeconds: number
  readonly halfSeconds: number
  /** -1 where one of the two recordings is upside down. */
  readonly polarity: number
  /** Seconds beside the line in the middle, and by how much more at the last window. */
  readonly line: { offset: number; slope: number }
}

/** Where a window lies between the first (-1) and the last (1). */
const placeOf = ({ data, centreSeconds, halfSeconds }: Round, index: number): number =>
  (data.middles[index] - centreSeconds) / halfSeconds

const lagOf = ({ line }: Round, place: number): number => line.offset + line.slope * place

/** How much window k may say: its strength, from nothing to twelve deviations. */
function voteOf(strength: number): number {
  return Math.max(0, Math.min(12, strength - 0.5))
}

/** Hannan-Thomson weights from the coherence of all windows along the present line; also sets the windows' strengths. */
function coherenceWeights(round: Round, limitHz: number): Float32Array {
  const { spectra, binHz, strengths, polarity } = round
  const bins = Math.min(spectra[0].length / 2, Math.floor(limitHz / binHz))
  const sumRe = new Float64Array(bins)
  const sumSize = new Float64Array(bins)
  const flat = new Float32Array(bins).fill((2 / spectra[0].length) * polarity)
  const sums: Sums = { value: 0, first: 0, second: 0 }
  const step = 2 * Math.PI * binHz
  for (let index = 0; index < spectra.length; index++) {
    const lag = lagOf(round, placeOf(round, index))
    evaluate(spectra[index], flat, binHz, lag, sums)
    strengths[index] = sums.value
    const vote = 1 + voteOf(sums.value)
    const spectrum = spectra[index]
    const turnRe = Math.cos(step * lag)
    const turnIm = Math.sin(step * lag)
    let re = 1
    let im = 0
    for (let bin = 1; bin < bins; bin++) {
      const nextRe = re * turnRe - im * turnIm
      im = re * turnIm + im * turnRe
      re = nextRe
      const x = spectrum[bin * 2]
      const y = spectrum[bin * 2 + 1]
      sumRe[bin] += vote * polarity * (x * re - y * im)
      sumSize[bin] += vote * Math.sqrt(x * x + y * y)
    }
  }
  const halfBins = Math.max(1, Math.round(120 / binHz))
  const weights = new Float32Array(bins)
  const runRe = runningSums(sumRe)
  const runSize = runningSums(sumSize)
  // Chance alone gives this much coherence to that many bins.
  const chance = 1 / Math.sqrt(spectra.length * (2 * halfBins + 1))
  for (let bin = 1; bin < bins; bin++) {
    const from = Math.max(0, bin - halfBins)
    const to = Math.min(bins, bin + halfBins + 1)
    const size = runSize[to] - runSize[from]
    if (!(size > 0)) continue
    const coherence = Math.max(0, Math.min(0.97, (runRe[to] - runRe[from]) / size - chance))
    weights[bin] = coherence / (1 - coherence * coherence)
  }
  return weights
}

function runningSums(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length + 1)
  for (let index = 0; index < values.length; index++) out[index + 1] = out[index] + values[index]
  return out
}

/** One damped Newton step on the sum of all windows. Returns how far the line moved, in seconds. */
function newtonStep(round: Round, weights: Float32Array): number {
  const { spectra, binHz, strengths, polarity, line } = round
  const sums: Sums = { value: 0, first: 0, second: 0 }
  let g0 = 0
  let g1 = 0
  let h00 = 0
  let h01 = 0
  let h11 = 0
  for (let index = 0; index < spectra.length; index++) {
    const vote = voteOf(strengths[index]) * polarity
    if (vote === 0) continue
    const x = placeOf(round, index)
    evaluate(spectra[index], weights, binHz, lagOf(round, x), sums)
    g0 += vote * sums.first
    g1 += vote * sums.first * x
    // A window that lies on a slope of its own peak must not turn the sum into a valley.
    const bend = Math.max(0, -vote * sums.second)
    h00 += bend
    h01 += bend * x
    h11 += bend * x * x
  }
  const determinant = h00 * h11 - h01 * h01
  if (!(determinant > 1e-12 * h00 * h00) || !(h00 > 0)) return 0
  const limit = 6e-5
  const dOffset = Math.max(-limit, Math.min(limit, (h11 * g0 - h01 * g1) / determinant))
  const dSlope = Math.max(-limit, Math.min(limit, (h00 * g1 - h01 * g0) / determinant))
  line.offset += dOffset
  line.slope += dSlope
  return Math.abs(dOffset) + Math.abs(dSlope)
}

function withCovariance(
  plans: FftPlans,
  round: Round,
  weights: Float32Array,
  map: LineMap,
  filters: number,
): RefinedLine {
  const { data, spectra, binHz, strengths, polarity, centreSeconds, halfSeconds } = round
  const sums: Sums = { value: 0, first: 0, second: 0 }
  const windows: WindowResidual[] = []
  const gradients: [number, number][] = []
  let h00 = 0
  let h01 = 0
  let h11 = 0
  let votes = 0
  let votes2 = 0
  for (let index = 0; index < spectra.length; index++) {
    const x = placeOf(round, index)
    evaluate(spectra[index], weights, binHz, lagOf(round, x), sums)
    const vote = voteOf(strengths[index]) * polarity
    const gradient = vote * sums.first
    const curvature = vote * sums.second
    windows.push({ middleSeconds: data.middles[index], strength: strengths[index], gradient, curvature })
    gradients.push([gradient, gradient * x])
    h00 -= curvature
    h01 -= curvature * x
    h11 -= curvature * x * x
    votes += Math.abs(vote)
    votes2 += vote * vote
  }
  const effective = votes2 > 0 ? (votes * votes) / votes2 / 1.4 : 0
  const small = effective > 3 ? effective / (effective - 2) : 3
  const meat = neweyWest(gradients, 1)
  const determinant = Math.max(1e-300, h00 * h11 - h01 * h01)
  const i00 = h11 / determinant
  const i01 = -h01 / determinant
  const i11 = h00 / determinant
  const c00 = small * (i00 * i00 * meat[0] + 2 * i00 * i01 * meat[1] + i01 * i01 * meat[2])
  const c01 = small * (i00 * i01 * meat[0] + (i00 * i11 + i01 * i01) * meat[1] + i01 * i11 * meat[2])
  const c11 = small * (i01 * i01 * meat[0] + 2 * i01 * i11 * meat[1] + i11 * i11 * meat[2])
  const { profile, shared } = summedProfile(plans, round, weights)
  return {
    ...estimateOf(map, centreSeconds, halfSeconds, [c00, c01, c11], shared, filters),
    sharedSigmaSeconds: Math.hypot(shared, filters),
    windows,
    correlograms: data,
    profile,
    profileLagSamples: profileLagSamples(data),
  }
}

/** The summed correlogram, and the deviation that echoes beside the peak put into its place (s). */
function summedProfile(
  plans: FftPlans,
  round: Round,
  weights: Float32Array,
): { profile: Float32Array; shared: number } {
  const { data, spectra, binHz, strengths, polarity } = round
  const size = spectra[0].length
  const sum = new Float32Array(size)
  const step = 2 * Math.PI * binHz
  for (let index = 0; index < spectra.length; index++) {
    const vote = voteOf(strengths[index]) * polarity
    if (vote === 0) continue
    const lag = lagOf(round, placeOf(round, index))
    for (let bin = 1; bin < weights.length; bin++) {
      const weight = weights[bin] * vote
      if (weight === 0) continue
      const re = Math.cos(step * bin * lag)
      const im = Math.sin(step * bin * lag)
      sum[bin * 2] += weight * (spectra[index][bin * 2] * re - spectra[index][bin * 2 + 1] * im)
      sum[bin * 2 + 1] += weight * (spectra[index][bin * 2] * im + spectra[index][bin * 2 + 1] * re)
    }
  }
  const reach = profileLagSamples(data)
  const slopeSpectrum = new Float32Array(size)
  for (let bin = 1; bin < weights.length; bin++) {
    slopeSpectrum[bin * 2] = -step * bin * sum[bin * 2 + 1]
    slopeSpectrum[bin * 2 + 1] = step * bin * sum[bin * 2]
  }
  const profile = centredInverse(plans, sum, reach)
  const slope = centredInverse(plans, slopeSpectrum, reach)
  let bend = 0
  for (let bin = 1; bin < weights.length; bin++) bend += (step * bin) ** 2 * sum[bin * 2]
  bend *= 2 / size
  const inner = Math.round(7e-4 * data.sampleRateHz)
  let power = 0
  let count = 0
  for (let lag = inner; lag <= reach; lag++) {
    for (const sign of [-1, 1]) {
      const value = slope[reach + sign * lag]
      power += value * value
      count++
    }
  }
  const shared = bend > 0 ? Math.sqrt(power / Math.max(1, count)) / bend : 1e-3
  let peak = 0
  for (const value of profile) peak = Math.max(peak, Math.abs(value))
  for (let lag = 0; lag < profile.length; lag++) profile[lag] /= peak || 1
  return { profile, shared }
}
