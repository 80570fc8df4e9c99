/** What two assets have in common in space: measured, or pointed at by the person. */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'

const finite = z.number().refine(Number.isFinite, 'must be finite')
const id = z.string().min(1).max(200)
const matrix16 = z.array(finite).length(16)
export const point3 = z.array(finite).length(3)

/** The pose of one asset in another, as some method found it. */
export const spaceEvidenceSchema = z.object({
  kind: z.literal('spaceEvidence'),
  id,
  targetAssetId: id,
  sourceAssetId: id,
  /** Of an unresolved pair the likeliest candidate. */
  targetFromSource: matrix16,
  scale: finite.positive(),
  covariance: z.array(finite).length(36).nullable(),
  /** Null where no pose was settled on. */
  rmseMetres: finite.nonnegative().nullable(),
  overlap: z.number().min(0).max(1).nullable(),
  confidence: z.number().min(0).max(1),
  method: z.string(),
  accepted: z.boolean(),
  reason: z.string().optional(),
  said: sayingSchema.optional(),
  /** Their word outlasts later runs: an accepted pose is kept as it is and not measured again. */
  verdict: z.enum(['accept', 'reject']).nullable(),
  /** The recordings cannot tell which of the candidates it is: used only once the person accepts one. */
  unresolved: z.boolean().optional(),
  /** Other poses that explain the recordings about as well. */
  candidates: z.array(z.object({ targetFromSource: matrix16, confidence: z.number().min(0).max(1) })),
})
export type SpaceEvidence = z.infer<typeof spaceEvidenceSchema>

/** Places in two assets that the person says are one; what follows from them is the evidence of the same pair. */
export const landmarksSchema = z.object({
  kind: z.literal('landmarks'),
  id,
  targetAssetId: id,
  sourceAssetId: id,
  /** Each in its asset's own frame, metres. */
  points: z
    .array(z.object({ target: point3, source: point3 }))
    .min(3)
    .max(200),
  withScale: z.boolean(),
})

/** What undoes the drift of a capture that came back to places it had seen. The recording itself stays as it is. */
export const pathCorrectionSchema = z.object({
  kind: z.literal('pathCorrection'),
  id,
  assetId: id,
  /** In the order of time; mixed in between, see shared/geometry/path-correction.ts. */
  knots: z
    .array(z.object({ clockSeconds: finite, correctedFromRecorded: matrix16 }))
    .min(1)
    .max(1000),
  largestCorrectionMetres: finite.nonnegative(),
})
export type PathCorrection = z.infer<typeof pathCorrectionSchema>

export function pathCorrectionId(assetId: string): string {
  return `pathCorrection:${assetId}`
}

export function spaceEvidenceId(targetAssetId: string, sourceAssetId: string): string {
  return `spaceEvidence:${targetAssetId}:${sourceAssetId}`
}

export function landmarksId(targetAssetId: string, sourceAssetId: string): string {
  return `landmarks:${targetAssetId}:${sourceAssetId}`
}
