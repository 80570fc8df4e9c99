/**
 * Content addresses: the CID of a file or a folder as IPFS computes it, profile `unixfs-v1-2025` of IPIP-499
 * (CIDv1, sha2-256, raw leaves, 1 MiB chunks, 1024 links a node, folders sharded above 256 KiB). No times, no modes.
 */
import { createHash, type Hash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { importer, type ImportCandidate, type ImporterOptions, type WritableStorage } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { readSpan } from '../../read-span.ts'
import { withFileErrors } from '../../file-errors.ts'
import { comparePaths } from './folder-files.ts'

const CHUNK_BYTES = 1 << 20

/** Stays in front of every path while a folder is addressed, so that one entry is not mistaken for the folder. */
const ROOT = 'root'

/** Where the blocks of an addressed file go. */
export type BlockSink = (cid: CID, bytes: Uint8Array) => Promise<void>

export interface ContentAddress {
  readonly cid: CID
  /** Bytes of all blocks below and with this one: what a folder's link to it records. */
  readonly dagBytes: bigint
}

export interface TreeEntry {
  /** Relative, `/`-separated. */
  readonly path: string
  /** A file's bytes in pieces of at most 1 MiB, or the address it is known to have; neither for an empty folder. */
  readonly content?: AsyncIterable<Uint8Array>
  readonly address?: ContentAddress
}

function storage(sink: BlockSink | undefined): WritableStorage {
  return {
    put: async (cid, bytes) => {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('a block arrived as a stream')
      await sink?.(cid, bytes)
      return cid
    },
  }
}

/** One block after the other: it makes their order repeatable and keeps one or two of them in memory. */
function importOptions(): ImporterOptions {
  return { profile: 'unixfs-v1-2025', fileImportConcurrency: 1, blockWriteConcurrency: 1 }
}

/** The next bytes of a file, as many as asked for; fewer where it ends before. */
async function readPiece(handle: FileHandle, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length)
  return buffer.subarray(0, await readSpan(handle, buffer, null))
}

/**
 * The bytes that a file has when it is opened, in pieces of 1 MiB; every piece also goes to `observe`. One piece is read
 * ahead. Pieces are no larger than what is left, since capture folders hold thousands of small files.
 */
export async function* readPieces(
  path: string,
  options: { signal?: AbortSignal; observe?: (piece: Uint8Array) => void } = {},
): AsyncGenerator<Uint8Array> {
  const handle = await withFileErrors(path, () => open(path, 'r'))
  let ahead: Promise<Uint8Array> = Promise.resolve(new Uint8Array(0))
  try {
    let left = (await handle.stat()).size
    const next = (): void => {
      const length = Math.min(CHUNK_BYTES, left)
      left -= length
      ahead = length === 0 ? Promise.resolve(new Uint8Array(0)) : readPiece(handle, length)
      // It is met by the next turn of the loop; unmarked, a failure would end the process before that.
      ahead.catch(() => undefined)
    }
    for (next(); ;) {
      throwIfCancelled(options.signal)
      const piece = await withFileErrors(path, () => ahead)
      if (piece.length === 0) return
      next()
      options.observe?.(piece)
      yield piece
    }
  } finally {
    await Promise.allSettled([ahead])
    await handle.close()
  }
}

/** The address of a stream of bytes. */
export async function addressOfContent(content: AsyncIterable<Uint8Array>, sink?: BlockSink): Promise<ContentAddress> {
  for await (const entry of importer([{ content }], storage(sink), importOptions())) {
    return { cid: entry.cid, dagBytes: entry.size }
  }
  throw new AsterismError('internal', 'Nothing was addressed.')
}

/** The address of bytes in memory. */
export async function addressOfBytes(bytes: Uint8Array): Promise<ContentAddress> {
  return addressOfContent(
    (async function* () {
      for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
        yield bytes.subarray(start, start + CHUNK_BYTES)
      }
    })(),
  )
}

export interface FileAddress extends ContentAddress {
  /** Lower-case hexadecimal. */
  readonly sha256: string
  readonly bytes: number
}

/** Wraps a stream so that its sha-256 and length are known at its end. */
export function measured(content: AsyncIterable<Uint8Array>): {
  content: AsyncIterable<Uint8Array>
  result: () => { sha256: string; bytes: number }
} {
  const hash: Hash = createHash('sha256')
  let bytes = 0
  const generator = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
  }
  return { content: generator(), result: () => ({ sha256: hash.digest('hex'), bytes }) }
}

/** CID, sha-256 and length of a file, read once. */
export async function addressOfFile(path: string, signal?: AbortSignal): Promise<FileAddress> {
  const { content, result } = measured(readPieces(path, { signal }))
  const address = await addressOfContent(content)
  return { ...address, ...result() }
}

/** The CID of a file, as text. */
export async function cidOfFile(path: string, options: { signal?: AbortSignal } = {}): Promise<string> {
  return (await addressOfFile(path, options.signal)).cid.toString()
}

/**
 * The address of a folder from its entries. Blocks reach the sink in one fixed order: files in the order of their
 * paths' UTF-8 bytes, each leaf by leaf and then its upper nodes, the folders last, the root the last of all.
 */
export async function addressOfTree(entries: Iterable<TreeEntry>, sink?: BlockSink): Promise<ContentAddress> {
  const sorted = [...entries].sort((a, b) => comparePaths(a.path, b.path))
  const known = new Map<string, ContentAddress>()
  const candidates = function* (): Generator<ImportCandidate> {
    if (sorted.length === 0) yield { path: ROOT }
    for (const entry of sorted) {
      const path = `${ROOT}/${entry.path}`
      if (entry.address !== undefined) known.set(path, entry.address)
      const content = entry.content ?? (entry.address === undefined ? undefined : noBytes())
      yield content === undefined ? { path } : { path, content }
    }
  }
  const options = importOptions()
  const defaults = known.size === 0 && sorted.every((entry) => entry.address === undefined)
  if (!defaults) {
    options.fileBuilder = (file) => {
      const address = known.get(file.path ?? '')
      if (address === undefined) throw new AsterismError('internal', 'A file of a known tree has no address.')
      return Promise.resolve({ cid: address.cid, size: address.dagBytes, path: file.path, originalPath: file.path })
    }
  }
  let root: ContentAddress | undefined
  for await (const entry of importer(candidates(), storage(sink), options)) {
    if (entry.path === ROOT) root = { cid: entry.cid, dagBytes: entry.size }
  }
  if (root === undefined) throw new AsterismError('internal', 'The folder has no address.')
  return root
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
