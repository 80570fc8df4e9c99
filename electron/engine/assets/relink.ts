/** Finding files that were moved: by size first, then by content hash. */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Asset } from '../../../shared/document/records.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import { hashSource } from '../import/content-hash.ts'
import { openSource } from '../import/source.ts'
import { because, type Reason } from '../../../shared/sayings/saying.ts'

const MOST_FILES = 100_000
const DEEPEST = 12

/** Paths under a folder whose content is that of the given assets, by asset id. */
export async function findByContent(
  folder: string,
  assets: readonly Asset[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const wanted = new Map<number, Asset[]>()
  for (const asset of assets) wanted.set(asset.byteLength, [...(wanted.get(asset.byteLength) ?? []), asset])
  const found = new Map<string, string>()
  const names = new Set(assets.map((asset) => asset.fileName))
  let seen = 0
  const visit = async (path: string, depth: number): Promise<void> => {
    throwIfCancelled(signal)
    if (found.size === assets.length || ++seen > MOST_FILES || depth > DEEPEST) return
    const stat = lstatSync(path)
    const isCandidate = stat.isDirectory()
      ? names.has(path.split(/[\\/]/).at(-1) ?? '')
      : stat.isFile() && wanted.has(stat.size)
    if (isCandidate) {
      const source = await openSource(path)
      const matches = wanted.get(source.byteLength)?.filter((asset) => !found.has(asset.id)) ?? []
      if (matches.length > 0) {
        const sha256 = await hashSource(source, signal)
        for (const asset of matches) if (asset.sha256 === sha256) found.set(asset.id, path)
      }
    }
    if (!stat.isDirectory()) return
    for (const entry of readdirSync(path)) await visit(join(path, entry), depth + 1)
  }
  await visit(folder, 0)
  return found
}

/** The asset that a file is the recording of, or why it is none of them. */
export async function matchByContent(
  path: string,
  assets: readonly Asset[],
  signal: AbortSignal,
): Promise<{ readonly asset: Asset } | Reason> {
  const source = await openSource(path)
  const [only] = assets
  if (!only) return because('relink.noneMissing')
  const asLarge = assets.filter((asset) => asset.byteLength === source.byteLength)
  const sha256 = asLarge.length > 0 ? await hashSource(source, signal) : null
  const asset = asLarge.find((each) => each.sha256 === sha256)
  if (asset) return { asset }
  if (assets.length > 1) return because('relink.noneOfThem')
  return sha256 === null
    ? because('relink.otherLength', { bytes: source.byteLength, name: only.fileName, before: only.byteLength })
    : because('relink.otherContent', {
        name: only.fileName,
        digest: sha256.slice(0, 8),
        before: only.sha256.slice(0, 8),
      })
}
