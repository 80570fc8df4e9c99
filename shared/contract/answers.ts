/**
 * The commands' answers: snake_case, seconds, metres, column-major matrices. They are a public interface;
 * `asterism schema COMMAND` prints them as JSON Schema.
 */
import { sayingSchema } from '../sayings/saying-schema.ts'
import { z } from 'zod'
import { starsAnswer } from './stars.ts'
import { loopClosureAnswer, pictureCheckAnswer } from './space-answers.ts'
import { sensorSchema, warningSchema } from '../document/records.ts'
import { editAnswer } from './export.ts'
import { originalityAnswer } from './package-answers.ts'

const matrix16 = z.array(z.number()).length(16).describe('4x4, column-major, metres')
const confidence = z.number().min(0).max(1).describe('chance of being right')

const streamAnswer = z.object({
  id: z.string(),
  kind: sensorSchema,
  title: z.string().optional(),
  codec: z.string().optional(),
  start_s: z.number(),
  duration_s: z.number().nullable(),
  sample_rate_hz: z.number().optional(),
  sample_count: z.number().int().optional(),
  gaps: z
    .array(z.object({ start_s: z.number(), duration_s: z.number() }))
    .optional()
    .describe('spans in which samples are missing'),
  channels: z.number().int().optional(),
  frame_rate: z.number().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  rotation_degrees: z.number().optional(),
  rotation_unknown: z.literal(true).optional().describe('poses without a rotation, as those of satellite receivers'),
  point_count: z.number().int().optional(),
  triangle_count: z.number().int().optional(),
  has_color: z.boolean().optional(),
  bounds_m: z.object({ min: z.array(z.number()), max: z.array(z.number()) }).optional(),
})
export type StreamAnswer = z.infer<typeof streamAnswer>

const refusal = z.object({
  path: z.string(),
  code: z.string(),
  reason: z.string(),
  said: sayingSchema.optional().describe('the reason as a code with slots, for other languages'),
})

export const probeAnswer = z.object({
  items: z.array(
    z.object({
      path: z.string(),
      format: z.string(),
      kind: z.string(),
      streams: z.array(streamAnswer),
      duration_s: z.number().nullable(),
      clock: z
        .object({ source: z.string(), epoch_utc_ns: z.string().nullable(), timecode: z.string().nullable() })
        .nullable(),
      warnings: z.array(warningSchema),
      metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
  refused: z.array(refusal),
})
export type ProbeAnswer = z.infer<typeof probeAnswer>

export const initAnswer = z.object({ project: z.string(), schemaVersion: z.number().int() })

export const importAnswer = z.object({
  assets: z.array(
    z.object({
      id: z.string(),
      path: z.string(),
      format: z.string(),
      kind: z.string(),
      duration_s: z.number().nullable(),
      sha256: z.string(),
      streams: z.array(streamAnswer),
      warnings: z.array(warningSchema),
      already_imported: z.boolean(),
    }),
  ),
  refused: z.array(refusal),
  edits: z.array(editAnswer).describe('edits and captions of other programs that were put onto the timeline'),
  beside: z
    .array(z.object({ path: z.string(), of: z.string() }))
    .describe('files that lie beside an imported film and belong to it by their names, and did not come in'),
})
export type ImportAnswer = z.infer<typeof importAnswer>

const knot = z.object({ t_asset_s: z.number(), t_project_s: z.number(), sigma_s: z.number() })
const mapFields = {
  offset_s: z.number(),
  rate_ppm: z.number(),
  sigma_offset_s: z.number(),
  sigma_rate_ppm: z.number(),
  confidence,
  method: z.string(),
}

export const syncAnswer = z.object({
  reference: z.string().nullable(),
  assets: z.array(z.object({ asset: z.string(), ...mapFields, knots: z.array(knot).optional() })),
  pairs: z.array(
    z.object({
      a: z.string(),
      b: z.string(),
      method: z.string(),
      offset_s: z.number(),
      rate_ppm: z.number(),
      confidence,
      accepted: z.boolean(),
      reason: z.string().optional(),
      /** The reason as a code with slots, for hosts that translate it. */
      said: sayingSchema.optional(),
    }),
  ),
  unsynced: z.array(z.object({ asset: z.string(), reason: z.string(), said: sayingSchema.optional() })),
})
export type SyncAnswer = z.infer<typeof syncAnswer>

const unsyncedAnswer = z.object({ unsynced: z.object({ reason: z.string() }) })
export const syncFilesAnswer = z.union([
  z.object({ ...mapFields, overlap_s: z.number(), knots: z.array(knot).optional() }),
  unsyncedAnswer,
])
export type SyncFilesAnswer = z.infer<typeof syncFilesAnswer>

const registrationFields = {
  scale: z.number(),
  rmse_m: z.number().nullable(),
  overlap: z.number().nullable(),
  confidence,
  method: z.string(),
  covariance: z
    .array(z.number())
    .length(36)
    .nullable()
    .describe(
      '6x6 row-major over (rotation vector in rad, translation in m) along the axes of the target or world: the true pose is [exp(w) R, t + v]; null where it is not known',
    ),
}

export const registerAnswer = z.object({
  world: z.string().nullable(),
  assets: z.array(z.object({ asset: z.string(), world_from_asset: matrix16, ...registrationFields })),
  pairs: z.array(
    z.object({
      target: z.string(),
      source: z.string(),
      /** Null if no method settled on a pose. */
      method: z.string().nullable(),
      overlap: z.number().nullable(),
      rmse_m: z.number().nullable(),
      confidence,
      accepted: z.boolean(),
      reason: z.string().optional(),
      said: sayingSchema.optional(),
    }),
  ),
  /** For each cycle of pairs, how far it is from closing. */
  cycles: z.array(
    z.object({ assets: z.array(z.string()), degrees: z.number(), metres: z.number(), consistent: z.boolean() }),
  ),
  /** For captures with depth along a path: the places they came back to. */
  loop_closures: z.array(loopClosureAnswer),
  /** Films of captures compared with scans that are placed in the same world. */
  picture_checks: z.array(pictureCheckAnswer),
  unregistered: z.array(z.object({ asset: z.string(), reason: z.string(), said: sayingSchema.optional() })),
})
export type RegisterAnswer = z.infer<typeof registerAnswer>

export const registerFilesAnswer = z.union([
  z.object({ target_from_source: matrix16, ...registrationFields }),
  z.object({
    unregistered: z.object({
      reason: z.string(),
      candidates: z.array(z.object({ target_from_source: matrix16, confidence })),
    }),
  }),
])
export type RegisterFilesAnswer = z.infer<typeof registerFilesAnswer>

const ownStars = z.object({ stars: z.number(), low: z.number(), high: z.number() }).nullable()

export const valueAnswer = z.object({
  score: z
    .object({ none: z.number(), all: z.number() })
    .describe('of a model trained on nothing, and on all bundles: contribution_percent shares out the difference'),
  bundles: z.array(
    z.object({
      id: z.union([z.string(), z.number()]),
      stars: z.number(),
      low: z.number(),
      high: z.number(),
      of_share: ownStars.optional().describe('the share of the improvement by itself, on the scale of stars'),
      of_gain: ownStars.optional().describe('the gain by itself, on the scale of stars'),
      gain: z.number(),
      contribution_percent: z.number().describe('of the improvement that all bundles bring'),
      contribution_percent_of_score: z.number().describe('the same, of the whole score of all bundles'),
      probe_rows: z.number().optional(),
      reference_rows: z.number().optional().describe('rows that the reference holds: they count nothing'),
      repeated_rows: z
        .number()
        .optional()
        .describe('rows that say again what another row of the bundle says: likewise'),
      shared_rows: z.number().optional().describe('of those that count, rows that another bundle holds as well'),
      same_as: z.union([z.string(), z.number()]).nullable().optional(),
    }),
  ),
})

export const packAnswer = z.object({
  path: z.string(),
  root_cid: z.string(),
  car: z.string(),
  files: z.number().int(),
  bytes: z.number(),
  checks: z.array(
    z
      .object({
        id: z.string(),
        ok: z.boolean(),
        detail: z.string(),
        fix: z.string().optional(),
        said: z.object({ detail: sayingSchema, fix: sayingSchema.optional() }).optional(),
      })
      .loose(),
  ),
  sealed_for: z.string().optional().describe('the age recipient whose key opens the recordings, where they are sealed'),
  supersedes: z.string().optional().describe('root CID of the package that this one replaces'),
  /** Matches in this machine's library of known works; not part of the package. */
  originality: originalityAnswer.optional(),
})
export type PackAnswer = z.infer<typeof packAnswer>

export const mintAnswer = z.object({
  network: z.string(),
  contract: z.string(),
  token_id: z.string(),
  transaction: z.string().nullable(),
  gas_used: z.number(),
  fee_wei: z.string(),
  already_minted: z.boolean(),
  collection: z
    .object({ gas_used: z.number(), fee_wei: z.string() })
    .optional()
    .describe("present where this mint makes the creator's collection: what that costs besides"),
})
export type MintAnswer = z.infer<typeof mintAnswer>

/** Several works in one transaction. */
export const mintBatchAnswer = mintAnswer
  .omit({ token_id: true })
  .extend({ works: z.array(z.object({ package: z.string(), token_id: z.string() })) })
export type MintBatchAnswer = z.infer<typeof mintBatchAnswer>

export const walletAnswer = z.object({ address: z.string(), path: z.string() })
const walletKind = z.enum(['keystore', 'practice', 'watch', 'ledger', 'frame'])
export const walletListAnswer = z.object({
  wallets: z.array(z.object({ address: z.string(), path: z.string(), kind: walletKind })),
})
/** As the window sees it, without the keystores' locations. */

export const practiceAnswer = z.object({
  running: z.boolean(),
  rpc_url: z.string().nullable(),
  upload_url: z.string().nullable(),
  chain_id: z.number().int(),
  contracts: z.record(z.string(), z.string()),
})
export type PracticeAnswer = z.infer<typeof practiceAnswer>

export const serveAnswer = z.object({ url: z.string() })

export const workerAnswer = z.object({
  machine: z.string(),
  shared_folder: z.string(),
  done: z.number().int().describe('jobs that were done'),
  failed: z.number().int().describe('jobs that could not be done, or were refused'),
})

export const doctorAnswer = z.object({
  checks: z.array(z.object({ id: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().optional() })),
})
export type DoctorAnswer = z.infer<typeof doctorAnswer>

export const demoAnswer = z.object({
  project: z.string(),
  assets: importAnswer.shape.assets,
  sync: syncAnswer,
  register: registerAnswer,
  stars: starsAnswer,
  package: packAnswer,
  mint: mintAnswer,
  second_mint: mintAnswer,
  seconds: z.number(),
})
