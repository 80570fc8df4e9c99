/**
 * Where one list of moments lies on another's clock. Every pair of events votes for an offset; the offset that most
 * pairs share wins if chance would hardly give so many (a Poisson count over all offsets that were possible) and no other
 * offset comes near. One event on each side could always be laid on one another and proves nothing.
 */
import { because, type Saying } from '../sayings/saying.ts'
import type { TimedEvent } from './timed-events.ts'
import { median } from './median.ts'

export interface MatchedEvents {
  readonly matched: true
  /** `t_a = offsetSeconds + (1 + ratePpm * 1e-6) * t_b` */
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  readonly confidence: number
  readonly pairs: readonly (readonly [secondsA: number, secondsB: number])[]
}

export interface UnmatchedEvents {
  readonly matched: false
  readonly reason: string
  readonly said: Saying
}

/** Crystals of devices: the prior where a few events say nothing of the rate. */
const PRIOR_RATE_PPM = 50
const LARGEST_RATE_PPM = 200
const LEAST_PAIRS = 3
/** The chance that unrelated lists would match as well, over all offsets. */
const LARGEST_CHANCE = 1e-3
/** The same of lists on one beat, which is counted into the confidence: more would refuse every second band that was recorded twice. */
const LARGEST_CHANCE_ON_BEAT = 0.05
/** Of the events of the sparser list that lie in the overlap. */
const LEAST_SHARE = 0.5
const LARGEST_RUNNER_UP = 0.75
const PAIRS_EACH = 300

export function matchEvents(allA: readonly TimedEvent[], allB: readonly TimedEvent[]): MatchedEvents | UnmatchedEvents {
  const a = loudest(allA)
  const b = loudest(allB)
  if (a.length === 0 || b.length === 0) {
    return { matched: false, ...because('time.nothingSudden') }
  }
  if (Math.min(a.length, b.length) < LEAST_PAIRS) {
    return { matched: false, ...because('time.fewEvents', { count: Math.min(a.length, b.length) }) }
  }
  const spanA = a.at(-1)!.seconds - a[0]!.seconds
  const spanB = b.at(-1)!.seconds - b[0]!.seconds
  const sigma = Math.hypot(usualSigma(a), usualSigma(b))
  const width = 5 * sigma + Math.min(spanA, spanB) * LARGEST_RATE_PPM * 1e-6
  const offsets = a.flatMap((one) => b.map((two) => one.seconds - two.seconds)).sort((x, y) => x - y)
  const candidates = densest(offsets, width)
  const best = candidates[0]!
  const pairs = pairUp(a, b, best.middle, width)
  const rivals = candidates
    .slice(1)
    .filter((each) => Math.abs(each.middle - best.middle) > 2 * width)
    .map(({ middle }) => ({ pairs: pairUp(a, b, middle, width).length, sparser: sparserAt(a, b, middle, width) }))
  const runnerUp = Math.max(0, ...rivals.map((each) => each.pairs))
  const expected = (offsets.length * width) / Math.max(width, spanA + spanB)
  const windows = Math.max(1, (spanA + spanB) / width)
  const chance = Math.min(1, windows * poissonTail(pairs.length, expected))
  const sparser = sparserAt(a, b, best.middle, width)
  if (pairs.length < LEAST_PAIRS || chance > LARGEST_CHANCE || pairs.length < LEAST_SHARE * sparser) {
    return { matched: false, ...because('time.noPattern') }
  }
  // Where other offsets too are beyond chance, events lie on a beat, and the chance is that of events on one beat.
  const onBeat = rivals.filter(({ pairs: count }) => windows * poissonTail(count, expected) < LARGEST_CHANCE)
  const ofBeat = onBeat.length * binomialTail(pairs.length, sparser, medianShare(onBeat))
  if (runnerUp > LARGEST_RUNNER_UP * pairs.length || ofBeat > LARGEST_CHANCE_ON_BEAT) {
    return { matched: false, ...because('time.evenEvents') }
  }
  return {
    ...lineThrough(pairs),
    matched: true,
    confidence:
      0.97 *
      (1 - Math.sqrt(Math.max(chance, ofBeat))) *
      Math.min(1, 0.7 + 0.1 * (pairs.length - 2)) *
      (1 - 0.3 * (runnerUp / pairs.length)),
    pairs: pairs.map(([one, two]) => [one.seconds, two.seconds] as const),
  }
}

/** How many events of the list that has fewer there lie where both lists have some, at an offset. */
function sparserAt(a: readonly TimedEvent[], b: readonly TimedEvent[], offset: number, width: number): number {
  const from = Math.max(a[0]!.seconds, b[0]!.seconds + offset) - width
  const to = Math.min(a.at(-1)!.seconds, b.at(-1)!.seconds + offset) + width
  const inside = (seconds: number): boolean => seconds >= from && seconds <= to
  return Math.min(
    a.filter((event) => inside(event.seconds)).length,
    b.filter((event) => inside(event.seconds + offset)).length,
  )
}

function medianShare(rivals: readonly { readonly pairs: number; readonly sparser: number }[]): number {
  return rivals.length === 0 ? 0 : median(rivals.map(({ pairs, sparser }) => pairs / Math.max(1, sparser)))
}

function loudest(events: readonly TimedEvent[]): TimedEvent[] {
  return [...events]
    .sort((one, two) => two.strength - one.strength)
    .slice(0, PAIRS_EACH)
    .sort((one, two) => one.seconds - two.seconds)
}

function usualSigma(events: readonly TimedEvent[]): number {
  const sorted = events.map((event) => event.sigmaSeconds).sort((one, two) => one - two)
  return sorted[sorted.length >> 1]!
}

/** Windows of sorted offsets by how many they hold, most first, none over another. */
function densest(offsets: readonly number[], width: number): { middle: number; count: number }[] {
  const windows: { from: number; to: number; count: number }[] = []
  for (let low = 0, high = 0; low < offsets.length; low++) {
    while (high < offsets.length && offsets[high]! - offsets[low]! <= width) high++
    windows.push({ from: low, to: high, count: high - low })
  }
  windows.sort((one, two) => two.count - one.count)
  const taken: { middle: number; count: number }[] = []
  for (const { from, to, count } of windows) {
    const middle = offsets[(from + to - 1) >> 1]!
    if (taken.every((each) => Math.abs(each.middle - middle) > width)) taken.push({ middle, count })
    if (taken.length >= 40) break
  }
  return taken
}

type Pair = readonly [TimedEvent, TimedEvent]

/** One to one, the nearest first come. */
function pairUp(a: readonly TimedEvent[], b: readonly TimedEvent[], offset: number, width: number): Pair[] {
  const near: { miss: number; one: TimedEvent; two: TimedEvent }[] = []
  let low = 0
  for (const two of b) {
    while (low < a.length && a[low]!.seconds < two.seconds + offset - width) low++
    for (let at = low; at < a.length && a[at]!.seconds <= two.seconds + offset + width; at++) {
      near.push({ miss: Math.abs(a[at]!.seconds - two.seconds - offset), one: a[at]!, two })
    }
  }
  near.sort((x, y) => x.miss - y.miss)
  const usedOfA = new Set<TimedEvent>()
  const usedOfB = new Set<TimedEvent>()
  const pairs: Pair[] = []
  for (const { one, two } of near) {
    if (usedOfA.has(one) || usedOfB.has(two)) continue
    usedOfA.add(one)
    usedOfB.add(two)
    pairs.push([one, two])
  }
  return pairs.sort((x, y) => x[1].seconds - y[1].seconds)
}

/** Weighted least squares with a prior on the rate; pairs far off the others weigh little. */
export function lineThrough(pairs: readonly Pair[]): Pick<MatchedEvents, 'offsetSeconds' | 'ratePpm' | 'covariance'> {
  const middle = pairs.reduce((sum, [, two]) => sum + two.seconds, 0) / pairs.length
  let atMiddle = median(pairs.map(([one, two]) => one.seconds - two.seconds))
  let rate = 0
  let covariance: [number, number, number] = [0, 0, 0]
  for (let round = 0; round < 8; round++) {
    let [w, wx, wxx, wy, wxy, chi, used] = [0, 0, 1 / PRIOR_RATE_PPM ** 2, 0, 0, 0, 0]
    for (const [one, two] of pairs) {
      const sigma = Math.hypot(one.sigmaSeconds, two.sigmaSeconds)
      const x = (two.seconds - middle) * 1e-6
      const y = one.seconds - two.seconds
      const miss = (y - atMiddle - rate * x) / sigma
      const robust = Math.abs(miss) > 6 ? 0 : 1 / (1 + (miss / 3) ** 2)
      const weight = robust / sigma ** 2
      w += weight
      wx += weight * x
      wxx += weight * x * x
      wy += weight * y
      wxy += weight * x * y
      chi += robust * miss * miss
      used += robust
    }
    const determinant = w * wxx - wx * wx
    atMiddle = (wxx * wy - wx * wxy) / determinant
    rate = (w * wxy - wx * wy) / determinant
    const scatter = Math.max(1, chi / Math.max(1, used - 1))
    covariance = [(wxx / determinant) * scatter, (-wx / determinant) * scatter, (w / determinant) * scatter]
  }
  // From the middle of the events to the zero of the clock.
  const arm = middle * 1e-6
  const [oo, or, rr] = covariance
  return {
    offsetSeconds: atMiddle - rate * arm,
    ratePpm: rate,
    covariance: [oo - 2 * arm * or + arm * arm * rr, or - arm * rr, rr],
  }
}

/** The chance of `count` or more of `trials` that succeed with a chance of `share` each. */
function binomialTail(count: number, trials: number, share: number): number {
  if (share <= 0) return 0
  if (share >= 1) return 1
  let term = Math.exp(trials * Math.log1p(-share))
  let tail = count <= 0 ? term : 0
  for (let k = 1; k <= trials; k++) {
    term *= ((trials - k + 1) / k) * (share / (1 - share))
    if (k >= count) tail += term
  }
  return Math.min(1, tail)
}

/** The chance of `count` or more where `expected` are usual. */
function poissonTail(count: number, expected: number): number {
  let term = Math.exp(-expected)
  let below = 0
  for (let k = 0; k < count; k++) {
    below += term
    term *= expected / (k + 1)
  }
  if (below < 0.999) return Math.max(0, 1 - below)
  // Far out the sum of the tail itself is exact.
  let tail = 0
  for (let k = count; k < count + 60; k++) {
    tail += term
    term *= expected / (k + 1)
  }
  return tail
}
