/**
 * Answers of alignment in space besides poses: loops of a capture, the correction of its path, checks against pictures.
 */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'

const confidence = z.number().min(0).max(1)

/** Whether the film of a capture shows a scan where alignment placed it. */
export const pictureCheckAnswer = z.object({
  asset: z.string(),
  scan: z.string(),
  verdict: z.enum(['fits', 'does not fit', 'cannot tell']),
  /** How much stronger the pictures' lines are at the scan's lines, in their deviations; 0 is chance. */
  score: z.number(),
  /** By how many of its own deviations the score exceeds that of pictures of other moments. */
  sigmas: z.number(),
  /** Offset at which the lines of the scan match best: to the right and up. */
  offset_degrees: z.tuple([z.number(), z.number()]),
  pictures: z.number().int(),
  reason: z.string(),
  said: sayingSchema.optional(),
})
export type PictureCheckAnswer = z.infer<typeof pictureCheckAnswer>

/** A place that a capture saw twice. Times are on the capture's own clock. */
const loopAnswer = z.object({
  earlier_s: z.number(),
  later_s: z.number(),
  /** How far the recorded path misses the place, and how far the corrected one does; null for a rejected loop. */
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
  /**
   * Rigid corrections of the recorded poses at these times, interpolated in between; empty if the path was left
   * unchanged.
   */
  corrections: z.array(z.object({ t_asset_s: z.number(), corrected_from_recorded: z.array(z.number()).length(16) })),
  /** Why the path was left unchanged. */
  reason: z.string().optional(),
})
export type LoopClosureAnswer = z.infer<typeof loopClosureAnswer>
