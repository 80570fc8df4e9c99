/** A package's files, from its folder or from its CAR file. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { CarReader } from '../content/car-reader.ts'
import { listFolder, type OddEntry } from '../content/folder-files.ts'
import { readPieces } from '../content/unixfs.ts'
import { withFileErrors } from '../../file-errors.ts'

export interface PackageSource {
  /** Sorted. */
  readonly paths: readonly string[]
  readonly totalBytes: number
  /** Length of one of `paths`. */
  bytesOf(path: string): number
  /** Entries that are no files of a package, and are not read. */
  readonly faults: readonly { readonly path: string; readonly what: string }[]
  read(path: string): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** It has an address of its own, and a package that holds one has another than its files make. */
const emptyFolder = (path: string) => ({ path, what: 'is a folder with nothing in it' })

function lengthsOf(files: readonly { readonly path: string; readonly bytes: number }[]): (path: string) => number {
  const lengths = new Map(files.map(({ path, bytes }) => [path, bytes]))
  return (path) => lengths.get(path) ?? 0
}

/** Opens a package; of a CAR file every block is checked by this. */
export async function openPackage(path: string, signal?: AbortSignal): Promise<PackageSource> {
  const status = await withFileErrors(path, () => stat(path))
  if (!status.isDirectory() && !status.isFile()) {
    throw new AsterismError('bad_input', say('package.neither'), { path })
  }
  if (!status.isDirectory()) {
    const reader = await CarReader.open(path, signal)
    return {
      bytesOf: lengthsOf(reader.verified.files),
      paths: reader.verified.files.map((file) => file.path),
      totalBytes: reader.verified.files.reduce((sum, file) => sum + file.bytes, 0),
      faults: reader.verified.emptyFolders.map(emptyFolder),
      read: (file) => reader.read(file),
      close: () => reader.close(),
    }
  }
  const odd: OddEntry[] = []
  const tree = await listFolder(path, signal, (entry) => odd.push(entry))
  return {
    bytesOf: lengthsOf(tree.files),
    paths: tree.files.map((file) => file.path),
    totalBytes: tree.totalBytes,
    faults: [...odd.map(({ path: each, what }) => ({ path: each, what })), ...tree.emptyFolders.map(emptyFolder)],
    read: (file) => readPieces(join(path, file), { signal }),
    close: () => Promise.resolve(),
  }
}
