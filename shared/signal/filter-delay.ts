/**
 * What filters may delay one recording by against another. Filters that take much away turn phases as well, and a causal
 * one that does no more than it must delays by what its magnitudes say (Bode 1945): a telephone's band by some 0.3 ms, a
 * microphone by 0.01. A filter of linear phase, whose delay was taken off, delays nothing and looks the same. So the
 * delay that goes with the ratio of both recordings' spectra is what the line may be off by.
 *
 * The ratio is that of what both hear: noise that came after a filter, and what clipping adds, fill up what the filter
 * took away. What they share over the power of the one, and the power of the other over what they share, are each
 * spoilt by the noise of one side only; the one that says more is taken.
 *
 * The phases of what both hear tell more: a filter of least delay turns them as its magnitudes say, so that they fit
 * better once that is taken out, and one of linear phase leaves them alone. Where steep bands turn them so far that the
 * line lies on a neighbouring wave, the best fit says how far beside.
 */
import type { FftPlans } from './fft.ts'
import type { SoundSamples } from './sound-samples.ts'
import { type LineMap, onA } from './window-correlator.ts'

const FRAME_SAMPLES = 1024
const MOST_FRAMES = 240
/** Spectra are smoothed over this much to either side (Hz): voices have harmonics, rooms have combs. */
const SMOOTHING_HZ = 150
/** But no further than this share of the frequency: a telephone's lower edge is steep. */
const SMOOTHING_SHARE = 0.2
/** Below this share of the mean power there is rounding only. */
const LEAST_POWER = 1e-7
/** Below this share of the highest coherence nothing is told of the filters; their slope goes on. */
const LEAST_COHERENCE = 0.03
/** The slope that goes on is that of so many times the outermost frequency: what is steep is so at its edge. */
const EDGE = 1.5
/** Nothing is asked of what lies below: rumble, and few bins (Hz). */
const LOWEST_HZ = 100

/**
 * How much of it: nothing where phase is linear, and up to four times where it is turned so far that waves lie on each
 * other a cycle off (bands of 4 to 12 poles, tuning seeds).
 */
const UNTOLD_SHARE = 2
/** Simple microphones and noises differ by less, which is in sigma already, unless their phases show it (s). */
const USUAL_SECONDS = 6e-5
/** How many times the phases that magnitudes tell are looked for, and how far beside the line (s). */
const MOST_TURNED = 2.5
const MOST_LAG_SECONDS = 1e-3
const LAG_STEP_SECONDS = 2e-5

interface HeardWindows {
  /** On B's clock. */
  readonly middles: ArrayLike<number>
  /** Of each window's correlation on the line, in standard deviations. */
  readonly strengths: ArrayLike<number>
  readonly seconds: number
}

/** Two recordings, and where they were found to hear the same. */
export interface HeardPair {
  readonly plans: FftPlans
  readonly a: SoundSamples
  readonly b: SoundSamples
  readonly sampleRateHz: number
  readonly map: LineMap
  readonly windows: HeardWindows
  /** -1 where one of the two is upside down. */
  readonly polarity: number
}

/**
 * What filters whose delay nobody can tell make a line unsure by (s).
 * @param weights of the line's estimate, by bins of `binHz`
 */
export function filterSigmaSeconds(pair: HeardPair, weights: ArrayLike<number>, binHz: number): number {
  const shared = sharedSpectra(pair)
  const filterHz = pair.sampleRateHz / FRAME_SAMPLES
  const highest = Math.min(FRAME_SAMPLES / 2, Math.round((binHz * weights.length) / filterHz))
  const weightAt = (bin: number): number => weights[Math.round((bin * filterHz) / binHz)] ?? 0
  const bins = Array.from({ length: highest - 1 }, (_, index) => index + 1)
  const [sumRe, sumIm] = [smoothed(shared.re, filterHz), smoothed(shared.im, filterHz)]
  const heard = bins.flatMap((bin): HeardPhase[] => {
    const [re, im, weight] = [sumRe[bin] * pair.polarity, sumIm[bin] * pair.polarity, weightAt(bin)]
    return weight > 0 && Math.hypot(re, im) > 0
      ? [{ bin, weight, phase: Math.atan2(im, re), omega: 2 * Math.PI * filterHz * bin }]
      : []
  })
  return Math.max(
    ...logRatios(shared, filterHz, highest).map((logs) => {
      const phases = leastPhases(pair.plans, logs)
      const delay = Math.abs(delayOf(phases, filterHz, weights, binHz))
      const { told, lagSeconds } = turnedPhases(heard, phases)
      const share = Math.max(told, delay / Math.hypot(delay, USUAL_SECONDS))
      return Math.max(UNTOLD_SHARE * delay * share, Math.abs(lagSeconds) * Math.sqrt(told))
    }),
  )
}

/** The slope of phases over frequency as the line's estimate weighs them (s). */
function delayOf(phases: Float64Array, filterHz: number, weights: ArrayLike<number>, binHz: number): number {
  let phase = 0
  let whole = 0
  for (let bin = 1; bin < weights.length; bin++) {
    const omega = 2 * Math.PI * binHz * bin
    const at = Math.round((binHz * bin) / filterHz)
    if (at >= FRAME_SAMPLES / 2) break
    phase += weights[bin] * omega * phases[at]
    whole += weights[bin] * omega * omega
  }
  return whole > 0 ? -phase / whole : 0
}

/** What both hear at one frequency: its phase beside the line, and what the line's estimate makes of it. */
interface HeardPhase {
  readonly bin: number
  readonly weight: number
  readonly phase: number
  readonly omega: number
}

/**
 * How much of a filter's phases is in what both hear. Its magnitudes are told by halves where noise fills them up, so that
 * any multiple of its phases is tried, each with the lag beside the line that fits best.
 * @returns what share of the phases' misfit it explains, and that lag (s)
 */
function turnedPhases(
  heard: readonly HeardPhase[],
  phases: Float64Array,
): { readonly told: number; readonly lagSeconds: number } {
  const whole = heard.reduce((sum, { weight }) => sum + weight, 0)
  let [plain, most, lagSeconds] = [-Infinity, -Infinity, 0]
  for (let multiple = 0; multiple <= MOST_TURNED; multiple += 0.25) {
    for (let lag = -MOST_LAG_SECONDS; lag <= MOST_LAG_SECONDS; lag += LAG_STEP_SECONDS) {
      let sum = 0
      for (const { bin, weight, phase, omega } of heard) {
        sum += weight * Math.cos(phase - multiple * phases[bin] - omega * lag)
      }
      // A steep band may have laid waves on others that are upside down.
      const fit = Math.abs(sum)
      if (multiple === 0) plain = Math.max(plain, sum)
      if (fit > most) [most, lagSeconds] = [fit, lag]
    }
  }
  return { told: whole > plain ? (most - plain) / (whole - plain) : 0, lagSeconds }
}

interface SharedSpectra {
  readonly powerA: Float64Array
  readonly powerB: Float64Array
  /** Mean of A's conjugate times B's, which what only one of them hears falls out of. */
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Sums over the windows that agree, both recordings read where the line says that they hear the same. */
function sharedSpectra({ plans, a, b, sampleRateHz, map, windows }: HeardPair): SharedSpectra {
  const bins = FRAME_SAMPLES / 2 + 1
  const sums = {
    powerA: new Float64Array(bins),
    powerB: new Float64Array(bins),
    re: new Float64Array(bins),
    im: new Float64Array(bins),
  }
  const perWindow = Math.max(1, Math.floor((windows.seconds * sampleRateHz) / FRAME_SAMPLES))
  const step = Math.max(1, Math.ceil((windows.middles.length * perWindow) / MOST_FRAMES))
  for (let frame = 0; frame < windows.middles.length * perWindow; frame += step) {
    const index = Math.floor(frame / perWindow)
    if (!(windows.strengths[index] > 4)) continue
    const middle = windows.middles[index] + (((frame % perWindow) + 0.5) / perWindow - 0.5) * windows.seconds
    const [placeA, placeB] = [onA(map, middle) * sampleRateHz, middle * sampleRateHz]
    const ofA = Float64Array.from(frameSpectrum(plans, a, placeA))
    const ofB = frameSpectrum(plans, b, placeB)
    // Frames begin at whole samples.
    const late = placeA - Math.round(placeA) - (placeB - Math.round(placeB))
    for (let bin = 1; bin < bins - 1; bin++) {
      const [aRe, aIm] = [ofA[bin * 2], ofA[bin * 2 + 1]]
      const [bRe, bIm] = [ofB[bin * 2], ofB[bin * 2 + 1]]
      sums.powerA[bin] += aRe * aRe + aIm * aIm
      sums.powerB[bin] += bRe * bRe + bIm * bIm
      const [re, im] = [aRe * bRe + aIm * bIm, aRe * bIm - aIm * bRe]
      const turn = (-2 * Math.PI * bin * late) / FRAME_SAMPLES
      sums.re[bin] += re * Math.cos(turn) - im * Math.sin(turn)
      sums.im[bin] += re * Math.sin(turn) + im * Math.cos(turn)
    }
  }
  return sums
}

/** @returns the plan's own output, which the next call overwrites */
function frameSpectrum(plans: FftPlans, samples: SoundSamples, place: number): ArrayLike<number> {
  const fft = plans.real(FRAME_SAMPLES)
  samples.read(Math.round(place) - FRAME_SAMPLES / 2, fft.input)
  for (let n = 0; n < FRAME_SAMPLES; n++) {
    const value = fft.input[n]
    fft.input[n] = Number.isFinite(value)
      ? value * (0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / FRAME_SAMPLES))
      : 0
  }
  return fft.forward()
}

/** Natural logarithms of B's filter over A's, smoothed: once as noise of A spoils it, once as noise of B does. */
function logRatios(sums: SharedSpectra, filterHz: number, highest: number): Float64Array[] {
  const [powerA, powerB] = [withFloor(smoothed(sums.powerA, filterHz)), withFloor(smoothed(sums.powerB, filterHz))]
  const [re, im] = [smoothed(sums.re, filterHz), smoothed(sums.im, filterHz)]
  const common = re.map((value, bin) => Math.hypot(value, im[bin]))
  const coherence = common.map((value, bin) => value ** 2 / Math.max(Number.MIN_VALUE, powerA[bin] * powerB[bin]))
  const limit = LEAST_COHERENCE * Math.max(...coherence.subarray(1, highest))
  const told: number[] = []
  for (let bin = Math.ceil(LOWEST_HZ / filterHz); bin < coherence.length - 1; bin++) {
    if (coherence[bin] > limit && common[bin] > 0) told.push(bin)
  }
  return [
    goneOn(told, (bin) => Math.log(common[bin] / powerA[bin]), common.length),
    goneOn(told, (bin) => Math.log(powerB[bin] / common[bin]), common.length),
  ]
}

/**
 * A curve over all bins from those that tell: straight between them, and beyond the outermost as steep as near them. What
 * rises below the lowest (rumble) does not go on.
 */
function goneOn(told: readonly number[], value: (bin: number) => number, count: number): Float64Array {
  const out = new Float64Array(count)
  const [first, last] = [told[0], told.at(-1)]
  if (first === undefined || last === undefined) return out
  let next = 0
  for (let bin = first; bin <= last; bin++) {
    while (told[next] < bin) next++
    const [before, after] = [told[Math.max(0, next - 1)], told[next]]
    const share = after > before ? Math.max(0, (bin - before) / (after - before)) : 1
    out[bin] = value(before) * (1 - share) + value(after) * share
  }
  const slope = (near: (bin: number) => boolean): number =>
    slopeOf(told.filter(near).map((bin) => [Math.log(bin), value(bin)] as const))
  const [low, high] = [
    Math.max(
      0,
      slope((bin) => bin < first * EDGE),
    ),
    slope((bin) => bin > last / EDGE),
  ]
  for (let bin = 0; bin < first; bin++) out[bin] = out[first] + low * Math.log(Math.max(1, bin) / first)
  for (let bin = last + 1; bin < count; bin++) out[bin] = out[last] + high * Math.log(bin / last)
  return out
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const square = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return square > 0 ? points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / square : 0
}

function smoothed(values: Float64Array, binHz: number): Float64Array {
  return values.map((_, bin) => {
    const half = Math.max(2, Math.round(Math.min(SMOOTHING_HZ / binHz, bin * SMOOTHING_SHARE)))
    const near = values.subarray(Math.max(1, bin - half), Math.min(values.length - 1, bin + half + 1))
    return near.reduce((sum, value) => sum + value, 0) / near.length
  })
}

function withFloor(powers: Float64Array): Float64Array {
  const floor = (LEAST_POWER * powers.reduce((sum, power) => sum + power, 0)) / powers.length
  return powers.map((power) => power + floor)
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
