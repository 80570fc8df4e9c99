/** Edges of a sync graph that cannot all be true: which of them goes, and what that leaves of the belief in the others. */
import { wayNamed } from './way.ts'
import { because, type Reason, say, type Saying } from '../../../../shared/sayings/saying.ts'
import type { GraphEdge } from './graph-model.ts'
import { cycleThrough, fundamentalRank, trustPaths } from './graph-paths.ts'
import { solveLinearGraph } from './linear-graph.ts'

/** Chi-square of two residuals per closed cycle beyond this is a contradiction (p below 1e-4). */
export const CONTRADICTION_PER_CYCLE = 18.4

export interface Settled {
  readonly kept: readonly GraphEdge[]
  /** Why each of the others does not count, by id. */
  readonly reasons: ReadonlyMap<string, Reason>
}

/**
 * Takes out, one at a time, the edge without which the others agree best, until they agree. Where another edge of the
 * cycle might as well have been the wrong one, what is kept is believed only as far as the choice was clear.
 *
 * @param nameOf what a node is called in a reason
 * @param leastConfidence edges believed less tie nothing
 */
export function settleContradictions(
  all: readonly GraphEdge[],
  reference: string,
  leastConfidence: number,
  nameOf: (nodeId: string) => string,
): Settled {
  let edges = [...all]
  const reasons = new Map<string, Reason>()
  const between = ({ clockA, clockB, method }: GraphEdge) => ({
    a: nameOf(clockA),
    b: nameOf(clockB),
    method: wayNamed(method),
  })
  const wayOf = (cycle: readonly GraphEdge[]): Saying =>
    cycle.map((edge) => say('time.between', between(edge))).reduce((one, other) => say('time.list', { one, other }))
  for (;;) {
    const cycles = fundamentalRank(edges)
    if (cycles === 0 || misfitOf(edges, reference) <= CONTRADICTION_PER_CYCLE * cycles) break
    const suspects = edges.filter((edge) => !edge.manual && cycleThrough(edges, edge) !== null)
    if (suspects.length === 0) break
    const costs = new Map(suspects.map((edge) => [edge.id, costWithout(edges, edge, reference)]))
    const worst = suspects.reduce((one, two) => (costs.get(two.id)! < costs.get(one.id)! ? two : one))
    const cycle = cycleThrough(edges, worst) ?? []
    reasons.set(worst.id, because('time.contradicts', { way: cycle.length === 0 ? '' : wayOf(cycle) }))
    edges = edges.filter((edge) => edge !== worst)
    // What a person said is not weighed: it decides.
    if (cycle.some((edge) => edge.manual)) continue
    const doubtful = chanceOfBeingWrong([worst, ...cycle], costs)
    edges = edges.flatMap((edge) => {
      const confidence = Math.min(edge.confidence, 1 - (doubtful.get(edge.id) ?? 0))
      if (confidence >= leastConfidence || edge.manual) return [{ ...edge, confidence }]
      reasons.set(edge.id, because('time.eitherWrong', between(worst)))
      return []
    })
  }
  return { kept: edges, reasons }
}

/** Twice the negative logarithm of how likely it is that this edge is the wrong one, but for what all have in common. */
function costWithout(edges: readonly GraphEdge[], edge: GraphEdge, reference: string): number {
  const odds = Math.log((edge.confidence + 1e-6) / (1 - edge.confidence + 1e-3))
  return (
    misfitOf(
      edges.filter((each) => each !== edge),
      reference,
    ) +
    2 * odds
  )
}

/** Of edges of which one is wrong, by what each would cost to leave out. */
function chanceOfBeingWrong(suspects: readonly GraphEdge[], costs: ReadonlyMap<string, number>): Map<string, number> {
  const known = suspects.filter((edge) => costs.has(edge.id))
  const least = Math.min(...known.map((edge) => costs.get(edge.id)!))
  const weights = known.map((edge) => Math.exp((least - costs.get(edge.id)!) / 2))
  const sum = weights.reduce((total, each) => total + each, 0)
  return new Map(known.map((edge, n) => [edge.id, weights[n]! / sum]))
}

/** Chi-square of all edges after the best fit, over every connected part. */
export function misfitOf(edges: readonly GraphEdge[], reference: string): number {
  const left = new Set(edges.flatMap((edge) => [edge.clockA, edge.clockB]))
  let sum = 0
  let start: string | undefined = left.has(reference) ? reference : [...left][0]
  while (start !== undefined) {
    const part = trustPaths(edges, start)
    const own = edges.filter((edge) => part.has(edge.clockA))
    sum += solveLinearGraph([...part.keys()], own, start).chiSquare
    for (const clockId of part.keys()) left.delete(clockId)
    start = [...left][0]
  }
  return sum
}
