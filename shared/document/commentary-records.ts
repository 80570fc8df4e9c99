/** What was said into a microphone while the picture played: every attempt is kept, one of a span lies on the timeline. */
import { z } from 'zod'

const finite = z.number().refine(Number.isFinite, 'must be finite')

export const commentaryTakeSchema = z.object({
  kind: z.literal('commentaryTake'),
  id: z.string().min(1).max(200),
  assetId: z.string().min(1).max(200),
  /** Counted through the project, from 1. */
  number: z.number().int().positive(),
  recordedAt: z.string(),
  /** The microphone as the system calls it; empty where it has no name. */
  microphone: z.string().max(200),
  /** The stretch of the project that it was recorded for; the end is null where it went on until it was stopped. */
  span: z.object({ startSeconds: finite, endSeconds: finite.nullable() }),
  /** The window or the engine went away before it was stopped: what had come by then was kept. */
  interrupted: z.boolean(),
})

export type CommentaryTake = z.infer<typeof commentaryTakeSchema>
