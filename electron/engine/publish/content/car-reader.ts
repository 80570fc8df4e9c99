/** Reads a CAR file and trusts nothing in it: all of it is checked before any of its files is read. */
import { open, stat, type FileHandle } from 'node:fs/promises'
import { CID } from 'multiformats/cid'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { fileError, withFileErrors } from '../../file-errors.ts'
import { type VerifiedCar, walkCar } from './car-walk.ts'
import { indexBlocks, type IndexedCar, RAW, readBlock, readRoot } from './indexed-car.ts'
import { readUnixfsNode } from './unixfs-node.ts'

/** A CAR file whose blocks have all been checked; close it after use. */
export class CarReader {
  readonly path: string
  readonly #car: IndexedCar
  readonly #roots = new Map<string, CID>()
  readonly verified: VerifiedCar

  private constructor(car: IndexedCar, verified: VerifiedCar) {
    this.path = car.path
    this.#car = car
    this.verified = verified
    for (const file of verified.files) this.#roots.set(file.path, CID.parse(file.cid))
  }

  /** Opens and checks the whole file. Throws `corrupt_file` for anything that does not add up. */
  static async open(path: string, signal?: AbortSignal): Promise<CarReader> {
    let handle: FileHandle | undefined
    try {
      handle = await open(path, 'r')
      const car = await indexBlocks(path, handle, signal)
      return new CarReader(car, await walkCar(car))
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
    await this.#car.handle.close()
  }

  async *#content(cid: CID): AsyncGenerator<Uint8Array> {
    const block = await readBlock(this.#car, cid)
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
  // To open a pipe is to wait for its writer.
  const status = await withFileErrors(path, () => stat(path))
  if (!status.isFile()) return false
  const handle = await withFileErrors(path, () => open(path, 'r'))
  try {
    if (status.size > 0) await readRoot(path, handle)
    return true
  } catch (error) {
    if (error instanceof AsterismError && error.code === 'corrupt_file') return false
    throw error
  } finally {
    await handle.close()
  }
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
