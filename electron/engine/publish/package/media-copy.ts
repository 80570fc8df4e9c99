/** Brings the recordings into the package: copied as a stream, checked against what was imported, without positions. */
import { mkdir, open } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Asset } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { openSource } from '../../import/source.ts'
import { addressOfContent, addressOfFile, addressOfTree, measured, readPieces } from '../content/unixfs.ts'
import { isMissing, withFileErrors } from '../../file-errors.ts'
import { mediaTypeOf } from '../formats/media-types.ts'
import { removeLocation } from '../location/index.ts'
import { safeName } from './file-names.ts'
import type { PackagedAsset, PackagedFile } from './packaged.ts'

export interface CopyContext {
  /** The package being built. */
  readonly directory: string
  readonly keepLocationData: boolean
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

const RELINK = 'Relink the recording, then pack again.'

function missing(asset: Asset, path: string | undefined, cause?: unknown): AsterismError {
  return new AsterismError('not_found', say('media.recordingMoved', { title: asset.title }), {
    path,
    fix: RELINK,
    kept: say('kept.nothingPacked'),
    cause,
  })
}

function changed(asset: Asset, path: string): AsterismError {
  return new AsterismError('corrupt_file', say('media.changedSince', { title: asset.title }), {
    path,
    fix: say('media.fix.importAgain'),
    kept: say('kept.nothingPacked'),
  })
}

interface CopiedFile {
  readonly file: PackagedFile
  /** Of the original, before anything was taken out. */
  readonly originalSha256: string
}

async function copyFile(from: string, packagePath: string, context: CopyContext): Promise<CopiedFile> {
  const to = join(context.directory, packagePath)
  await withFileErrors(to, () => mkdir(dirname(to), { recursive: true }))
  const handle = await withFileErrors(to, () => open(to, 'wx'))
  const source = measured(
    readPieces(from, { signal: context.signal, observe: (piece) => context.onBytes(piece.length) }),
  )
  const copying = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of source.content) {
      let done = 0
      while (done < piece.length) done += (await withFileErrors(to, () => handle.write(piece, done))).bytesWritten
      yield piece
    }
    await withFileErrors(to, () => handle.sync())
  }
  let file: PackagedFile
  try {
    const address = await addressOfContent(copying())
    const { sha256, bytes } = source.result()
    file = { path: packagePath, bytes, sha256, address, mediaType: mediaTypeOf(packagePath) }
  } finally {
    await handle.close()
  }
  if (context.keepLocationData || !(await withFileErrors(to, () => removeLocation(to)))) {
    return { file, originalSha256: file.sha256 }
  }
  const { cid, dagBytes, sha256, bytes } = await addressOfFile(to, context.signal)
  return { file: { ...file, bytes, sha256, address: { cid, dagBytes } }, originalSha256: file.sha256 }
}

async function copyFolder(asset: Asset, from: string, folder: string, context: CopyContext): Promise<PackagedAsset> {
  const source = await openSource(from)
  const digest = createHash('sha256')
  const copied: CopiedFile[] = []
  const taken = new Map<string, string>()
  for (const entry of source.entries) {
    const safe = entry.split('/').map(safeName).join('/')
    const other = taken.get(safe.toLowerCase())
    if (other !== undefined) {
      throw new AsterismError('conflict', say('package.alikeFiles', { title: asset.title, one: other, other: entry }), {
        path: from,
        fix: say('package.fix.alikeFiles'),
      })
    }
    taken.set(safe.toLowerCase(), entry)
    const each = await copyFile(join(source.path, entry), `${folder}/${safe}`, context)
    digest.update(`${each.originalSha256}  ${entry}\n`)
    copied.push(each)
  }
  if (digest.digest('hex') !== asset.sha256) throw changed(asset, from)
  const address = await addressOfTree(
    copied.map(({ file }) => ({ path: file.path.slice(folder.length + 1), address: file.address })),
  )
  return {
    asset,
    path: folder,
    isFolder: true,
    files: copied.map(({ file }) => file),
    address,
    locationRemovedFrom: copied
      .filter((each) => each.file.sha256 !== each.originalSha256)
      .map((each) => each.file.path),
    probes: new Map(),
    unreadable: [],
  }
}

/**
 * Copies one asset to `media/<name>`. The copy's digest is taken while it is written, so that what was read is what is
 * compared. @throws AsterismError `not_found`, `corrupt_file` (it changed), `disk_full`, `not_writable`, `cancelled`.
 */
export async function copyAsset(
  asset: Asset,
  from: string | null,
  name: string,
  context: CopyContext,
): Promise<PackagedAsset> {
  if (from === null) throw missing(asset, undefined)
  const packagePath = `media/${name}`
  const source = await openSource(from).catch((error: unknown) => {
    const lost = isMissing(error) || (error instanceof AsterismError && error.code === 'not_found')
    throw lost ? missing(asset, from, error) : error
  })
  if (source.isDirectory) return copyFolder(asset, from, packagePath, context)
  const { file, originalSha256 } = await copyFile(source.path, packagePath, context)
  if (originalSha256 !== asset.sha256) throw changed(asset, from)
  return {
    asset,
    path: packagePath,
    isFolder: false,
    files: [file],
    address: file.address,
    locationRemovedFrom: file.sha256 === originalSha256 ? [] : [packagePath],
    probes: new Map(),
    unreadable: [],
  }
}
