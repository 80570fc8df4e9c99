/**
 * The sync graph of a take: nodes are clocks, edges are measured maps. All clocks are solved at once.
 *
 * A clock's map is `t_project = o + e^rho * t_clock`; an edge says `t_a = d + e^eps * t_b`. In (o, rho) its residuals
 * `o_b - o_a - e^rho_a * d` and `rho_b - rho_a - eps` are linear but for one product, so weighted least squares with the
 * edges' covariances converges in a few Gauss-Newton steps. What clocks say of themselves stands once each
 * (told-clocks.ts), what cannot all be true is settled first (contradictions.ts), and what a device's own ear or eye delays
 * is in all that was measured by it (own-delays.ts).
 */
import { say, because, type Reason, type Saying } from '../../../../shared/sayings/saying.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import type { GraphClock, GraphEdge } from './graph-model.ts'
import { onCommonStretches, onOneStretch, type Steps } from './common-stretches.ts'
import { settleContradictions } from './contradictions.ts'
import { fundamentalRank, trustPaths } from './graph-paths.ts'
import { type LineMapSolution, solveLinearGraph, type LinearSolution } from './linear-graph.ts'
import { withOwnDelays } from './own-delays.ts'
import { withStatements } from './told-clocks.ts'

interface SolvedKnot {
  readonly clockSeconds: number
  readonly projectSeconds: number
  readonly sigmaSeconds: number
}

export interface SolvedMap {
  readonly clockId: string
  readonly offsetSeconds: number
  readonly ratePpm: number
  readonly covariance: readonly [number, number, number]
  readonly confidence: number
  /** Of the evidence that ties the clock in; `reference` for the reference. */
  readonly method: string
  readonly evidenceIds: readonly string[]
  readonly knots?: readonly SolvedKnot[]
}

interface JudgedEdge {
  readonly id: string
  readonly accepted: boolean
  readonly reason?: string
  readonly said?: Saying
}

export interface SyncGraphSolution {
  readonly referenceClockId: string | null
  readonly maps: readonly SolvedMap[]
  readonly edges: readonly JudgedEdge[]
  readonly unsynced: readonly ({ readonly clockId: string } & Reason)[]
}

/** Evidence less likely right than wrong ties nothing. */
const LEAST_CONFIDENCE = 0.5
/**
 * What the edges of a cycle may differ by without a contradiction: sound travels, and devices that move hear it at
 * other moments. Used to reject; what is then left of it widens the stated covariance.
 */
const CYCLE_SECONDS = 2e-4
const CYCLE_PPM = 0.5
/** What no measurement claims to beat; it keeps covariances of almost one dimension invertible. */
const LEAST_SECONDS = 2e-7
const LEAST_PPM = 1e-4

export function solveSyncGraph(
  clocks: readonly GraphClock[],
  measured: readonly GraphEdge[],
  referenceClockId: string | null,
): SyncGraphSolution {
  const known = new Set(clocks.map((clock) => clock.clockId))
  if (referenceClockId !== null && !known.has(referenceClockId)) {
    throw new AsterismError('not_found', say('misfit.referenceClock'))
  }
  const reasons = new Map<string, Reason>()
  const usable = measured.filter((edge) => {
    if (!known.has(edge.clockA) || !known.has(edge.clockB) || edge.clockA === edge.clockB) return false
    if (edge.manual || edge.confidence >= LEAST_CONFIDENCE) return true
    reasons.set(edge.id, because('time.chance', { percent: Math.round(edge.confidence * 100) }))
    return false
  })
  const reference = referenceClockId ?? bestReference(clocks, usable)
  if (reference === null) return { referenceClockId: null, maps: [], edges: [], unsynced: [] }
  const { edges: stated, statementsOf, titles } = withStatements(usable)
  const asJudged = (edge: GraphEdge): GraphEdge => withFloor(edge, CYCLE_SECONDS, CYCLE_PPM)
  const { edges: moved, lost } = onOneStretch(stated, clocks, reference)
  const all = onCommonStretches(moved, reference, asJudged)
  const settled = settleContradictions(
    all.map(asJudged),
    reference,
    LEAST_CONFIDENCE,
    (nodeId) => titles.get(nodeId) ?? clocks.find(({ clockId }) => clockId === nodeId)?.title ?? nodeId,
  )
  for (const { id } of usable) {
    const ids = statementsOf.get(id) ?? [id]
    const reason = ids.map((each) => settled.reasons.get(each)).find((each) => each !== undefined)
    if (reason !== undefined) reasons.set(id, reason)
  }
  const belief = new Map(settled.kept.map((edge) => [edge.id, edge.confidence]))
  const edges = all.flatMap((edge) => {
    const confidence = belief.get(edge.id)
    return confidence === undefined ? [] : [{ ...withFloor(edge, LEAST_SECONDS, LEAST_PPM), confidence }]
  })
  const paths = trustPaths(edges, reference)
  const reachable = edges.filter((edge) => paths.has(edge.clockA))
  const { edges: tied, nodes } = withOwnDelays(reachable)
  const line = solveLinearGraph([...paths.keys(), ...nodes], tied, reference)
  const solution = widened(line, 2 * fundamentalRank(reachable))
  const usedBy = (clockId: string): string[] =>
    usable
      .filter((edge) => (edge.clockA === clockId || edge.clockB === clockId) && !reasons.has(edge.id))
      .map((edge) => edge.id)
  const maps = [...paths.keys()]
    .filter((clockId) => known.has(clockId))
    .map((clockId) => mapOf(clockId, reference, solution, reachable, paths, usedBy(clockId), lost))
  const placed = maps.filter((map) => map.confidence >= LEAST_CONFIDENCE)
  const isPlaced = new Set(placed.map((map) => map.clockId))
  return {
    referenceClockId: reference,
    maps: placed,
    edges: measured.map((edge) => {
      const reason = reasons.get(edge.id)
      return reason === undefined
        ? { id: edge.id, accepted: known.has(edge.clockA) && known.has(edge.clockB) }
        : { id: edge.id, accepted: false, ...reason }
    }),
    unsynced: clocks
      .filter((clock) => !isPlaced.has(clock.clockId))
      .map(({ clockId }) => ({ clockId, ...whyUnsynced(clockId, measured, reasons) })),
  }
}

function withFloor(edge: GraphEdge, seconds: number, ppm: number): GraphEdge {
  const [oo, or, rr] = edge.covariance
  return { ...edge, covariance: [oo + seconds ** 2, or, rr + ppm ** 2] }
}

/** Where cycles close worse than the edges' sigmas say, those are too small by the root of chi-square a degree (Birge, 1932). */
function widened(solution: LinearSolution, degrees: number): LinearSolution {
  const factor = degrees === 0 ? 1 : Math.max(1, solution.chiSquare / degrees)
  const maps = new Map(
    [...solution.maps].map(
      ([
        clockId,
        {
          covariance: [oo, or, rr],
          ...map
        },
      ]) => [clockId, { ...map, covariance: [factor * oo, factor * or, factor * rr] as const }],
    ),
  )
  return { ...solution, maps }
}

/** The clock with the most evidence; between equals the longer one, then the first. */
function bestReference(clocks: readonly GraphClock[], edges: readonly GraphEdge[]): string | null {
  let best: { clockId: string; score: number; duration: number } | null = null
  for (const { clockId, durationSeconds } of clocks) {
    const own = edges.filter((edge) => edge.clockA === clockId || edge.clockB === clockId)
    const score = own.reduce((sum, edge) => sum + edge.confidence * Math.log1p(edge.overlapSeconds), 0)
    if (
      !best ||
      score > best.score + 1e-9 ||
      (Math.abs(score - best.score) <= 1e-9 && durationSeconds > best.duration)
    ) {
      best = { clockId, score, duration: durationSeconds }
    }
  }
  return best?.clockId ?? null
}

type Paths = ReturnType<typeof trustPaths>

function mapOf(
  clockId: string,
  reference: string,
  solution: LinearSolution,
  edges: readonly GraphEdge[],
  paths: Paths,
  evidenceIds: readonly string[],
  lost: ReadonlyMap<string, Steps>,
): SolvedMap {
  const solved = solution.maps.get(clockId)!
  const path = paths.get(clockId)!
  const own = edges.filter((edge) => edge.clockA === clockId || edge.clockB === clockId)
  const knots = knotsOf(clockId, paths, solution, lost)
  return {
    clockId,
    ...solved,
    confidence: clockId === reference ? 1 : beliefIn(clockId, own, paths),
    method: path.edge?.method ?? 'reference',
    evidenceIds,
    ...(knots ? { knots } : {}),
  }
}

/** Edges that agree support each other: wrong only if all of them are, each with the way that leads to it. */
function beliefIn(clockId: string, own: readonly GraphEdge[], paths: Paths): number {
  const direct = paths.get(clockId)!.confidence
  let wrong = 1
  for (const edge of own) {
    const other = paths.get(edge.clockA === clockId ? edge.clockB : edge.clockA)!
    // What is itself reached through this clock proves nothing about it.
    if (other.via.has(clockId)) continue
    wrong *= 1 - edge.confidence * other.confidence
  }
  return Math.max(direct, 1 - wrong)
}

/** Through those of the clock that it was reached by, where that one runs on no line either. */
function knotsOf(
  clockId: string,
  paths: Paths,
  solution: LinearSolution,
  lost: ReadonlyMap<string, Steps>,
): SolvedKnot[] | undefined {
  const steps = lost.get(clockId)
  if (steps) {
    const { offsetSeconds, ratePpm } = solution.maps.get(clockId)!
    return steps.ahead
      .map(({ seconds, by, sigmaSeconds }) => ({
        clockSeconds: seconds,
        projectSeconds: offsetSeconds + (1 + ratePpm * 1e-6) * seconds + by,
        sigmaSeconds,
      }))
      .sort((a, b) => a.clockSeconds - b.clockSeconds)
  }
  const edge = paths.get(clockId)!.edge
  if (!edge?.knots) return undefined
  const isB = edge.clockB === clockId
  const otherId = isB ? edge.clockA : edge.clockB
  const other = solution.maps.get(otherId)!
  const bent = knotsOf(otherId, paths, solution, lost)
  const project = (seconds: number): number =>
    other.offsetSeconds + (1 + other.ratePpm * 1e-6) * seconds + (bent ? besideAt(bent, seconds, other) : 0)
  return (edge.knots ?? [])
    .map((knot) => ({
      clockSeconds: isB ? knot.secondsB : knot.secondsA,
      projectSeconds: project(isB ? knot.secondsA : knot.secondsB),
      sigmaSeconds: knot.sigmaSeconds,
    }))
    .sort((a, b) => a.clockSeconds - b.clockSeconds)
}

/** How far knots lie beside a line, between two of them in proportion. */
function besideAt(knots: readonly SolvedKnot[], seconds: number, { offsetSeconds, ratePpm }: LineMapSolution): number {
  const beside = ({ clockSeconds, projectSeconds }: SolvedKnot) =>
    projectSeconds - offsetSeconds - (1 + ratePpm * 1e-6) * clockSeconds
  const next = knots.findIndex(({ clockSeconds }) => clockSeconds >= seconds)
  const [one, two] = [knots[next < 0 ? knots.length - 1 : Math.max(0, next - 1)]!, knots.at(next)!]
  const span = two.clockSeconds - one.clockSeconds
  const share = span > 0 ? (seconds - one.clockSeconds) / span : 0
  return beside(one) * (1 - share) + beside(two) * share
}

function whyUnsynced(clockId: string, measured: readonly GraphEdge[], reasons: ReadonlyMap<string, Reason>): Reason {
  const own = measured.filter((edge) => edge.clockA === clockId || edge.clockB === clockId)
  const rejected = own.map((edge) => reasons.get(edge.id)).find((reason) => reason !== undefined)
  if (rejected) return because('time.notUsable', { why: rejected.said })
  if (own.length > 0) return because('time.noneLeads')
  return because('time.foundNowhere')
}
