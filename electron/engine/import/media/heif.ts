/**
 * HEIF (ISO/IEC 23008-12) as phones write it: the size of the primary picture out of its item properties, and its
 * Exif out of its own item. The pixels are not decoded here.
 */
import type { FileHandle } from 'node:fs/promises'
import { bytesOf, textOf, viewAt, xmpNamesPlace } from './picture-bytes.ts'
import type { PictureHeader } from './picture-bytes.ts'

interface Box {
  readonly type: string
  /** Of the payload, in the view. */
  readonly start: number
  readonly end: number
}

interface Extent {
  readonly offset: number
  readonly length: number
}

const MAX_BOXES = 20_000

export async function readHeifHeader(file: FileHandle, byteLength: number): Promise<PictureHeader | null> {
  const found = await findMeta(file, byteLength)
  if (!found) return null
  const { meta, isComplete } = found
  // `meta` is a full box: version and flags come before its children.
  const children = boxes(meta, 4, meta.byteLength)
  const properties = children.find((box) => box.type === 'iprp')
  const container = properties && boxes(meta, properties.start, properties.end).find((box) => box.type === 'ipco')
  const list = container ? boxes(meta, container.start, container.end) : []
  // Tiles have sizes of their own: the picture is the largest.
  const sizes = list
    .filter((box) => box.type === 'ispe' && box.end - box.start >= 12)
    .map((box) => ({ width: meta.getUint32(box.start + 4), height: meta.getUint32(box.start + 8) }))
    .sort((a, b) => b.width * b.height - a.width * a.height)
  if (sizes.length === 0) return null
  const turn = list.find((box) => box.type === 'irot' && box.end > box.start)
  const items = itemsOf(meta, children)
  const exifItem = items.find((item) => item.type === 'Exif')
  const xmpItem = items.find((item) => item.type === 'mime')
  const exifView = exifItem && (await viewAt(file, exifItem.extent.offset, exifItem.extent.length))
  const xmpView = xmpItem && (await viewAt(file, xmpItem.extent.offset, xmpItem.extent.length))
  return {
    ...sizes[0],
    isAnimated: false,
    exif: exifView ? exifOf(exifView) : null,
    xmpHasLocation: xmpView ? xmpNamesPlace(xmpView) : false,
    isComplete,
    // `irot` counts quarter turns against the clock.
    rotationDegrees: turn ? (360 - (meta.getUint8(turn.start) & 3) * 90) % 360 : 0,
  }
}

async function findMeta(file: FileHandle, byteLength: number): Promise<{ meta: DataView; isComplete: boolean } | null> {
  let meta: DataView | null = null
  let position = 0
  for (let box = 0; box < MAX_BOXES && position + 8 <= byteLength; box++) {
    const header = await viewAt(file, position, 16)
    if (header.byteLength < 8) break
    let size = header.getUint32(0)
    const isLarge = size === 1 && header.byteLength === 16
    if (isLarge) size = Number(header.getBigUint64(8))
    if (size === 0) size = byteLength - position
    if (size < 8) break
    const skip = isLarge ? 16 : 8
    if (textOf(header, 4, 4) === 'meta') meta ??= await viewAt(file, position + skip, size - skip)
    position += size
  }
  return meta && { meta, isComplete: position <= byteLength }
}

function boxes(view: DataView, start: number, end: number): Box[] {
  const found: Box[] = []
  let at = start
  while (at + 8 <= Math.min(end, view.byteLength) && found.length < MAX_BOXES) {
    const size = view.getUint32(at)
    if (size < 8 || at + size > end) break
    found.push({ type: textOf(view, at + 4, 4), start: at + 8, end: at + size })
    at += size
  }
  return found
}

function itemsOf(meta: DataView, children: readonly Box[]): { type: string; extent: Extent }[] {
  const info = children.find((box) => box.type === 'iinf')
  const location = children.find((box) => box.type === 'iloc')
  if (!info || !location) return []
  const places = extentsOf(meta, location)
  const isLong = meta.getUint8(info.start) > 0
  return boxes(meta, info.start + (isLong ? 8 : 6), info.end).flatMap((entry) => {
    const version = meta.getUint8(entry.start)
    if (entry.type !== 'infe' || version < 2 || entry.start + 14 > meta.byteLength) return []
    const id = version === 2 ? meta.getUint16(entry.start + 4) : meta.getUint32(entry.start + 4)
    const extent = places.get(id)
    return extent ? [{ type: textOf(meta, entry.start + (version === 2 ? 8 : 10), 4), extent }] : []
  })
}

/** The item location box, 8.11.3 of ISO/IEC 14496-12; only items in one piece at an absolute place in the file. */
function extentsOf(meta: DataView, box: Box): Map<number, Extent> {
  const places = new Map<number, Extent>()
  const version = meta.getUint8(box.start)
  const sizes = meta.getUint16(box.start + 4)
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexBytes = version === 0 ? 0 : sizes & 15
  let at = box.start + 6
  const take = (bytes: number): number => {
    let value = 0
    for (let index = 0; index < bytes; index++) value = value * 256 + (at < box.end ? meta.getUint8(at++) : 0)
    return value
  }
  const count = take(version === 2 ? 4 : 2)
  for (let item = 0; item < count && at < box.end; item++) {
    const id = take(version === 2 ? 4 : 2)
    const method = version === 0 ? 0 : take(2) & 15
    take(2)
    const base = take(baseBytes)
    const extents = take(2)
    let first: Extent | undefined
    for (let extent = 0; extent < extents && at < box.end; extent++) {
      take(indexBytes)
      const offset = take(offsetBytes)
      const length = take(lengthBytes)
      first ??= { offset: base + offset, length }
    }
    if (method === 0 && extents === 1 && first) places.set(id, first)
  }
  return places
}

/** The item begins with the distance from its fifth byte to the TIFF header. */
function exifOf(view: DataView): Uint8Array | null {
  if (view.byteLength < 4) return null
  const skip = 4 + view.getUint32(0)
  return skip < view.byteLength ? bytesOf(view, skip) : null
}
