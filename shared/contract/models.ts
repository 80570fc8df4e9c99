/** Learned models: what ships, what a person brought, what can be had. */
import { z } from 'zod'
import { base } from './base.ts'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { fileToken } from './file-token.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const modelEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  /** What it is for, as a clause. */
  use: z.string(),
  origin: z.enum(['built-in', 'folder', 'downloaded', 'offered']),
  licence: z.string(),
  /** The package, folder or address that it comes from. */
  source: z.string(),
  /** Of all its files; of an offer about what they are said to be. */
  bytes: z.number().int().nonnegative(),
  /** SHA-256 of the model, which is what it is known by beside its id; null while nothing of it is here. */
  digest: sha256.nullable(),
  ready: z.boolean(),
  /** Why it is not ready, what it can do only so well, or how it is checked. */
  note: z.string(),
  /** The same as what a window can say in its own language. */
  said: z.object({ use: sayingSchema, note: sayingSchema.optional() }).optional(),
})
export type ModelListEntry = z.infer<typeof modelEntrySchema>

export const modelsAnswer = z.object({ models: z.array(modelEntrySchema) })
export type ModelsAnswer = z.infer<typeof modelsAnswer>

/** What is fetched, from where, under which licence: a file that an institute writes, or one of the offers. */
export const modelManifestSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/),
  title: z.string().min(1).max(120),
  licence: z.string().min(1).max(200),
  files: z
    .array(
      z.object({
        path: z.string().min(1).max(300),
        url: z.url().max(2000),
        /** Exactly, where the digest is given; else about, and twice of it is refused. */
        bytes: z.number().int().positive().max(50e9),
        sha256: sha256.nullable(),
      }),
    )
    .min(1)
    .max(100),
})
export type ModelManifest = z.infer<typeof modelManifestSchema>

export const modelDownloadInput = z.object({
  from: z.union([
    /** From its own hub, or from another place that serves the same paths. */
    z.object({ offer: z.string().max(80), base: z.url().max(2000).nullish() }),
    z.object({ manifest: fileToken }),
  ]),
  /** The person saw address, size and licence and said yes. */
  consent: z.literal(true),
})

export const modelsContract = {
  list: base.output(modelsAnswer),
  /** What a manifest would fetch: nothing is asked of any address for it. */
  inspect: base.input(z.object({ manifest: fileToken })).output(modelManifestSchema),
  /** Takes a folder into use where it lies; its files are hashed and checked before every use. */
  addFolder: base.input(z.object({ folder: fileToken, licence: z.string().min(1).max(200) })).output(modelsAnswer),
  /** Downloaded files are deleted; a folder of the person's is only forgotten. */
  remove: base.input(z.object({ digest: sha256 })).output(modelsAnswer),
}
