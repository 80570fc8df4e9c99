/** Small files named by the user: keys, recovery words, signed files. */
import { writeFileSync } from 'node:fs'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { fileError } from '../../engine/file-errors.ts'
import { readNamedFile } from '../../engine/named-file.ts'

const MOST_BYTES = 1 << 20

/** The text of a file or pipe. @throws AsterismError saying why it cannot be read */
export async function readNamedText(path: string): Promise<string> {
  return (await readNamedFile(path, MOST_BYTES, say('file.longKind'))).toString('utf8')
}

/** Writes a new file. @param mode of the file, if it is private */
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
