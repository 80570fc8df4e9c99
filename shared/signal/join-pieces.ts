/** Knots through the stretches of a map: where one ends and the next begins, and how far they reach at both ends. */
import type { AlignmentKnot } from './audio-alignment.ts'
import { CHANCES, type CutPlace, cutPlace } from './cut-place.ts'
import type { FftPlans } from './fft.ts'
import type { RefinedLine } from './line-refine.ts'
import type { Track } from './match-search.ts'
import { powerAt } from './one-passage.ts'
import { strengthsAlong } from './rivals.ts'
import { type LineMap, onA } from './window-correlator.ts'
import { median } from './median.ts'

/** A point that is known on both clocks. */
export interface Anchor {
  readonly secondsB: number
  readonly secondsA: number
  readonly sigmaSeconds: number
}

/** A stretch without a jump in it. */
export interface Piece {
  readonly anchors: Anchor[]
}

/** What sigma takes to rise to what a step makes of it. */
const EDGE_SECONDS = 1e-3
/** The points of a piece whose rate goes on beyond its end. */
const LAST_POINTS = 4
/** Windows that agree by chance lead astray by so much at times. */
const BESIDE_SECONDS = 0.7
/** What a cut takes out, where nothing tells how much: seconds. */
const CUT_SIGMA_SECONDS = 2
/** What is shorter at an end is a word or a pause. */
const SHORTEST_END_SECONDS = 1
/** How far an end is looked at: what is longer would have been found. */
const LONGEST_END_SECONDS = 20
const END_STEP_SECONDS = 0.125
const END_WINDOW_SECONDS = 0.5
/** Votes of what no line bears out are fewer than this share of the usual. */
const BORNE_SHARE = 0.35
/** What is quieter than this share of the usual power could not be expected to bear out anything. */
const LEAST_POWER = 0.1

/** Between a stretch of a map and the next. */
export interface Step {
  /** How far A ran on while B did not; below zero, what B ran on alone. */
  readonly seconds: number
  /** How long the place of the step on B is unknown for: in sound an instant, in a pause all of it. */
  readonly unsureSeconds: number
}

export interface JoinedPieces {
  readonly knots: AlignmentKnot[]
  readonly steps: readonly Step[]
}

/** Knots through the pieces: where one ends and the next begins there is a step, whose place is looked for. */
export function joinPieces(
  plans: FftPlans,
  a: Track,
  b: Track,
  pieces: readonly Piece[],
  line: RefinedLine,
  wanderPpm: number,
  groupSeconds: number,
  sign: number,
  signal: AbortSignal | undefined,
): JoinedPieces {
  const knots: AlignmentKnot[] = []
  const steps: Step[] = []
  const slope = 1 + line.ratePpm * 1e-6
  const extend = (anchor: Anchor, secondsB: number, own = slope): AlignmentKnot => ({
    secondsB,
    secondsA: anchor.secondsA + own * (secondsB - anchor.secondsB),
    sigmaSeconds: Math.hypot(anchor.sigmaSeconds, wanderPpm * 1e-6 * (secondsB - anchor.secondsB)),
  })
  const seek = (anchors: readonly Anchor[], own: number, end: number): Borne | undefined =>
    pieces.length > 1 ? borneUntil(plans, a, b, lineThrough(anchors[0], own), anchors, end, signal) : undefined
  /** From the borne part of a piece (its anchors, from the end on) to an end of B. */
  const ending = (anchors: readonly Anchor[], end: number): AlignmentKnot[] => {
    const [last, near] = [anchors[0], anchors.slice(0, LAST_POINTS).at(-1)!]
    // Beyond the ends a wandering clock goes on as it went there.
    const own =
      wanderPpm > 0 && anchors.length >= LAST_POINTS
        ? (last.secondsA - near.secondsA) / (last.secondsB - near.secondsB)
        : slope
    const borne = seek(anchors, own, end)
    if (!borne || borne.unheardOf(end) < SHORTEST_END_SECONDS) return [extend(last, end, own)]
    // Both go on being heard and agree no more: a cut lies there, and nothing tells what it took.
    return unborneFrom(extend(last, borne.at, own), extend(last, end, own))
  }
  const begin = pieces[0].anchors
  if (begin[0].secondsB > 0) knots.push(...ending(begin, 0).reverse())
  let startsAt = -Infinity
  for (let index = 0; index < pieces.length; index++) {
    const begun = Math.max(startsAt, knots.at(-1)?.secondsB ?? -Infinity)
    const anchors = pieces[index].anchors.filter((anchor) => anchor.secondsB > begun)
    const next = pieces[index + 1]
    if (!next) {
      const finish = [...pieces[index].anchors].reverse()
      const end = finish[0].secondsB < b.durationSeconds ? ending(finish, b.durationSeconds) : []
      knots.push(...anchors.filter((anchor) => !end[0] || anchor.secondsB < end[0].secondsB), ...end)
      break
    }
    const before = pieces[index].anchors[pieces[index].anchors.length - 1]
    const after = next.anchors[0]
    const step = after.secondsA - before.secondsA - slope * (after.secondsB - before.secondsB)
    // The step may lie inside the groups of windows on either side.
    const from = Math.max(0, before.secondsB - groupSeconds)
    const to = Math.min(b.durationSeconds, after.secondsB + groupSeconds)
    const missingFromA = Math.max(0, -step)
    const held = [...pieces[index].anchors].reverse()
    const until = seek(held, slope, next.anchors.at(-1)!.secondsB)
    const since = seek(next.anchors, slope, pieces[index].anchors[0].secondsB)
    const unborne = until && since ? Math.max(until.unheardOf(since.at), since.unheardOf(until.at)) - missingFromA : 0
    if (until && since && unborne >= SHORTEST_END_SECONDS) {
      // Too short to be found between two cuts: neither line holds there.
      const open = unborneFrom(extend(before, until.at), extend(before, since.at - 2e-3))
      knots.push(...anchors.filter((anchor) => anchor.secondsB < until.at), ...open)
      startsAt = since.at
      steps.push({ seconds: step, unsureSeconds: Math.max(0, since.at - until.at) })
      knots.push(extend(after, since.at))
      continue
    }
    const cut = findCut(
      plans,
      a,
      b,
      lineThrough(before, slope),
      lineThrough(after, slope),
      from,
      to,
      missingFromA,
      sign,
      signal,
    )
    steps.push({ seconds: step, unsureSeconds: cut.places[cut.places.length - 1] - cut.places[0] })
    // Samples missing from B: A runs on within an instant of B. Missing from A: B runs on within an instant of A.
    const gap = Math.max(1e-6, missingFromA)
    const low = stepKnots(cut, step, true, (at) => extend(before, at))
    const high = stepKnots(cut, step, false, (at) => extend(after, at + gap))
    knots.push(...anchors.filter((anchor) => anchor.secondsB < low[0].secondsB), ...low)
    knots.push(
      { ...high[0], secondsA: Math.max(high[0].secondsA, low[low.length - 1].secondsA + 1e-6) },
      ...high.slice(1),
    )
    startsAt = high[high.length - 1].secondsB
  }
  return { knots: increasing(knots), steps }
}

/**
 * Knots on one line towards the cut. That it lies on the other side of a moment has a chance, and makes the line wrong by the
 * whole step: so much is the variance there, and sigma a third of the step wherever that may be so, since it is all or nothing.
 */
function stepKnots(
  { places }: CutPlace,
  step: number,
  isBefore: boolean,
  at: (secondsB: number) => AlignmentKnot,
): AlignmentKnot[] {
  const [outer, unsure, middle] = isBefore ? places : places.toReversed()
  const knotAt = (secondsB: number, chance: number): AlignmentKnot => {
    const knot = at(secondsB)
    return { ...knot, sigmaSeconds: Math.hypot(knot.sigmaSeconds, step * Math.sqrt(chance)) }
  }
  const out = [at(outer + (isBefore ? -EDGE_SECONDS : EDGE_SECONDS)), knotAt(outer, CHANCES[1])]
  if (unsure !== outer) out.push(knotAt(unsure, CHANCES[1]))
  if (middle !== unsure) out.push(knotAt(middle, CHANCES[2]))
  return isBefore ? out : out.reverse()
}

const lineThrough = (anchor: Anchor, slope: number): LineMap => ({
  offsetSeconds: anchor.secondsA - slope * anchor.secondsB,
  ratePpm: (slope - 1) * 1e6,
})

/** A line that ends at one knot and goes on to the other as what nothing tells. */
function unborneFrom(last: AlignmentKnot, end: AlignmentKnot): AlignmentKnot[] {
  const towards = Math.sign(end.secondsB - last.secondsB) * 1e-3
  const loose = { sigmaSeconds: CUT_SIGMA_SECONDS }
  const first = { secondsB: last.secondsB + towards, secondsA: last.secondsA + towards, ...loose }
  return [last, first, { ...end, ...loose }]
}

interface Borne {
  /** Up to where on B the line is borne out by what is heard. */
  readonly at: number
  /** How long (s) both are heard between there and another moment of B, without agreeing. */
  unheardOf(end: number): number
}

/** Up to where a line is borne out, from within its piece (anchors, the outermost first) towards another moment of B. */
function borneUntil(
  plans: FftPlans,
  a: Track,
  b: Track,
  line: LineMap,
  anchors: readonly Anchor[],
  end: number,
  signal: AbortSignal | undefined,
): Borne {
  const [outer, inner] = [anchors[0].secondsB, anchors.at(-1)!.secondsB]
  const towards = Math.sign(end - inner) || 1
  const within = (seconds: number): number => Math.min(LONGEST_END_SECONDS, Math.abs(seconds))
  const start = outer - towards * within(outer - inner)
  const last = outer + Math.sign(end - outer) * within(end - outer)
  const [from, to] = [Math.min(start, last), Math.max(start, last)]
  const count = Math.max(0, Math.floor((to - from - END_WINDOW_SECONDS) / END_STEP_SECONDS))
  const middles = Float64Array.from({ length: count }, (_, n) => from + END_WINDOW_SECONDS / 2 + n * END_STEP_SECONDS)
  const votes = strengthsAlong(plans, a, b, line, middles, END_WINDOW_SECONDS, signal).map(voteFor)
  const powers = [a, b].map((track, side) =>
    Array.from(middles, (middle) => powerAt(track, side === 0 ? onA(line, middle) : middle)),
  )
  const agreeing = [...votes.keys()].filter((n) => votes[n] > 0)
  const least = BORNE_SHARE * meanOf(agreeing.map((n) => votes[n]))
  const usual = [0, 1].map((side) => LEAST_POWER * median(agreeing.map((n) => powers[side][n])))
  const heard = [...votes.keys()].filter((n) => powers.every((power, side) => power[n] >= usual[side]))
  if (towards < 0) heard.reverse()
  // The place that parts the votes best: borne out before it, by nothing behind it (Page 1954).
  let sum = 0
  let best = { sum: 0, at: start }
  for (const n of heard) {
    sum += votes[n] - least
    if (sum >= best.sum) best = { sum, at: middles[n] }
  }
  return {
    at: best.at,
    unheardOf: (until) =>
      END_STEP_SECONDS *
      heard.filter(
        (n) => towards * (middles[n] - best.at) > 0 && towards * (until - middles[n]) > 0 && votes[n] < least,
      ).length,
  }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** What the best of some thirty lags of noise comes to, in deviations … */
const NOISE = 3.5
/** … and votes that it may be out by now and then. */
const UNDECIDED = 1.5

/** What a window says for a line; nothing where it is chance or silent. */
export const voteFor = (strength: number): number => (strength > NOISE ? Math.min(10, strength) - NOISE : 0)

/** Where on B the first line stops to hold and, `gapSeconds` later, the second begins. */
function findCut(
  plans: FftPlans,
  a: Track,
  b: Track,
  first: LineMap,
  second: LineMap,
  from: number,
  to: number,
  gapSeconds: number,
  sign: number,
  signal: AbortSignal | undefined,
): CutPlace {
  const windowSeconds = 0.3
  const count = Math.max(8, Math.min(240, Math.ceil((to - from) / 0.05)))
  const middles = Float64Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1))
  const votesOf = (line: LineMap): number[] => {
    const votes = Array.from(strengthsAlong(plans, a, b, line, middles, windowSeconds, signal), voteFor)
    // Of hundreds of windows in a pause some vote by chance: only what is heard may.
    const heard = [a, b].map((track, side) => {
      const powers = Array.from(middles, (middle) => powerAt(track, side === 0 ? onA(line, middle) : middle))
      const usual = meanOf(votes.map((vote, n) => vote * powers[n])) / Math.max(1e-12, meanOf(votes))
      return powers.map((power) => power >= LEAST_POWER * usual)
    })
    return votes.map((vote, n) => (heard[0][n] && heard[1][n] ? vote : 0))
  }
  const inFirst = votesOf(first)
  const inSecond = votesOf(second)
  const values = new Float64Array(count)
  for (let cut = 0; cut < count; cut++) {
    for (let index = 0; index < count; index++) {
      if (middles[index] <= middles[cut]) values[cut] += inFirst[index]
      else if (middles[index] > middles[cut] + gapSeconds) values[cut] += inSecond[index]
    }
  }
  // In a pause nothing tells: the middle of all places that are as good.
  const most = values.reduce((one, two) => Math.max(one, two), 0)
  const good = middles.filter((_, cut) => values[cut] > most - UNDECIDED)
  if (good.length === 0) return { seconds: from, places: CHANCES.map(() => from) }
  const near = (good[0] + good[good.length - 1]) / 2
  const reach = (good[good.length - 1] - good[0]) / 2 + windowSeconds + BESIDE_SECONDS
  return cutPlace(a, b, first, second, near, reach, gapSeconds, sign)
}

/** Without the points that a rounding put out of order. */
function increasing(knots: readonly AlignmentKnot[]): AlignmentKnot[] {
  const out: AlignmentKnot[] = []
  for (const knot of knots) {
    const last = out[out.length - 1]
    if (last && (knot.secondsB <= last.secondsB || knot.secondsA <= last.secondsA)) continue
    out.push(knot)
  }
  return out
}
