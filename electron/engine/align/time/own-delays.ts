/**
 * What a device's own ear or eye delays is part of every map that it was measured by, so that it does not average out
 * however many others heard or saw the same: filters of a microphone, an encoder's delay that nothing tells, where in its
 * exposure a picture is stamped. In the graph each ear and eye is a node of its own, which lies on its clock but for that
 * delay; edges that were measured by it tie the node.
 */
import type { GraphEdge, OwnDelay } from './graph-model.ts'

/** Keeps a covariance invertible whose floor was taken out. */
const LEAST_VARIANCE = 1e-14
/** An ear runs at the rate of its clock. */
const SAME_RATE_VARIANCE = 1e-8

/** The edges between what they were measured by, and the nodes that this adds. */
export function withOwnDelays(edges: readonly GraphEdge[]): { edges: GraphEdge[]; nodes: string[] } {
  const mounts = new Map<string, GraphEdge>()
  const nodeOf = (clockId: string, delay: OwnDelay | null): string => {
    if (!delay) return clockId
    const node = `${delay.by} of ${clockId}`
    mounts.set(node, {
      id: node,
      clockA: clockId,
      clockB: node,
      method: 'mount',
      offsetSeconds: 0,
      ratePpm: 0,
      covariance: [Math.max(delay.sigmaSeconds ** 2, mounts.get(node)?.covariance[0] ?? 0), 0, SAME_RATE_VARIANCE],
      confidence: 1,
      overlapSeconds: 0,
      manual: false,
    })
    return node
  }
  const tied = edges.map((edge): GraphEdge => {
    if (!edge.ownDelays) return edge
    const [delayA, delayB] = edge.ownDelays
    const [oo, or, rr] = edge.covariance
    const own = (delayA?.sigmaSeconds ?? 0) ** 2 + (delayB?.sigmaSeconds ?? 0) ** 2
    const chance = Math.max(oo - own, (or * or) / rr + LEAST_VARIANCE)
    return {
      ...edge,
      clockA: nodeOf(edge.clockA, delayA),
      clockB: nodeOf(edge.clockB, delayB),
      covariance: [chance, or, rr],
    }
  })
  return { edges: [...tied, ...mounts.values()], nodes: [...mounts.keys()] }
}
