/**
 * PNG pictures of one number a pixel, as depth and confidence maps are (W3C PNG, third edition). The picture is
 * inflated to exactly the size its header gives, so that a small file cannot ask for more memory than its pixels need.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { inflateSync } from 'node:zlib'
import { corruptFile, tooLarge, unsupportedFormat } from '../refusals.ts'

export interface GrayImage {
  readonly width: number
  readonly height: number
  readonly bitDepth: 8 | 16
  /** The first channel of each pixel, row-major from the top left. */
  readonly data: Uint8Array | Uint16Array
}

export interface PngHeader {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  readonly colorType: number
  readonly interlaced: boolean
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]
const MAX_PIXELS = 1 << 26
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 }

/** Reads the 33 bytes of signature and header. @throws `corrupt_file`, `too_large`. */
export function readPngHeader(path: string, bytes: Uint8Array): PngHeader {
  if (bytes.length < 33 || SIGNATURE.some((byte, index) => bytes[index] !== byte)) {
    throw corruptFile(path, say('broken.notPng'))
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  if (view.getUint32(12) !== 0x49484452 || width === 0 || height === 0) throw corruptFile(path, say('broken.pngHeader'))
  if (width * height > MAX_PIXELS) throw tooLarge(path, say('broken.pngSize', { width, height }))
  return { width, height, bitDepth: bytes[24], colorType: bytes[25], interlaced: bytes[28] !== 0 }
}

function imageData(path: string, bytes: Uint8Array): Buffer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: Uint8Array[] = []
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at)
    const type = view.getUint32(at + 4)
    if (at + 12 + length > bytes.length) break
    if (type === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + length))
    if (type === 0x49454e44) return Buffer.concat(parts)
    at += 12 + length
  }
  throw corruptFile(path, say('broken.pictureCutOff'))
}

/** Undoes the filter of one row in place (PNG, section 9). */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): boolean {
  const { length } = row
  if (filter === 1) for (let i = step; i < length; i++) row[i] += row[i - step]
  else if (filter === 2) for (let i = 0; i < length; i++) row[i] += above[i]
  else if (filter === 3) for (let i = 0; i < length; i++) row[i] += ((i >= step ? row[i - step] : 0) + above[i]) >> 1
  else if (filter === 4) {
    for (let i = 0; i < length; i++) {
      const a = i >= step ? row[i - step] : 0
      const b = above[i]
      const c = i >= step ? above[i - step] : 0
      const estimate = a + b - c
      const [da, db, dc] = [Math.abs(estimate - a), Math.abs(estimate - b), Math.abs(estimate - c)]
      row[i] += da <= db && da <= dc ? a : db <= dc ? b : c
    }
  } else return filter === 0
  return true
}

/** @throws `corrupt_file`, `too_large`, `unsupported_format` (palettes, interlacing, fewer than 8 bits). */
export function decodeGrayPng(path: string, bytes: Uint8Array): GrayImage {
  const { width, height, bitDepth, colorType, interlaced } = readPngHeader(path, bytes)
  const channels = CHANNELS[colorType]
  if (!channels || interlaced || (bitDepth !== 8 && bitDepth !== 16)) {
    throw unsupportedFormat(path, say('broken.pngKind'))
  }
  const step = (channels * bitDepth) / 8
  const rowBytes = width * step
  const size = (rowBytes + 1) * height
  let raw: Buffer
  try {
    raw = inflateSync(imageData(path, bytes), { maxOutputLength: size })
  } catch (error) {
    throw corruptFile(path, say('broken.pngInflates'), error)
  }
  if (raw.length !== size) throw corruptFile(path, say('broken.pngShort'))
  const data = bitDepth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height)
  let above: Uint8Array = new Uint8Array(rowBytes)
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1)
    const row = raw.subarray(start + 1, start + 1 + rowBytes)
    if (!unfilter(raw[start], row, above, step)) throw corruptFile(path, say('broken.pngFilter'))
    for (let x = 0; x < width; x++) {
      data[y * width + x] = bitDepth === 16 ? (row[x * step] << 8) | row[x * step + 1] : row[x * step]
    }
    above = row
  }
  return { width, height, bitDepth, data }
}
