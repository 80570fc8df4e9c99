/** Small files that the person names: keys, words, what somebody signed. */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { AsterismError } from '../../../shared/errors.ts'
import { readFailure } from '../../engine/import/refusals.ts'
import { fileError } from '../../engine/file-errors.ts'

/** Nothing that is read whole here is longer; a device gives without end. */
const MOST_BYTES = 1 << 20

/** The text of a file; a pipe will do. @throws AsterismError saying why it cannot be read, or `too_large`. */
export function readNamedFile(path: string): string {
  const bytes = Buffer.alloc(MOST_BYTES + 1)
  let filled = 0
  try {
    const file = openSync(path, 'r')
    try {
      for (let read = -1; read !== 0 && filled < bytes.length; filled += read)
        read = readSync(file, bytes, filled, bytes.length - filled, null)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw readFailure(path, error)
  }
  if (filled > MOST_BYTES) throw new AsterismError('too_large', 'It is longer than any file of this kind.', { path })
  return bytes.toString('utf8', 0, filled)
}

/** Writes a file where there was none. @param mode of the file, where it is not for everybody */
export function writeNewFile(path: string, content: string | Uint8Array, mode?: number): void {
  try {
    writeFileSync(path, content, { flag: 'wx', mode })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const kept = 'Nothing was written.'
    if (code === 'EEXIST') {
      const fix = 'Name another file, or move that one away.'
      throw new AsterismError('bad_input', 'There is a file already; it is not written over.', { path, fix, kept })
    }
    if (code === 'ENOENT') {
      const fix = 'Make the folder, or name another.'
      throw new AsterismError('not_found', 'There is no such folder.', { path, fix, kept })
    }
    throw fileError(error, path, kept)
  }
}
