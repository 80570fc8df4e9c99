/**
 * The `.starpack` file: one JSON document, in canonical form (RFC 8785), that says how works are valued. Its digest is the
 * SHA-256 of the document without `digest` and `signature`; a lab signs the digest with ed25519. Numbers that are many lie in
 * base64 of little-endian float32.
 */
import { z } from 'zod'
import { SKETCH_LIMITS } from './task/reference-sketch.ts'
import { WORLD_FEATURES } from './world/world-features.ts'

/** A pack is refused beyond this: 1 MB for itself and 3 MB a task, four tasks. */
export const STARPACK_LIMITS = { bytes: 13_000_000, tasks: 4, rows: 2000, dimension: 1024, classes: 1000 } as const
/** The version that is written. Tasks of version 1 carry neither a sketch of what the lab has nor influence; they are read as well. */
export const STARPACK_VERSION = 2
export const STARPACK_VERSIONS: readonly unknown[] = [1, STARPACK_VERSION]

const finite = z.number().refine(Number.isFinite, 'must be finite')
const text = z.string().min(1).max(4000)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)

const mixSchema = z.strictObject({ intercept: finite, weights: z.record(z.enum(WORLD_FEATURES), finite) })

const halfWidths = z.tuple([finite.positive(), finite.positive(), finite.positive()])

const worldCalibrationSchema = z.strictObject({
  share: mixSchema,
  gain: mixSchema,
  shareSlope: finite.positive(),
  gainSlope: finite.positive(),
  harm: z.strictObject({ intercept: finite, percentile: finite, steadiness: finite }),
  halfWidths,
  ownHalfWidths: z.strictObject({ share: halfWidths, gain: halfWidths }).optional(),
})

const encoderSchema = z.strictObject({ id: text, sha256 })

/** What a lab has already (task/reference-sketch.ts); rows of `kept` numbers. */
const referenceSchema = z.strictObject({
  whitening: z.strictObject({ mean: base64, axes: base64, kept: z.number().int().min(1).max(SKETCH_LIMITS.kept) }),
  centroids: z.strictObject({
    counts: z.array(z.number().int().positive()).min(1).max(SKETCH_LIMITS.centroids),
    x: base64,
  }),
  reservoir: z.strictObject({
    rows: z.number().int().min(1).max(SKETCH_LIMITS.reservoir),
    x: base64,
    /** Classes of the rows; none where the task is of captions. */
    y: z.array(z.number().int().nonnegative()),
  }),
  /** Quantiles of how far samples that the sketch has not seen lie from it: of vectors of unit length. */
  distances: z.array(finite.min(0).max(2)).min(2).max(1001),
})

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
  reference: referenceSchema.optional(),
  scores: z.strictObject({ base: finite, current: finite, baseSize: z.number().int().nonnegative() }),
  /** How well it predicts, on samples that it had not seen (task/held-out.ts); missing in packs made before 2026-11-27. */
  heldOut: z
    .strictObject({
      spearman: finite.min(-1).max(1),
      spearmanLow: finite.min(-1).max(1),
      creators: z.number().int().positive(),
      samples: z.number().int().positive(),
      chance: finite.min(-1).max(1),
    })
    .optional(),
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
    const ascend = (table: readonly number[], path: string): void => {
      if (table.some((value, at) => at > 0 && value < table[at - 1])) issue(path, 'must ascend')
    }
    ascend(task.gainQuantiles, 'gainQuantiles')
    if (task.reference) {
      const { whitening, centroids, reservoir, distances } = task.reference
      expect(whitening.mean, task.dimension, 'reference.whitening.mean')
      expect(whitening.axes, task.dimension * whitening.kept, 'reference.whitening.axes')
      expect(centroids.x, centroids.counts.length * whitening.kept, 'reference.centroids.x')
      expect(reservoir.x, reservoir.rows * whitening.kept, 'reference.reservoir.x')
      ascend(distances, 'reference.distances')
      const labels =
        task.targets === 'captions' ? { rows: 0, classes: 0 } : { rows: reservoir.rows, classes: task.classes }
      if (reservoir.y.length !== labels.rows || reservoir.y.some((label) => label >= labels.classes))
        issue('reference.reservoir.y', 'must hold one known label a row, and none where there are no classes')
    }
    if (task.targets === 'captions') {
      expect(task.probe.y, task.probe.rows * outputs, 'probe.y')
      return
    }
    if (task.classNames.length !== task.classes) issue('classNames', 'must name every class')
    if (task.probe.y.length !== task.probe.rows || task.probe.y.some((label) => label >= task.classes))
      issue('probe.y', 'must hold one known label a row')
  })

const contentShape = {
  format: z.literal('starpack'),
  version: z.union([z.literal(1), z.literal(STARPACK_VERSION)]),
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
        coverageOwnShare: finite.optional(),
        coverageOwnGain: finite.optional(),
      }),
    ),
  }),
}

/** Whether tasks carry what those of this version carry. */
function tasksOfVersion({
  version,
  tasks,
}: {
  version: number
  tasks: readonly z.infer<typeof taskSchema>[]
}): boolean {
  return tasks.every(({ influence, reference }) =>
    version === 1 ? reference === undefined : reference !== undefined && influence !== null,
  )
}
const WRONG_TASKS = {
  path: ['tasks'],
  error: 'must carry influence and reference from version 2 on, and no reference before',
}

export const starpackContentSchema = z.strictObject(contentShape).refine(tasksOfVersion, WRONG_TASKS)

export const starpackSchema = z
  .strictObject({
    ...contentShape,
    digest: sha256,
    signature: z.strictObject({ algorithm: z.literal('ed25519'), publicKey: base64, value: base64 }).nullable(),
  })
  .refine(tasksOfVersion, WRONG_TASKS)

export type StarpackContent = z.infer<typeof starpackContentSchema>
export type Starpack = z.infer<typeof starpackSchema>
