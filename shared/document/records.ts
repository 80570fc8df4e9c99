/**
 * The records of a project. Small, immutable, keyed by id; samples, points and pixels stay in the assets.
 * Every field carries its unit in its name. `Ticks` fields are whole ticks (see units.ts); nanoseconds are strings.
 */
import { sayingSchema } from '../sayings/saying-schema.ts'
import { z } from 'zod'
import { CURVE_KINDS } from '../signal/audio-alignment.ts'
import { landmarksSchema, pathCorrectionSchema, spaceEvidenceSchema } from './space-records.ts'
import { commentaryTakeSchema } from './commentary-records.ts'
import { consentSchema } from './consent-records.ts'
import { gapSchema } from './sample-gaps.ts'
import { labelSchema, spanFields } from './label-records.ts'
import { speakerSchema } from './speaker-records.ts'

const ticks = z.number().int().refine(Number.isSafeInteger, 'must be a whole number of ticks')
const finite = z.number().refine(Number.isFinite, 'must be finite')
const confidence = z.number().min(0).max(1)
const matrix16 = z.array(finite).length(16)
const id = z.string().min(1).max(200)

export const SENSORS = [
  'video',
  'audio',
  'image',
  'pose',
  'imu',
  'depth',
  'points',
  'mesh',
  'splats',
  'gaze',
  'hands',
  'text',
] as const
export const sensorSchema = z.enum(SENSORS)
export type Sensor = z.infer<typeof sensorSchema>

export const warningSchema = z.object({
  code: z.string(),
  /** What could not be read and what was done instead, as a sentence. */
  message: z.string(),
})

/** As a project keeps it: with the words for other languages. */
const keptWarningSchema = warningSchema.extend({ said: sayingSchema.optional() })

const assetSchema = z.object({
  kind: z.literal('asset'),
  id,
  title: z.string(),
  /** The base name only: where the file lies is in its `location` record, which never leaves the engine. */
  fileName: z.string(),
  format: z.string(),
  assetKind: z.enum(['recording', 'scan', 'capture', 'image', 'data']),
  byteLength: z.number().int().nonnegative(),
  /** Of the file; of a capture folder, of its sorted manifest of (path, sha-256). */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  durationSeconds: finite.nonnegative().nullable(),
  importedAt: z.string(),
  /** Which take it belongs to, where the person or the aligner said so. */
  take: z.string().nullable(),
  warnings: z.array(keptWarningSchema),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Set while the file cannot be found where it was. */
  missing: z.boolean(),
  /** Set beside it while there is a file, but not the one that was imported. */
  changed: z.literal(true).optional(),
})

/** Where an asset's bytes lie. Not replicated to the window. */
const locationSchema = z.object({
  kind: z.literal('location'),
  id,
  assetId: id,
  path: z.string(),
  modifiedAtMilliseconds: finite,
  /** Whether a folder was imported; absent in projects that were written before this was noted. */
  isFolder: z.boolean().optional(),
})

export const streamSchema = z.object({
  kind: z.literal('stream'),
  id,
  assetId: id,
  clockId: id,
  index: z.number().int().nonnegative(),
  sensor: sensorSchema,
  /** Which of several of its kind it is, as a joint, a topic or a hand, where the recording says it. */
  title: z.string().optional(),
  codec: z.string().optional(),
  /** On the clock. */
  startSeconds: finite,
  durationSeconds: finite.nonnegative().nullable(),
  /** Of audio, imu, pose, depth. */
  sampleRateHz: finite.positive().optional(),
  sampleCount: z.number().int().nonnegative().optional(),
  /** Spans within the stream in which samples are missing, in order of time, on the clock. */
  gaps: z.array(gapSchema).optional(),
  channels: z.number().int().positive().optional(),
  frameRate: z.object({ numerator: z.number().int().positive(), denominator: z.number().int().positive() }).optional(),
  width: z.number().int().nonnegative().optional(),
  height: z.number().int().nonnegative().optional(),
  /** Clockwise turn that shows the picture upright. */
  rotationDegrees: finite.optional(),
  /** Of hands and bodies that are known joint by joint; of a body, its other streams are single joints of it. */
  jointCount: z.number().int().positive().optional(),
  /** Of poses that know where the device was and not how it was turned: their rotations say nothing. */
  rotationUnknown: z.literal(true).optional(),
  pointCount: z.number().int().nonnegative().optional(),
  triangleCount: z.number().int().nonnegative().optional(),
  hasColor: z.boolean().optional(),
  /** Axis-aligned bounds in the asset's frame, metres. */
  boundsMetres: z.object({ min: z.array(finite).length(3), max: z.array(finite).length(3) }).optional(),
})

export const clockSchema = z.object({
  kind: z.literal('clock'),
  id,
  assetId: id,
  title: z.string(),
  source: z.enum(['container', 'device', 'utc']),
  /** UTC of the clock's zero, nanoseconds since 1970, where the recording says it. */
  epochUtcNanoseconds: z
    .string()
    .regex(/^-?\d+$/)
    .nullable(),
  /** Who says that UTC: satellites, the device's own clock, or a tag with or without its time zone. */
  epochSource: z.enum(['satellite', 'device', 'zoned', 'container']).optional(),
  /** SMPTE timecode at the clock's zero, where the recording says it, with its rate. */
  timecode: z
    .object({
      start: z.string(),
      rate: z.string(),
      /** True where it may count at half that rate, as cameras of 50 or 60 pictures do: nothing in the file says. */
      mayCountHalf: z.boolean().optional(),
    })
    .nullable(),
})

const knotSchema = z.object({ clockSeconds: finite, projectSeconds: finite, sigmaSeconds: finite.nonnegative() })

/** Symmetric covariance of (offset in s, rate in ppm): [var offset, cov, var rate]. */
const timeCovariance = z.array(finite).length(3)

const timeMapFields = {
  offsetSeconds: finite,
  ratePpm: finite,
  sigmaOffsetSeconds: finite.nonnegative(),
  sigmaRatePpm: finite.nonnegative(),
  covariance: timeCovariance,
  confidence,
  method: z.string(),
}

/** `t_project = offset + (1 + rate * 1e-6) * t_clock`, or piecewise linear through the knots where there are any. */
const timeMapSchema = z.object({
  kind: z.literal('timeMap'),
  id,
  clockId: id,
  ...timeMapFields,
  knots: z.array(knotSchema).optional(),
  evidenceIds: z.array(id),
  /** Set by the person: later runs leave it alone. */
  manual: z.boolean(),
})

/** A curve behind a piece of evidence, small enough to draw. */
export const curveSchema = z.object({
  /** What it shows, in which units: the window has the words. Projects of early versions say it in English only. */
  kind: z.enum(CURVE_KINDS).optional(),
  x: z.array(finite).max(2000),
  y: z.array(finite).max(2000),
})

/** A measured map between two clocks: `t_a = offset + (1 + rate * 1e-6) * t_b`. */
const timeEvidenceSchema = z.object({
  kind: z.literal('timeEvidence'),
  id,
  clockA: id,
  clockB: id,
  ...timeMapFields,
  knots: z.array(knotSchema).optional(),
  overlapSeconds: finite.nonnegative(),
  accepted: z.boolean(),
  /** Why it was not accepted. */
  reason: z.string().optional(),
  said: sayingSchema.optional(),
  /** What the person said of it: their word outlasts later runs. */
  verdict: z.enum(['accept', 'reject']).nullable(),
  curves: z.array(curveSchema),
})

/** Two moments that the person says are one. */
const syncPointSchema = z.object({
  kind: z.literal('syncPoint'),
  id,
  clockA: id,
  secondsA: finite,
  clockB: id,
  secondsB: finite,
})

/** `world_from_asset`, column-major; scale is inside the matrix and beside it. */
const transformSchema = z.object({
  kind: z.literal('transform'),
  id,
  assetId: id,
  worldFromAsset: matrix16,
  scale: finite.positive(),
  /** 6x6 row-major over (rotation vector in rad, translation in m), in world axes. */
  covariance: z.array(finite).length(36).nullable(),
  rmseMetres: finite.nonnegative().nullable(),
  overlap: z.number().min(0).max(1).nullable(),
  confidence,
  method: z.string(),
  evidenceIds: z.array(id),
  manual: z.boolean(),
})

/** What the amplitude may be changed by, decibels. */
export const LEAST_GAIN_DB = -60
export const MOST_GAIN_DB = 24

const clipSchema = z.object({
  id,
  assetId: id,
  streamId: id,
  /** Where it starts on the timeline. */
  startTicks: ticks,
  durationTicks: ticks.positive(),
  /** Where it starts on the stream's own clock. */
  sourceStartTicks: ticks,
  /** Clips of one recording that move together share it. */
  linkId: z.string().nullable(),
  /** Of sound: louder (above 0) or quieter than recorded, and how long it rises from silence and falls to it. */
  gainDb: z.number().min(LEAST_GAIN_DB).max(MOST_GAIN_DB).optional(),
  fadeInTicks: ticks.positive().optional(),
  fadeOutTicks: ticks.positive().optional(),
})

const trackSchema = z.object({
  kind: z.literal('track'),
  id,
  title: z.string(),
  sensor: sensorSchema,
  order: z.number().int(),
  muted: z.boolean(),
  locked: z.boolean(),
  /** Sorted by start; clips of one track do not overlap. */
  clips: z.array(clipSchema),
})

const markerSchema = z.object({
  kind: z.literal('marker'),
  id,
  atTicks: ticks,
  durationTicks: ticks.nonnegative(),
  title: z.string(),
  color: z.string(),
  note: z.string(),
  ...spanFields,
})

/** Words that belong to a moment: commentary, captions, transcript. */
const captionSchema = z.object({
  kind: z.literal('caption'),
  id,
  assetId: id.nullable(),
  /** On the project's time line. */
  startTicks: ticks,
  endTicks: ticks,
  text: z.string(),
  source: z.enum(['typed', 'transcribed', 'imported']),
  speakerId: id.optional(),
  /** Its words one by one, where a recogniser said when each was spoken. */
  words: z
    .array(
      z.object({
        text: z.string(),
        startTicks: ticks,
        endTicks: ticks,
        /** How much earlier it lies than its recording says, by what was cut out before it; below 0: later. */
        earlierByTicks: ticks.optional(),
      }),
    )
    .optional(),
})

/** What the creator grants and declares: there is one of it in a project. */
const rightsSchema = z.object({
  kind: z.literal('rights'),
  id: z.literal('rights'),
  /** SPDX identifier, or null while nothing was chosen. */
  licence: z.string().nullable(),
  trainingUse: z.enum(['allowed', 'constrained', 'notAllowed']),
  creatorName: z.string(),
  /** The account that will mint, part of what is hashed; null while the person has not named one. */
  creatorAddress: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .nullable(),
  description: z.string(),
  /** The creator declares that the recordings are their own original work. */
  declaresOriginal: z.boolean(),
  /** Everyone who can be recognised has agreed. */
  consentsComplete: z.boolean(),
  consentDigests: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  royaltyBasisPoints: z.number().int().min(0).max(1000),
  keepLocationData: z.boolean(),
})

const projectSchema = z.object({
  kind: z.literal('project'),
  id: z.literal('project'),
  title: z.string(),
  createdAt: z.string(),
  ticksPerSecond: z.number().int(),
  referenceClockId: id.nullable(),
  worldAssetId: id.nullable(),
  network: z.string(),
})

/** The last answer of sync, register, stars, pack or mint, kept as it was given. */
const reportSchema = z.object({
  kind: z.literal('report'),
  id,
  subject: z.enum(['sync', 'register', 'stars', 'package', 'mint']),
  createdAt: z.string(),
  /** Of the project that a package was made of (packed-content.ts). */
  contentKey: z.string().optional(),
  data: z.json(),
})

/** An edit as it was when its stars were predicted, so that two can be held side by side and the better brought back. */
const cutSchema = z.object({
  kind: z.literal('cut'),
  id,
  title: z.string().max(120),
  /** While nobody has named it: the how many-th it is, for the window to say. */
  number: z.number().int().optional(),
  createdAt: z.string(),
  /** Of the moments that it uses (used-spans.ts). */
  editKey: z.string(),
  /** The answer that it was given. */
  stars: z.json(),
  /** Null where the edit has too many clips to be kept a second time. */
  tracks: z.array(trackSchema).nullable(),
})

export const recordSchema = z.discriminatedUnion('kind', [
  projectSchema,
  assetSchema,
  locationSchema,
  streamSchema,
  clockSchema,
  timeMapSchema,
  timeEvidenceSchema,
  syncPointSchema,
  transformSchema,
  spaceEvidenceSchema,
  landmarksSchema,
  pathCorrectionSchema,
  trackSchema,
  markerSchema,
  labelSchema,
  captionSchema,
  speakerSchema,
  commentaryTakeSchema,
  rightsSchema,
  consentSchema,
  reportSchema,
  cutSchema,
])

export type DocumentRecord = z.infer<typeof recordSchema>
/** Records by their ids. */
export type Document = ReadonlyMap<string, DocumentRecord>
export type RecordKind = DocumentRecord['kind']
export type RecordOf<K extends RecordKind> = Extract<DocumentRecord, { kind: K }>
export type Asset = z.infer<typeof assetSchema>
export type AssetLocation = z.infer<typeof locationSchema>
export type Stream = z.infer<typeof streamSchema>
export type Clock = z.infer<typeof clockSchema>
export type TimeMap = z.infer<typeof timeMapSchema>
export type TimeEvidence = z.infer<typeof timeEvidenceSchema>
export type SyncPoint = z.infer<typeof syncPointSchema>
export type Transform = z.infer<typeof transformSchema>
export type { SpaceEvidence } from './space-records.ts'
export type Clip = z.infer<typeof clipSchema>
export type Track = z.infer<typeof trackSchema>
export type Marker = z.infer<typeof markerSchema>
export type Caption = z.infer<typeof captionSchema>
export type Rights = z.infer<typeof rightsSchema>
export type ProjectRecord = z.infer<typeof projectSchema>
export type Report = z.infer<typeof reportSchema>
export type Cut = z.infer<typeof cutSchema>
export type ImportWarning = z.infer<typeof keptWarningSchema>
export type Curve = z.infer<typeof curveSchema>
export type EpochSource = NonNullable<Clock['epochSource']>
