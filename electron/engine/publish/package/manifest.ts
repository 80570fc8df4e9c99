/** `manifest.json`: every other file of a package with its digest and CID, and how the checks came out. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from './canonical-json.ts'
import type { CheckResult } from '../checks/check.ts'
import type { PackagedFile } from './packaged.ts'
import { comparePaths } from '../content/folder-files.ts'

const MANIFEST_FORMAT = 'asterism-manifest/1'
export const MANIFEST_NAME = 'manifest.json'

export const manifestSchema = z.object({
  format: z.literal(MANIFEST_FORMAT),
  profile: z.literal('unixfs-v1-2025'),
  buyer_profile: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      cid: z.string(),
      media_type: z.string(),
    }),
  ),
  checks: z.array(z.object({ id: z.string(), ok: z.boolean(), blocking: z.boolean(), detail: z.string() })),
  /** Ids of failed checks for which nothing may be minted. */
  blocking: z.array(z.string()),
  /** Of the manifest without this member: a word that was changed tells, with no archive or signature beside it. */
  own_sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Manifest = z.infer<typeof manifestSchema>

export function ownDigest(manifest: Omit<Manifest, 'own_sha256'>): string {
  return createHash('sha256')
    .update(canonicalJson({ ...manifest, own_sha256: undefined }))
    .digest('hex')
}

/** The bytes of manifest.json, in canonical form: they are what a wallet signs. */
export function manifestBytes(
  files: readonly PackagedFile[],
  checks: readonly CheckResult[],
  buyerProfileId: string,
): Buffer {
  const manifest: Omit<Manifest, 'own_sha256'> = {
    format: MANIFEST_FORMAT,
    profile: 'unixfs-v1-2025',
    buyer_profile: buyerProfileId,
    files: [...files]
      .sort((a, b) => comparePaths(a.path, b.path))
      .map((file) => ({
        path: file.path,
        bytes: file.bytes,
        sha256: file.sha256,
        cid: file.address.cid.toString(),
        media_type: file.mediaType,
      })),
    checks: checks.map(({ id, ok, blocking, detail }) => ({ id, ok, blocking, detail })),
    blocking: checks.filter((check) => check.blocking && !check.ok).map((check) => check.id),
  }
  return Buffer.from(canonicalJson({ ...manifest, own_sha256: ownDigest(manifest) }))
}
