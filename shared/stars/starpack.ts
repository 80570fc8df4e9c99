/**
 * The `.starpack` file: one JSON document, in canonical form (RFC 8785), that says how works are valued. Its digest is the
 * SHA-256 of the document without `digest` and `signature`; a lab signs the digest with ed25519. Numbers that are many lie in
 * base64 of little-endian float32.
 */
import { z } from 'zod'
import { WORLD_FEATURES } from './world/world-features.ts'

/** A pack is refused beyond this: 1 MB for itself and 3 MB a task, four tasks. */
export const STARPACK_LIMITS = { bytes: 13_000_000, tasks: 4, rows: 2000, dimension: 1024, classes: 1000 } as const
export const STARPACK_VERSION = 1

const finite = z.number().refine(Number.isFinite, 'must be finite')
const text = z.string().min(1).max(4000)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)

const mixSchema = z.strictObject({ intercept: finite, weights: z.record(z.enum(WORLD_FEATURES), finite) })

export const worldCalibrationSchema = z.strictObject({
  share: mixSchema,
  gain: mixSchema,
  shareSlope: finite.positive(),
  gainSlope: finite.positive(),
  harm: z.strictObject({ intercept: finite, percentile: finite, steadiness: finite }),
  halfWidths: z.tuple([finite.positive(), finite.positive(), finite.positive()]),
})

const encoderSchema = z.strictObject({ id: text, sha256 })

const taskOfAnyKind = {
  id: text,
  weight: finite.nonnegative(),
  /** Vectors of another encoder cannot be valued with it. */
  encoder: encoderSchema,
  dimension: z.number().int().min(1).max(STARPACK_LIMITS.dimension),
  /** Gains of simulated bundles, ascending, and half of the 80 % interval that they led to, in stars. */
  gainQuantiles: z.array(finite).min(2).max(1001),
  halfWidth: finite.positive().max(5),
  ridge: z.strictObject({
    lambda: finite.positive(),
    count: z.number().int().nonnegative(),
    gram: base64,
    moment: base64,
  }),
  influence: base64.nullable(),
  scores: z.strictObject({ base: finite, current: finite, baseSize: z.number().int().nonnegative() }),
}
const probeRows = z.number().int().min(2).max(STARPACK_LIMITS.rows)

const classTaskSchema = z.strictObject({
  ...taskOfAnyKind,
  targets: z.literal('classes').optional(),
  classes: z.number().int().min(2).max(STARPACK_LIMITS.classes),
  /** What words over a recording name. */
  classNames: z.array(text),
  probe: z.strictObject({ rows: probeRows, x: base64, y: z.array(z.number().int().nonnegative()) }),
})

/** What is said over a recording is turned to a vector, and that is what the task's model learns to say of a picture. */
const captionTaskSchema = z.strictObject({
  ...taskOfAnyKind,
  targets: z.literal('captions'),
  captions: z.strictObject({
    encoder: encoderSchema,
    dimension: z.number().int().min(1).max(STARPACK_LIMITS.dimension),
  }),
  probe: z.strictObject({ rows: probeRows, x: base64, y: base64 }),
})

/** Exact ridge statistics and a probe for one benchmark: what a lab gives out instead of its data. */
const taskSchema = z
  .discriminatedUnion('targets', [classTaskSchema, captionTaskSchema])
  .superRefine((task, context) => {
    const p = task.dimension + 1
    const outputs = task.targets === 'captions' ? task.captions.dimension : task.classes
    const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
    const expect = (value: string, numbers: number, path: string): void => {
      if (value.length !== 4 * Math.ceil((numbers * 4) / 3)) issue(path, `does not hold ${numbers} numbers`)
    }
    expect(task.ridge.gram, p * p, 'ridge.gram')
    expect(task.ridge.moment, p * outputs, 'ridge.moment')
    expect(task.probe.x, task.probe.rows * task.dimension, 'probe.x')
    if (task.influence !== null) expect(task.influence, p * outputs, 'influence')
    if (task.gainQuantiles.some((gain, at) => at > 0 && gain < task.gainQuantiles[at - 1]))
      issue('gainQuantiles', 'must ascend')
    if (task.targets === 'captions') {
      expect(task.probe.y, task.probe.rows * outputs, 'probe.y')
      return
    }
    if (task.classNames.length !== task.classes) issue('classNames', 'must name every class')
    if (task.probe.y.length !== task.probe.rows || task.probe.y.some((label) => label >= task.classes))
      issue('probe.y', 'must hold one known label a row')
  })

export const starpackContentSchema = z.strictObject({
  format: z.literal('starpack'),
  version: z.literal(STARPACK_VERSION),
  id: text,
  title: text,
  kind: z.enum(['built-in', 'lab']),
  createdAt: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  note: text,
  benchmark: text,
  calibration: z.strictObject({
    /** For bundles of embeddings. */
    world: worldCalibrationSchema,
    /** For projects, where no task fits: half-width of the interval and what percentiles of worth were worth. */
    libraryOnly: z.strictObject({
      halfWidth: finite.positive().max(5),
      shareQuantiles: z.array(finite).min(2).max(1001),
    }),
  }),
  tasks: z.array(taskSchema).max(STARPACK_LIMITS.tasks),
  provenance: z.strictObject({
    /** Where the worlds of the calibration came from. */
    datasets: z.array(z.strictObject({ name: text, source: text, licence: text, worlds: z.number().int().positive() })),
    recipe: text,
    /** Figures on data sets that the calibration had not seen. */
    judged: z.array(
      z.strictObject({
        dataset: text,
        worlds: z.number().int().positive(),
        spearmanShare: finite,
        spearmanGain: finite,
        harmfulAuroc: finite,
        coverageShare: finite,
        coverageGain: finite,
      }),
    ),
  }),
})

export const starpackSchema = z.strictObject({
  ...starpackContentSchema.shape,
  digest: sha256,
  signature: z.strictObject({ algorithm: z.literal('ed25519'), publicKey: base64, value: base64 }).nullable(),
})

export type StarpackContent = z.infer<typeof starpackContentSchema>
export type Starpack = z.infer<typeof starpackSchema>
