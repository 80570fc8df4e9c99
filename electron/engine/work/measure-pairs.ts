/** Every pair of recordings measured in space, several at once where there are cores: each has a thread of its own. */
import { inEnglish, say } from '../../../shared/sayings/saying.ts'
import { availableParallelism } from 'node:os'
import type { Document } from '../../../shared/document/document.ts'
import type { Asset } from '../../../shared/document/records.ts'
import { spaceEvidenceId } from '../../../shared/document/space-records.ts'
import { isCancellation, throwIfCancelled } from '../../../shared/errors.ts'
import { measurePair, type PairMeasurement, type SpaceAsset } from '../align/space/index.ts'
import type { JobContext } from '../jobs/queue.ts'
import { evidenceBetween, measurementOf } from './space-solution.ts'

/** More threads than this would hold too many scans at a time. */
const MOST_AT_ONCE = 4

interface Placeable {
  readonly asset: Asset
  readonly space: SpaceAsset
}

/**
 * The measurements in the order of the pairs. A pair whose pose a person has accepted is not measured again.
 * @throws AsterismError `cancelled`, or what the first pair that failed threw; no thread is left behind.
 */
export async function measurePairs(
  document: Document,
  assets: readonly Placeable[],
  { signal, progress, log }: Pick<JobContext, 'signal' | 'progress' | 'log'>,
): Promise<PairMeasurement[]> {
  const pairs = assets.flatMap((target, n) => assets.slice(n + 1).map((source) => ({ target, source })))
  const measured: PairMeasurement[] = []
  const fractions = new Float64Array(pairs.length)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let next = 0
  const measureOne = async (index: number): Promise<PairMeasurement> => {
    const { target, source } = pairs[index]
    const before = evidenceBetween(document, target.asset.id, source.asset.id)
    if (before?.verdict === 'accept') return measurementOf(before)
    const stage = say('work.against', { one: source.asset.title, other: target.asset.title })
    const registration = await measurePair(target.space, source.space, {
      signal: either,
      onProgress: (fraction) => {
        fractions[index] = fraction
        progress(fractions.reduce((sum, value) => sum + value, 0) / pairs.length, stage)
      },
    })
    if (!registration.registered) log(`${inEnglish(stage)}: ${registration.reason}`)
    return {
      pairId: spaceEvidenceId(target.asset.id, source.asset.id),
      targetAssetId: target.asset.id,
      sourceAssetId: source.asset.id,
      registration,
      verdict: before?.verdict ?? null,
    }
  }
  const lane = async (): Promise<void> => {
    while (next < pairs.length) {
      throwIfCancelled(either)
      const index = next++
      measured[index] = await measureOne(index)
      fractions[index] = 1
    }
  }
  const lanes = Array.from({ length: Math.min(MOST_AT_ONCE, availableParallelism()) }, async () => {
    try {
      await lane()
    } catch (error) {
      stop.abort()
      throw error
    }
  })
  const ended = await Promise.allSettled(lanes)
  throwIfCancelled(signal)
  // The lanes that were stopped on account of another say only that they were.
  const failures = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
  const [first] = failures.toSorted((a, b) => Number(isCancellation(a)) - Number(isCancellation(b)))
  if (first !== undefined) throw first
  return measured
}
