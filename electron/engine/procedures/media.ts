import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { recordsOf } from '../../../shared/document/document.ts'
import type { Asset } from '../../../shared/document/records.ts'
import { removeFromProject } from '../assets/remove.ts'
import { createMissingLook, noteMissing } from '../project/missing.ts'
import type { ProjectStore } from '../project/store.ts'
import { findByContent, matchByContent } from '../assets/relink.ts'
import type { Session } from '../session.ts'
import { locationId } from '../assets/new-asset.ts'
import { implementer } from './implementer.ts'
import { inEnglish, say, type Reason } from '../../../shared/sayings/saying.ts'

export function mediaProcedures(session: Session) {
  const look = createMissingLook()
  const remove = removeFromProject(session)
  return {
    look: implementer.media.look.handler(async ({ signal }) => {
      const store = session.requireProject()
      await look(store, signal ?? new AbortController().signal)
      const away = recordsOf(store.document, 'asset').filter((asset) => asset.missing)
      const changed = away.filter((asset) => asset.changed).length
      return { missing: away.length - changed, changed }
    }),

    relink: implementer.media.relink.handler(async ({ input, signal }) => {
      const store = session.requireProject()
      const missing = missingAssets(store)
      const found = await findByContent(
        session.files.resolve(input.folder),
        missing,
        signal ?? new AbortController().signal,
      )
      writeLocations(store, found)
      return {
        relinked: [...found.keys()],
        missing: missing.filter((asset) => !found.has(asset.id)).map((asset) => asset.id),
      }
    }),

    relinkFiles: implementer.media.relinkFiles.handler(async ({ input, signal }) => {
      const store = session.requireProject()
      const wanted = missingAssets(store).filter((asset) => input.assetId === null || asset.id === input.assetId)
      const found = new Map<string, string>()
      const refused: ({ name: string } & Reason)[] = []
      for (const token of input.files) {
        const path = session.files.resolve(token)
        const open = wanted.filter((asset) => !found.has(asset.id))
        const match = await matchByContent(path, open, signal ?? new AbortController().signal)
        if ('asset' in match) found.set(match.asset.id, path)
        else refused.push({ name: basename(path), ...match })
      }
      writeLocations(store, found)
      return { relinked: [...found.keys()], refused }
    }),

    remove: implementer.media.remove.handler(({ input }) => remove(new Set(input.assetIds), input.label)),
  }
}

/** Checked now: a file may have gone or come back since the project was opened. */
function missingAssets(store: ProjectStore): Asset[] {
  noteMissing(store)
  return recordsOf(store.document, 'asset').filter((asset) => asset.missing)
}

/** @param found where the files of assets lie now, by asset id */
function writeLocations(store: ProjectStore, found: ReadonlyMap<string, string>): void {
  if (found.size === 0) return
  store.commit({ label: inEnglish(say('step.relink', { count: found.size })) }, (draft) => {
    for (const [assetId, path] of found) {
      const asset = draft.get(assetId)
      const location = draft.get(locationId(assetId))
      if (asset?.kind !== 'asset' || location?.kind !== 'location') continue
      asset.missing = false
      delete asset.changed
      asset.fileName = basename(path)
      location.path = path
      location.modifiedAtMilliseconds = statSync(path).mtimeMs
    }
  })
}
