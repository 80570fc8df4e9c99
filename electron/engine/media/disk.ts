/** Room on disk. */
import { mkdir, statfs } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'
import { byteAmount } from '../../../shared/sayings/amounts.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { fileError } from '../file-errors.ts'

/** Left free beyond what is asked for, so that the project file can still be written. */
const RESERVE_BYTES = 256 << 20

/**
 * Makes sure that a directory exists and has room.
 *
 * @param bytesNeeded What is going to be written, at most.
 * @param fix What to do where there is no room, where a person chose the directory.
 * @throws AsterismError `disk_full` with how much is needed, `not_writable`.
 */
export async function requireFreeSpace(
  directory: string,
  bytesNeeded: number,
  fix = say('disk.fix.freeAndAgain'),
): Promise<void> {
  let free: number
  try {
    await mkdir(directory, { recursive: true })
    free = await freeBytes(directory)
  } catch (error) {
    throw fileError(error, directory, say('kept.project'))
  }
  if (free >= bytesNeeded + RESERVE_BYTES) return
  const needed = byteAmount(bytesNeeded + RESERVE_BYTES)
  throw new AsterismError('disk_full', say('disk.needs', { needed, free: byteAmount(free) }), {
    path: directory,
    fix,
    kept: say('kept.project'),
  })
}

/** Room of the disk that a directory is on; infinite where no count is kept of it, as in /proc or on a network share: writing tells. */
export async function freeBytes(directory: string): Promise<number> {
  const { blocks, bavail, bsize } = await statfs(directory)
  return blocks === 0 ? Infinity : bavail * bsize
}
