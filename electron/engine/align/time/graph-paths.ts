/** Ways through the sync graph. */
import type { GraphEdge } from './graph-model.ts'

export interface TrustPath {
  /** Product of the confidences along the way; 1 at the start. */
  readonly confidence: number
  /** The last edge of the way; null at the start. */
  readonly edge: GraphEdge | null
  /** The clocks on the way, its end included. */
  readonly via: ReadonlySet<string>
}

function otherEnd(edge: GraphEdge, clockId: string): string | null {
  return edge.clockA === clockId ? edge.clockB : edge.clockB === clockId ? edge.clockA : null
}

/** The most trustworthy way from a clock to every clock that can be reached (Dijkstra on the product of confidences). */
export function trustPaths(edges: readonly GraphEdge[], start: string): Map<string, TrustPath> {
  const settled = new Map<string, TrustPath>()
  const open = new Map<string, TrustPath>([[start, { confidence: 1, edge: null, via: new Set([start]) }]])
  while (open.size > 0) {
    let next = [...open.keys()][0]!
    for (const [clockId, path] of open) if (path.confidence > open.get(next)!.confidence) next = clockId
    const path = open.get(next)!
    open.delete(next)
    settled.set(next, path)
    for (const edge of edges) {
      const other = otherEnd(edge, next)
      if (other === null || settled.has(other)) continue
      const confidence = path.confidence * (edge.manual ? 1 : edge.confidence)
      if (confidence > (open.get(other)?.confidence ?? -1))
        open.set(other, { confidence, edge, via: new Set([...path.via, other]) })
    }
  }
  return settled
}

/** How many independent cycles the edges close. */
export function fundamentalRank(edges: readonly GraphEdge[]): number {
  const left = new Set(edges.flatMap((edge) => [edge.clockA, edge.clockB]))
  let rank = edges.length - left.size
  while (left.size > 0) {
    rank += 1
    for (const clockId of trustPaths(edges, [...left][0]!).keys()) left.delete(clockId)
  }
  return rank
}

/** The edges that, with this one, close the shortest cycle; null when it is in none. */
export function cycleThrough(edges: readonly GraphEdge[], through: GraphEdge): GraphEdge[] | null {
  const before = new Map<string, { from: string; edge: GraphEdge } | null>([[through.clockA, null]])
  const queue = [through.clockA]
  for (let clockId = queue.shift(); clockId !== undefined; clockId = queue.shift()) {
    for (const edge of edges) {
      const other = edge === through ? null : otherEnd(edge, clockId)
      if (other === null || before.has(other)) continue
      before.set(other, { from: clockId, edge })
      queue.push(other)
    }
  }
  if (!before.has(through.clockB)) return null
  const cycle: GraphEdge[] = []
  for (let step = before.get(through.clockB); step; step = before.get(step.from)) cycle.push(step.edge)
  return cycle
}
