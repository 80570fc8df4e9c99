/** Room on disk, and the file system's refusals in the engine's words. */
import { mkdir, statfs } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'

/** Left free beyond what is asked for, so that the project file can still be written. */
const RESERVE_BYTES = 256 << 20

/**
 * Makes sure that a directory exists and has room.
 *
 * @param bytesNeeded What is going to be written, at most.
 * @throws AsterismError `disk_full` with how much is needed, `not_writable`.
 */
export async function requireFreeSpace(directory: string, bytesNeeded: number): Promise<void> {
  let free: number
  try {
    await mkdir(directory, { recursive: true })
    const { bavail, bsize } = await statfs(directory)
    free = bavail * bsize
  } catch (error) {
    throw asWriteFailure(error, directory)
  }
  if (free >= bytesNeeded + RESERVE_BYTES) return
  const needed = describeBytes(bytesNeeded + RESERVE_BYTES)
  throw new AsterismError('disk_full', `It needs ${needed} on disk and ${describeBytes(free)} are free.`, {
    path: directory,
    fix: 'Free some space or move the cache to another disk.',
    kept: 'The project and its recordings are untouched.',
  })
}

/** `disk_full` or `not_writable` where the system's error says so; any other error as it is. */
export function asWriteFailure(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const kept = 'The project and its recordings are untouched.'
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AsterismError('disk_full', 'The disk is full.', { path, kept, fix: 'Free some space.', cause: error })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    const fix = 'Allow this user to write there or choose another folder.'
    return new AsterismError('not_writable', 'The folder cannot be written to.', { path, kept, fix, cause: error })
  }
  return error
}

/** For people: `1.5 GB`. */
export function describeBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
