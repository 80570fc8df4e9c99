/** Valuation packs on this machine: the one that ships and those of labs. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { fileToken } from './file-token.ts'

export const packEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  /** SHA-256 of the content: two packs of one id are told apart by it. */
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
      /** What its model learns to say of a sample. */
      targets: z.enum(['classes', 'captions']),
      /** 0 where the targets are captions. */
      classes: z.number().int(),
      base_size: z.number().int(),
      /** How well it predicts, on samples that it had not seen; null where the pack does not say. */
      held_out: z
        .object({
          /** Rank correlation of predicted and measured gains of simulated creators, and its lower 5 %. */
          spearman: z.number(),
          spearman_low: z.number(),
          creators: z.number().int(),
          samples: z.number().int(),
          /** Of its model, and of one that says the same of every sample. */
          score: z.number(),
          chance: z.number(),
        })
        .nullable()
        .default(null),
    }),
  ),
  /** What is to be doubted of what it predicts. */
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
  /** Files that do not count, each with the reason. */
  left_out: z.array(z.string()).optional(),
})
export const packBuildInput = z.object({
  source: fileToken,
  out: fileToken,
  key: fileToken,
  title: z.string().nullable(),
  /** Of a model of pictures and words that the person brought; the encoder that ships looks at the pictures without it. */
  encoder: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullish(),
})

export const packsContract = {
  list: oc.output(packsAnswer),
  /** Reads and checks without keeping anything. */
  verify: oc.input(z.object({ files: z.array(fileToken).min(1).max(100) })).output(packsAnswer),
  install: oc.input(z.object({ files: z.array(fileToken).min(1).max(100) })).output(packsAnswer),
  remove: oc.input(z.object({ digest: z.string() })).output(packsAnswer),
}
