/** The blocks of a CAR file as places in it, and archives of some of them. */
import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { CarIndexer } from '@ipld/car/indexer'
import { CarBlockIterator } from '@ipld/car/iterator'
import type { CID } from 'multiformats/cid'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { readSpan } from '../../read-span.ts'
import { readPieces } from '../content/unixfs.ts'

export interface BlockPlace {
  readonly cid: string
  /** Of the whole section (length, CID, block) in the file. */
  readonly offset: number
  readonly length: number
}

export interface CarIndex {
  /** The header's bytes: an archive of any of the blocks begins with them. */
  readonly header: Buffer
  /** In the order of the file. */
  readonly blocks: readonly BlockPlace[]
}

/** Indexes an archive that was verified before. About 100 bytes a block are held. */
export async function indexCar(path: string, signal: AbortSignal): Promise<CarIndex> {
  const blocks: BlockPlace[] = []
  const indexer = await CarIndexer.fromIterable(readPieces(path, { signal }))
  for await (const { cid, offset, length } of indexer) {
    throwIfCancelled(signal)
    blocks.push({ cid: cid.toString(), offset, length })
  }
  const headerBytes = blocks[0]?.offset ?? 0
  const handle = await open(path, 'r')
  try {
    return { header: await readAt(handle, 0, headerBytes), blocks }
  } finally {
    await handle.close()
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  if ((await readSpan(handle, buffer, position)) < length) {
    throw new AsterismError('corrupt_file', say('upload.shrank'))
  }
  return buffer
}

/** An archive of these blocks alone, with the root of the whole. */
export async function carOf(path: string, index: CarIndex, blocks: readonly BlockPlace[]): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const pieces: Buffer[] = [index.header]
    for (const block of blocks) pieces.push(await readAt(handle, block.offset, block.length))
    return Buffer.concat(pieces)
  } finally {
    await handle.close()
  }
}

/**
 * Reads an archive that somebody sends and hashes every block against its address.
 *
 * @returns which of the expected blocks were not in it; their order does not matter, since their addresses name them
 * @throws AsterismError `network_failed` when a block is not what its address says or the stream is no archive
 */
export async function missingBlocks(
  stream: AsyncIterable<Uint8Array>,
  expected: Iterable<string>,
  signal: AbortSignal,
): Promise<Set<string>> {
  const missing = new Set(expected)
  const lie = (what: Wording, cause?: unknown): AsterismError =>
    new AsterismError('network_failed', what, { fix: say('upload.fix.otherPlace'), cause })
  const check = (cid: CID, bytes: Uint8Array): void => {
    if (!createHash('sha256').update(bytes).digest().equals(cid.multihash.digest)) {
      throw lie(say('upload.blockDiffers', { cid: cid.toString() }))
    }
    missing.delete(cid.toString())
  }
  try {
    for await (const { cid, bytes } of await CarBlockIterator.fromIterable(stream)) {
      throwIfCancelled(signal)
      check(cid, bytes)
    }
  } catch (error) {
    if (error instanceof AsterismError) throw error
    if (signal.aborted) throw new AsterismError('cancelled', 'Cancelled.', { cause: error })
    throw lie('What is given back is no archive, or ended too early.', error)
  }
  return missing
}
