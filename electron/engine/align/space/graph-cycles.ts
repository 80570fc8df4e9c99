/**
 * Which measurements to believe: going round a cycle must lead back to where one started. Edges of good triangles are
 * preferred for the tree that ties all assets together; what then contradicts the tree is named with its cycle.
 */
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { because, type Reason } from '../../../../shared/sayings/saying.ts'
import {
  invertSimilarity,
  type Matrix4,
  multiply,
  scaleOf,
  transformPoint,
} from '../../../../shared/geometry/matrix4.ts'
import { congruence, firmestPlace, leverJacobian } from '../../../../shared/geometry/pose-covariance.ts'
import { poseDifference } from '../../../../shared/geometry/rotation.ts'
import { IDENTITY4 } from '../../../../shared/geometry/matrix4.ts'
import type { CycleError, Edge } from './pose-graph-model.ts'

/** Systematic error of scans that no covariance knows of: a slow bend, a moved chair. */
const DEGREES_EACH = 1
const METRES_EACH = 0.05

export interface Believed {
  /** Edges of the spanning forest, in an order in which each touches what came before it in its tree. */
  readonly tree: readonly Edge[]
  /** Further edges that agree with the tree. */
  readonly closing: readonly Edge[]
  readonly rejected: readonly { readonly edge: Edge; readonly reason: Reason }[]
  /** Tree edges in a contradicted cycle that no good cycle vouches for. */
  readonly doubted: ReadonlySet<Edge>
  readonly cycles: readonly CycleError[]
}

/** @param fixed Poses of nodes that are given (the world asset, placements by hand). */
export function believe(
  nodes: number,
  edges: readonly Edge[],
  fixed: ReadonlyMap<number, Matrix4>,
  nameOf: (node: number) => string,
): Believed {
  const votes = triangleVotes(nodes, edges)
  const rank = (edge: Edge): number => {
    if (edge.forced) return Number.POSITIVE_INFINITY
    const { good, bad } = votes.get(edge) ?? { good: 0, bad: 0 }
    return (edge.confidence * (1 + good)) / (1 + 2 * bad)
  }
  const order = [...edges].sort((a, b) => rank(b) - rank(a))
  const group = Array.from({ length: nodes }, (_, i) => i)
  const find = (i: number): number => (group[i] === i ? i : (group[i] = find(group[i])))
  const [firstFixed] = fixed.keys()
  for (const node of fixed.keys()) group[find(node)] = find(firstFixed)
  const tree: Edge[] = []
  const others: Edge[] = []
  for (const edge of order) {
    const [a, b] = [find(edge.target), find(edge.source)]
    if (a === b) {
      others.push(edge)
      continue
    }
    group[a] = b
    tree.push(edge)
  }
  const closing: Edge[] = []
  const rejected: { edge: Edge; reason: Reason }[] = []
  const cycles: CycleError[] = []
  const vouched = new Set<Edge>()
  const contradicted = new Set<Edge>()
  for (const edge of others) {
    const way = pathBetween(tree, fixed, edge.source, edge.target)
    if (!way) continue
    const loop = multiply(way.pose, edge.targetFromSource)
    const difference = poseDifference(loop, IDENTITY4, firmPoint(edge, edge.source))
    const stretch = Math.abs(Math.log(scaleOf(loop)))
    const length = way.edges.length + 1
    const allowed = allowance([...way.edges, edge])
    const consistent = difference.degrees < allowed.degrees && difference.metres < allowed.metres && stretch < 0.05
    cycles.push({
      assetIds: way.nodes.map(nameOf),
      degrees: difference.degrees,
      metres: difference.metres,
      consistent,
    })
    if (consistent || edge.forced) {
      closing.push(edge)
      for (const member of way.edges) vouched.add(member)
      continue
    }
    for (const member of way.edges) contradicted.add(member)
    const by = { metres: fixedAmount(difference.metres, 2), degrees: fixedAmount(difference.degrees, 1) }
    const reason =
      way.edges.length === 0
        ? because('space.againstHand', by)
        : because('space.againstCycle', { ...by, way: way.nodes.map(nameOf).join(' - '), pairs: length })
    rejected.push({ edge, reason })
  }
  const doubted = new Set([...contradicted].filter((edge) => !vouched.has(edge) && !edge.forced))
  return { tree, closing, rejected, doubted, cycles }
}

/** The place that a measurement knows best, in the frame of one of its ends: a loop is judged there and not at an origin far off. */
function firmPoint(edge: Edge, node: number): readonly number[] {
  const m = edge.targetFromSource
  const [x, y, z] = firmestPlace(edge.covariance)
  const place = [m[12]! + x, m[13]! + y, m[14]! + z] as const
  return node === edge.target ? place : transformPoint(invertSimilarity(m), place)
}

/** How far a cycle may fail to close: what its covariances allow, and a little for each scan. */
function allowance(edges: readonly Edge[]): { degrees: number; metres: number } {
  let rotation = 0
  let translation = 0
  for (const { covariance } of edges) {
    const c = congruence(leverJacobian(...firmestPlace(covariance)), covariance)
    rotation += c[0] + c[7] + c[14]
    translation += c[21] + c[28] + c[35]
  }
  return {
    degrees: DEGREES_EACH * Math.sqrt(edges.length) + (3 * Math.sqrt(rotation) * 180) / Math.PI,
    metres: METRES_EACH * Math.sqrt(edges.length) + 3 * Math.sqrt(translation),
  }
}

function triangleVotes(nodes: number, edges: readonly Edge[]): Map<Edge, { good: number; bad: number }> {
  const votes = new Map(edges.map((edge) => [edge, { good: 0, bad: 0 }]))
  const at = Array.from({ length: nodes }, () => [] as Edge[])
  for (const edge of edges) {
    at[edge.target].push(edge)
    at[edge.source].push(edge)
  }
  const end = (edge: Edge, from: number): number => (edge.target === from ? edge.source : edge.target)
  for (let a = 0; a < nodes; a++) {
    for (const ab of at[a]) {
      const b = end(ab, a)
      if (b <= a) continue
      for (const bc of at[b]) {
        const c = end(bc, b)
        if (c <= b) continue
        for (const ca of at[c]) {
          if (end(ca, c) !== a) continue
          const loop = multiply(multiply(step(ab, a), step(bc, b)), step(ca, c))
          const { degrees, metres } = poseDifference(loop, IDENTITY4, firmPoint(ab, a))
          const allowed = allowance([ab, bc, ca])
          const good = degrees < allowed.degrees && metres < allowed.metres
          for (const edge of [ab, bc, ca]) {
            const vote = votes.get(edge)
            if (vote) vote[good ? 'good' : 'bad']++
          }
        }
      }
    }
  }
  return votes
}

/** from_to of an edge walked from one of its ends. */
function step(edge: Edge, from: number): readonly number[] {
  return edge.target === from ? edge.targetFromSource : invertSimilarity(edge.targetFromSource)
}

/** The way through the tree; between fixed nodes one may step across for nothing. `pose` is from_to. */
function pathBetween(
  tree: readonly Edge[],
  fixed: ReadonlyMap<number, Matrix4>,
  from: number,
  to: number,
): { readonly pose: number[]; readonly edges: Edge[]; readonly nodes: number[] } | undefined {
  const seen = new Set([from])
  const queue = [{ node: from, pose: [...IDENTITY4], edges: [] as Edge[], nodes: [from] }]
  for (let entry = queue.shift(); entry; entry = queue.shift()) {
    if (entry.node === to) return entry
    const { node, pose, edges, nodes } = entry
    const visit = (next: number, move: Matrix4, edge?: Edge): void => {
      if (seen.has(next)) return
      seen.add(next)
      const further = edge ? [...edges, edge] : edges
      queue.push({ node: next, pose: multiply(pose, move), edges: further, nodes: [...nodes, next] })
    }
    const here = fixed.get(node)
    if (here) for (const [other, there] of fixed) visit(other, multiply(invertSimilarity(here), there))
    for (const edge of tree) {
      if (edge.target === node) visit(edge.source, edge.targetFromSource, edge)
      else if (edge.source === node) visit(edge.target, invertSimilarity(edge.targetFromSource), edge)
    }
  }
  return undefined
}
