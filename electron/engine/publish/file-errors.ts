/** Turns what the file system says into what a person can act on. */
import { AsterismError, type ErrorCode } from '../../../shared/errors.ts'
import { say, type Saying, type Wording } from '../../../shared/sayings/saying.ts'

const FAMILIES: Readonly<Record<string, readonly [ErrorCode, Saying, Saying]>> = {
  ENOSPC: ['disk_full', say('disk.noRoom'), say('disk.fix.freeOrOther')],
  EDQUOT: ['disk_full', say('disk.quota'), say('disk.fix.freeOrOther')],
  EFBIG: ['disk_full', say('disk.largeFile'), say('disk.fix.otherDisk')],
  EACCES: ['not_writable', say('disk.denied'), say('disk.fix.writable')],
  EPERM: ['not_writable', say('disk.denied'), say('disk.fix.writable')],
  EROFS: ['not_writable', say('disk.readOnly'), say('disk.fix.writable')],
  ENOTDIR: ['not_writable', say('disk.fileForFolder'), say('disk.fix.otherFolder')],
  ENOENT: ['not_found', say('file.noneThere'), say('disk.fix.checkPath')],
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
export function fileError(error: unknown, path: string, kept?: Wording): unknown {
  if (error instanceof AsterismError) return error
  if (error instanceof Error && error.name === 'AbortError') {
    return new AsterismError('cancelled', 'Cancelled.', { cause: error })
  }
  const family = FAMILIES[systemCode(error) ?? '']
  if (family === undefined) return error
  return new AsterismError(family[0], family[1], { path, fix: family[2], kept, cause: error })
}

/** Runs a file operation so that its failure names the path. */
export async function withFileErrors<T>(path: string, work: () => Promise<T>, kept?: Wording): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fileError(error, path, kept)
  }
}
