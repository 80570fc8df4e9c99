/** Opens what the user imports: a regular file or a folder of them; nothing that could block, or lead outside. */
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, relative, resolve, sep } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readSpan } from '../read-span.ts'
import type { ImportSource, PackedFile } from './importer.ts'
import { readZipDirectory } from './reading/zip-archive.ts'
import { emptyFile, readFailure, tooLarge } from './refusals.ts'

const HEAD_BYTES = 64 * 1024
const MAX_ENTRIES = 200_000
/** Depth of nested folders of one recording. */
export const MAX_DEPTH = 12

/** Names that file managers leave behind; they are not part of a recording. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '__MACOSX'])

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
  byteLength: number
}

/** Real path of a link inside the folder when it leads to a regular file within it; undefined otherwise. */
async function linkedFile(root: string, path: string): Promise<string | undefined> {
  const target = await realpath(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ELOOP') return undefined
    throw error
  })
  if (target === undefined || !target.startsWith(root + sep)) return undefined
  return (await stat(target)).isFile() ? target : undefined
}

async function listFolder(root: string): Promise<FolderContent> {
  const content: FolderContent = { entries: [], byteLength: 0 }
  const pending: { path: string; depth: number }[] = [{ path: root, depth: 0 }]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (folder.depth > MAX_DEPTH) throw tooLarge(root, say('file.deep', { depth: MAX_DEPTH }))
    for (const entry of await readdir(folder.path, { withFileTypes: true })) {
      if (isLitter(entry.name)) continue
      const path = join(folder.path, entry.name)
      if (entry.isDirectory()) {
        pending.push({ path, depth: folder.depth + 1 })
        continue
      }
      // Pipes, devices and sockets could block for ever; links out of the folder are not the recording's own.
      const file = entry.isFile() ? path : entry.isSymbolicLink() ? await linkedFile(root, path) : undefined
      if (file === undefined) continue
      content.entries.push(relative(root, path).split(sep).join('/'))
      if (content.entries.length > MAX_ENTRIES) throw tooLarge(root, say('file.many', { files: MAX_ENTRIES }))
      content.byteLength += (await stat(file)).size
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
  if (path.includes('\0')) throw new AsterismError('bad_input', 'A path cannot contain a zero byte.')
  try {
    const real = await realpath(absolute)
    const status = await stat(real)
    const name = basename(real)
    if (status.isDirectory()) {
      const { entries, byteLength } = await listFolder(real)
      if (entries.length === 0) throw emptyFile(real, say('file.folderEmpty'))
      return { path: real, name, extension: '', isDirectory: true, byteLength, head: new Uint8Array(0), entries }
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
