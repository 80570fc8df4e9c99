/** Opens what the user imports: a regular file or a folder of them; nothing that could block, or lead outside. */
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, relative, resolve, sep } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readSpan } from '../read-span.ts'
import type { ImportSource, LeftOut, PackedFile } from './importer.ts'
import { readZipDirectory } from './reading/zip-archive.ts'
import { emptyFile, readFailure, tooLarge } from './refusals.ts'

const HEAD_BYTES = 64 * 1024
const MAX_ENTRIES = 200_000
const MOST_LEFT_OUT = 100
/** Depth of nested folders of one recording. */
export const MAX_DEPTH = 12

/** Names that file managers leave behind; they are not part of a recording. */
const LITTER = new Set([
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
  '__MACOSX',
  'lost+found',
  '$RECYCLE.BIN',
  'System Volume Information',
])

export function isLitter(name: string): boolean {
  return LITTER.has(name) || name.startsWith('._')
}

async function readHead(path: string, byteLength: number): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const head = new Uint8Array(Math.min(HEAD_BYTES, byteLength))
    return head.subarray(0, await readSpan(file, head, 0))
  } finally {
    await file.close()
  }
}

interface FolderContent {
  readonly entries: string[]
  readonly leftOut: LeftOut[]
  byteLength: number
}

/**
 * Real path of a link inside the folder when it leads to a regular file within it; undefined when to a folder within it.
 * @throws AsterismError when it leads out of the folder or nowhere
 */
async function linkedFile(root: string, path: string): Promise<string | undefined> {
  const target = await realpath(path)
  if (!target.startsWith(root + sep) && target !== root) {
    throw new AsterismError('bad_input', say('file.linkOut'), { path })
  }
  return (await stat(target)).isFile() ? target : undefined
}

async function listFolder(root: string): Promise<FolderContent> {
  const content: FolderContent = { entries: [], leftOut: [], byteLength: 0 }
  const pending: { path: string; depth: number }[] = [{ path: root, depth: 0 }]
  // One part that cannot be read (a folder of another user, a name that is no text) is no reason to refuse all others.
  const unlessRefused = async <T>(path: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      const failure = readFailure(path, error)
      if (path === root || !(failure instanceof AsterismError)) throw error
      if (content.leftOut.length < MOST_LEFT_OUT) content.leftOut.push({ path, failure })
      return undefined
    }
  }
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const { path: within, depth } = folder
    if (depth > MAX_DEPTH) throw tooLarge(root, say('file.deep', { depth: MAX_DEPTH }))
    for (const entry of (await unlessRefused(within, () => readdir(within, { withFileTypes: true }))) ?? []) {
      if (isLitter(entry.name)) continue
      const path = join(within, entry.name)
      if (entry.isDirectory()) {
        pending.push({ path, depth: depth + 1 })
        continue
      }
      await unlessRefused(path, async () => {
        // Pipes, devices and sockets could block for ever; links out of the folder are not the recording's own.
        const file = entry.isFile() ? path : entry.isSymbolicLink() ? await linkedFile(root, path) : undefined
        if (file === undefined) return
        content.byteLength += (await stat(file)).size
        content.entries.push(relative(root, path).split(sep).join('/'))
      })
      if (content.entries.length > MAX_ENTRIES) throw tooLarge(root, say('file.many', { files: MAX_ENTRIES }))
    }
  }
  content.entries.sort()
  return content
}

/** The importer that reads the archive reports the reason. */
async function packedIn(path: string, byteLength: number): Promise<readonly PackedFile[] | undefined> {
  try {
    const entries = [...(await readZipDirectory({ path, byteLength })).values()]
    return entries.map(({ name, bytes, checksum }) => ({ name, bytes, checksum }))
  } catch (error) {
    if (error instanceof AsterismError) return undefined
    throw error
  }
}

/**
 * Opens a file or a folder for the importers.
 * @throws `not_found`, `bad_input` (not a regular file or folder, or not readable), `empty_file`, `too_large`.
 */
export async function openSource(path: string): Promise<ImportSource> {
  const absolute = resolve(path)
  if (path.includes('\0')) throw new AsterismError('bad_input', say('broken.zeroByte'))
  try {
    const real = await realpath(absolute)
    const status = await stat(real)
    const name = basename(real)
    if (status.isDirectory()) {
      const { entries, byteLength, leftOut } = await listFolder(real)
      if (entries.length === 0) throw leftOut[0]?.failure ?? emptyFile(real, say('file.folderEmpty'))
      const head = new Uint8Array(0)
      return { path: real, name, extension: '', isDirectory: true, byteLength, head, entries, leftOut }
    }
    if (!status.isFile()) {
      throw new AsterismError('bad_input', say('file.neither'), {
        path: real,
      })
    }
    if (status.size === 0) throw emptyFile(real, say('file.nothing'))
    const extension = extname(name).slice(1).toLowerCase()
    const head = await readHead(real, status.size)
    const packed = extension === 'zip' ? await packedIn(real, status.size) : undefined
    const file = { path: real, name, extension, isDirectory: false, byteLength: status.size, head, entries: [] }
    return packed ? { ...file, packed } : file
  } catch (error) {
    throw readFailure(absolute, error)
  }
}
