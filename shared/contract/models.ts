/** Learned models: those that ship, those that the user added, and those on offer. */
import { z } from 'zod'
import { base } from './base.ts'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { fileToken } from './file-token.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const modelEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  /** What it is for, as a clause. */
  use: z.string(),
  origin: z.enum(['built-in', 'folder', 'downloaded', 'offered']),
  licence: z.string(),
  /** The package, folder or address that it comes from. */
  source: z.string(),
  /** Size of all its files; for an offer, about what is declared. */
  bytes: z.number().int().nonnegative(),
  /** SHA-256 of the model, which identifies it besides its id; null while it is not on this machine. */
  digest: sha256.nullable(),
  ready: z.boolean(),
  /** Why it is not ready, its limits, or how it is verified. */
  note: z.string(),
  /** The same as sayings. */
  said: z.object({ use: sayingSchema, note: sayingSchema.optional() }).optional(),
})
export type ModelListEntry = z.infer<typeof modelEntrySchema>

export const modelsAnswer = z.object({ models: z.array(modelEntrySchema) })
export type ModelsAnswer = z.infer<typeof modelsAnswer>

/** What is downloaded, from where, under which licence: a manifest written by an institute, or one of the offers. */
export const modelManifestSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/),
  title: z.string().min(1).max(120),
  licence: z.string().min(1).max(200),
  files: z
    .array(
      z.object({
        path: z.string().min(1).max(300),
        url: z.url().max(2000),
        /** Exact if the digest is given; otherwise approximate, and more than twice as much is refused. */
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
    /** Its own hub, or another that serves the same paths. */
    z.object({ offer: z.string().max(80), base: z.url().max(2000).nullish() }),
    z.object({ manifest: fileToken }),
  ]),
  /** The user saw address, size and licence, and agreed. */
  consent: z.literal(true),
})

export const modelsContract = {
  list: base.output(modelsAnswer),
  /** What a manifest would download; this makes no request. */
  inspect: base.input(z.object({ manifest: fileToken })).output(modelManifestSchema),
  /** Uses a folder in place; its files are hashed and checked before every use. */
  addFolder: base.input(z.object({ folder: fileToken, licence: z.string().min(1).max(200) })).output(modelsAnswer),
  /** Deletes downloaded files; a folder of the user's own is only forgotten. */
  remove: base.input(z.object({ digest: sha256 })).output(modelsAnswer),
}
