/**
 * A map that is more than one line: what the line leaves unexplained is looked at again, until every stretch of B has
 * its own line or nothing to be heard.
 */
import { throwIfCancelled } from '../errors.ts'
import type { AlignmentKnot } from './audio-alignment.ts'
import { clockPath, type PathPoint } from './clock-path.ts'
import type { FftPlans } from './fft.ts'
import { wanderOf, type Wander } from './clock-wander.ts'
import { type Anchor, joinPieces, type Piece, voteFor } from './join-pieces.ts'
import { MICROPHONE_SECONDS } from './line-covariance.ts'
import type { RefinedLine } from './line-refine.ts'
import { holds, searchMatches, type Track } from './match-search.ts'
import { strengthsAlong } from './rivals.ts'
import { type LineMap, onA } from './window-correlator.ts'
import type { WindowPlan } from './window-plan.ts'

export interface ClockPieces {
  /** Undefined if the line explains everything. */
  readonly knots: readonly AlignmentKnot[] | undefined
  readonly path: readonly PathPoint[]
  /** Share of the groups of windows that the map explains. */
  readonly supportedShare: number
  readonly wander: Wander
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
  const wander = wanderOf(
    pieces.map(({ anchors }) =>
      anchors.map(({ secondsB, secondsA }) => ({ seconds: secondsB, lagSeconds: secondsA - onA(line, secondsB) })),
    ),
  )
  for (const piece of pieces) widenByBends(piece.anchors)
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
    wander,
    supportedShare: path.length === 0 ? 0 : explained / path.length,
  }
  if (straight) return { ...result, knots: undefined }
  const groupSeconds =
    path.reduce((most, point) => Math.max(most, point.toSeconds - point.fromSeconds), 0) / 2 + plan.windowSeconds
  pieces.sort((first, second) => first.anchors[0].secondsB - second.anchors[0].secondsB)
  return { ...result, knots: joinPieces(plans, a, b, pieces, line, wander.ratePpm, groupSeconds, sign, signal) }
}

/**
 * Between two knots the map is straight and a clock that wanders is not: a bend that leaves a knot by so much off the line
 * through its neighbours leaves the middle between two knots by a quarter of that off theirs.
 */
export function widenByBends(anchors: Anchor[]): void {
  const bends = anchors.map(({ secondsB, secondsA }, index) => {
    const [before, after] = [anchors[index - 1], anchors[index + 1]]
    if (!before || !after) return 0
    const share = (secondsB - before.secondsB) / (after.secondsB - before.secondsB)
    return Math.abs(secondsA - before.secondsA - share * (after.secondsA - before.secondsA)) / 4
  })
  for (const [index, anchor] of anchors.entries()) {
    const bend = Math.max(...bends.slice(Math.max(0, index - 1), index + 2))
    anchors[index] = { ...anchor, sigmaSeconds: Math.hypot(anchor.sigmaSeconds, bend) }
  }
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
  const votes = strengths.map(voteFor)
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
