/** Room on disk, and the file system's refusals in the engine's words. */
import { mkdir, statfs } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

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
  throw new AsterismError('disk_full', say('disk.needs', { needed, free: describeBytes(free) }), {
    path: directory,
    fix: say('disk.fix.cache'),
    kept: say('kept.project'),
  })
}

/** `disk_full` or `not_writable` where the system's error says so; any other error as it is. */
export function asWriteFailure(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const kept = say('kept.project')
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AsterismError('disk_full', say('disk.full'), { path, kept, fix: say('disk.fix.free'), cause: error })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    const fix = say('disk.fix.allow')
    return new AsterismError('not_writable', say('disk.folderClosed'), { path, kept, fix, cause: error })
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
