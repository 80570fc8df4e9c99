/**
 * What was measured between two clocks, kept by what it was measured from: adding one camera to a take measures the pairs
 * that it brings, and nothing is measured twice while recordings, words and ways of measuring stay what they are.
 */
import { sayingSchema } from '../../../../shared/sayings/saying-schema.ts'
import { z } from 'zod'
import { curveSchema } from '../../../../shared/document/records.ts'
import type { ByteCache } from '../../folder-cache.ts'
import type { TimedSource } from './gatherer.ts'
import { compareSidecar } from './sidecar.ts'
import { gatherEvidence, type Gathering, type PairContext } from './index.ts'

/** Raised whenever the same recordings give other evidence. */
const EVIDENCE_VERSION = 20

const finite = z.number()
const covariance = z.tuple([finite, finite, finite])
const told = z.object({ ratePpm: finite, covariance, belief: finite })
const ownDelay = z.object({ by: z.enum(['ear', 'eye']), sigmaSeconds: finite }).nullable()
const gatheringSchema = z.object({
  evidence: z.array(
    z.object({
      method: z.string(),
      map: z.object({
        found: z.literal(true),
        offsetSeconds: finite,
        ratePpm: finite,
        covariance,
        confidence: finite,
        overlapSeconds: finite,
        knots: z.array(z.object({ secondsA: finite, secondsB: finite, sigmaSeconds: finite })).optional(),
        told: z.object({ kind: z.enum(['timecode', 'time of day']), a: told, b: told }).optional(),
        ownDelays: z.tuple([ownDelay, ownDelay]).optional(),
        curves: z.array(curveSchema),
      }),
    }),
  ),
  refusals: z.array(z.object({ method: z.string(), reason: z.string(), said: sayingSchema.optional() })),
})

/** A clock and the digest of everything that alignment reads of it. */
export interface DigestedSource {
  readonly source: TimedSource
  readonly digest: string
}

export interface MeasuredPair {
  readonly gathering: Gathering
  /** True if an earlier run had measured it. */
  readonly isKept: boolean
}

/** Everything that can be measured between two clocks, from the cache where it was measured before. */
export async function measurePair(
  a: DigestedSource,
  b: DigestedSource,
  method: string,
  context: PairContext,
  cache: ByteCache,
): Promise<MeasuredPair> {
  // What names and folders say is in no digest: files are moved.
  const beside = compareSidecar(a.source, b.source)
  const named = beside ? ` ${JSON.stringify(beside)}` : ''
  const key = `time-v${EVIDENCE_VERSION} ${method} ${a.digest} ${b.digest}${named}`
  const kept = read(await cache.get(key))
  if (kept) return { gathering: kept, isKept: true }
  const gathering = await gatherEvidence(a.source, b.source, method, context)
  if (!gathering.failed) await cache.set(key, new TextEncoder().encode(JSON.stringify(gathering)))
  return { gathering, isKept: false }
}

/** Null for what is missing or spoilt: it is measured again and written over. */
function read(bytes: Uint8Array | null): Gathering | null {
  if (!bytes) return null
  try {
    return gatheringSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
