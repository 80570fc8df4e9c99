/**
 * A map that is more than one line: what the line leaves unexplained is looked at again, until every stretch of B has
 * its own line or nothing to be heard.
 */
import { throwIfCancelled } from '../errors.ts'
import type { AlignmentKnot } from './audio-alignment.ts'
import { clockPath, type PathPoint } from './clock-path.ts'
import { clockRuns } from './clock-runs.ts'
import { MOST_SPLITS, type Span, type Stretch, stretchesIn } from './clock-stretches.ts'
import { correlograms } from './correlograms.ts'
import type { FftPlans } from './fft.ts'
import { wanderOf, type Wander } from './clock-wander.ts'
import { type Anchor, joinPieces, type Piece, type Step } from './join-pieces.ts'
import { LAG_SECONDS, type RefinedLine } from './line-refine.ts'
import type { Track } from './match-search.ts'
import { onA } from './window-correlator.ts'
import { planWindows, type WindowPlan, windowSecondsFor } from './window-plan.ts'

export interface ClockPieces {
  /** Undefined if the line explains everything. */
  readonly knots: readonly AlignmentKnot[] | undefined
  readonly path: readonly PathPoint[]
  /** Share of the groups of windows that the map explains. */
  readonly supportedShare: number
  readonly wander: Wander
  readonly steps: readonly Step[]
}

const LARGEST_PIECES = 24
/** A clock wanders beside the line of a stretch that is longer than this; it has a window for every so many seconds. */
const STRAIGHT_STRETCH_SECONDS = 8
const SECONDS_A_WINDOW = 1
const MOST_WINDOWS = 220
/** Votes tell the ends of a stretch no better. */
const EDGE_SECONDS = 0.5
/** Groups of windows that a stretch is told by, and windows a group. */
const MOST_GROUPS = 40
const LEAST_WINDOWS_A_GROUP = 3

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
  const path = clockPath(line.correlograms, line, windowsAGroup(plan))
  const { runs, gaps, doubtful, isExplained, ...seen } = clockRuns(
    path,
    line,
    plan.windowSeconds,
    line.sharedSigmaSeconds,
  )
  const pieces: Piece[] = runs.filter((run) => !doubtful.includes(run))
  const wander = wanderOf(
    pieces.map(({ anchors }) =>
      anchors.map(({ secondsB, secondsA }) => ({ seconds: secondsB, lagSeconds: secondsA - onA(line, secondsB) })),
    ),
  )
  let straight = seen.isStraight
  let explained = runs.reduce((sum, { anchors }) => sum + anchors.length, 0)
  for (const gap of joined([...gaps, ...doubtful])) {
    throwIfCancelled(signal)
    const found =
      pieces.length > LARGEST_PIECES ? [] : stretchesIn(plans, a, b, gap, line, maxRatePpm, MOST_SPLITS, signal)
    const overlaps = (span: Span): boolean => found.some(({ from, to }) => span.to > from && span.from < to)
    pieces.push(...doubtful.filter((run) => run.from < gap.to && run.to > gap.from && !overlaps(run)))
    if (found.length === 0) continue
    pieces.push(...found.flatMap((stretch) => piecesOf(plans, a, b, stretch, line.sharedSigmaSeconds, signal)))
    straight = false
    const isIn = (seconds: number): boolean => found.some(({ from, to }) => seconds > from && seconds < to)
    explained += path.filter((point) => !isExplained(point) && isIn(point.middleSeconds)).length
  }
  const result = {
    path,
    wander,
    supportedShare: path.length === 0 ? 0 : explained / path.length,
  }
  if (straight) return { ...result, knots: undefined, steps: [] }
  const groupSeconds =
    path.reduce((most, point) => Math.max(most, point.toSeconds - point.fromSeconds), 0) / 2 + plan.windowSeconds
  pieces.sort((first, second) => first.anchors[0].secondsB - second.anchors[0].secondsB)
  return { ...result, ...joinPieces(plans, a, b, pieces, line, wander.ratePpm, groupSeconds, sign, signal) }
}

const windowsAGroup = ({ middles }: Pick<WindowPlan, 'middles'>): number =>
  Math.max(LEAST_WINDOWS_A_GROUP, Math.ceil(middles.length / MOST_GROUPS))

/** Spans that touch become one. */
function joined(spans: readonly Span[]): Span[] {
  const out: Span[] = []
  for (const span of [...spans].sort((one, other) => one.from - other.from)) {
    const last = out.at(-1)
    if (last && span.from <= last.to) out[out.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    else out.push({ from: span.from, to: span.to })
  }
  return out
}

/** How the clock walks beside the line of a stretch, as beside the main one. */
function piecesOf(
  plans: FftPlans,
  a: Track,
  b: Track,
  stretch: Stretch,
  sharedSigmaSeconds: number,
  signal: AbortSignal | undefined,
): Piece[] {
  const { map, from, to } = stretch
  const seconds = to - from
  if (seconds < STRAIGHT_STRETCH_SECONDS) return [straightPiece(stretch, sharedSigmaSeconds)]
  const count = Math.min(MOST_WINDOWS, Math.round(seconds / SECONDS_A_WINDOW))
  const plan = planWindows(a.envelope, b.envelope, map, stretch, windowSecondsFor(seconds), count)
  const data = correlograms(plans, a.samples, b.samples, b.sampleRateHz, plan, map, LAG_SECONDS, signal)
  const path = clockPath(data, map, windowsAGroup(data))
  const { runs, doubtful } = clockRuns(path, map, plan.windowSeconds, sharedSigmaSeconds)
  const sure = runs.filter((run) => !doubtful.includes(run))
  if (sure.length === 0) return [straightPiece(stretch, sharedSigmaSeconds)]
  return sure.map(({ anchors }, index) => ({
    anchors: [
      ...(index === 0 ? edge(anchors, from + EDGE_SECONDS) : []),
      ...anchors,
      ...(index === sure.length - 1 ? edge([...anchors].reverse(), to - EDGE_SECONDS) : []),
    ],
  }))
}

/** What the last anchors of a piece say of the end of its stretch. */
function edge([last, before]: readonly Anchor[], secondsB: number): Anchor[] {
  const beyond = before ? (secondsB - last.secondsB) / (last.secondsB - before.secondsB) : 0
  if (beyond <= 0) return []
  const secondsA = last.secondsA + beyond * (last.secondsA - before.secondsA)
  // A bend that leaves the middle between two anchors by so much leaves what goes on beyond them by so much more.
  return [{ secondsB, secondsA, sigmaSeconds: (1 + 2 * beyond) ** 2 * last.sigmaSeconds }]
}

/** @param sharedSigmaSeconds what filters delay, they delay in every stretch */
function straightPiece({ map, from, to }: Stretch, sharedSigmaSeconds: number): Piece {
  const inset = Math.min(EDGE_SECONDS, (to - from) / 6)
  const anchors = [from + inset, to - inset].map((secondsB) => ({
    secondsB,
    secondsA: onA(map, secondsB),
    sigmaSeconds: Math.hypot(1e-4, sharedSigmaSeconds),
  }))
  return { anchors }
}
