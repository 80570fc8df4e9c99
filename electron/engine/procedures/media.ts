import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { recordsOf } from '../../../shared/document/document.ts'
import { findByContent } from '../relink.ts'
import type { Session } from '../session.ts'
import { locationId } from '../work/import.ts'
import { implementer } from './implementer.ts'

export function mediaProcedures(session: Session) {
  return {
    relink: implementer.media.relink.handler(async ({ input, signal }) => {
      const store = session.requireProject()
      const missing = recordsOf(store.document, 'asset').filter((asset) => {
        const location = store.document.get(locationId(asset.id))
        return location?.kind === 'location' && !existsSync(location.path)
      })
      const found = await findByContent(
        session.files.resolve(input.folder),
        missing,
        signal ?? new AbortController().signal,
      )
      if (found.size > 0) {
        store.commit({ label: `Relink ${found.size} file(s)` }, (draft) => {
          for (const [assetId, path] of found) {
            const asset = draft.get(assetId)
            const location = draft.get(locationId(assetId))
            if (asset?.kind !== 'asset' || location?.kind !== 'location') continue
            asset.missing = false
            asset.fileName = basename(path)
            location.path = path
          }
        })
      }
      return {
        relinked: [...found.keys()],
        missing: missing.filter((asset) => !found.has(asset.id)).map((asset) => asset.id),
      }
    }),
  }
}
