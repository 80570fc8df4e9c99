/** From an asset of the open project to its file and its importer. */
import { existsSync } from 'node:fs'
import { requireRecord, streamsOf, type Document } from '../../../shared/document/document.ts'
import type { Asset, Stream } from '../../../shared/document/records.ts'
import { pathCorrectionId, type PathCorrection } from '../../../shared/document/space-records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { chooseImporter } from '../import/describe.ts'
import type { Importer, ImportSource } from '../import/importer.ts'
import { withCorrectedPath } from './corrected-path.ts'
import { locateMedia, type MediaLocation } from '../import/media/location.ts'
import { openSource } from '../import/source.ts'
import type { Session } from '../session.ts'
import { locationId } from './new-asset.ts'

/** Where an asset was last seen; null when the project does not know. */
export function pathOfAsset(session: Session, assetId: string): string | null {
  const location = session.document.get(locationId(assetId))
  return location?.kind === 'location' ? location.path : null
}

/** Where all the recordings of the project were last seen. */
export function pathsOfAssets(session: Session): string[] {
  return [...session.document.values()].flatMap((record) => (record.kind === 'location' ? [record.path] : []))
}

export interface OpenAsset {
  readonly asset: Asset
  readonly importer: Importer
  readonly source: ImportSource
}

/**
 * The asset; its importer gives the path as it was put right, where it was.
 * @throws AsterismError not_found when the file is not where it was.
 */
export async function openAsset(session: Session, assetId: string): Promise<OpenAsset> {
  const opened = await openAsRecorded(session, assetId)
  return { ...opened, importer: withCorrectedPath(opened.importer, correctionOf(session.document, assetId)) }
}

/** The asset with its path as the device recorded it, whatever was made of it since. */
export async function openAsRecorded(session: Session, assetId: string): Promise<OpenAsset> {
  const asset = requireRecord(session.document, 'asset', assetId)
  const path = pathOfAsset(session, assetId)
  if (!path || !existsSync(path)) {
    throw new AsterismError('not_found', say('media.moved', { title: asset.title }), {
      path: path ?? asset.fileName,
      fix: say('media.fix.relink'),
      kept: say('kept.yourWork'),
    })
  }
  if (asset.changed) {
    throw new AsterismError('not_found', say('media.changed', { title: asset.title }), {
      path,
      fix: say('media.fix.putBack'),
      kept: say('kept.yourWork'),
    })
  }
  const source = await openSource(path)
  return { asset, source, importer: chooseImporter(source) }
}

export function correctionOf(document: Document, assetId: string): PathCorrection | undefined {
  const record = document.get(pathCorrectionId(assetId))
  return record?.kind === 'pathCorrection' ? record : undefined
}

/** The file that holds a video or audio stream: the asset itself, or a file inside a capture folder. */
export async function mediaFileOf(session: Session, stream: Stream): Promise<string> {
  return (await mediaOf(session, stream)).path
}

/** The same, and which of the file's streams it is. */
export async function mediaOf(session: Session, stream: Stream): Promise<MediaLocation> {
  const opened = await openAsset(session, stream.assetId)
  const context = { tools: await session.tools(), signal: new AbortController().signal }
  return await locateMedia(opened, stream, streamsOf(session.document, stream.assetId), context)
}
