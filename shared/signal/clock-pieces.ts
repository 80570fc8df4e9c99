/**
 * A map that is more than one line: what the line leaves unexplained is looked at again, until every stretch of B has
 * its own line or nothing to be heard.
 */
import { throwIfCancelled } from '../errors.ts'
import type { AlignmentKnot } from './audio-alignment.ts'
import { clockPath, type PathPoint } from './clock-path.ts'
import { cutPlace } from './cut-place.ts'
import type { FftPlans } from './fft.ts'
import { MICROPHONE_SECONDS } from './line-covariance.ts'
import type { RefinedLine } from './line-refine.ts'
import { holds, searchMatches, type Track } from './match-search.ts'
import { strengthsAlong } from './rivals.ts'
import { type LineMap, onA } from './window-correlator.ts'
import type { WindowPlan } from './window-plan.ts'

/** A point that is known on both clocks. */
interface Anchor {
  readonly secondsB: number
  readonly secondsA: number
  readonly sigmaSeconds: number
}

/** A stretch without a jump in it. */
interface Piece {
  readonly anchors: Anchor[]
}

export interface ClockPieces {
  /** Undefined if the line explains everything. */
  readonly knots: readonly AlignmentKnot[] | undefined
  readonly path: readonly PathPoint[]
  /** Share of the groups of windows that the map explains. */
  readonly supportedShare: number
}

/** A group that votes for its lag with at least so many deviations, and a share of the usual, is explained. */
const SUPPORTED = 4.5
const USUAL_SHARE = 0.35
/** One group alone between unexplained ones must be as strong as this share of the usual: vowels resemble each other. */
const ALONE_SHARE = 0.7
const LARGEST_PIECES = 24
const SHORTEST_STRETCH_SECONDS = 3
/** How often what a line leaves of a gap is looked at again. */
const MOST_SPLITS = 3
/** From one window to the next where it is asked which of them bear a line out. */
const VOTE_STEP_SECONDS = 0.25

/** @param sign of what B is of A: -1 for turned polarity */
export function clockPieces(
  plans: FftPlans,
  a: Track,
  b: Track,
  line: RefinedLine,
  plan: WindowPlan,
  maxRatePpm: number,
  sign: number,
  signal?: AbortSignal,
): ClockPieces {
  const perGroup = Math.max(3, Math.ceil(plan.middles.length / 40))
  const path = clockPath(line.correlograms, line, perGroup)
  const usualScore = median(path.map((point) => point.score).filter((score) => score >= SUPPORTED))
  const supports = Math.max(SUPPORTED, USUAL_SHARE * usualScore)
  const pieces: Piece[] = []
  let open: Anchor[] = []
  let straight = true
  const gaps: { from: number; to: number }[] = []
  let gapFrom: number | undefined
  let supported = 0
  // Steps must survive the small steps between them and their unsupported neighbours.
  let lastLag: number | undefined
  for (const [index, point] of path.entries()) {
    const company = [path[index - 1], path[index + 1]].some((other) => other === undefined || other.score >= supports)
    if (point.score < (company ? supports : Math.max(supports, ALONE_SHARE * usualScore))) {
      gapFrom ??= point.fromSeconds - plan.windowSeconds / 2
      continue
    }
    supported++
    if (gapFrom !== undefined) gaps.push({ from: gapFrom, to: point.fromSeconds + plan.windowSeconds / 2 })
    gapFrom = undefined
    const stepped = lastLag !== undefined && Math.abs(point.lagSeconds - lastLag) > 0.002 && point.jumped
    if (stepped && open.length > 0) {
      pieces.push({ anchors: open })
      open = []
    }
    lastLag = point.lagSeconds
    open.push({
      secondsB: point.middleSeconds,
      secondsA: onA(line, point.middleSeconds) + point.lagSeconds,
      // What both microphones' filters delay is in every window.
      sigmaSeconds: Math.hypot(point.sigmaSeconds, line.sharedSigmaSeconds, Math.SQRT2 * MICROPHONE_SECONDS),
    })
    if (Math.abs(point.lagSeconds) > Math.max(1.2e-4, 5 * point.sigmaSeconds)) straight = false
  }
  if (gapFrom !== undefined && path.length > 0)
    gaps.push({ from: gapFrom, to: path[path.length - 1].toSeconds + plan.windowSeconds / 2 })
  if (open.length > 0) pieces.push({ anchors: open })
  let explained = supported
  for (const gap of gaps) {
    throwIfCancelled(signal)
    if (pieces.length > LARGEST_PIECES) continue
    const found = stretchesIn(plans, a, b, gap, line, maxRatePpm, MOST_SPLITS, signal)
    if (found.length === 0) continue
    pieces.push(...found.map((stretch) => pieceOf(stretch)))
    straight = false
    const isIn = (seconds: number): boolean => found.some(({ from, to }) => seconds > from && seconds < to)
    explained += path.filter((point) => point.score < supports && isIn(point.middleSeconds)).length
  }
  const result = {
    path,
    supportedShare: path.length === 0 ? 0 : explained / path.length,
  }
  if (straight) return { ...result, knots: undefined }
  const groupSeconds =
    path.reduce((most, point) => Math.max(most, point.toSeconds - point.fromSeconds), 0) / 2 + plan.windowSeconds
  pieces.sort((first, second) => first.anchors[0].secondsB - second.anchors[0].secondsB)
  return { ...result, knots: joinPieces(plans, a, b, pieces, line, groupSeconds, sign, signal) }
}

function median(values: number[]): number {
  values.sort((first, second) => first - second)
  return values[values.length >> 1] ?? 0
}

/** A part of B, seconds. */
interface Span {
  readonly from: number
  readonly to: number
}

/** A part of B on a line of its own. */
interface Stretch extends Span {
  readonly map: LineMap
}

/**
 * Lines of their own in a gap that the main line does not explain: the best one where its windows bear it out, and again
 * in what it leaves, since blocks are often lost more than once.
 */
function stretchesIn(
  plans: FftPlans,
  a: Track,
  b: Track,
  gap: Span,
  line: LineMap,
  maxRatePpm: number,
  splits: number,
  signal: AbortSignal | undefined,
): Stretch[] {
  if (gap.to - gap.from < SHORTEST_STRETCH_SECONDS) return []
  throwIfCancelled(signal)
  const { lines } = searchMatches(plans, a, b, {
    maxRatePpm,
    limit: 3,
    span: { ...gap, ratePpm: line.ratePpm },
    signal,
  })
  const best = lines[0]
  if (!best || !holds(best)) return []
  // It is the same clock: what runs at quite another rate is another sound.
  if (Math.abs(best.ratePpm - line.ratePpm) > 60 + 2e3 / (gap.to - gap.from)) return []
  // Dropped samples keep the order of things and are short against the take.
  const step = onA(best, (gap.from + gap.to) / 2) - onA(line, (gap.from + gap.to) / 2)
  if (Math.abs(step) > 120) return []
  const whole = { map: best, ...gap }
  if (splits === 0) return [whole]
  const rests = unborne(plans, a, b, whole, signal)
  const others = rests.flatMap((rest) => stretchesIn(plans, a, b, rest, line, maxRatePpm, splits - 1, signal))
  others.sort((first, second) => first.from - second.from)
  // What no line bears out at either end is nobody's: something else was put in there.
  const isOpen = (rest: Span | undefined): rest is Span =>
    rest !== undefined && others.every((other) => other.to <= rest.from || other.from >= rest.to)
  const [head, tail] = [rests[0], rests.at(-1)]
  const begin = isOpen(head) && head.from < gap.from + VOTE_STEP_SECONDS ? head.to : gap.from
  const end = isOpen(tail) && tail.to > gap.to - VOTE_STEP_SECONDS ? tail.from : gap.to
  // The line keeps what no other took; where one was found, it ends.
  const kept: Stretch[] = []
  let from = begin
  for (const other of [...others, { from: end, to: end }]) {
    if (other.from - from >= SHORTEST_STRETCH_SECONDS / 2) kept.push({ map: best, from, to: other.from })
    from = Math.max(from, other.to)
  }
  return [...kept, ...others].sort((first, second) => first.from - second.from)
}

/** Where the windows of a stretch do not bear its line out, for long enough to hold a line of their own. */
function unborne(
  plans: FftPlans,
  a: Track,
  b: Track,
  { map, from, to }: Stretch,
  signal: AbortSignal | undefined,
): Span[] {
  const step = VOTE_STEP_SECONDS
  const middles = Float64Array.from(
    { length: Math.floor((to - from) / step) },
    (_, index) => from + (index + 0.5) * step,
  )
  const strengths = strengthsAlong(plans, a, b, map, middles, 2 * step, signal)
  const votes = strengths.map((strength) => (strength > NOISE ? Math.min(10, strength) - NOISE : 0))
  // Words are seconds apart: what counts is the mean around a moment.
  const reach = Math.round(1.5 / step)
  const means = votes.map((_, index) => mean(votes.subarray(Math.max(0, index - reach), index + reach + 1)))
  const usual = median([...means].filter((value) => value > 0.5))
  const rests: { from: number; to: number }[] = []
  let open: number | undefined
  for (let index = 0; index <= means.length; index++) {
    const isBorne = index === means.length || means[index] >= USUAL_SHARE * usual
    if (!isBorne) open ??= index
    else if (open !== undefined) {
      rests.push({ from: from + open * step, to: from + index * step })
      open = undefined
    }
  }
  return rests.filter((rest) => rest.to - rest.from >= SHORTEST_STRETCH_SECONDS)
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

function pieceOf({ map, from, to }: Stretch): Piece {
  const inset = Math.min(0.5, (to - from) / 6)
  const anchors = [from + inset, to - inset].map((secondsB) => ({
    secondsB,
    secondsA: onA(map, secondsB),
    sigmaSeconds: 1e-4,
  }))
  return { anchors }
}

/** Knots through the pieces: where one ends and the next begins there is a step, whose place is looked for. */
function joinPieces(
  plans: FftPlans,
  a: Track,
  b: Track,
  pieces: readonly Piece[],
  line: RefinedLine,
  groupSeconds: number,
  sign: number,
  signal: AbortSignal | undefined,
): AlignmentKnot[] {
  const knots: AlignmentKnot[] = []
  const slope = 1 + line.ratePpm * 1e-6
  const extend = (anchor: Anchor, secondsB: number, sigma = anchor.sigmaSeconds): AlignmentKnot => ({
    secondsB,
    secondsA: anchor.secondsA + slope * (secondsB - anchor.secondsB),
    sigmaSeconds: sigma,
  })
  const first = pieces[0].anchors[0]
  if (first.secondsB > 0) knots.push(extend(first, 0))
  let startsAt = -Infinity
  for (let index = 0; index < pieces.length; index++) {
    const anchors = pieces[index].anchors.filter((anchor) => anchor.secondsB > startsAt)
    const next = pieces[index + 1]
    if (!next) {
      knots.push(...anchors)
      break
    }
    const before = pieces[index].anchors[pieces[index].anchors.length - 1]
    const after = next.anchors[0]
    const step = after.secondsA - before.secondsA - slope * (after.secondsB - before.secondsB)
    // The step may lie inside the groups of windows on either side.
    const from = Math.max(0, before.secondsB - groupSeconds)
    const to = Math.min(b.durationSeconds, after.secondsB + groupSeconds)
    const missingFromA = Math.max(0, -step)
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
    knots.push(...anchors.filter((anchor) => anchor.secondsB < cut))
    // Samples missing from B: A runs on within an instant of B. Missing from A: B runs on within an instant of A.
    const end = cut + Math.max(1e-6, missingFromA)
    knots.push(extend(before, cut))
    knots.push({
      ...extend(after, end),
      secondsA: Math.max(extend(after, end).secondsA, extend(before, cut).secondsA + 1e-6),
    })
    startsAt = end
  }
  const last = pieces[pieces.length - 1].anchors.at(-1)
  if (last && last.secondsB < b.durationSeconds) knots.push(extend(last, b.durationSeconds))
  return increasing(knots)
}

const lineThrough = (anchor: Anchor, slope: number): LineMap => ({
  offsetSeconds: anchor.secondsA - slope * anchor.secondsB,
  ratePpm: (slope - 1) * 1e6,
})

/** What the best of some thirty lags of noise comes to, in deviations … */
const NOISE = 3.5
/** … and votes that it may be out by now and then. */
const UNDECIDED = 1.5

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
): number {
  const windowSeconds = 0.3
  const count = Math.max(8, Math.min(240, Math.ceil((to - from) / 0.05)))
  const middles = Float64Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1))
  const inFirst = strengthsAlong(plans, a, b, first, middles, windowSeconds, signal)
  const inSecond = strengthsAlong(plans, a, b, second, middles, windowSeconds, signal)
  const vote = (value: number): number => (value > NOISE ? Math.min(10, value) - NOISE : 0)
  const values = new Float64Array(count)
  for (let cut = 0; cut < count; cut++) {
    for (let index = 0; index < count; index++) {
      if (middles[index] <= middles[cut]) values[cut] += vote(inFirst[index])
      else if (middles[index] > middles[cut] + gapSeconds) values[cut] += vote(inSecond[index])
    }
  }
  // In a pause nothing tells: the middle of all places that are as good.
  const most = values.reduce((one, two) => Math.max(one, two), 0)
  const good = middles.filter((_, cut) => values[cut] > most - UNDECIDED)
  if (good.length === 0) return from
  const near = (good[0] + good[good.length - 1]) / 2
  const reach = (good[good.length - 1] - good[0]) / 2 + windowSeconds
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
