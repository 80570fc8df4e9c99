/** What identifies an asset: the SHA-256 of its bytes, wherever the file lies and whatever its name. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { throwIfCancelled } from '../../../shared/errors.ts'
import type { ImportSource } from './importer.ts'
import { readFailure } from './refusals.ts'

/** SHA-256 of a file of any size, hexadecimal. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      throwIfCancelled(signal)
      hash.update(chunk as Buffer)
    }
  } catch (error) {
    throw readFailure(path, error)
  }
  return hash.digest('hex')
}

/**
 * SHA-256 in hexadecimal: of a file's bytes; of a folder, of the lines `<sha-256>  <relative path>\n` in the order of
 * their paths (the format of `sha256sum`), so that names and contents count and the folder's own place does not.
 */
export async function hashSource(source: ImportSource, signal: AbortSignal): Promise<string> {
  if (!source.isDirectory) return hashFile(source.path, signal)
  const manifest = createHash('sha256')
  for (const entry of source.entries) {
    manifest.update(`${await hashFile(join(source.path, entry), signal)}  ${entry}\n`)
  }
  return manifest.digest('hex')
}
