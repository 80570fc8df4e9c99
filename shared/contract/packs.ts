/** Valuation packs on this machine: the one that ships and those of labs. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { fileToken } from './file-token.ts'

const packEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  /** SHA-256 of the content; distinguishes two packs with the same id. */
  digest: z.string(),
  kind: z.enum(['built-in', 'lab']),
  created: z.string(),
  benchmark: z.string(),
  note: z.string(),
  /** SHA-256 of the key that signed it, first 16 digits; null for the pack that ships. */
  signed_by: z.string().nullable(),
  bytes: z.number().int(),
  tasks: z.array(
    z.object({
      id: z.string(),
      encoder: z.string(),
      /** What its model predicts for a sample. */
      targets: z.enum(['classes', 'captions']),
      /** 0 if the targets are captions. */
      classes: z.number().int(),
      base_size: z.number().int(),
      /** How well it predicts held-out samples; null if the pack does not say. */
      held_out: z
        .object({
          /** Rank correlation of predicted and measured gains of simulated creators, and its lower 5 %. */
          spearman: z.number(),
          spearman_low: z.number(),
          creators: z.number().int(),
          samples: z.number().int(),
          /** Score of its model, and of a constant prediction. */
          score: z.number(),
          chance: z.number(),
        })
        .nullable()
        .default(null),
    }),
  ),
  /** Caveats on its predictions. */
  warnings: z.array(z.object({ reason: z.string(), said: sayingSchema.optional() })).default([]),
})
export type PackEntry = z.infer<typeof packEntrySchema>

export const packsAnswer = z.object({
  packs: z.array(packEntrySchema),
  refused: z.array(z.object({ path: z.string(), code: z.string(), reason: z.string(), said: sayingSchema.optional() })),
})
export type PacksAnswer = z.infer<typeof packsAnswer>

export const packBuildAnswer = z.object({
  path: z.string(),
  pack: packEntrySchema,
  figures: z.record(z.string(), z.number()),
  /** Files that were refused, each with the reason. */
  left_out: z.array(z.string()).optional(),
})
export const packBuildInput = z.object({
  source: fileToken,
  out: fileToken,
  key: fileToken,
  title: z.string().nullable(),
  /** A picture-text model that the user added; without it the encoder that ships is used for pictures. */
  encoder: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullish(),
})

export const packsContract = {
  list: oc.output(packsAnswer),
  /** Reads and checks a pack without installing it. */
  verify: oc.input(z.object({ files: z.array(fileToken).min(1).max(100) })).output(packsAnswer),
  install: oc.input(z.object({ files: z.array(fileToken).min(1).max(100) })).output(packsAnswer),
  remove: oc.input(z.object({ digest: z.string() })).output(packsAnswer),
}
