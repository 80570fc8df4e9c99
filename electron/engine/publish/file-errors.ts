/** Turns what the file system says into what a person can act on. */
import { AsterismError, type ErrorCode } from '../../../shared/errors.ts'

const FAMILIES: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  ENOSPC: ['disk_full', 'There is no room left on the disk.', 'Free some space or choose another folder.'],
  EDQUOT: ['disk_full', 'The disk quota is used up.', 'Free some space or choose another folder.'],
  EFBIG: ['disk_full', 'The disk cannot hold a file this large.', 'Choose a folder on another disk.'],
  EACCES: ['not_writable', 'Access was denied.', 'Choose a folder that you may write to.'],
  EPERM: ['not_writable', 'Access was denied.', 'Choose a folder that you may write to.'],
  EROFS: ['not_writable', 'The disk is read-only.', 'Choose a folder that you may write to.'],
  ENOTDIR: ['not_writable', 'A file is where a folder is needed.', 'Choose another folder.'],
  ENOENT: ['not_found', 'The file or folder does not exist.', 'Check the path, or relink the file.'],
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** True when the error says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return systemCode(error) === 'ENOENT'
}

/**
 * The error to throw for a failed file operation. Typed errors and cancellations pass as they are.
 * @param kept What is safe in spite of it, as a sentence.
 */
export function fileError(error: unknown, path: string, kept?: string): unknown {
  if (error instanceof AsterismError) return error
  if (error instanceof Error && error.name === 'AbortError') {
    return new AsterismError('cancelled', 'Cancelled.', { cause: error })
  }
  const family = FAMILIES[systemCode(error) ?? '']
  if (family === undefined) return error
  return new AsterismError(family[0], family[1], { path, fix: family[2], kept, cause: error })
}

/** Runs a file operation so that its failure names the path. */
export async function withFileErrors<T>(path: string, work: () => Promise<T>, kept?: string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fileError(error, path, kept)
  }
}
