/**
 * A recording that lost a block runs on two lines, one before it and one behind it. Which of them a pair is measured on
 * depends on where the other recording overlaps, so that edges of one clock may differ by what was lost without any being
 * wrong. Where the cycles do not close, those with steps are put on the stretch on which they do.
 */
import { misfitOf, CONTRADICTION_PER_CYCLE } from './contradictions.ts'
import type { GraphEdge } from './graph-model.ts'
import { fundamentalRank } from './graph-paths.ts'

/** Knots less sure lie beside a cut. */
const SURE_SECONDS = 1e-3
/** Stretches whose lines lie nearer are one clock that wanders. */
const STEP_SECONDS = 3e-3

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
  for (const { secondsA, secondsB, sigmaSeconds } of edge.knots ?? []) {
    if (sigmaSeconds > SURE_SECONDS) continue
    const beside = secondsA - edge.offsetSeconds - (1 + edge.ratePpm * 1e-6) * secondsB
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
