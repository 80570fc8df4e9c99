/**
 * Files inside ZIP archives (PKWARE APPNOTE 6.3), read one at a time into memory and never written to disk, so that no
 * name can lead anywhere. A file is inflated to the size its entry states and no further.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { inflateRawSync } from 'node:zlib'
import { readRange } from './byte-stream.ts'
import type { ImportSource, PackedFile } from '../importer.ts'
import { corruptFile, tooLarge, unsupportedFormat } from '../refusals.ts'

export interface ZipEntry extends PackedFile {
  readonly method: number
  readonly compressedBytes: number
  /** Of its local header in the file. */
  readonly offset: number
  readonly encrypted: boolean
  /** As Unix tells kinds of files apart; 0 where the archive was made elsewhere. */
  readonly unixMode: number
}

const END_MAGIC = 0x06054b50
const END64_LOCATOR_MAGIC = 0x07064b50
const END64_MAGIC = 0x06064b50
const ENTRY_MAGIC = 0x02014b50
const LOCAL_MAGIC = 0x04034b50
/** Of what made an entry. */
const UNIX = 3
const MAX_DIRECTORY_BYTES = 128 << 20
const MAX_ENTRIES = 400_000
/** The end record and the longest comment behind it. */
const TAIL_BYTES = 22 + 65_535

interface Directory {
  readonly offset: number
  readonly bytes: number
  readonly count: number
}

async function findDirectory(source: Pick<ImportSource, 'path' | 'byteLength'>): Promise<Directory> {
  const start = Math.max(0, source.byteLength - TAIL_BYTES)
  const tail = await readRange(source.path, start, source.byteLength - start)
  const view = new DataView(tail.buffer)
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_MAGIC) continue
    const plain = {
      count: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    }
    if (plain.offset !== 0xffffffff && plain.count !== 0xffff) return plain
    if (at < 20 || view.getUint32(at - 20, true) !== END64_LOCATOR_MAGIC) return plain
    const end64 = new DataView((await readRange(source.path, Number(view.getBigUint64(at - 12, true)), 56)).buffer)
    if (end64.byteLength < 56 || end64.getUint32(0, true) !== END64_MAGIC) break
    const wide = (offset: number) => Number(end64.getBigUint64(offset, true))
    return { count: wide(32), bytes: wide(40), offset: wide(48) }
  }
  throw corruptFile(source.path, say('file.archiveCutOff'))
}

/** The sizes and offset that do not fit 32 bits stand in an extra field, in this order. */
function wideValues(extra: DataView, values: number[]): number[] {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const length = extra.getUint16(at + 2, true)
    if (extra.getUint16(at, true) === 1) {
      let from = at + 4
      return values.map((value) => {
        if (value !== 0xffffffff || from + 8 > Math.min(extra.byteLength, at + 4 + length)) return value
        from += 8
        return Number(extra.getBigUint64(from - 8, true))
      })
    }
    at += 4 + length
  }
  return values
}

/** All files of the archive by name. @throws `corrupt_file`, `too_large`. */
export async function readZipDirectory(
  source: Pick<ImportSource, 'path' | 'byteLength'>,
): Promise<ReadonlyMap<string, ZipEntry>> {
  const { offset, bytes, count } = await findDirectory(source)
  if (bytes > MAX_DIRECTORY_BYTES || count > MAX_ENTRIES)
    throw tooLarge(source.path, say('broken.archiveFiles', { files: count }))
  if (offset + bytes > source.byteLength) throw corruptFile(source.path, say('broken.archiveDirectoryOutside'))
  const directory = await readRange(source.path, offset, bytes)
  const view = new DataView(directory.buffer)
  const entries = new Map<string, ZipEntry>()
  for (let at = 0, index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY_MAGIC) {
      throw corruptFile(source.path, say('broken.archiveDirectory'))
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true))
    const next = at + 46 + nameBytes + extraBytes + commentBytes
    if (next > view.byteLength) throw corruptFile(source.path, say('broken.archiveDirectory'))
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameBytes))
    const stated = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
    const extra = new DataView(directory.buffer, at + 46 + nameBytes, extraBytes)
    const [size, compressedBytes, local] = wideValues(extra, stated)
    const encrypted = (view.getUint16(at + 8, true) & 1) === 1
    entries.set(name, {
      name,
      method: view.getUint16(at + 10, true),
      compressedBytes,
      bytes: size,
      offset: local,
      encrypted,
      checksum: view.getUint32(at + 16, true),
      unixMode: view.getUint8(at + 5) === UNIX ? view.getUint16(at + 40, true) : 0,
    })
    at = next
  }
  return entries
}

/** The content of one file. @throws `too_large` beyond `limitBytes`, `corrupt_file`, `unsupported_format`. */
export async function readZipEntry(source: ImportSource, entry: ZipEntry, limitBytes: number): Promise<Uint8Array> {
  const { name, method, bytes, compressedBytes } = entry
  if (bytes > limitBytes || compressedBytes > limitBytes)
    throw tooLarge(source.path, say('broken.partLong', { name, bytes }))
  if (entry.encrypted || (method !== 0 && method !== 8)) {
    throw unsupportedFormat(
      source.path,
      entry.encrypted ? say('broken.partEncrypted', { name }) : say('broken.partMethod', { name, method }),
    )
  }
  const packed = await readRange(source.path, await contentOffset(source, entry), compressedBytes)
  if (packed.length < compressedBytes) throw corruptFile(source.path, say('file.partCutOff', { name }))
  if (method === 0) return packed
  try {
    const content = inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) })
    if (content.length === bytes) return content
  } catch (error) {
    throw corruptFile(source.path, say('broken.partInflates', { name }), error)
  }
  throw corruptFile(source.path, say('broken.partInflates', { name }))
}

/** Where the packed bytes of an entry begin. */
export async function contentOffset(
  source: Pick<ImportSource, 'path'>,
  { name, offset }: Pick<ZipEntry, 'name' | 'offset'>,
): Promise<number> {
  const local = await readRange(source.path, offset, 30)
  const header = new DataView(local.buffer)
  if (local.length < 30 || header.getUint32(0, true) !== LOCAL_MAGIC)
    throw corruptFile(source.path, say('broken.partMissing', { name }))
  return offset + 30 + header.getUint16(26, true) + header.getUint16(28, true)
}
