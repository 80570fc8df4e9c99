/** Recordings whose files are gone, or are no longer what was imported. */
import { statSync, type Stats } from 'node:fs'
import { recordsOf } from '../../../shared/document/document.ts'
import type { Asset, AssetLocation } from '../../../shared/document/records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { hashFile } from '../import/content-hash.ts'
import type { ProjectStore } from './store.ts'

type Found = 'there' | 'gone' | 'other'

/** The file where a recording lay, or null where there is none, or none that may be looked at. */
function statusOf({ path }: AssetLocation): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
}

/** As far as its size tells; `unsure` where the file was written anew since and only its content can tell. */
function lookAt(asset: Asset, location: AssetLocation): Found | 'unsure' {
  const status = statusOf(location)
  if (!status) return 'gone'
  // Of a folder nothing but all of its files would tell.
  if (status.isDirectory()) return location.isFolder === false ? 'other' : 'there'
  // A pipe or a device in its place may not even be opened.
  if (!status.isFile() || location.isFolder === true) return 'other'
  if (status.size !== asset.byteLength) return 'other'
  return status.mtimeMs === location.modifiedAtMilliseconds ? 'there' : 'unsure'
}

function located(store: ProjectStore): { readonly asset: Asset; readonly location: AssetLocation }[] {
  return recordsOf(store.document, 'location').flatMap((location) => {
    const asset = store.document.get(location.assetId)
    return asset?.kind === 'asset' ? [{ asset, location }] : []
  })
}

/** Marks what is gone or has another size than it had, and unmarks what is back. Reads no file. */
export function noteMissing(store: ProjectStore): void {
  const found = new Map(
    located(store).map(({ asset, location }) => {
      const seen = lookAt(asset, location)
      return [asset.id, seen === 'unsure' ? (asset.changed ? 'other' : 'there') : seen] as const
    }),
  )
  mark(store, found)
}

/** On opening: a project on a full disk opens all the same, and says of what it reads that it is gone. */
export function noteMissingWhereRoom(store: ProjectStore): void {
  try {
    noteMissing(store)
  } catch (error) {
    if (!(error instanceof AsterismError && error.code === 'disk_full')) throw error
  }
}

/** What was read of a file: it is not read again until it is written anew. */
type Known = Map<string, { readonly modifiedAtMilliseconds: number; readonly isSame: boolean }>

/** The same, and reads those files of which size and time leave it open. */
export function createMissingLook(): (store: ProjectStore, signal: AbortSignal) => Promise<void> {
  const known: Known = new Map()
  return async (store, signal) => {
    noteMissing(store)
    const read = new Map<string, Found>()
    for (const { asset, location } of located(store)) {
      if (lookAt(asset, location) !== 'unsure') continue
      const modifiedAtMilliseconds = statusOf(location)?.mtimeMs ?? 0
      let seen = known.get(location.path)
      if (seen?.modifiedAtMilliseconds !== modifiedAtMilliseconds) {
        // What cannot be read is as good as another file.
        const sha256 = await hashFile(location.path, signal).catch(() => null)
        signal.throwIfAborted()
        seen = { modifiedAtMilliseconds, isSame: sha256 === asset.sha256 }
        known.set(location.path, seen)
      }
      read.set(asset.id, seen.isSame ? 'there' : 'other')
    }
    mark(store, read)
  }
}

function mark(store: ProjectStore, found: ReadonlyMap<string, Found>): void {
  store.note('Look for the recordings', (draft) => {
    for (const [assetId, seen] of found) {
      const asset = draft.get(assetId)
      if (asset?.kind !== 'asset') continue
      const [missing, changed] = [seen !== 'there', seen === 'other']
      if (asset.missing !== missing) asset.missing = missing
      if (changed && !asset.changed) asset.changed = true
      if (!changed && asset.changed !== undefined) delete asset.changed
    }
  })
}
