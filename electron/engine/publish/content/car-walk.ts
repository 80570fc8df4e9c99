/**
 * Walks the files and folders of a CAR file from its root and trusts no link: each must lead to a block in the file,
 * every block must be reached, lengths must agree, and names must stay inside the folder.
 */
import type { CID } from 'multiformats/cid'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { comparePaths } from './folder-files.ts'
import { corruptCar, DAG_PB, type IndexedCar, placeOf, RAW, readBlock } from './indexed-car.ts'
import { readUnixfsNode, type UnixfsNode } from './unixfs-node.ts'

const MAX_DEPTH = 64
/** Folders that share blocks could unfold to any number of entries: this many more than the blocks account for are allowed. */
const SHARED_ENTRIES = 100_000
/** Files that share blocks could unfold to any length; so may a recording of silence or darkness, up to this much more. */
const SHARED_BYTES = 1 << 30
const SHARED_PIECES = 1_000_000
/** How many times the whole archive may be contained in what it unfolds to. */
const MOST_REPEATS = 64

interface CarFile {
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

interface Extent {
  readonly bytes: number
  /** Blocks that are read to give them. */
  readonly pieces: number
}

const together = (a: Extent, b: Extent): Extent => ({ bytes: a.bytes + b.bytes, pieces: a.pieces + b.pieces })

/** One step of a path that means the same on every system. */
const isFileName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\\\p{Cc}\uFFFD]/u.test(name)

/** @throws AsterismError `corrupt_file` for anything that does not add up */
export function walkCar(car: IndexedCar): Promise<VerifiedCar> {
  return new CarWalk(car).walk()
}

class CarWalk {
  readonly #car: IndexedCar
  readonly #archiveBytes: number
  readonly #files: CarFile[] = []
  readonly #emptyFolders: string[] = []
  readonly #reached = new Set<string>()
  /** Folders already read: the same one may be in many places. */
  readonly #nodes = new Map<string, UnixfsNode>()
  /** Lengths of nodes already walked: blocks that are shared many times over are walked once. */
  readonly #extents = new Map<string, Extent>()
  #entries = 0
  #unfolded: Extent = { bytes: 0, pieces: 0 }

  constructor(car: IndexedCar) {
    this.#car = car
    this.#archiveBytes = [...car.blocks.values()].reduce((sum, { length }) => sum + length, 0)
  }

  async walk(): Promise<VerifiedCar> {
    const { root, blocks } = this.#car
    if (root.code !== DAG_PB) throw this.#corrupt(say('car.rootNoFolder'))
    const top = await this.#node(root)
    if (top.kind !== 'folder' && top.kind !== 'sharded-folder') throw this.#corrupt(say('car.rootNoFolder'))
    await this.#visitFolder('', root, 0)
    const unreached = [...blocks.keys()].filter((key) => !this.#reached.has(key))
    if (unreached.length > 0) throw this.#corrupt(say('car.unreached', { blocks: String(unreached.length) }))
    const files = this.#files.sort((a, b) => comparePaths(a.path, b.path))
    for (let index = 1; index < files.length; index++) {
      if (files[index].path === files[index - 1].path)
        throw this.#corrupt(say('car.twice', { file: files[index].path }))
    }
    return { rootCid: root.toString(), files, emptyFolders: this.#emptyFolders.sort(comparePaths) }
  }

  #corrupt(what: Saying, cause?: unknown): AsterismError {
    return corruptCar(this.#car.path, what, cause)
  }

  #countEntry(): void {
    this.#entries += 1
    if (this.#entries > SHARED_ENTRIES + MOST_REPEATS * this.#car.blocks.size) {
      throw this.#corrupt(say('car.manyEntries', { most: String(this.#entries - 1) }))
    }
  }

  async #node(cid: CID): Promise<UnixfsNode> {
    try {
      const key = cid.toString()
      const content = this.#nodes.get(key) ?? readUnixfsNode(await readBlock(this.#car, cid))
      if (content.kind !== 'file') this.#nodes.set(key, content)
      return content
    } catch (error) {
      throw error instanceof AsterismError
        ? error
        : this.#corrupt(say('car.blockUnreadable', { block: cid.toString() }), error)
    }
  }

  /** What the file below a node unfolds to; marks every block on the way. */
  async #extentOf(cid: CID, depth: number): Promise<Extent> {
    if (depth > MAX_DEPTH) throw this.#corrupt(say('car.deepFile'))
    const key = cid.toString()
    const before = this.#extents.get(key)
    if (before !== undefined) return before
    this.#reached.add(key)
    if (cid.code === RAW) return { bytes: placeOf(this.#car, cid).length, pieces: 1 }
    const content = await this.#node(cid)
    let extent: Extent = { bytes: content.inline.length, pieces: 1 }
    for (const link of content.links) extent = together(extent, await this.#extentOf(link.cid, depth + 1))
    if (extent.bytes !== content.fileBytes) throw this.#corrupt(say('car.otherLength', { file: key }))
    this.#extents.set(key, extent)
    return extent
  }

  async #visitEntry(entryPath: string, cid: CID, depth: number): Promise<void> {
    if (cid.code === DAG_PB) {
      const content = await this.#node(cid)
      if (content.kind === 'folder' || content.kind === 'sharded-folder') {
        await this.#visitFolder(entryPath, cid, depth)
        return
      }
      if (content.kind !== 'file') throw this.#corrupt(say('car.strangeEntry', { entry: entryPath }))
    }
    this.#countEntry()
    const extent = await this.#extentOf(cid, 0)
    const unfolded = together(this.#unfolded, extent)
    this.#unfolded = unfolded
    if (
      unfolded.bytes > SHARED_BYTES + MOST_REPEATS * this.#archiveBytes ||
      unfolded.pieces > SHARED_PIECES + MOST_REPEATS * this.#car.blocks.size
    ) {
      throw this.#corrupt(say('car.unfoldsTooFar', { entry: entryPath }))
    }
    this.#files.push({ path: entryPath, bytes: extent.bytes, cid: cid.toString() })
  }

  async #visitFolder(folderPath: string, cid: CID, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) throw this.#corrupt(say('car.deepFolder'))
    this.#countEntry()
    this.#reached.add(cid.toString())
    const content = await this.#node(cid)
    if (content.links.length === 0 && folderPath !== '') this.#emptyFolders.push(folderPath)
    for (const link of content.links) {
      // A shard's links begin with their place in it, two hexadecimal digits; with nothing after them it is a sub-shard.
      const name = content.kind === 'sharded-folder' ? link.name.slice(2) : link.name
      if (content.kind === 'sharded-folder' && name === '') await this.#visitFolder(folderPath, link.cid, depth + 1)
      else if (!isFileName(name)) throw this.#corrupt(say('car.leadsOut'))
      else await this.#visitEntry(folderPath === '' ? name : `${folderPath}/${name}`, link.cid, depth + 1)
    }
  }
}
