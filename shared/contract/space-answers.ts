/** What alignment in space says beside poses: the loops of a capture and how its path was put right. */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'

const confidence = z.number().min(0).max(1)

/** Whether the film of a capture shows a scan where the two were put. */
export const pictureCheckAnswer = z.object({
  asset: z.string(),
  scan: z.string(),
  verdict: z.enum(['fits', 'does not fit', 'cannot tell']),
  /** How much stronger the lines of the pictures are where the scan has lines, in their deviations; chance is 0. */
  score: z.number(),
  /** By how many of its own deviations the score stands above what pictures of other moments give. */
  sigmas: z.number(),
  /** Where the lines of the scan are found best: to the right and up. */
  offset_degrees: z.tuple([z.number(), z.number()]),
  pictures: z.number().int(),
  reason: z.string(),
  said: sayingSchema.optional(),
})
export type PictureCheckAnswer = z.infer<typeof pictureCheckAnswer>

/** A place that one capture saw twice. Times are on the capture's own clock. */
const loopAnswer = z.object({
  earlier_s: z.number(),
  later_s: z.number(),
  /** How far the recorded path misses the place, and what is left of that; null for a rejected loop. */
  gap_m: z.number(),
  gap_degrees: z.number(),
  left_m: z.number().nullable(),
  confidence,
  accepted: z.boolean(),
  reason: z.string().optional(),
})

export const loopClosureAnswer = z.object({
  asset: z.string(),
  /** Pieces into which the capture was cut. */
  pieces: z.number().int(),
  loops: z.array(loopAnswer),
  largest_correction_m: z.number(),
  /** Rigid motions of the recorded poses at these times, mixed in between; empty where the path was left as it is. */
  corrections: z.array(z.object({ t_asset_s: z.number(), corrected_from_recorded: z.array(z.number()).length(16) })),
  /** Why the path was left as it is. */
  reason: z.string().optional(),
})
export type LoopClosureAnswer = z.infer<typeof loopClosureAnswer>
