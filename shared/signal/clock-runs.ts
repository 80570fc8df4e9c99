/** The path of a clock beside a line, told apart into runs without a step in them and gaps where nothing bears it out. */
import type { PathPoint } from './clock-path.ts'
import type { Span } from './clock-stretches.ts'
import type { Anchor, Piece } from './join-pieces.ts'
import { MICROPHONE_SECONDS } from './line-covariance.ts'
import { median } from './median.ts'
import { type LineMap, onA } from './window-correlator.ts'

/** A group that votes for its lag with at least so many deviations, and a share of the usual, is explained. */
const SUPPORTED = 4.5
const USUAL_SHARE = 0.35
/** One group alone between unexplained ones must be as strong as this share of the usual: vowels resemble each other. */
const ALONE_SHARE = 0.7
/** A run beside the line that is less strong than this share of the strongest may be a period of a voice beside the true place. */
const BESIDE_SHARE = 0.9
/** A step is further than this (s). */
const LEAST_STEP_SECONDS = 0.002

/** Groups in a row that no step parts from each other. */
interface Run extends Piece, Span {
  /** Votes of its groups, in deviations. */
  readonly scores: readonly number[]
}

export interface ClockRuns {
  readonly runs: readonly Run[]
  readonly gaps: readonly Span[]
  /**
   * Runs beside the line that agree less than others do: lags reach less far than a lost block may, and from within
   * them the next periods of a voice look like it.
   */
  readonly doubtful: readonly Run[]
  readonly isExplained: (point: PathPoint) => boolean
  /** True if nothing lies off the line by more than chance. */
  readonly isStraight: boolean
}

/**
 * @param line what the lags of the path are counted from
 * @param sharedSigmaSeconds what all windows share and no number of them takes away
 */
export function clockRuns(
  path: readonly PathPoint[],
  line: LineMap,
  windowSeconds: number,
  sharedSigmaSeconds: number,
): ClockRuns {
  const usualScore = median(path.map((point) => point.score).filter((score) => score >= SUPPORTED))
  const supports = Math.max(SUPPORTED, USUAL_SHARE * usualScore)
  const runs: (Run & { to: number; readonly scores: number[] })[] = []
  let isStraight = true
  const gaps: Span[] = []
  let gapFrom: number | undefined
  // Steps must survive the small steps between them and their unsupported neighbours.
  let lastLag: number | undefined
  let hasJumped = false
  for (const [index, point] of path.entries()) {
    hasJumped ||= point.jumped
    const company = [path[index - 1], path[index + 1]].some((other) => other === undefined || other.score >= supports)
    if (point.score < (company ? supports : Math.max(supports, ALONE_SHARE * usualScore))) {
      gapFrom ??= point.fromSeconds - windowSeconds / 2
      continue
    }
    if (gapFrom !== undefined) gaps.push({ from: gapFrom, to: point.fromSeconds + windowSeconds / 2 })
    gapFrom = undefined
    const stepped = lastLag !== undefined && Math.abs(point.lagSeconds - lastLag) > LEAST_STEP_SECONDS && hasJumped
    if (stepped || runs.length === 0)
      runs.push({ from: point.fromSeconds, to: point.toSeconds, scores: [], anchors: [] })
    hasJumped = false
    lastLag = point.lagSeconds
    const run = runs[runs.length - 1]
    run.to = point.toSeconds
    run.scores.push(point.score)
    run.anchors.push({
      secondsB: point.middleSeconds,
      secondsA: onA(line, point.middleSeconds) + point.lagSeconds,
      // What both microphones' filters delay is in every window.
      sigmaSeconds: Math.hypot(point.sigmaSeconds, sharedSigmaSeconds, Math.SQRT2 * MICROPHONE_SECONDS),
    })
    if (Math.abs(point.lagSeconds) > Math.max(1.2e-4, 5 * point.sigmaSeconds)) isStraight = false
  }
  if (gapFrom !== undefined && path.length > 0)
    gaps.push({ from: gapFrom, to: path[path.length - 1].toSeconds + windowSeconds / 2 })
  for (const run of runs) widenByBends(run.anchors)
  const best = Math.max(...runs.map(meanScoreOf))
  const isOnLine = ({ anchors }: Run): boolean =>
    Math.abs(median(anchors.map(({ secondsB, secondsA }) => secondsA - onA(line, secondsB)))) < LEAST_STEP_SECONDS
  return {
    runs,
    gaps,
    doubtful: runs.filter((run) => !isOnLine(run) && meanScoreOf(run) < BESIDE_SHARE * best),
    isExplained: (point) => point.score >= supports,
    isStraight,
  }
}

const meanScoreOf = ({ scores }: Run): number => scores.reduce((sum, score) => sum + score, 0) / scores.length

/**
 * Between two knots the map is straight and a clock that wanders is not: a bend that leaves a knot by so much off the line
 * through its neighbours leaves the middle between two knots by a quarter of that off theirs.
 */
function widenByBends(anchors: Anchor[]): void {
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
