/** The open project as exporters take it: as it is now, with its recordings where they lie. */
import { existsSync } from 'node:fs'
import { pathOfAsset } from '../assets/asset-location.ts'
import type { Session } from '../session.ts'
import type { ExportInput } from './export/exporter.ts'

export async function exportSource(session: Session): Promise<ExportInput> {
  return {
    records: [...session.requireProject().document.values()],
    assetPath: (assetId) => {
      const path = pathOfAsset(session, assetId)
      return path && existsSync(path) ? path : null
    },
    tools: await session.tools(),
  }
}
