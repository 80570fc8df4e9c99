/** A package's files, from its folder or from its CAR file. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CarReader } from '../content/car-reader.ts'
import { listFolder } from '../content/folder-files.ts'
import { readPieces } from '../content/unixfs.ts'
import { withFileErrors } from '../file-errors.ts'

export interface PackageSource {
  /** Sorted. */
  readonly paths: readonly string[]
  readonly totalBytes: number
  read(path: string): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** Opens a package; of a CAR file every block is checked by this. */
export async function openPackage(path: string, signal?: AbortSignal): Promise<PackageSource> {
  const status = await withFileErrors(path, () => stat(path))
  if (!status.isDirectory()) {
    const reader = await CarReader.open(path, signal)
    return {
      paths: reader.verified.files.map((file) => file.path),
      totalBytes: reader.verified.files.reduce((sum, file) => sum + file.bytes, 0),
      read: (file) => reader.read(file),
      close: () => reader.close(),
    }
  }
  const tree = await listFolder(path, signal)
  return {
    paths: tree.files.map((file) => file.path),
    totalBytes: tree.totalBytes,
    read: (file) => readPieces(join(path, file), { signal }),
    close: () => Promise.resolve(),
  }
}
