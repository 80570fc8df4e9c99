/** Alignment in time: the registry of gatherers, best evidence first, and what the rest of the engine calls. */
import { because, type Saying } from '../../../../shared/sayings/saying.ts'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { audioGatherer } from './audio.ts'
import { eventGatherer } from './events.ts'
import type { GatherContext, GatheredEvidence, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'
import { motionGatherer } from './motion.ts'
import { timecodeGatherer } from './timecode.ts'

export const TIME_GATHERERS: readonly TimeEvidenceGatherer[] = [
  audioGatherer,
  timecodeGatherer,
  motionGatherer,
  eventGatherer,
]

/** What stops everything, not one way of measuring. */
const FATAL: ReadonlySet<string> = new Set(['cancelled', 'tool_missing', 'disk_full', 'internal'])

/** Evidence that sure makes it needless to decode whole pictures and to look for claps. */
const SURE = 0.9

/** What is known before any way was tried. */
export type PairContext = Pick<GatherContext, 'signal' | 'onProgress'>

export interface Gathering {
  readonly evidence: readonly GatheredEvidence[]
  /** Why each way that was tried found nothing. */
  readonly refusals: readonly { readonly method: string; readonly reason: string; readonly said?: Saying }[]
  /** Set where a recording could not be read: another time it may be. */
  readonly failed?: boolean
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
  context: PairContext,
): Promise<Gathering> {
  const evidence: GatheredEvidence[] = []
  const refusals: { method: string; reason: string; said?: Saying }[] = []
  let failed = false
  let passageOffsetSeconds: number | undefined
  for (const gatherer of TIME_GATHERERS) {
    throwIfCancelled(context.signal)
    if (method !== 'auto' && gatherer.id !== method) continue
    if (!gatherer.supports(a, b)) continue
    const isSure = evidence.some(({ map }) => map.confidence >= SURE)
    try {
      const answer = await gatherer.gather(a, b, { ...context, isSure, passageOffsetSeconds })
      if (answer.found) evidence.push({ method: gatherer.id, map: answer })
      else {
        refusals.push({ method: gatherer.id, reason: answer.reason, said: answer.said })
        passageOffsetSeconds ??= answer.passageOffsetSeconds
      }
    } catch (error) {
      // A recording that cannot be read one way may be read another, and is no reason to give up the rest of a take.
      if (!(error instanceof AsterismError) || FATAL.has(error.code)) throw error
      failed = true
      refusals.push({ method: gatherer.id, reason: error.message, said: error.said?.what })
    }
  }
  if (evidence.length === 0 && refusals.length === 0) {
    const known = method === 'auto' || TIME_GATHERERS.some((gatherer) => gatherer.id === method)
    const nothing = method === 'auto' ? because('time.nothingInCommon') : because('time.nothingInCommonBy', { method })
    refusals.push({ method, ...(known ? nothing : because('time.noSuchWay', { method })) })
  }
  return { evidence, refusals, ...(failed && { failed }) }
}

export { mostBelieved } from './agreement.ts'
export type { TimedSource, TimeEvidenceGatherer } from './gatherer.ts'
export type { GraphEdge } from './graph-model.ts'
export { solveSyncGraph, type SyncGraphSolution } from './solver.ts'
