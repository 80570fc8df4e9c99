/** Folder and CAR file on another disk or a shared drive: offline, and always there. */
import { rm, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { listFolder } from '../content/folder-files.ts'
import { addressOfFile } from '../content/unixfs.ts'
import { fileError, isMissing } from '../../file-errors.ts'
import { pathExists, publishFolder } from '../package/temporary-folder.ts'
import { verifyPackage } from '../package/verify.ts'
import { schemeOf } from '../../../../shared/publish/destination.ts'
import { copyResumably, type FileCopy } from './copy-file.ts'
import { Pace } from './pace.ts'
import type { UploadRequest, UploadResult, UploadTarget } from './target.ts'

interface Tally {
  sent: number
  skipped: number
}

/** True when the file is there with the same bytes. */
async function isThere(copy: FileCopy, signal: AbortSignal): Promise<boolean> {
  try {
    if ((await stat(copy.to)).size !== copy.bytes) return false
  } catch (error) {
    if (isMissing(error)) return false
    throw fileError(error, copy.to)
  }
  const sha256 = copy.sha256 ?? (await addressOfFile(copy.from, signal)).sha256
  return (await addressOfFile(copy.to, signal)).sha256 === sha256
}

async function bring(copy: FileCopy, tally: Tally, request: UploadRequest, totalBytes: number): Promise<void> {
  throwIfCancelled(request.signal)
  if (await isThere(copy, request.signal)) tally.skipped += copy.bytes
  else {
    const before = tally.sent + tally.skipped
    const sent = await copyResumably(copy, {
      pace: new Pace(request.bytesPerSecond),
      signal: request.signal,
      onBytes: (done) => request.onProgress(before + done, totalBytes),
    })
    tally.sent += sent
    tally.skipped += copy.bytes - sent
  }
  request.onProgress(tally.sent + tally.skipped, totalBytes)
}

/** What was copied reads back as the package that was sent, or the copy is refused. */
async function assertCopied(path: string, rootCid: string, signal: AbortSignal): Promise<void> {
  const verified = await verifyPackage(path, { signal })
  if (verified.ok && verified.root_cid === rootCid) return
  const [failure] = verified.failures
  throw new AsterismError(
    'corrupt_file',
    say('upload.folderDiffers', { quoted: failure ? `: ${failure.path} ${failure.what}` : '' }),
    {
      path,
      fix: say('upload.fix.checkDisk'),
    },
  )
}

/** Removes from the part what is not of this package: remains of another one, or of a copy cut short. */
async function removeOthers(part: string, expected: ReadonlySet<string>): Promise<void> {
  if (!(await pathExists(part))) return
  for (const file of (await listFolder(part)).files) {
    if (!expected.has(file.path.replace(/\.part$/, ''))) await rm(file.absolutePath, { force: true })
  }
}

async function uploadToFolder(request: UploadRequest): Promise<UploadResult> {
  const destination = resolve(request.destination.replace(/^folder:/, ''))
  const tree = request.folder === null ? null : await listFolder(request.folder, request.signal)
  const totalBytes = request.carBytes + (tree?.totalBytes ?? 0)
  const tally: Tally = { sent: 0, skipped: 0 }
  const carTo = join(destination, basename(request.car))
  const inside = request.folder === null ? '..' : relative(request.folder, destination)
  if (carTo === request.car || !inside.startsWith('..')) {
    throw new AsterismError('conflict', say('upload.lies'), {
      path: destination,
      fix: say('disk.fix.otherFolder'),
    })
  }
  const car = { from: request.car, to: carTo, bytes: request.carBytes, sha256: request.carSha256 }
  let location = carTo
  if (request.folder !== null && tree !== null) {
    location = join(destination, basename(request.folder))
    // One name, not one per process: what a killed run brought is found by the next one.
    const incoming = join(destination, `.${basename(location)}.incoming`)
    const there = await sameThere(location, request)
    if (there) tally.skipped += tree.totalBytes
    else {
      const part = join(incoming, 'package')
      await removeOthers(part, new Set(tree.files.map((file) => file.path)))
      for (const file of tree.files) {
        const copy = { from: file.absolutePath, to: join(part, file.path), bytes: file.bytes }
        await bring(copy, tally, request, totalBytes)
      }
      await assertCopied(part, request.rootCid, request.signal)
      // An older package's, which beside the new folder would be the archive of another one.
      if (!(await isThere(car, request.signal))) await rm(carTo, { force: true })
      await publishFolder(part, location)
    }
    await rm(incoming, { recursive: true, force: true })
  }
  await bring(car, tally, request, totalBytes)
  return { target: 'folder', location, bytes_sent: tally.sent, bytes_skipped: tally.skipped, verified: true }
}

/** True when the package is there already; a folder that is no package is never replaced. */
async function sameThere(location: string, request: UploadRequest): Promise<boolean> {
  if (!(await pathExists(location))) return false
  if (!(await pathExists(join(location, 'manifest.json')))) {
    throw new AsterismError('conflict', say('package.folderOther'), {
      path: location,
      fix: say('upload.fix.otherFolder'),
    })
  }
  const verified = await verifyPackage(location, { signal: request.signal })
  return verified.ok && verified.root_cid === request.rootCid
}

export const folderTarget: UploadTarget = {
  id: 'folder',
  title: 'Folder and CAR file',
  supports: (destination) => destination !== '' && schemeOf(destination) === null,
  upload: uploadToFolder,
}
