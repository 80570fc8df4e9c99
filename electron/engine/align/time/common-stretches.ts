/**
 * A recording that lost a block runs on two lines, one before it and one behind it. Which of them a pair is measured on
 * depends on where the other recording overlaps, so that edges of one clock may differ by what was lost without any being
 * wrong. Where the cycles do not close, those with steps are put on the stretch on which they do.
 */
import { misfitOf, CONTRADICTION_PER_CYCLE } from './contradictions.ts'
import type { GraphClock, GraphEdge } from './graph-model.ts'
import { fundamentalRank } from './graph-paths.ts'

/** Knots less sure lie beside a cut. */
const SURE_SECONDS = 1e-3
/** Stretches whose lines lie nearer are one clock that wanders. */
const STEP_SECONDS = 3e-3

/** Edges less sure tell nobody of a step. */
const SURE = 0.9

export interface Steps {
  readonly edge: GraphEdge
  /** By how much the clock is ahead of its line, by its own seconds. */
  readonly ahead: readonly { readonly seconds: number; readonly by: number; readonly sigmaSeconds: number }[]
}

/**
 * Every edge of a recording that lost a block on the line of one of them: what else was measured behind the cut is moved by
 * what was lost, or whoever was only heard there would be placed beside by as much.
 */
export function onOneStretch(
  edges: readonly GraphEdge[],
  clocks: readonly GraphClock[],
  reference: string,
): { readonly edges: GraphEdge[]; readonly lost: ReadonlyMap<string, Steps> } {
  const lost = new Map<string, Steps>()
  for (const edge of edges) {
    const steps = stepsIn(edge)
    const known = steps && lost.get(steps.clockId)
    // By the reference's own clock time is told: to it nothing is lost.
    if (steps && steps.clockId !== reference && edge.overlapSeconds > (known?.edge.overlapSeconds ?? 0))
      lost.set(steps.clockId, steps)
  }
  const durations = new Map(clocks.map(({ clockId, durationSeconds }) => [clockId, durationSeconds]))
  const moved = edges.map((edge) => {
    let offsetSeconds = edge.offsetSeconds
    for (const [clockId, sign] of [
      [edge.clockA, 1],
      [edge.clockB, -1],
    ] as const) {
      const steps = lost.get(clockId)
      if (!steps || steps.edge === edge || edge.manual) continue
      offsetSeconds += sign * aheadAt(steps, middleOf(edge, clockId, durations))
    }
    return offsetSeconds === edge.offsetSeconds ? edge : { ...edge, offsetSeconds }
  })
  return { edges: moved, lost }
}

/** Whose clock a step is of is told by its sense: what lost a block jumps ahead. */
function stepsIn(edge: GraphEdge): (Steps & { readonly clockId: string }) | undefined {
  if (edge.manual || edge.confidence < SURE) return undefined
  const knots = sureKnots(edge)
  const besides = knots.map((knot) => besideLine(edge, knot))
  const jumps = besides.slice(1).map((beside, at) => beside - besides[at]!)
  const steps = jumps.filter((jump) => Math.abs(jump) >= STEP_SECONDS)
  const isOfB = steps.every((jump) => jump > 0)
  if (steps.length === 0 || (!isOfB && steps.some((jump) => jump > 0))) return undefined
  const ahead = (edge.knots ?? []).map((knot) => ({
    seconds: isOfB ? knot.secondsB : knot.secondsA,
    by: (isOfB ? 1 : -1) * besideLine(edge, knot),
    sigmaSeconds: knot.sigmaSeconds,
  }))
  return { clockId: isOfB ? edge.clockB : edge.clockA, edge, ahead }
}

/** Of the nearest knot that is sure, and nothing where the clock only wanders. */
function aheadAt({ ahead }: Steps, seconds: number): number {
  const sure = ahead.filter(({ sigmaSeconds }) => sigmaSeconds <= SURE_SECONDS)
  const nearest = sure.reduce((one, two) =>
    Math.abs(two.seconds - seconds) < Math.abs(one.seconds - seconds) ? two : one,
  )
  return Math.abs(nearest.by) < STEP_SECONDS ? 0 : nearest.by
}

/** Where on a clock of its own an edge's line was measured. */
function middleOf(edge: GraphEdge, clockId: string, durations: ReadonlyMap<string, number>): number {
  const isB = clockId === edge.clockB
  const on = sureKnots(edge).filter((knot) => Math.abs(besideLine(edge, knot)) < STEP_SECONDS)
  if (on.length > 0) return on.reduce((sum, knot) => sum + (isB ? knot.secondsB : knot.secondsA), 0) / on.length
  const begins = Math.max(0, edge.offsetSeconds)
  const ends = Math.min(durations.get(edge.clockA) ?? 0, edge.offsetSeconds + (durations.get(edge.clockB) ?? 0))
  return (begins + ends) / 2 - (isB ? edge.offsetSeconds : 0)
}

const sureKnots = (edge: GraphEdge) => (edge.knots ?? []).filter(({ sigmaSeconds }) => sigmaSeconds <= SURE_SECONDS)

const besideLine = (edge: GraphEdge, { secondsA, secondsB }: { secondsA: number; secondsB: number }): number =>
  secondsA - edge.offsetSeconds - (1 + edge.ratePpm * 1e-6) * secondsB

/** @param judged what an edge is as cycles are judged */
export function onCommonStretches(
  edges: readonly GraphEdge[],
  reference: string,
  judged: (edge: GraphEdge) => GraphEdge,
): GraphEdge[] {
  let now = [...edges]
  const misfit = (of: readonly GraphEdge[]): number => misfitOf(of.map(judged), reference)
  for (let turn = 0; turn < edges.length; turn++) {
    const cycles = fundamentalRank(now)
    const before = cycles === 0 ? 0 : misfit(now)
    if (before <= CONTRADICTION_PER_CYCLE * cycles) break
    const choices = now.flatMap((edge, at) => otherStretches(edge).map((other) => now.with(at, other)))
    const costs = choices.map(misfit)
    const least = Math.min(...costs)
    if (!(least < before - CONTRADICTION_PER_CYCLE)) break
    now = choices[costs.indexOf(least)]!
  }
  return now
}

/** The edge on the lines of its other stretches. */
function otherStretches(edge: GraphEdge): GraphEdge[] {
  if (edge.manual) return []
  const lines: number[][] = []
  for (const knot of sureKnots(edge)) {
    const beside = besideLine(edge, knot)
    const known = lines.find(([first]) => Math.abs(first! - beside) < STEP_SECONDS)
    if (known) known.push(beside)
    else lines.push([beside])
  }
  return lines
    .filter((line) => Math.abs(line[0]!) >= STEP_SECONDS)
    .map((line) => {
      const mean = line.reduce((sum, beside) => sum + beside, 0) / line.length
      const [oo, or, rr] = edge.covariance
      const spread = Math.max(...line.map((beside) => Math.abs(beside - mean)))
      return {
        ...edge,
        offsetSeconds: edge.offsetSeconds + mean,
        covariance: [oo + spread ** 2, or, rr] as const,
      }
    })
}
