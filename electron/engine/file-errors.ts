/** The only place that turns errors of the file system into errors that a user can act on. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AsterismError, type ErrorCode } from '../../shared/errors.ts'
import { say, type Saying, type Wording } from '../../shared/sayings/saying.ts'

const FAMILIES: Readonly<Record<string, readonly [ErrorCode, Saying, Saying]>> = {
  ENOSPC: ['disk_full', say('disk.noRoom'), say('disk.fix.freeOrOther')],
  EDQUOT: ['disk_full', say('disk.quota'), say('disk.fix.freeOrOther')],
  EFBIG: ['disk_full', say('disk.largeFile'), say('disk.fix.otherDisk')],
  EACCES: ['not_writable', say('disk.denied'), say('disk.fix.writable')],
  EPERM: ['not_writable', say('disk.denied'), say('disk.fix.writable')],
  EROFS: ['not_writable', say('disk.readOnly'), say('disk.fix.writable')],
  ENOTDIR: ['not_writable', say('disk.fileForFolder'), say('disk.fix.otherFolder')],
  EEXIST: ['not_writable', say('disk.fileForFolder'), say('disk.fix.otherFolder')],
  ENOENT: ['not_found', say('file.noneThere'), say('disk.fix.checkPath')],
}

/** `ENOENT` and the like; undefined if the error is not the system's. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Which file a failed operation was about, if the system names it; empty otherwise. */
export function errorPath(error: unknown): string {
  return error instanceof Error && 'path' in error ? String(error.path) : ''
}

/** True if the error says that there is no such file or folder. */
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
  const [code, what, fix] = family
  return new AsterismError(code, what, { path: missingPath(error) ?? path, fix, kept, cause: error })
}

/** The missing file, if the system names it: an operation on one file may have needed another. */
function missingPath(error: unknown): string | undefined {
  return isMissing(error) && error instanceof Error && 'path' in error ? String(error.path) : undefined
}

/** Reports a failure in a temporary file as one of the path that the user named. */
export function outwardError(error: unknown, hiddenPath: string, path: string): unknown {
  const isInside = error instanceof AsterismError && error.path?.startsWith(hiddenPath)
  return isInside ? error.with({ path }) : error
}

/** Runs a file operation so that its failure names the path. */
export async function withFileErrors<T>(path: string, work: () => Promise<T>, kept?: Wording): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fileError(error, path, kept)
  }
}

async function firstMissing(path: string): Promise<string> {
  const parent = dirname(path)
  const isThere = await stat(parent).then(
    () => true,
    () => false,
  )
  return isThere || parent === path ? path : await firstMissing(parent)
}

/**
 * Creates a folder and its parents; a failure names the path. On a read-only disk Node reports a missing parent instead
 * of the reason, so the first missing folder is created alone, which fails with the reason.
 * @returns The first folder that had to be created.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  return await withFileErrors(path, async () => {
    try {
      return await mkdir(path, { recursive: true })
    } catch (error) {
      if (!isMissing(error)) throw error
      const first = await firstMissing(path)
      await mkdir(first)
      await mkdir(path, { recursive: true })
      return first
    }
  })
}
