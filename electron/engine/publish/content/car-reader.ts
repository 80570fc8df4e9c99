/**
 * Reads a CAR file and trusts nothing in it: every block is hashed against its CID, every link must lead to a block in
 * the file, every block must be reached from the root, and lengths must agree. Memory holds an index (about 100 bytes
 * a block) and one block.
 */
import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { CarBufferReader } from '@ipld/car/buffer-reader'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { readSpan } from '../../read-span.ts'
import { fileError } from '../../file-errors.ts'
import { comparePaths } from './folder-files.ts'
import { readUnixfsNode, type UnixfsNode } from './unixfs-node.ts'

/** IPFS peers refuse blocks above 2 MiB; a longer section is damage or an attack on memory. */
const MAX_SECTION_BYTES = 2 * (1 << 20) + 4096
const MAX_HEADER_BYTES = 4096
const MAX_DEPTH = 64
/** Folders that share blocks could unfold to any number of entries; these, and as many as the archive has blocks for. */
const SHARED_ENTRIES = 100_000
/** Files that share blocks could unfold to any length; a recording of silence or darkness may to this, and to its archive's. */
const SHARED_BYTES = 1 << 30
const SHARED_PIECES = 1_000_000
/** How often a whole archive may be in what it unfolds to. */
const MOST_REPEATS = 64
const RAW = 0x55
const DAG_PB = 0x70
const SHA2_256 = 0x12

export interface CarFile {
  readonly path: string
  readonly bytes: number
  readonly cid: string
}

export interface VerifiedCar {
  readonly rootCid: string
  /** Sorted by the UTF-8 bytes of the path. */
  readonly files: readonly CarFile[]
  readonly emptyFolders: readonly string[]
}

interface BlockPlace {
  readonly position: number
  readonly length: number
}

function corrupt(path: string, what: Saying, cause?: unknown): AsterismError {
  return new AsterismError('corrupt_file', what, { path, fix: say('car.fix.again'), cause })
}

/** A CAR file whose blocks have all been checked; close it after use. */
export class CarReader {
  readonly path: string
  readonly #handle: FileHandle
  readonly #blocks: ReadonlyMap<string, BlockPlace>
  readonly #roots = new Map<string, CID>()
  readonly verified: VerifiedCar

  private constructor(
    path: string,
    handle: FileHandle,
    blocks: ReadonlyMap<string, BlockPlace>,
    verified: VerifiedCar,
  ) {
    this.path = path
    this.#handle = handle
    this.#blocks = blocks
    this.verified = verified
    for (const file of verified.files) this.#roots.set(file.path, CID.parse(file.cid))
  }

  /** Opens and checks the whole file. Throws `corrupt_file` for anything that does not add up. */
  static async open(path: string, signal?: AbortSignal): Promise<CarReader> {
    let handle: FileHandle | undefined
    try {
      handle = await open(path, 'r')
      const { root, blocks } = await indexBlocks(path, handle, signal)
      const verified = await walk(path, handle, root, blocks)
      return new CarReader(path, handle, blocks, verified)
    } catch (error) {
      await handle?.close()
      throw fileError(error, path)
    }
  }

  /** The bytes of one of its files, in order. */
  async *read(filePath: string): AsyncGenerator<Uint8Array> {
    const root = this.#roots.get(filePath)
    if (root === undefined)
      throw new AsterismError('not_found', say('car.noFile', { file: filePath }), { path: this.path })
    yield* this.#content(root)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async *#content(cid: CID): AsyncGenerator<Uint8Array> {
    const block = await readBlock(this.path, this.#handle, this.#blocks, cid)
    if (cid.code === RAW) {
      yield block
      return
    }
    const node = readUnixfsNode(block)
    if (node.inline.length > 0) yield node.inline
    for (const link of node.links) yield* this.#content(link.cid)
  }
}

/** Checks a CAR file completely and lists what is in it. */
export async function verifyCar(path: string, signal?: AbortSignal): Promise<VerifiedCar> {
  const reader = await CarReader.open(path, signal)
  await reader.close()
  return reader.verified
}

/** True for an archive with one root, whole or not; an empty file passes, since nothing is lost with it. */
export async function startsAsCar(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileError(error, path)
  })
  try {
    const status = await handle.stat()
    if (!status.isFile()) return false
    if (status.size > 0) await readRoot(path, handle)
    return true
  } catch (error) {
    if (error instanceof AsterismError && error.code === 'corrupt_file') return false
    throw error
  } finally {
    await handle.close()
  }
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
    throw corrupt(path, say('car.endsWithinBlock'), error)
  }
  if (value > limit) throw corrupt(path, say('car.longBlock', { bytes: String(value) }))
  return [value, taken]
}

/** The address that an archive names as its root; nothing else of it is looked at. @throws AsterismError `corrupt_file` */
export async function rootOfArchive(path: string): Promise<string> {
  const handle = await open(path, 'r')
  try {
    return (await readRoot(path, handle)).root.toString()
  } finally {
    await handle.close()
  }
}

async function readRoot(path: string, handle: FileHandle): Promise<{ root: CID; position: number }> {
  const [length, taken] = await readLength(path, handle, 0, MAX_HEADER_BYTES)
  const header = await readAt(handle, 0, taken + length)
  try {
    const roots = CarBufferReader.fromBytes(header).getRoots()
    if (roots.length !== 1) throw new RangeError(`it names ${roots.length} roots`)
    return { root: CID.decode(roots[0].bytes), position: taken + length }
  } catch (error) {
    throw corrupt(path, say('car.none'), error)
  }
}

async function indexBlocks(
  path: string,
  handle: FileHandle,
  signal: AbortSignal | undefined,
): Promise<{ root: CID; blocks: Map<string, BlockPlace> }> {
  const { size } = await handle.stat()
  if (size === 0) throw new AsterismError('empty_file', say('car.empty'), { path })
  const start = await readRoot(path, handle)
  const blocks = new Map<string, BlockPlace>()
  let position = start.position
  while (position < size) {
    throwIfCancelled(signal)
    const [length, taken] = await readLength(path, handle, position, MAX_SECTION_BYTES)
    const section = await readAt(handle, position + taken, length)
    if (section.length < length) throw corrupt(path, say('car.endsWithinBlock'))
    let cid: CID
    let block: Uint8Array
    try {
      ;[cid, block] = CID.decodeFirst(section)
    } catch (error) {
      throw corrupt(path, say('car.noAddress'), error)
    }
    if (cid.multihash.code !== SHA2_256 || (cid.code !== RAW && cid.code !== DAG_PB)) {
      throw corrupt(path, say('car.otherKind', { block: cid.toString() }))
    }
    if (!createHash('sha256').update(block).digest().equals(cid.multihash.digest)) {
      throw corrupt(path, say('car.otherContent', { block: cid.toString() }))
    }
    blocks.set(cid.toString(), { position: position + taken + length - block.length, length: block.length })
    position += taken + length
  }
  return { root: start.root, blocks }
}

async function readBlock(
  path: string,
  handle: FileHandle,
  blocks: ReadonlyMap<string, BlockPlace>,
  cid: CID,
): Promise<Uint8Array> {
  const place = blocks.get(cid.toString())
  if (place === undefined) throw corrupt(path, say('car.blockMissing', { block: cid.toString() }))
  return readAt(handle, place.position, place.length)
}

interface Extent {
  readonly bytes: number
  /** Blocks that are read to give them. */
  readonly pieces: number
}

const together = (a: Extent, b: Extent): Extent => ({ bytes: a.bytes + b.bytes, pieces: a.pieces + b.pieces })

/** One step of a path that means the same on every system. */
const isFileName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\\\p{Cc}\uFFFD]/u.test(name)

async function walk(
  path: string,
  handle: FileHandle,
  root: CID,
  blocks: ReadonlyMap<string, BlockPlace>,
): Promise<VerifiedCar> {
  const files: CarFile[] = []
  const emptyFolders: string[] = []
  let entries = 0
  let unfolded: Extent = { bytes: 0, pieces: 0 }
  const archiveBytes = [...blocks.values()].reduce((sum, { length }) => sum + length, 0)
  const reached = new Set<string>()
  /** Lengths of nodes already walked: blocks that are shared many times over are walked once. */
  const extents = new Map<string, Extent>()

  const countEntry = (): void => {
    entries += 1
    if (entries > SHARED_ENTRIES + MOST_REPEATS * blocks.size) {
      throw corrupt(path, say('car.manyEntries', { most: String(entries - 1) }))
    }
  }

  /** Folders already read: the same one may stand in many places. */
  const known = new Map<string, UnixfsNode>()
  const node = async (cid: CID): Promise<UnixfsNode> => {
    try {
      const key = cid.toString()
      const content = known.get(key) ?? readUnixfsNode(await readBlock(path, handle, blocks, cid))
      if (content.kind !== 'file') known.set(key, content)
      return content
    } catch (error) {
      throw error instanceof AsterismError
        ? error
        : corrupt(path, say('car.blockUnreadable', { block: cid.toString() }), error)
    }
  }

  /** What the file below a node unfolds to; marks every block on the way. */
  const extentOf = async (cid: CID, depth: number): Promise<Extent> => {
    if (depth > MAX_DEPTH) throw corrupt(path, say('car.deepFile'))
    const key = cid.toString()
    const before = extents.get(key)
    if (before !== undefined) return before
    reached.add(key)
    if (cid.code === RAW) {
      const place = blocks.get(key)
      if (place === undefined) throw corrupt(path, say('car.blockMissing', { block: key }))
      return { bytes: place.length, pieces: 1 }
    }
    const content = await node(cid)
    let extent: Extent = { bytes: content.inline.length, pieces: 1 }
    for (const link of content.links) extent = together(extent, await extentOf(link.cid, depth + 1))
    if (extent.bytes !== content.fileBytes) throw corrupt(path, say('car.otherLength', { file: key }))
    extents.set(key, extent)
    return extent
  }

  const visitEntry = async (entryPath: string, cid: CID, depth: number): Promise<void> => {
    if (cid.code === DAG_PB) {
      const content = await node(cid)
      if (content.kind === 'folder' || content.kind === 'sharded-folder') {
        await visitFolder(entryPath, cid, depth)
        return
      }
      if (content.kind !== 'file') throw corrupt(path, say('car.strangeEntry', { entry: entryPath }))
    }
    countEntry()
    const extent = await extentOf(cid, 0)
    unfolded = together(unfolded, extent)
    if (
      unfolded.bytes > SHARED_BYTES + MOST_REPEATS * archiveBytes ||
      unfolded.pieces > SHARED_PIECES + MOST_REPEATS * blocks.size
    ) {
      throw corrupt(path, say('car.unfoldsTooFar', { entry: entryPath }))
    }
    files.push({ path: entryPath, bytes: extent.bytes, cid: cid.toString() })
  }

  const visitFolder = async (folderPath: string, cid: CID, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) throw corrupt(path, say('car.deepFolder'))
    countEntry()
    reached.add(cid.toString())
    const content = await node(cid)
    if (content.links.length === 0 && folderPath !== '') emptyFolders.push(folderPath)
    for (const link of content.links) {
      // A shard's links begin with their place in it, two hexadecimal digits; with nothing after them it is a sub-shard.
      const name = content.kind === 'sharded-folder' ? link.name.slice(2) : link.name
      if (content.kind === 'sharded-folder' && name === '') await visitFolder(folderPath, link.cid, depth + 1)
      else if (!isFileName(name)) throw corrupt(path, say('car.leadsOut'))
      else await visitEntry(folderPath === '' ? name : `${folderPath}/${name}`, link.cid, depth + 1)
    }
  }

  if (root.code !== DAG_PB) throw corrupt(path, say('car.rootNoFolder'))
  const top = await node(root)
  if (top.kind !== 'folder' && top.kind !== 'sharded-folder') throw corrupt(path, say('car.rootNoFolder'))
  await visitFolder('', root, 0)
  const unreached = [...blocks.keys()].filter((key) => !reached.has(key))
  if (unreached.length > 0) throw corrupt(path, say('car.unreached', { blocks: String(unreached.length) }))
  files.sort((a, b) => comparePaths(a.path, b.path))
  for (let index = 1; index < files.length; index++) {
    if (files[index].path === files[index - 1].path) throw corrupt(path, say('car.twice', { file: files[index].path }))
  }
  return { rootCid: root.toString(), files, emptyFolders: emptyFolders.sort(comparePaths) }
}
