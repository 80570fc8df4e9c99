/** Recordings whose files were moved, and recordings that are removed from the project. */
import { z } from 'zod'
import { base } from './base.ts'
import { fileToken, type JobKind } from './jobs.ts'
import { sayingSchema } from '../sayings/saying-schema.ts'

/** Jobs that read all recordings of the project: none may be removed while one of these runs. */
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
  /** Checks that every recording is still in its place and unchanged; the document records which are not. */
  look: base.output(z.object({ missing: z.number(), changed: z.number() })),
  /** Searches a folder for missing assets and relinks those whose content hash matches. */
  relink: base
    .input(z.object({ folder: fileToken }))
    .output(z.object({ relinked: z.array(z.string()), missing: z.array(z.string()) })),
  /** Relinks missing assets to the chosen files whose content hash matches; every other file gets a reason. */
  relinkFiles: base
    .input(
      z.object({
        files: z.array(fileToken).max(1000),
        /** The recording that they were chosen for; null: any missing one. */
        assetId: z.string().nullable(),
      }),
    )
    .output(
      z.object({
        relinked: z.array(z.string()),
        refused: z.array(z.object({ name: z.string(), reason: z.string(), said: sayingSchema })),
      }),
    ),
  /** Removes recordings from the project with everything that belongs to them, as one gesture. No file is touched. */
  remove: base
    .input(z.object({ assetIds: z.array(z.string()).min(1).max(100_000), label: z.string().min(1).max(120) }))
    .output(z.object({ removed: z.number().int() })),
}
