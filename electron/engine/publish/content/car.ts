/**
 * CAR files (IPLD content-addressable archives, version 1): a folder as the blocks that its CID names, in one file.
 * Written in one pass: the blocks come in the fixed order of `addressOfTree`, each once, and the root is put into the
 * header at the end.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { CarWriter } from '@ipld/car'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { fileError } from '../../file-errors.ts'
import { listFolder } from './folder-files.ts'
import { addressOfTree, readPieces, type TreeEntry } from './unixfs.ts'

/** Bytes gathered before they are written; at most twice as many are in memory. */
const BATCH_BYTES = 4 << 20

/** The CID of an empty folder keeps the root's place in the header: every CIDv1 of sha2-256 is as long. */
const PLACEHOLDER = CID.parse('bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354')

export interface CarOptions {
  readonly signal?: AbortSignal
  /** Bytes of file content read, of the folder's total. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void
}

export interface WrittenCar {
  readonly rootCid: string
  readonly carBytes: number
}

/** Writes pieces one after the other, gathered into batches; one batch is in flight while the next is gathered. */
class BatchWriter {
  readonly #handle: FileHandle
  #batch: Uint8Array[] = []
  #batchBytes = 0
  #position = 0
  #inFlight: Promise<void> = Promise.resolve()

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async write(...pieces: Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      this.#batch.push(piece)
      this.#batchBytes += piece.length
    }
    if (this.#batchBytes >= BATCH_BYTES) await this.#flush()
  }

  /** Waits for everything to be written. @returns The bytes written in all. */
  async finish(): Promise<number> {
    await this.#flush()
    await this.#inFlight
    return this.#position
  }

  /** Lets a write that is still under way end, whichever way, so that its file can be closed. */
  async settle(): Promise<void> {
    await Promise.allSettled([this.#inFlight])
  }

  async #flush(): Promise<void> {
    await this.#inFlight
    if (this.#batchBytes === 0) return
    this.#inFlight = this.#writeAll(this.#batch, this.#position, this.#batchBytes)
    // A failure is met by the next await of #inFlight; unmarked it would end the process before that.
    this.#inFlight.catch(() => undefined)
    this.#position += this.#batchBytes
    this.#batch = []
    this.#batchBytes = 0
  }

  async #writeAll(pieces: Uint8Array[], position: number, expected: number): Promise<void> {
    const { bytesWritten } = await this.#handle.writev(pieces, position)
    if (bytesWritten === expected) return
    const rest = Buffer.concat(pieces).subarray(bytesWritten)
    await this.#writeAll([rest], position + bytesWritten, rest.length)
  }
}

async function headerBytes(root: CID): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create([root])
  const closed = writer.close()
  const pieces: Uint8Array[] = []
  for await (const piece of out) pieces.push(piece)
  await closed
  return Buffer.concat(pieces)
}

/** A section's head: the length of CID and block as a varint, then the CID. */
function sectionHead(cid: CID, blockBytes: number): Uint8Array {
  const length = cid.bytes.length + blockBytes
  const head = new Uint8Array(varint.encodingLength(length) + cid.bytes.length)
  varint.encodeTo(length, head)
  head.set(cid.bytes, head.length - cid.bytes.length)
  return head
}

async function writeBlocks(directory: string, handle: FileHandle, options: CarOptions): Promise<WrittenCar> {
  const tree = await listFolder(directory, options.signal)
  let doneBytes = 0
  const observe = (piece: Uint8Array): void => {
    doneBytes += piece.length
    options.onProgress?.(doneBytes, tree.totalBytes)
  }
  const entries: TreeEntry[] = tree.files.map((file) => ({
    path: file.path,
    content: readPieces(file.absolutePath, { signal: options.signal, observe }),
  }))
  for (const path of tree.emptyFolders) entries.push({ path })

  const writer = new BatchWriter(handle)
  try {
    await writer.write(await headerBytes(PLACEHOLDER))
    const seen = new Set<string>()
    const address = await addressOfTree(entries, async (cid, bytes) => {
      throwIfCancelled(options.signal)
      const key = cid.toString()
      if (seen.has(key)) return
      seen.add(key)
      await writer.write(sectionHead(cid, bytes.length), bytes)
    })
    return { rootCid: address.cid.toString(), carBytes: await writer.finish() }
  } finally {
    await writer.settle()
  }
}

/**
 * Writes a folder as a CAR file. Deterministic: the same names and bytes give the same file. It is written under a
 * temporary name beside `carPath`, flushed to the disk, and renamed at the end; on failure nothing stays.
 */
export async function writeCarOfDirectory(
  directory: string,
  carPath: string,
  options: CarOptions = {},
): Promise<WrittenCar> {
  const partPath = `${carPath}.${process.pid}.part`
  try {
    throwIfCancelled(options.signal)
    const handle = await open(partPath, 'w+')
    let result: WrittenCar
    try {
      result = await writeBlocks(directory, handle, options)
      await CarWriter.updateRootsInFile(handle, [CID.parse(result.rootCid)])
      await handle.sync()
    } finally {
      await handle.close()
    }
    throwIfCancelled(options.signal)
    await rename(partPath, carPath)
    return result
  } catch (error) {
    await rm(partPath, { force: true })
    throw fileError(error, carPath, 'The folder itself was left as it was.')
  }
}
