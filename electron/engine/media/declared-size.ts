/**
 * Whether a file ends where its container says. Cameras that lose power and copies that break off leave files whose
 * index promises more than there is; ffprobe reports the promise.
 */
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'

/** What the outermost structure of a container promises. */
export interface DeclaredSize {
  /** Bytes the container says it has; null when it does not say. */
  readonly declaredBytes: number | null
  readonly actualBytes: number
  /** Of wave files: bytes behind the last chunk, as recorders leave that died before they wrote their lengths. */
  readonly bytesBeyond: number
  /** Of ISO base media (mp4, mov): whether the index was seen. Null for other containers. */
  readonly hasMovieIndex: boolean | null
}

const MAX_BOXES = 100_000
/** A last chunk may lack its padding; fewer bytes than this are no loss. */
const PADDING_BYTES = 8

/** Reads the box, chunk or element headers at the outermost level; the payloads are skipped. */
export async function readDeclaredSize(path: string): Promise<DeclaredSize> {
  const file = await open(path, 'r')
  try {
    const actualBytes = (await file.stat()).size
    const head = await bytesAt(file, 0, 64)
    if (isIsoMedia(head)) return await walkBoxes(file, actualBytes)
    const declared = riffSize(head) ?? aiffSize(head) ?? matroskaSize(head)
    const bytesBeyond = ascii(head, 8, 4) === 'WAVE' ? await beyondChunks(file, actualBytes) : 0
    return { declaredBytes: declared, actualBytes, bytesBeyond, hasMovieIndex: null }
  } finally {
    await file.close()
  }
}

/** True when bytes are missing at the end. */
export function isCutShort(size: DeclaredSize): boolean {
  return size.declaredBytes !== null && size.declaredBytes > size.actualBytes + PADDING_BYTES
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length)
  const { bytesRead } = await file.read(bytes, 0, length, position)
  return new DataView(bytes.buffer, 0, bytesRead)
}

function ascii(view: DataView, offset: number, length: number): string {
  if (view.byteLength < offset + length) return ''
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset, length))
}

function isIsoMedia(head: DataView): boolean {
  return ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(ascii(head, 4, 4))
}

/** ISO/IEC 14496-12, 4.2: size (0 to the end, 1 as 64 bits after the type) and type. */
async function walkBoxes(file: FileHandle, actualBytes: number): Promise<DeclaredSize> {
  let position = 0
  let hasMovieIndex = false
  for (let box = 0; box < MAX_BOXES && position + 8 <= actualBytes; box++) {
    const header = await bytesAt(file, position, 16)
    if (header.byteLength < 8) break
    const type = ascii(header, 4, 4)
    // After the last box some writers leave zeros.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) break
    let size = header.getUint32(0)
    if (size === 1 && header.byteLength >= 16) size = Number(header.getBigUint64(8))
    if (size === 0) size = actualBytes - position
    if (size < 8) break
    if (type === 'moov') hasMovieIndex = true
    position += size
  }
  return { declaredBytes: position, actualBytes, bytesBeyond: 0, hasMovieIndex }
}

/** RIFF (wav, avi): little-endian size at 4. Recorders that were stopped hard, and streams, leave 0 or all ones. */
function riffSize(head: DataView): number | null {
  if (ascii(head, 0, 4) !== 'RIFF' || head.byteLength < 8) return null
  const size = head.getUint32(4, true)
  return size === 0 || size >= 0xffffff00 ? null : size + 8
}

/** Less is what programs leave behind, and no recording. */
const LEAST_BEYOND_BYTES = 4096

/** Bytes that no chunk of a wave file holds. */
async function beyondChunks(file: FileHandle, actualBytes: number): Promise<number> {
  let position = 12
  for (let chunk = 0; chunk < MAX_BOXES && position + 8 <= actualBytes; chunk++) {
    const header = await bytesAt(file, position, 8)
    if (header.byteLength < 8 || !/^[\x20-\x7e]{4}$/.test(ascii(header, 0, 4))) break
    const size = header.getUint32(4, true)
    if (ascii(header, 0, 4) === 'data' && (size === 0 || size >= 0xffffff00)) return 0
    position += 8 + size + (size % 2)
  }
  const beyond = actualBytes - position
  return beyond >= LEAST_BEYOND_BYTES ? beyond : 0
}

function aiffSize(head: DataView): number | null {
  if (ascii(head, 0, 4) !== 'FORM' || head.byteLength < 8) return null
  const size = head.getUint32(4)
  return size === 0 ? null : size + 8
}

/** Matroska: the EBML header element, then the Segment, whose size is all ones while a recorder still writes. */
function matroskaSize(head: DataView): number | null {
  if (head.byteLength < 32 || head.getUint32(0) !== 0x1a45dfa3) return null
  const header = elementSize(head, 4)
  if (header === null || header.value === null) return null
  const segmentAt = header.end + header.value
  if (segmentAt + 12 > head.byteLength || head.getUint32(segmentAt) !== 0x18538067) return null
  const segment = elementSize(head, segmentAt + 4)
  return segment === null || segment.value === null ? null : segment.end + segment.value
}

/** A variable-length integer of EBML (RFC 8794, 4); `value` is null when it says "unknown". */
function elementSize(view: DataView, offset: number): { value: number | null; end: number } | null {
  if (offset >= view.byteLength) return null
  const first = view.getUint8(offset)
  const length = Math.clz32(first) - 23
  if (length > 8 || offset + length > view.byteLength) return null
  let value = first & ((1 << (8 - length)) - 1)
  let unknown = value === (1 << (8 - length)) - 1
  for (let at = offset + 1; at < offset + length; at++) {
    const byte = view.getUint8(at)
    unknown &&= byte === 0xff
    value = value * 256 + byte
  }
  return { value: unknown ? null : value, end: offset + length }
}
