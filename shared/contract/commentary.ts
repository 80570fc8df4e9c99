/** Recording commentary: samples go to the engine as they come and are on the disk when they are acknowledged. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { base } from './base.ts'

const seconds = z.number().refine(Number.isFinite, 'must be finite')

/** Where sample 0 lies on the project's clock and how the microphone's clock runs against it. */
export const takePlacementSchema = z.object({
  offsetSeconds: seconds,
  ratePpm: z.number().min(-5000).max(5000),
  sigmaOffsetSeconds: seconds.nonnegative(),
  sigmaRatePpm: seconds.nonnegative(),
})
export type TakePlacement = z.infer<typeof takePlacementSchema>

export const beginTakeInput = z.object({
  recorderId: z.string().max(80),
  sampleRateHz: z.number().int().min(8000).max(192_000),
  channels: z.number().int().min(1).max(2),
  /** As well as it is known at the beginning: what counts if the recording is cut off. */
  placement: takePlacementSchema,
  span: z.object({ startSeconds: seconds, endSeconds: seconds.nullable() }),
  microphone: z.string().max(200),
  /** What the take and its track are called in the project. */
  title: z.string().min(1).max(120),
  trackTitle: z.string().min(1).max(120),
})
export type BeginTake = z.infer<typeof beginTakeInput>

/** Base64 of interleaved 32-bit floats, little-endian. */
const samplesSchema = z.base64().max(8_000_000)

export const keptTakeSchema = z.object({ takeId: z.string(), assetId: z.string(), seconds: z.number() })
export type KeptTake = z.infer<typeof keptTakeSchema>

export const commentaryContract = {
  /**
   * Held while the person has the recorder open: only then may the window ask for the microphone. When it ends, by the
   * window or because the window is gone, a recording under way is kept as far as it came.
   */
  open: base.output(eventIterator(z.object({ recorderId: z.string() }))),
  begin: base.input(beginTakeInput).output(z.object({ recordingId: z.string() })),
  /** A piece, from the frame that it begins with; said twice it is kept once. Answers how many frames are on the disk. */
  append: base
    .input(z.object({ recordingId: z.string(), frame: z.number().int().nonnegative(), samples: samplesSchema }))
    .output(z.object({ frames: z.number().int() })),
  /** Makes a recording of the project of it; null where nothing had come. */
  finish: base
    .input(z.object({ recordingId: z.string(), placement: takePlacementSchema }))
    .output(keptTakeSchema.nullable()),
  discard: base.input(z.object({ recordingId: z.string() })).output(z.object({ discarded: z.boolean() })),
  /** What an earlier run of the engine left unfinished becomes takes. */
  recover: base.output(z.array(keptTakeSchema)),
}
