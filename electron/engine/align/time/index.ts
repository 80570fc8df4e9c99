/** Alignment in time: the registry of gatherers, best evidence first, and what the rest of the engine calls. */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { audioGatherer } from './audio.ts'
import { eventGatherer } from './events.ts'
import type { GatherContext, MeasuredTimeMap, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'
import { motionGatherer } from './motion.ts'
import { timecodeGatherer } from './timecode.ts'

export const TIME_GATHERERS: readonly TimeEvidenceGatherer[] = [
  audioGatherer,
  timecodeGatherer,
  motionGatherer,
  eventGatherer,
]

/** Evidence that sure makes it needless to decode whole pictures and to look for claps. */
const SURE = 0.9

export interface GatheredEvidence {
  readonly method: string
  readonly map: MeasuredTimeMap
}

export interface Gathering {
  readonly evidence: readonly GatheredEvidence[]
  /** Why each way that was tried found nothing. */
  readonly refusals: readonly { readonly method: string; readonly reason: string }[]
}

/**
 * Everything that can be measured between two clocks.
 *
 * @param method `auto` tries every way; any other only that one
 */
export async function gatherEvidence(
  a: TimedSource,
  b: TimedSource,
  method: string,
  context: Omit<GatherContext, 'isSure'>,
): Promise<Gathering> {
  const evidence: GatheredEvidence[] = []
  const refusals: { method: string; reason: string }[] = []
  for (const gatherer of TIME_GATHERERS) {
    throwIfCancelled(context.signal)
    if (method !== 'auto' && gatherer.id !== method) continue
    if (!gatherer.supports(a, b)) continue
    const isSure = evidence.some(({ map }) => map.confidence >= SURE)
    const answer = await gatherer.gather(a, b, { ...context, isSure })
    if (answer.found) evidence.push({ method: gatherer.id, map: answer })
    else refusals.push({ method: gatherer.id, reason: answer.reason })
  }
  if (evidence.length === 0 && refusals.length === 0) {
    const known = method === 'auto' || TIME_GATHERERS.some((gatherer) => gatherer.id === method)
    const reason = known
      ? `The two have nothing in common that could be compared${method === 'auto' ? '' : ` by ${method}`}: sound in both, motion in both, or clocks that both say.`
      : `There is no way called "${method}" to align these.`
    refusals.push({ method, reason })
  }
  return { evidence, refusals }
}

export type { MeasuredTimeMap, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'
export type { GraphEdge } from './graph-model.ts'
export { solveSyncGraph, type SyncGraphSolution } from './solver.ts'
