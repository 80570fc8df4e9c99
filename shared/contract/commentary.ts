/** Recording commentary: samples are sent to the engine as they arrive, and acknowledged once they are on disk. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { base } from './base.ts'

const seconds = z.number().refine(Number.isFinite, 'must be finite')

/** The time of sample 0 on the project's clock, and the rate of the microphone's clock against it. */
const takePlacementSchema = z.object({
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
  /** As known at the start; used if the recording is cut off. */
  placement: takePlacementSchema,
  span: z.object({ startSeconds: seconds, endSeconds: seconds.nullable() }),
  microphone: z.string().max(200),
  /** The title of the take and of its track in the project. */
  title: z.string().min(1).max(120),
  trackTitle: z.string().min(1).max(120),
})
export type BeginTake = z.infer<typeof beginTakeInput>

/** Base64 of interleaved 32-bit floats, little-endian. */
const samplesSchema = z.base64().max(8_000_000)

const keptTakeSchema = z.object({ takeId: z.string(), assetId: z.string(), seconds: z.number() })
export type KeptTake = z.infer<typeof keptTakeSchema>

export const commentaryContract = {
  /**
   * Open while the user has the recorder open: only then may the window request the microphone. When it ends, a running
   * recording is kept as far as it got.
   */
  open: base.output(eventIterator(z.object({ recorderId: z.string() }))),
  begin: base.input(beginTakeInput).output(z.object({ recordingId: z.string() })),
  /** A piece, from its first frame; a repeated piece is kept once. Returns how many frames are on disk. */
  append: base
    .input(z.object({ recordingId: z.string(), frame: z.number().int().nonnegative(), samples: samplesSchema }))
    .output(z.object({ frames: z.number().int() })),
  /** Adds it to the project as a recording; null if there were no samples. */
  finish: base
    .input(z.object({ recordingId: z.string(), placement: takePlacementSchema }))
    .output(keptTakeSchema.nullable()),
  discard: base.input(z.object({ recordingId: z.string() })).output(z.object({ discarded: z.boolean() })),
  /** Turns recordings that an earlier run of the engine left unfinished into takes. */
  recover: base.output(z.array(keptTakeSchema)),
}
