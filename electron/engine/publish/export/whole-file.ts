/** Files that appear under their names only when they are complete, flushed, and known by their digest. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { fileError, makeFolder, outwardError } from '../../file-errors.ts'
import type { ExportedFile } from './exporter.ts'

/**
 * Refuses a name that a file may not take: that of a folder, and that of a pipe or a device, which a rename would replace
 * for all programs (`/dev/null` as root). @throws AsterismError `bad_input`
 */
export async function refuseNoFile(path: string): Promise<void> {
  const entry = await stat(path).catch(() => null)
  if (entry === null || entry.isFile()) return
  const [what, fix] = entry.isDirectory()
    ? [say('export.folderExists'), say('export.fix.nameFile')]
    : [say('file.neither'), say('export.fix.otherName')]
  throw new AsterismError('bad_input', what, { path, fix, kept: say('kept.asItIs') })
}

/** Lets `make` write under a temporary name beside `path`, then gives the result its name. */
export async function writeWhole(
  path: string,
  signal: AbortSignal | undefined,
  make: (temporaryPath: string) => Promise<void>,
): Promise<ExportedFile> {
  const part = `${path}.${process.pid}.part`
  try {
    throwIfCancelled(signal)
    await refuseNoFile(path)
    await makeFolder(dirname(path))
    await make(part)
    throwIfCancelled(signal)
    const digest = await fileDigest(part, signal)
    const handle = await open(part, 'r+')
    await handle.sync().finally(() => handle.close())
    await rename(part, path)
    return { path, ...digest }
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw outwardError(fileError(error, path), part, path)
  }
}

export async function writeWholeBytes(
  path: string,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<ExportedFile> {
  return await writeWhole(path, signal, async (part) => {
    const handle = await open(part, 'w')
    await handle.writeFile(bytes).finally(() => handle.close())
  })
}

/** As writeWholeBytes, but over no other file. @throws AsterismError `conflict` */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  if ((await lstat(path).catch(() => null)) !== null) {
    throw new AsterismError('conflict', say('export.fileExists'), {
      path,
      fix: say('export.fix.otherName'),
      kept: say('kept.asItIs'),
    })
  }
  await writeWholeBytes(path, bytes, undefined)
}

export async function fileDigest(path: string, signal?: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
