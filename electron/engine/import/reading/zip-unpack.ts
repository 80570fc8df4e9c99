/**
 * ZIP archives unpacked into a folder of our own, whole or not at all. Everything that its directory says is looked at before
 * anything is written: names that lead elsewhere, links, what is encrypted, and what inflates to more than a recording would.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportSource, PackedFile } from '../importer.ts'
import { corruptFile, tooLarge, unsupportedFormat } from '../refusals.ts'
import { isLitter, MAX_DEPTH } from '../source.ts'
import { contentOffset, readZipDirectory, readZipEntry, type ZipEntry } from './zip-archive.ts'

/** Larger files are not held in memory. */
const WHOLE_BYTES = 16 << 20
const MAX_BYTES = 64 * 2 ** 30
/** What is small or hardly packed is no bomb. */
const HARMLESS_BYTES = 256 << 20
const MAX_RATIO = 100
/** Stays free for everything else. */
const SPARE_DISK_BYTES = 1 << 30
const LINK_MODE = 0xa000
const KIND_OF_MODE = 0xf000

const isFolder = (name: string): boolean => name.endsWith('/')

/** Without folders and what file managers add. */
export function isContent({ name }: Pick<PackedFile, 'name'>): boolean {
  return !isFolder(name) && !name.split('/').some(isLitter)
}

function leadsElsewhere(name: string): boolean {
  const parts = name.split('/')
  return /^[/\\]|^[a-z]:|\\|\0/i.test(name) || parts.includes('..') || parts.includes('.')
}

function refuseHostile({ path, byteLength }: ImportSource, entries: readonly ZipEntry[]): void {
  let [bytes, packedBytes] = [0, 0]
  for (const entry of entries) {
    const { name } = entry
    if (leadsElsewhere(name)) throw unsupportedFormat(path, say('file.archiveEscapes', { name }))
    if ((entry.unixMode & KIND_OF_MODE) === LINK_MODE) throw unsupportedFormat(path, say('file.archiveLink', { name }))
    if (name.split('/').length > MAX_DEPTH) throw tooLarge(path, say('file.deep', { depth: MAX_DEPTH }))
    bytes += entry.bytes
    packedBytes += entry.compressedBytes
  }
  // Entries that share their bytes are how a small archive holds an endless one.
  if (packedBytes > byteLength) throw corruptFile(path, say('file.archiveOverlaps'))
  const isBomb = bytes > HARMLESS_BYTES && bytes > MAX_RATIO * byteLength
  if (isBomb || bytes > MAX_BYTES) {
    const [size, most] = [bytes, isBomb ? MAX_RATIO * byteLength : MAX_BYTES]
    throw tooLarge(path, say('file.archiveInflates', { size, most }))
  }
}

/**
 * Writes one file; what it holds is what its checksum says, and no longer than it states.
 * @param to Where it is written, whatever name it has in the archive.
 */
export async function unpackEntry(
  source: ImportSource,
  entry: ZipEntry,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const { name, bytes, compressedBytes, checksum, method } = entry
  const damaged = (cause?: unknown) => corruptFile(source.path, say('file.partDamaged', { name }), cause)
  await mkdir(dirname(to), { recursive: true })
  if (bytes <= WHOLE_BYTES && compressedBytes <= WHOLE_BYTES) {
    const content = await readZipEntry(source, entry, WHOLE_BYTES)
    if (content.length !== bytes || crc32(content) !== checksum) throw damaged()
    await writeFile(to, content)
    return
  }
  // Of its first bytes alone, which says what cannot be read at all.
  if (entry.encrypted || (method !== 0 && method !== 8)) await readZipEntry(source, entry, Infinity)
  const start = await contentOffset(source, entry)
  let [length, sum] = [0, 0]
  const held = new Transform({
    transform(chunk: Buffer, _, done) {
      length += chunk.length
      sum = crc32(chunk, sum)
      done(length > bytes ? damaged() : null, chunk)
    },
  })
  const packed = createReadStream(source.path, { start, end: start + compressedBytes - 1, highWaterMark: 1 << 20 })
  try {
    if (method === 8) await pipeline(packed, createInflateRaw(), held, createWriteStream(to), { signal })
    else await pipeline(packed, held, createWriteStream(to), { signal })
  } catch (error) {
    throwIfCancelled(signal)
    throw codeOf(error).startsWith('Z_') ? damaged(error) : error
  }
  if (length !== bytes || sum !== checksum) throw damaged()
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function unpackFailure(path: string, error: unknown): unknown {
  if (error instanceof AsterismError) return error
  if (codeOf(error) === 'ENOSPC')
    return new AsterismError('disk_full', say('file.archiveNoRoom'), { path, cause: error })
  // Two names of which one is a folder of the other, or names that no system takes.
  if (/^(?:EEXIST|ENOTDIR|EISDIR|ENAMETOOLONG|EINVAL)$/.test(codeOf(error)))
    return corruptFile(path, say('file.archiveNames'), error)
  return error
}

/**
 * Unpacks an archive into `folder`, which is not there before.
 * @throws `unsupported_format`, `too_large`, `corrupt_file`, `disk_full`; nothing is left behind then.
 */
export async function unpackZip(source: ImportSource, folder: string, signal: AbortSignal): Promise<void> {
  const entries = [...(await readZipDirectory(source)).values()]
  refuseHostile(source, entries)
  const files = entries.filter(isContent)
  const bytes = files.reduce((sum, entry) => sum + entry.bytes, 0)
  const partial = `${folder}.${process.pid}.partial`
  await mkdir(partial, { recursive: true })
  try {
    const { bavail, bsize } = await statfs(partial)
    if (bytes + SPARE_DISK_BYTES > bavail * bsize)
      throw new AsterismError('disk_full', say('file.archiveNoRoom'), { path: source.path })
    for (const entry of files) {
      throwIfCancelled(signal)
      await unpackEntry(source, entry, join(partial, ...entry.name.split('/')), signal)
    }
    await rename(partial, folder)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw unpackFailure(source.path, error)
  }
}
