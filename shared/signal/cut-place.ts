/**
 * Where samples are missing: between two lines that are known, the place up to which the first explains the sound of B and
 * from which on the second does, and how surely (the change point of two models, each place as likely before).
 */
import type { Track } from './match-search.ts'
import { type LineMap, onA } from './window-correlator.ts'

/** Sound above it differs between two places more than it tells; below it lie the hisses of speech as well. */
const HIGHEST_HZ = 3800
/** What is a fraction as loud as the rest weighs a fraction, and all that is louder the same. */
const LOUDNESS_SECONDS = 0.02
const LEAST_POWER = 0.1
/** Predictor that takes the colour out of a voice, so that what neighbours say is nearly their own. */
const PREDICTOR_ORDER = 16
/** Samples that say the same, after that. */
const ALIKE = 4
/** Chances that samples are missing before a place: at the outermost, none that counts. */
export const CHANCES = [0.002, 1 / 8, 0.5, 7 / 8, 0.998] as const

/** Where on B samples are missing. */
export interface CutPlace {
  /** As likely as not before it. */
  readonly seconds: number
  /** Where the chance that it lies before is one of `CHANCES`. */
  readonly places: readonly number[]
}

/**
 * What the first line makes of B up to a place and the second behind it adds up to a sum, which is highest near the cut. How
 * likely another place is follows from how many deviations of all that lies between it says less: how much B should agree
 * with A there is not asked, since echoes and pauses do not.
 *
 * @param nearSeconds a place on B that windows have found, right to about `reachSeconds`
 * @param gapSeconds how much of B belongs to neither line, behind the place
 * @param sign of what B is of A: -1 for turned polarity
 */
export function cutPlace(
  a: Track,
  b: Track,
  first: LineMap,
  second: LineMap,
  nearSeconds: number,
  reachSeconds: number,
  gapSeconds: number,
  sign: number,
): CutPlace {
  const rate = b.sampleRateHz
  const from = Math.max(0, Math.round((nearSeconds - reachSeconds) * rate))
  const to = Math.min(b.samples.length, Math.round((nearSeconds + reachSeconds) * rate))
  if (to - from < 2) return { seconds: nearSeconds, places: CHANCES.map(() => nearSeconds) }
  const gap = Math.round(gapSeconds * rate)
  const predictor = predictorOf(bandOf(read(b, from, to + gap), rate))
  const inFirst = products(a, b, first, from, to, predictor, sign)
  const inSecond = products(a, b, second, from + gap, to + gap, predictor, sign)
  const [sums, noise] = [new Float64Array(to - from + 1), new Float64Array(to - from + 1)]
  for (let index = 0; index < to - from; index++) {
    const step = inFirst[index] - inSecond[index]
    sums[index + 1] = sums[index] + step
    noise[index + 1] = noise[index] + step * step
  }
  const most = sums.reduce((one, two) => Math.max(one, two), -Infinity)
  const top = sums.indexOf(most)
  let all = 0
  const chances = sums.map((sum, index) => {
    const deviations2 = (most - sum) ** 2 / Math.max(1e-20, ALIKE * Math.abs(noise[index] - noise[top]))
    return (all += Math.exp(-deviations2 / 2))
  })
  const places = CHANCES.map((chance) => (from + chances.findIndex((each) => each >= chance * all)) / rate)
  return { seconds: places[CHANCES.indexOf(0.5)], places }
}

/** B times A where a line puts it, sample by sample, both made equally loud. */
function products(
  a: Track,
  b: Track,
  line: LineMap,
  from: number,
  to: number,
  predictor: Float64Array,
  sign: number,
): Float64Array {
  const rate = b.sampleRateHz
  const lead = Math.round(0.05 * rate)
  const ofB = read(b, from - lead, to)
  const startOnA = onA(line, (from - lead) / rate) * rate
  const firstOnA = Math.floor(startOnA)
  const slope = 1 + line.ratePpm * 1e-6
  const raw = read(a, firstOnA, firstOnA + Math.ceil(ofB.length * slope) + 3)
  const ofA = Float32Array.from(ofB, (_, index) => {
    const place = startOnA - firstOnA + index * slope
    const whole = Math.floor(place)
    return raw[whole] + (place - whole) * (raw[whole + 1] - raw[whole])
  })
  const [one, other] = [ofA, ofB].map((samples) =>
    evened(whitened(bandOf(samples, rate), predictor).subarray(lead), rate),
  )
  return one.map((value, index) => sign * value * other[index])
}

function read(track: Track, from: number, to: number): Float32Array {
  const out = new Float32Array(to - from)
  track.samples.read(from, out)
  return out
}

/** As loud everywhere, but where there is hardly anything. */
function evened(samples: Float32Array, rate: number): Float64Array {
  const sums = new Float64Array(samples.length + 1)
  for (let index = 0; index < samples.length; index++) sums[index + 1] = sums[index] + samples[index] ** 2
  const least = LEAST_POWER * (sums[samples.length] / samples.length) + 1e-20
  const half = Math.round((LOUDNESS_SECONDS / 2) * rate)
  return Float64Array.from(samples, (sample, index) => {
    const [low, high] = [Math.max(0, index - half), Math.min(samples.length, index + half + 1)]
    return sample / Math.sqrt((sums[high] - sums[low]) / (high - low) + least)
  })
}

/** Linear prediction (Levinson and Durbin): what goes before a sample, weighed so that what is left of it is white. */
function predictorOf(samples: Float32Array): Float64Array {
  const lags = Float64Array.from({ length: PREDICTOR_ORDER + 1 }, (_, lag) => {
    let sum = 0
    for (let index = lag; index < samples.length; index++) sum += samples[index] * samples[index - lag]
    return sum
  })
  let error = lags[0] * 1.0001 + 1e-20
  let weights = new Float64Array(PREDICTOR_ORDER)
  for (let order = 0; order < PREDICTOR_ORDER; order++) {
    let reflection = lags[order + 1]
    for (let at = 0; at < order; at++) reflection -= weights[at] * lags[order - at]
    reflection /= error
    const next = weights.slice()
    next[order] = reflection
    for (let at = 0; at < order; at++) next[at] = weights[at] - reflection * weights[order - 1 - at]
    weights = next
    error *= 1 - reflection ** 2
  }
  return weights
}

function whitened(samples: Float32Array, predictor: Float64Array): Float32Array {
  return samples.map((sample, index) => {
    let left = sample
    for (let at = 0; at < predictor.length && at < index; at++) left -= predictor[at] * samples[index - 1 - at]
    return left
  })
}

/** Between 100 and 3800 Hz, by filters of one pole each. */
function bandOf(samples: Float32Array, rate: number): Float32Array {
  const [high, low] = [HIGHEST_HZ, 100].map((hz) => 1 - Math.exp((-2 * Math.PI * hz) / rate)) as [number, number]
  let above = 0
  let below = 0
  return samples.map((sample) => {
    above += high * (sample - above)
    below += low * (above - below)
    return above - below
  })
}
