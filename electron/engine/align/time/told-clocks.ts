/**
 * What clocks say of themselves, as the graph of a take has it. Every statement (a timecode, a date) stands once, as an
 * edge from its clock to a clock that all of them claim to show. So two recordings with wrong dates do not support each
 * other, a camera in another time zone is outvoted as a whole, and twelve dates are not sixty-six pieces of evidence.
 */
import type { GraphEdge, Told } from './graph-model.ts'

export interface ToldGraph {
  /** Measured edges as they were, and one edge a statement. */
  readonly edges: readonly GraphEdge[]
  /** The statements that each told edge was compared by. */
  readonly statementsOf: ReadonlyMap<string, readonly [string, string]>
  /** What the added nodes are called in reasons. */
  readonly titles: ReadonlyMap<string, string>
}

interface End {
  readonly clockId: string
  readonly told: Told
}

/** Replaces edges that were told by the statements behind them; what a person accepted stays as it is. */
export function withStatements(all: readonly GraphEdge[]): ToldGraph {
  const edges: GraphEdge[] = all.filter((edge) => !edge.told || edge.manual)
  const statementsOf = new Map<string, readonly [string, string]>()
  const titles = new Map<string, string>()
  for (const kind of ['timecode', 'time of day'] as const) {
    const pairs = all.filter((edge) => edge.told?.kind === kind && !edge.manual)
    for (const group of connectedGroups(pairs)) {
      const nodeId = `${kind} ${titles.size}`
      titles.set(nodeId, `the ${kind}`)
      for (const edge of statements(nodeId, group)) edges.push(edge)
      for (const { id, clockA, clockB } of group) {
        statementsOf.set(id, [statementId(nodeId, clockA), statementId(nodeId, clockB)])
      }
    }
  }
  return { edges, statementsOf, titles }
}

const statementId = (nodeId: string, clockId: string): string => `${nodeId}\n${clockId}`

function connectedGroups(pairs: readonly GraphEdge[]): GraphEdge[][] {
  const groups: { clocks: Set<string>; pairs: GraphEdge[] }[] = []
  for (const pair of pairs) {
    const touched = groups.filter(({ clocks }) => clocks.has(pair.clockA) || clocks.has(pair.clockB))
    const joined = { clocks: new Set([pair.clockA, pair.clockB]), pairs: [pair] }
    for (const group of touched) {
      for (const clockId of group.clocks) joined.clocks.add(clockId)
      joined.pairs.push(...group.pairs)
      groups.splice(groups.indexOf(group), 1)
    }
    groups.push(joined)
  }
  return groups.map((group) => group.pairs)
}

/** One edge a clock: where it lies on the clock that all of the group claim to show. */
function statements(nodeId: string, pairs: readonly GraphEdge[]): GraphEdge[] {
  const ends = pairs.flatMap((pair) => [endOf(pair, 'a'), endOf(pair, 'b')])
  const places = new Map([[ends[0]!.clockId, 0]])
  for (let before = 0; before < places.size;) {
    before = places.size
    for (const { clockA, clockB, offsetSeconds, told } of pairs) {
      const scaleA = 1 + told!.a.ratePpm * 1e-6
      const [placeA, placeB] = [places.get(clockA), places.get(clockB)]
      if (placeA !== undefined && placeB === undefined) places.set(clockB, placeA + scaleA * offsetSeconds)
      if (placeB !== undefined && placeA === undefined) places.set(clockA, placeB - scaleA * offsetSeconds)
    }
  }
  return [...places].map(([clockId, offsetSeconds]) => {
    const own = ends.filter((end) => end.clockId === clockId).map((end) => end.told)
    const { ratePpm, covariance } = own[0]!
    const overlaps = pairs.filter((pair) => pair.clockA === clockId || pair.clockB === clockId)
    return {
      id: statementId(nodeId, clockId),
      clockA: nodeId,
      clockB: clockId,
      method: 'timecode',
      offsetSeconds,
      ratePpm,
      covariance,
      confidence: Math.min(...own.map((each) => each.belief)),
      overlapSeconds: Math.max(...overlaps.map((pair) => pair.overlapSeconds)),
      manual: false,
    }
  })
}

function endOf(pair: GraphEdge, end: 'a' | 'b'): End {
  return { clockId: end === 'a' ? pair.clockA : pair.clockB, told: pair.told![end] }
}
