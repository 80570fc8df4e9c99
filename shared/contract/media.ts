/** Recordings whose files were moved, and those that leave the project. */
import { z } from 'zod'
import { base } from './base.ts'
import { fileToken, type JobKind } from './jobs.ts'
import { sayingSchema } from '../sayings/saying-schema.ts'

/** Work that goes through the recordings of the project: none may leave while it is under way. */
export const GOES_THROUGH_RECORDINGS: readonly JobKind[] = [
  'import',
  'sync',
  'register',
  'registerPair',
  'stars',
  'pack',
  'transcribe',
  'export',
]

export const mediaContract = {
  /** Looks whether every recording is still where it was and what it was; the document says what is not. */
  look: base.output(z.object({ missing: z.number(), changed: z.number() })),
  /** Looks for missing assets under a folder and relinks those whose content hash matches. */
  relink: base
    .input(z.object({ folder: fileToken }))
    .output(z.object({ relinked: z.array(z.string()), missing: z.array(z.string()) })),
  /** Relinks missing assets to files that were chosen, where the content hash matches; says of each other why not. */
  relinkFiles: base
    .input(
      z.object({
        files: z.array(fileToken).max(1000),
        /** The recording they were chosen for; null for whichever is missing. */
        assetId: z.string().nullable(),
      }),
    )
    .output(
      z.object({
        relinked: z.array(z.string()),
        refused: z.array(z.object({ name: z.string(), reason: z.string(), said: sayingSchema })),
      }),
    ),
  /** Takes recordings out of the project with all that is of them, as one gesture. No file is touched. */
  remove: base
    .input(z.object({ assetIds: z.array(z.string()).min(1).max(100_000), label: z.string().min(1).max(120) }))
    .output(z.object({ removed: z.number().int() })),
}
