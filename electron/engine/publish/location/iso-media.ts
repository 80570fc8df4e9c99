/**
 * Positions in MP4 and QuickTime files (ISO/IEC 14496-12 boxes): the `©xyz`, `loci` and XMP boxes of user data, and
 * location keys of QuickTime metadata. Boxes become `free` boxes of the same length and values become zeros, so no
 * sample moves and no time stamp changes, as they could when the file is written anew.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readSpan } from '../../read-span.ts'

/** The index of a day of recording takes some tens of megabytes. */
const MAX_INDEX_BYTES = 512 * (1 << 20)
const CONTAINERS = new Set(['moov', 'trak', 'udta', 'meta', 'mdia', 'minf', 'edts'])
const PLACE_BOXES = new Set(['\u00a9xyz', 'loci', 'GPS ', 'gps '])
const XMP_UUID = 'be7acfcb97a942e89c71999491e3afac'
const PLACE_KEY = /location|gps|geotag|latitude|longitude/i
const PLACE_IN_XMP = /GPS(Latitude|Longitude|Altitude|Position)|photoshop:City|LocationCreated/

interface Box {
  readonly type: string
  /** Of the head. */
  readonly start: number
  readonly body: number
  readonly end: number
}

function* boxesIn(bytes: Buffer, from: number, to: number): Generator<Box> {
  let at = from
  while (at + 8 <= to) {
    const short = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const long = short === 1 && at + 16 <= to
    const length = long ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short
    const body = at + (long ? 16 : 8)
    if (length < body - at || at + length > to) return
    yield { type, start: at, body, end: at + length }
    at += length
  }
}

function free(bytes: Buffer, box: Box): void {
  bytes.write('free', box.start + 4, 'latin1')
  bytes.fill(0, box.body, box.end)
}

/** Names of the keys of a QuickTime `keys` box, the first at index 1. */
function keyNames(bytes: Buffer, box: Box): string[] {
  const names = ['']
  let at = box.body + 8
  while (at + 8 <= box.end) {
    const length = bytes.readUInt32BE(at)
    if (length < 8 || at + length > box.end) break
    names.push(bytes.toString('utf8', at + 8, at + length))
    at += length
  }
  return names
}

function clearItems(bytes: Buffer, list: Box, keys: readonly string[], change: boolean): boolean {
  let found = false
  for (const item of boxesIn(bytes, list.body, list.end)) {
    const key = keys[bytes.readUInt32BE(item.start + 4)] ?? item.type
    if (!PLACE_KEY.test(key) && !PLACE_BOXES.has(item.type)) continue
    for (const data of boxesIn(bytes, item.body, item.end)) {
      const value = bytes.subarray(Math.min(data.body + 8, data.end), data.end)
      if (value.every((byte) => byte === 0)) continue
      found = true
      if (change) value.fill(0)
    }
  }
  return found
}

function clearBoxes(bytes: Buffer, from: number, to: number, change: boolean): boolean {
  let found = false
  let keys: string[] = []
  for (const box of boxesIn(bytes, from, to)) {
    const xmp =
      box.type === 'XMP_' || (box.type === 'uuid' && bytes.toString('hex', box.body, box.body + 16) === XMP_UUID)
    if (PLACE_BOXES.has(box.type) || (xmp && PLACE_IN_XMP.test(bytes.toString('latin1', box.body, box.end)))) {
      found = true
      if (change) free(bytes, box)
    } else if (box.type === 'keys') keys = keyNames(bytes, box)
    else if (box.type === 'ilst') found = clearItems(bytes, box, keys, change) || found
    else if (CONTAINERS.has(box.type)) {
      // `meta` has four bytes of version and flags in MP4 and none in QuickTime, where its first box follows at once.
      const plain = box.type !== 'meta' || bytes.toString('latin1', box.body + 4, box.body + 8) === 'hdlr'
      found = clearBoxes(bytes, box.body + (plain ? 0 : 4), box.end, change) || found
    }
  }
  return found
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  return buffer.subarray(0, await readSpan(handle, buffer, position))
}

/**
 * Removes positions from an MP4 or QuickTime file, in place; with `change` false only looks.
 * @returns Whether there were any.
 */
export async function clearIsoMediaLocation(path: string, change: boolean): Promise<boolean> {
  const handle = await open(path, change ? 'r+' : 'r')
  try {
    const { size } = await handle.stat()
    let found = false
    let at = 0
    while (at + 8 <= size) {
      const head = await readAt(handle, at, 16)
      const short = head.readUInt32BE(0)
      const type = head.toString('latin1', 4, 8)
      const length =
        short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short === 0 ? size - at : short
      if (length < 8 || at + length > size) break
      if (type === 'moov' || type === 'meta' || type === 'uuid' || type === 'udta') {
        if (length > MAX_INDEX_BYTES) {
          throw new AsterismError('too_large', say('location.longIndex', { bytes: String(length) }), { path })
        }
        const bytes = await readAt(handle, at, length)
        if (clearBoxes(bytes, 0, bytes.length, change)) {
          found = true
          if (change) await handle.write(bytes, 0, bytes.length, at)
        }
      }
      at += length
    }
    return found
  } finally {
    await handle.close()
  }
}
