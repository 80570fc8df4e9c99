/**
 * What a microphone's own filters delay is part of every map that its sound was measured by, so that it does not average
 * out however many others heard the same. In the graph each clock that was heard gets a node for its microphone, which
 * lies on the clock but for that delay; edges measured by sound tie microphones.
 */
import { MICROPHONE_SECONDS } from '../../../../shared/signal/line-covariance.ts'
import type { GraphEdge } from './graph-model.ts'

const AUDIO = 'audio'
/** Keeps a covariance invertible whose floor was taken out. */
const LEAST_VARIANCE = 1e-14
/** A microphone runs at the rate of its clock. */
const SAME_RATE_VARIANCE = 1e-8

const microphoneOf = (clockId: string): string => `microphone of ${clockId}`

/** The edges with microphones of their own, and the nodes that this adds. */
export function withMicrophones(edges: readonly GraphEdge[]): { edges: GraphEdge[]; nodes: string[] } {
  const heard = new Set<string>()
  const tied = edges.map((edge): GraphEdge => {
    if (edge.method !== AUDIO) return edge
    heard.add(edge.clockA).add(edge.clockB)
    const [oo, or, rr] = edge.covariance
    const chance = Math.max(oo - 2 * MICROPHONE_SECONDS ** 2, (or * or) / rr + LEAST_VARIANCE)
    const [clockA, clockB] = [microphoneOf(edge.clockA), microphoneOf(edge.clockB)]
    return { ...edge, clockA, clockB, covariance: [chance, or, rr] }
  })
  const mounts = [...heard].map((clockId): GraphEdge => ({
    id: microphoneOf(clockId),
    clockA: clockId,
    clockB: microphoneOf(clockId),
    method: 'microphone',
    offsetSeconds: 0,
    ratePpm: 0,
    covariance: [MICROPHONE_SECONDS ** 2, 0, SAME_RATE_VARIANCE],
    confidence: 1,
    overlapSeconds: 0,
    manual: false,
  }))
  return { edges: [...tied, ...mounts], nodes: [...heard].map(microphoneOf) }
}
