/**
 * The headers of still pictures, read without decoding a pixel: size, orientation, whether they move, and the Exif
 * they carry. Sizes come before decoding, so that a picture of absurd size is refused before it costs memory.
 */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { readHeifHeader } from './heif.ts'
import { bytesOf, exifBody, MAX_METADATA_BYTES, textOf, viewAt, xmpNamesPlace } from './picture-bytes.ts'
import type { PictureHeader } from './picture-bytes.ts'

type HeaderReader = (file: FileHandle, byteLength: number) => Promise<PictureHeader | null>

const MAX_SEGMENTS = 50_000

const READERS: Readonly<Record<string, HeaderReader>> = {
  jpeg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  bmp: readBmp,
  tiff: readTiff,
  heic: readHeifHeader,
  avif: readHeifHeader,
}

/** @param format As `mediaSignature` names it. @returns null when the header makes no sense. */
export async function readPictureHeader(path: string, format: string): Promise<PictureHeader | null> {
  const file = await open(path, 'r')
  try {
    return (await READERS[format]?.(file, (await file.stat()).size)) ?? null
  } finally {
    await file.close()
  }
}

const NOTHING = { isAnimated: false, exif: null, xmpHasLocation: false, isComplete: true } as const

/** ITU-T T.81, annex B: segments of marker and length up to the first scan. */
async function readJpeg(file: FileHandle, byteLength: number): Promise<PictureHeader | null> {
  let size: { width: number; height: number } | null = null
  let exif: Uint8Array | null = null
  let xmpHasLocation = false
  let position = 2
  for (let segment = 0; segment < MAX_SEGMENTS; segment++) {
    const header = await viewAt(file, position, 10)
    if (header.byteLength < 4 || header.getUint8(0) !== 0xff) break
    const marker = header.getUint8(1)
    if (marker === 0xff) {
      position++
      continue
    }
    if (marker === 0xda || marker === 0xd9) break
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      position += 2
      continue
    }
    const length = header.getUint16(2)
    if (length < 2) break
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame && header.byteLength >= 9) size = { height: header.getUint16(5), width: header.getUint16(7) }
    if (marker === 0xe1) {
      const body = await viewAt(file, position + 4, length - 2)
      if (textOf(body, 0, 6) === 'Exif\0\0') exif ??= exifBody(body)
      else xmpHasLocation ||= xmpNamesPlace(body)
    }
    position += 2 + length
  }
  if (!size) return null
  // Phones append videos and previews after the picture: the end mark may lie anywhere in the last part.
  const tail = textOf(await viewAt(file, Math.max(0, byteLength - 65_536), 65_536), 0, 65_536)
  return { ...NOTHING, ...size, exif, xmpHasLocation, isComplete: tail.includes('\xff\xd9') }
}

/** Chunks of length, type, data, checksum. */
async function readPng(file: FileHandle, byteLength: number): Promise<PictureHeader | null> {
  const head = await viewAt(file, 0, 33)
  if (head.byteLength < 33 || textOf(head, 12, 4) !== 'IHDR') return null
  let exif: Uint8Array | null = null
  let xmpHasLocation = false
  let isAnimated = false
  let isComplete = false
  let position = 8
  for (let chunk = 0; chunk < MAX_SEGMENTS && position + 8 <= byteLength; chunk++) {
    const header = await viewAt(file, position, 8)
    if (header.byteLength < 8) break
    const length = header.getUint32(0)
    const type = textOf(header, 4, 4)
    if (type === 'acTL') isAnimated = true
    if (type === 'eXIf') exif = exifBody(await viewAt(file, position + 8, length))
    if (type === 'iTXt') xmpHasLocation ||= xmpNamesPlace(await viewAt(file, position + 8, length))
    position += 12 + length
    if (type === 'IEND') {
      isComplete = position <= byteLength
      break
    }
  }
  return { width: head.getUint32(16), height: head.getUint32(20), isAnimated, exif, xmpHasLocation, isComplete }
}

async function readGif(file: FileHandle, byteLength: number): Promise<PictureHeader | null> {
  const head = await viewAt(file, 0, 65_536)
  if (head.byteLength < 13) return null
  const last = await viewAt(file, byteLength - 1, 1)
  return {
    ...NOTHING,
    width: head.getUint16(6, true),
    height: head.getUint16(8, true),
    isAnimated: textOf(head, 0, head.byteLength).includes('NETSCAPE2.0'),
    isComplete: last.byteLength === 1 && last.getUint8(0) === 0x3b,
  }
}

/** RFC 9649: RIFF chunks, of which VP8X, VP8 or VP8L carry the size. */
async function readWebp(file: FileHandle, byteLength: number): Promise<PictureHeader | null> {
  const head = await viewAt(file, 0, 12)
  if (head.byteLength < 12) return null
  const end = head.getUint32(4, true) + 8
  let size: { width: number; height: number } | null = null
  let exif: Uint8Array | null = null
  let xmpHasLocation = false
  let isAnimated = false
  let position = 12
  for (let chunk = 0; chunk < MAX_SEGMENTS && position + 8 <= byteLength; chunk++) {
    const header = await viewAt(file, position, 18)
    if (header.byteLength < 8) break
    const type = textOf(header, 0, 4)
    const length = header.getUint32(4, true)
    if (header.byteLength === 18) size ??= webpSize(type, header)
    if (type === 'ANIM') isAnimated = true
    if (type === 'EXIF') exif = exifBody(await viewAt(file, position + 8, length))
    if (type === 'XMP ') xmpHasLocation = xmpNamesPlace(await viewAt(file, position + 8, length))
    position += 8 + length + (length % 2)
  }
  return size && { ...size, isAnimated, exif, xmpHasLocation, isComplete: end <= byteLength + 1 }
}

function webpSize(type: string, header: DataView): { width: number; height: number } | null {
  const uint24 = (at: number): number => header.getUint16(at, true) | (header.getUint8(at + 2) << 16)
  if (type === 'VP8X') return { width: uint24(12) + 1, height: uint24(15) + 1 }
  if (type === 'VP8 ')
    return { width: header.getUint16(14, true) & 0x3fff, height: header.getUint16(16, true) & 0x3fff }
  if (type !== 'VP8L') return null
  const bits = header.getUint32(9, true)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

async function readBmp(file: FileHandle, byteLength: number): Promise<PictureHeader | null> {
  const head = await viewAt(file, 0, 26)
  if (head.byteLength < 26) return null
  const declared = head.getUint32(2, true)
  const isOld = head.getUint32(14, true) === 12
  const width = isOld ? head.getUint16(18, true) : head.getInt32(18, true)
  const height = isOld ? head.getUint16(20, true) : head.getInt32(22, true)
  // A negative height means that rows run from the top.
  return { ...NOTHING, width, height: Math.abs(height), isComplete: declared <= byteLength }
}

/** TIFF is the structure Exif borrows; its size lies in the tags ImageWidth (256) and ImageLength (257). */
async function readTiff(file: FileHandle, byteLength: number): Promise<PictureHeader | null> {
  const view = await viewAt(file, 0, Math.min(byteLength, MAX_METADATA_BYTES))
  if (view.byteLength < 8) return null
  const littleEndian = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, littleEndian)
  // The directory often stands at the end; beyond what is read here it is looked up by itself.
  const entries = directory + 2 <= view.byteLength ? view : null
  const table = entries ?? (await viewAt(file, directory, 65_536))
  const base = entries ? directory : 0
  if (base + 2 > table.byteLength) return { ...NOTHING, width: 0, height: 0, isComplete: false }
  const count = table.getUint16(base, littleEndian)
  const sizes = new Map<number, number>()
  for (let index = 0; index < count && base + 14 + index * 12 <= table.byteLength; index++) {
    const at = base + 2 + index * 12
    const isShort = table.getUint16(at + 2, littleEndian) === 3
    sizes.set(
      table.getUint16(at, littleEndian),
      isShort ? table.getUint16(at + 8, littleEndian) : table.getUint32(at + 8, littleEndian),
    )
  }
  const exif = entries ? bytesOf(view) : null
  return { ...NOTHING, width: sizes.get(256) ?? 0, height: sizes.get(257) ?? 0, exif }
}
