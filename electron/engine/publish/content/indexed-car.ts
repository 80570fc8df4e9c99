/**
 * A CAR file by its blocks: each is hashed against its CID and found again by it. Memory holds the index (about 100
 * bytes a block) and one block.
 */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { CarBufferReader } from '@ipld/car/buffer-reader'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { readSpan } from '../../read-span.ts'

/** IPFS peers refuse blocks above 2 MiB; a longer section is damage or an attack on memory. */
const MAX_SECTION_BYTES = 2 * (1 << 20) + 4096
const MAX_HEADER_BYTES = 4096
const SHA2_256 = 0x12
/** Codes of the two kinds of blocks: bytes of a file, and nodes of UnixFS. */
export const RAW = 0x55
export const DAG_PB = 0x70

interface BlockPlace {
  readonly position: number
  readonly length: number
}

export interface IndexedCar {
  readonly path: string
  readonly handle: FileHandle
  readonly root: CID
  readonly blocks: ReadonlyMap<string, BlockPlace>
}

export function corruptCar(path: string, what: Saying, cause?: unknown): AsterismError {
  return new AsterismError('corrupt_file', what, { path, fix: say('car.fix.again'), cause })
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length)
  return buffer.subarray(0, await readSpan(handle, buffer, position))
}

/** The number at `position` and the bytes that it takes. */
async function readLength(
  path: string,
  handle: FileHandle,
  position: number,
  limit: number,
): Promise<[number, number]> {
  const head = await readAt(handle, position, 10)
  let value: number
  let taken: number
  try {
    ;[value, taken] = varint.decode(head)
  } catch (error) {
    throw corruptCar(path, say('car.endsWithinBlock'), error)
  }
  if (value > limit) throw corruptCar(path, say('car.longBlock', { bytes: String(value) }))
  return [value, taken]
}

export async function readRoot(path: string, handle: FileHandle): Promise<{ root: CID; position: number }> {
  const [length, taken] = await readLength(path, handle, 0, MAX_HEADER_BYTES)
  const header = await readAt(handle, 0, taken + length)
  try {
    const roots = CarBufferReader.fromBytes(header).getRoots()
    if (roots.length !== 1) throw new RangeError(`it names ${roots.length} roots`)
    return { root: CID.decode(roots[0].bytes), position: taken + length }
  } catch (error) {
    throw corruptCar(path, say('car.none'), error)
  }
}

/** Checks every block. @throws AsterismError `empty_file`, `corrupt_file`, `cancelled` */
export async function indexBlocks(
  path: string,
  handle: FileHandle,
  signal: AbortSignal | undefined,
): Promise<IndexedCar> {
  const { size } = await handle.stat()
  if (size === 0) throw new AsterismError('empty_file', say('car.empty'), { path })
  const start = await readRoot(path, handle)
  const blocks = new Map<string, BlockPlace>()
  let position = start.position
  while (position < size) {
    throwIfCancelled(signal)
    const [length, taken] = await readLength(path, handle, position, MAX_SECTION_BYTES)
    const section = await readAt(handle, position + taken, length)
    if (section.length < length) throw corruptCar(path, say('car.endsWithinBlock'))
    let cid: CID
    let block: Uint8Array
    try {
      ;[cid, block] = CID.decodeFirst(section)
    } catch (error) {
      throw corruptCar(path, say('car.noAddress'), error)
    }
    if (cid.multihash.code !== SHA2_256 || (cid.code !== RAW && cid.code !== DAG_PB)) {
      throw corruptCar(path, say('car.otherKind', { block: cid.toString() }))
    }
    if (!createHash('sha256').update(block).digest().equals(cid.multihash.digest)) {
      throw corruptCar(path, say('car.otherContent', { block: cid.toString() }))
    }
    blocks.set(cid.toString(), { position: position + taken + length - block.length, length: block.length })
    position += taken + length
  }
  return { path, handle, root: start.root, blocks }
}

/** @throws AsterismError `corrupt_file` for a block that is not there */
export function placeOf({ path, blocks }: IndexedCar, cid: CID): BlockPlace {
  const place = blocks.get(cid.toString())
  if (place === undefined) throw corruptCar(path, say('car.blockMissing', { block: cid.toString() }))
  return place
}

export function readBlock(car: IndexedCar, cid: CID): Promise<Uint8Array> {
  const { position, length } = placeOf(car, cid)
  return readAt(car.handle, position, length)
}
