import { existsSync } from 'node:fs'
import { recordsOf } from '../../../shared/document/document.ts'
import type { ProjectStore } from './store.ts'

/** Marks the assets whose files are not where they were, and unmarks those that are back. */
export function noteMissing(store: ProjectStore): void {
  const missing = new Set(
    recordsOf(store.document, 'location')
      .filter((location) => !existsSync(location.path))
      .map((location) => location.assetId),
  )
  store.note('Look for the recordings', (draft) => {
    for (const asset of recordsOf(draft, 'asset')) {
      const record = draft.get(asset.id)
      if (record?.kind === 'asset' && record.missing !== missing.has(asset.id)) record.missing = missing.has(asset.id)
    }
  })
}
