/**
 * Where samples are missing, to the sample: between two lines that are known, the place up to which the first explains the
 * sound of B and from which on the second does (the change point of two sums, Page 1954).
 */
import type { Track } from './match-search.ts'
import { type LineMap, onA } from './window-correlator.ts'

/** Sound above it differs between two places more than it tells; below it lie the hisses of speech as well. */
const HIGHEST_HZ = 3800
/** Places whose sums differ by less than so many deviations of the noise are as good as each other. */
const UNDECIDED = 1
/** In a pause longer than this the sums stray by noise alone, by up to so many deviations of what they have passed. */
const LONG_PAUSE_SECONDS = 1
const STRAYING = 2

/** Where on B samples are missing, as likely as not before `seconds`, and surely between the other two. */
export interface CutPlace {
  readonly seconds: number
  readonly fromSeconds: number
  readonly toSeconds: number
}

/**
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
  const gap = Math.round(gapSeconds * rate)
  if (to - from < 2) return { seconds: nearSeconds, fromSeconds: nearSeconds, toSeconds: nearSeconds }
  const inFirst = products(a, b, first, from, to, sign)
  const inSecond = products(a, b, second, from + gap, to + gap, sign)
  const sums = new Float64Array(to - from + 1)
  let power = 0
  for (let index = 0; index < to - from; index++) {
    const step = inFirst[index] - inSecond[index]
    sums[index + 1] = sums[index] + step
    power += step * step
  }
  const most = sums.reduce((one, two) => Math.max(one, two), -Infinity)
  const noise = Math.sqrt((power / (to - from)) * (rate / HIGHEST_HZ) * rate * 0.003)
  const top = sums.indexOf(most)
  // In a pause nothing tells: the middle of all places around the best that are as good.
  let low = top
  let high = top
  while (low > 0 && sums[low - 1] > most - UNDECIDED * noise) low--
  while (high < sums.length - 1 && sums[high + 1] > most - UNDECIDED * noise) high++
  // A sum of noise strays further the longer a pause is, and is highest near one of its ends: what lies within its own
  // deviation is as good too.
  const samplesAlike = rate / HIGHEST_HZ
  const reachOf = (towards: -1 | 1): number => {
    let strayed = 0
    let furthest = top
    for (let index = top + towards; index >= 0 && index < sums.length; index += towards) {
      strayed += (sums[index] - sums[index - towards]) ** 2
      if ((most - sums[index]) ** 2 <= STRAYING ** 2 * samplesAlike * strayed) furthest = index
    }
    return furthest
  }
  const [early, late] = [Math.min(low, reachOf(-1)), Math.max(high, reachOf(1))]
  const isLong = late - early > LONG_PAUSE_SECONDS * rate
  const [begin, end] = isLong ? [early, late] : [low, high]
  return {
    seconds: (from + (begin + end) / 2) / rate,
    fromSeconds: (from + begin) / rate,
    toSeconds: (from + end) / rate,
  }
}

/** B times A where a line puts it, sample by sample; what is high in either is taken away, as is what is below 100 Hz. */
function products(a: Track, b: Track, line: LineMap, from: number, to: number, sign: number): Float64Array {
  const rate = b.sampleRateHz
  const lead = Math.round(0.05 * rate)
  const ofB = new Float32Array(to - from + lead)
  b.samples.read(from - lead, ofB)
  const startOnA = onA(line, (from - lead) / rate) * rate
  const firstOnA = Math.floor(startOnA)
  const slope = 1 + line.ratePpm * 1e-6
  const raw = new Float32Array(Math.ceil(ofB.length * slope) + 3)
  a.samples.read(firstOnA, raw)
  const ofA = Float32Array.from(ofB, (_, index) => {
    const place = startOnA - firstOnA + index * slope
    const whole = Math.floor(place)
    return raw[whole] + (place - whole) * (raw[whole + 1] - raw[whole])
  })
  const [one, other] = [bandOf(ofA, rate), bandOf(ofB, rate)]
  return Float64Array.from({ length: to - from }, (_, index) => sign * one[index + lead] * other[index + lead])
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
