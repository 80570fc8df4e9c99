import { AsterismError, type ErrorCode } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'

interface Failure {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly what: Saying
  readonly fix: Saying
}

const DISK_FULL = /^(SQLITE_FULL|ENOSPC)/

const FAILURES: readonly Failure[] = [
  {
    pattern: /^SQLITE_(BUSY|LOCKED)/,
    code: 'project_in_use',
    what: say('project.inUse'),
    fix: say('project.fix.closeThere'),
  },
  {
    pattern: DISK_FULL,
    code: 'disk_full',
    what: say('disk.full'),
    fix: say('disk.fix.freeAndAgain'),
  },
  {
    pattern: /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_IOERR|EACCES|EPERM|EROFS|ENOTDIR|EISDIR|ENOENT)/,
    code: 'not_writable',
    what: say('project.cannotWrite'),
    fix: say('disk.fix.writable'),
  },
  {
    pattern: /^SQLITE_(CORRUPT|NOTADB)/,
    code: 'project_corrupt',
    what: say('project.damaged'),
    fix: say('project.fix.backup'),
  },
]

/** Whether SQLite or the file system had no room left. */
export function isDiskFull(error: unknown): boolean {
  return DISK_FULL.test(String((error as { code?: unknown }).code))
}

/** Runs a piece of work on the project file and turns SQLite's and the file system's errors into ours. */
export function asProjectError<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (error instanceof AsterismError || typeof code !== 'string') throw error
    const failure = FAILURES.find((known) => known.pattern.test(code))
    if (!failure) throw error
    throw new AsterismError(failure.code, failure.what, {
      path,
      fix: failure.fix,
      kept: say('kept.saved'),
      cause: error,
    })
  }
}
