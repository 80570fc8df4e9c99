/**
 * What is measured in one stream of an asset, on the stream's own clock: bins of a second, independent of where the
 * clock lies, so that an edit or a new alignment measures nothing again.
 */
import { z } from 'zod'

const vector = z.array(z.number())

const pictureBinSchema = z.object({
  t: z.number(),
  vector,
  clarity: z.number(),
  exposure: z.number(),
  motion: z.number(),
  /** By which it is known again (near-duplicates.ts); missing where it is too flat to tell. */
  look: z.string().optional(),
  /** What the picture shows, on the axes of a learned model; missing where there was none. */
  meaning: vector.optional(),
  /** How far each unit of that model stands out (picture-units.ts). */
  units: z.string().optional(),
})
const soundBinSchema = z.object({
  t: z.number(),
  vector,
  /** What it is like, on the learned axes of sound; missing in recordings shorter than a second. */
  meaning: vector.optional(),
  clearness: z.number(),
  clippedShare: z.number(),
  speech: z.number(),
})
const motionBinSchema = z.object({
  t: z.number(),
  pathMetres: z.number(),
  turnDegrees: z.number(),
  /** Share of the movement that is shake rather than way. */
  jitter: z.number(),
  samples: z.number(),
})

const pictureSchema = z.object({
  kind: z.literal('picture'),
  binSeconds: z.number(),
  bins: z.array(pictureBinSchema),
})
const soundSchema = z.object({
  kind: z.literal('sound'),
  binSeconds: z.number(),
  bins: z.array(soundBinSchema),
  /** How the sound sets on, 50 times a second from `startSeconds`; whole numbers 0..255. */
  onsets: z.object({ startSeconds: z.number(), values: z.array(z.number()) }),
})
const motionSchema = z.object({
  kind: z.literal('motion'),
  binSeconds: z.number(),
  bins: z.array(motionBinSchema),
})
const scanSchema = z.object({
  kind: z.literal('scan'),
  /** Of depth pictures, which the film that they belong to brings along. */
  isDepth: z.literal(true).optional(),
  elements: z.number(),
  extentMetres: z.number(),
  hasColor: z.boolean(),
  quality: z.number(),
})

/** What pictures show, in the space of a model that a person brought. */
const jointSchema = z.object({
  kind: z.literal('joint'),
  binSeconds: z.number(),
  bins: z.array(z.object({ t: z.number(), vector })),
})

export const measurementSchema = z.discriminatedUnion('kind', [
  pictureSchema,
  soundSchema,
  motionSchema,
  scanSchema,
  jointSchema,
])
export type Measurement = z.infer<typeof measurementSchema>
export type PictureMeasurement = z.infer<typeof pictureSchema>
export type SoundMeasurement = z.infer<typeof soundSchema>
export type MotionMeasurement = z.infer<typeof motionSchema>
export type JointMeasurement = z.infer<typeof jointSchema>
export type ScanMeasurement = z.infer<typeof scanSchema>

/** Raised whenever the same stream gives other figures. */
export const MEASUREMENT_VERSION = 9
/** Likewise, of what a model sees that a person brought. */
export const JOINT_VERSION = 1

export const ONSET_HZ = 50

/** Longer recordings are heard and felt in parts, so that memory and time stay bounded. */
export const MOST_BINS = 3600
/** Longer films are looked at in steps: four looks for each of the 300 windows that they are cut into. */
export const MOST_LOOKS = 1200

/** Rounded so that the cache stays small and the same on every machine. */
export function rounded(values: ArrayLike<number>, digits = 5): number[] {
  const scale = 10 ** digits
  return Array.from(values, (value) => Math.round(value * scale) / scale)
}
