import { AsterismError, type ErrorCode } from '../../../shared/errors.ts'

interface Failure {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly what: string
  readonly fix: string
}

const FAILURES: readonly Failure[] = [
  {
    pattern: /^SQLITE_(BUSY|LOCKED)/,
    code: 'project_in_use',
    what: 'Another Asterism has this project open.',
    fix: 'Close it there first.',
  },
  {
    pattern: /^(SQLITE_FULL|ENOSPC)/,
    code: 'disk_full',
    what: 'The disk is full.',
    fix: 'Free some space and try again.',
  },
  {
    pattern: /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_IOERR|EACCES|EPERM|EROFS|ENOTDIR|EISDIR|ENOENT)/,
    code: 'not_writable',
    what: 'The project file cannot be written there.',
    fix: 'Choose a folder that you may write to.',
  },
  {
    pattern: /^SQLITE_(CORRUPT|NOTADB)/,
    code: 'project_corrupt',
    what: 'The project file is damaged or is not an Asterism project.',
    fix: 'Open the newest file in the backups folder beside it.',
  },
]

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
      kept: 'What was saved before is unharmed.',
      cause: error,
    })
  }
}
