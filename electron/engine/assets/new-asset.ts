/** The records of a recording that enters the project. */
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Asset, AssetLocation, Clock, DocumentRecord, Stream } from '../../../shared/document/records.ts'
import type { ImportedAsset } from '../import/importer.ts'

export interface NewAsset {
  readonly asset: Asset
  readonly location: AssetLocation
  readonly clocks: readonly Clock[]
  readonly streams: readonly Stream[]
}

export function locationId(assetId: string): string {
  return `location:${assetId}`
}

/** The name of the file or folder; with its extension or a number only where there is one of that title already (C0001.MP4, C0001.WAV). */
function titleFor(fileName: string, isFolder: boolean, taken: ReadonlySet<string>): string {
  const bare = isFolder ? fileName : basename(fileName, extname(fileName))
  let title = taken.has(bare) ? fileName : bare
  for (let number = 2; taken.has(title); number++) title = `${fileName} (${number})`
  return title
}

/**
 * The records of an asset. Ids are short, unique and stable for the life of the project.
 * @param taken Titles of the recordings beside it.
 */
export function recordsFor(
  imported: ImportedAsset,
  file: { path: string; byteLength: number; sha256: string },
  taken: ReadonlySet<string> = new Set(),
): NewAsset {
  const assetId = `asset-${randomUUID().slice(0, 8)}`
  const fileName = basename(file.path)
  const status = statSync(file.path)
  const asset: Asset = {
    kind: 'asset',
    id: assetId,
    title: titleFor(fileName, status.isDirectory(), taken),
    fileName,
    format: imported.format,
    assetKind: imported.kind,
    byteLength: file.byteLength,
    sha256: file.sha256,
    durationSeconds: imported.durationSeconds,
    importedAt: new Date().toISOString(),
    take: null,
    warnings: [...imported.warnings],
    metadata: { ...imported.metadata },
    missing: false,
  }
  const location: AssetLocation = {
    kind: 'location',
    id: locationId(assetId),
    assetId,
    path: file.path,
    modifiedAtMilliseconds: status.mtimeMs,
    isFolder: status.isDirectory(),
  }
  const clocks = imported.clocks.map((clock, n): Clock => ({
    kind: 'clock',
    id: `${assetId}.clock${n}`,
    assetId,
    ...clock,
  }))
  const streams = imported.streams.map(({ clock, ...stream }, index): Stream => ({
    kind: 'stream',
    id: `${assetId}.${index}`,
    assetId,
    clockId: `${assetId}.clock${clock}`,
    index,
    ...stream,
  }))
  return { asset, location, clocks, streams }
}

/** What is entered into the document for it. */
export function recordsIn({ asset, location, clocks, streams }: NewAsset): DocumentRecord[] {
  return [asset, location, ...clocks, ...streams]
}
