/**
 * Is all that two recordings share one short passage, as a jingle or a prompt that was played in both?
 *
 * Two microphones at one event agree wherever something is heard, well or badly, all along. Recordings that play the same
 * passage agree within it and nowhere else, though both go on as loudly. So the windows in which both are as loud as where
 * they agree are put to a scan (Kulldorff 1997): how much likelier it is that they agree at one rate within one stretch
 * and at another outside of it than at one rate everywhere, less what the choice of a stretch gives by chance. Of events in
 * up to 10 dB of noise and 2 s of reverberation one passage is at least 1.2 nats less likely, of jingles some 10 more.
 */
import type { FftPlans } from './fft.ts'
import type { AlignmentKnot } from './audio-alignment.ts'
import type { Track } from './match-search.ts'
import { strengthsAlong } from './rivals.ts'
import { type LineMap, onA } from './window-correlator.ts'
import { median } from './median.ts'

const WINDOW_SECONDS = 0.5
const MOST_WINDOWS = 1200
/** Deviations that thirty lags of noise hardly reach, and a share of what is usual beyond them: vowels resemble each other. */
const LEAST_STRENGTH = 4.5
const USUAL_SHARE = 0.5
/** Beyond what anything but common sound reaches: what is weaker than usual by its noise or echoes agrees all the same. */
const CLEAR = 8
/** Windows that are quieter than this share of the power of those that agree could not be expected to. */
const LEAST_POWER = 0.1
/** Less than this outside of it leaves a doubt and no more: a second at one end may be a hand, a door or a cut. */
const LEAST_OUTSIDE_SECONDS = 2
const MOST_DOUBT_NATS = -1
/** Windows that overlap by half are worth two thirds of their number, more seldom ones their number. */
const WORTH_OF_STEP = 4 / 3 / WINDOW_SECONDS
/** What agrees outside of the passage, against what does within it. */
const LARGEST_OUTSIDE = 0.1
/** What is longer than this is something that both were at. */
export const LONGEST_PASSAGE_SECONDS = 30

/**
 * Nats by which it is likelier that one passage is all that is common than that both were at one event; minus infinity
 * where that cannot be said.
 *
 * @param knots where the map is more than its line
 * @param span of the overlap on B's clock, seconds
 */
export function evidenceOfPassage(
  plans: FftPlans,
  a: Track,
  b: Track,
  line: LineMap,
  knots: readonly AlignmentKnot[] | undefined,
  span: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): number {
  const step = Math.max(WINDOW_SECONDS / 2, (span.to - span.from - WINDOW_SECONDS) / MOST_WINDOWS)
  const windows: HeardWindow[] = []
  for (const { map, from, to } of linesOf(line, knots, span)) {
    const first = Math.ceil((from - span.from) / step)
    const middles = Float64Array.from(
      { length: Math.max(0, Math.ceil((to - span.from) / step) - first) },
      (_, index) => span.from + (first + index) * step,
    )
    const strengths = strengthsAlong(plans, a, b, map, middles, WINDOW_SECONDS, signal)
    for (const [index, middle] of middles.entries()) {
      if (!(strengths[index] >= 0)) continue
      windows.push({
        middle,
        strength: strengths[index],
        powers: [powerAt(a, onA(map, middle)), powerAt(b, middle)],
      })
    }
  }
  const strong = windows.map(({ strength }) => strength).filter((strength) => strength > LEAST_STRENGTH)
  // Soft windows of the passage count by the one, chance agreement outside of it is left out by the other.
  const clear = Math.min(CLEAR, Math.max(LEAST_STRENGTH, USUAL_SHARE * median(strong)))
  const needs = [LEAST_STRENGTH, clear]
  return Math.max(...needs.map((needed) => evidenceAt(windows, needed, step)))
}

interface HeardWindow {
  readonly middle: number
  readonly strength: number
  readonly powers: readonly [number, number]
}

function evidenceAt(windows: readonly HeardWindow[], needed: number, stepSeconds: number): number {
  const agreeing = windows.filter(({ strength }) => strength > needed)
  const least = [0, 1].map((side) => LEAST_POWER * median(agreeing.map(({ powers }) => powers[side])))
  const heard = windows.filter(
    ({ strength, powers }) => strength > needed || powers.every((power, side) => power >= least[side]),
  )
  const passage = likeliestPassage(heard.map(({ strength }) => strength > needed))
  if (!passage || passage.outside >= LARGEST_OUTSIDE) return -Infinity
  const { first, end, evidence } = passage
  if (heard[end - 1].middle - heard[first].middle >= LONGEST_PASSAGE_SECONDS) return -Infinity
  const choices = Math.log((heard.length * (heard.length + 1)) / 2)
  const nats = evidence * Math.min(1, WORTH_OF_STEP * stepSeconds) - choices
  const outsideSeconds = (heard.length - (end - first)) * stepSeconds
  return outsideSeconds < LEAST_OUTSIDE_SECONDS ? Math.min(nats, MOST_DOUBT_NATS) : nats
}

interface PartOfMap {
  readonly map: LineMap
  readonly from: number
  readonly to: number
}

/** The straight parts of a map. */
function linesOf(
  line: LineMap,
  knots: readonly AlignmentKnot[] | undefined,
  span: { readonly from: number; readonly to: number },
): PartOfMap[] {
  if (!knots) return [{ map: line, ...span }]
  return knots.slice(1).map((knot, index) => {
    const before = knots[index]
    const slope = (knot.secondsA - before.secondsA) / (knot.secondsB - before.secondsB)
    const map = { offsetSeconds: knot.secondsA - slope * knot.secondsB, ratePpm: (slope - 1) * 1e6 }
    return { map, from: Math.max(span.from, before.secondsB), to: Math.min(span.to, knot.secondsB) }
  })
}

/** What is heard around a moment of a recording. */
export function powerAt({ samples, sampleRateHz }: Track, middle: number): number {
  const read = new Float32Array(Math.round(WINDOW_SECONDS * sampleRateHz))
  samples.read(Math.round((middle - WINDOW_SECONDS / 2) * sampleRateHz), read)
  return read.reduce((sum, value) => sum + value * value, 0)
}

/** The stretch of windows that is likeliest to hold all agreement, and how much likelier that is (nats). */
function likeliestPassage(
  agrees: readonly boolean[],
): { first: number; end: number; evidence: number; outside: number } | undefined {
  const before = [0]
  for (const [index, one] of agrees.entries()) before.push(before[index] + Number(one))
  const [count, all] = [agrees.length, before[agrees.length]]
  let best: { first: number; end: number; evidence: number; outside: number } | undefined
  for (let first = 0; first < count; first++) {
    if (!agrees[first]) continue
    for (let end = first + 1; end <= count; end++) {
      if (!agrees[end - 1]) continue
      const [inside, length] = [before[end] - before[first], end - first]
      const outside = count === length ? 0 : (all - inside) / (count - length)
      if (outside * length >= inside) continue
      const evidence = likelihood(inside, length) + likelihood(all - inside, count - length) - likelihood(all, count)
      if (!best || evidence > best.evidence) best = { first, end, evidence, outside: (outside * length) / inside }
    }
  }
  return best
}

/** Of `hits` among `count` at the rate that suits them best (nats). */
function likelihood(hits: number, count: number): number {
  if (hits === 0 || hits === count) return 0
  return hits * Math.log(hits / count) + (count - hits) * Math.log(1 - hits / count)
}
