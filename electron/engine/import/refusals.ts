/**
 * The refusals of importers, in one wording. A refusal names the file and the reason, which is a saying; it is never a
 * crash or a guess.
 */
import { totalmem } from 'node:os'
import { AsterismError } from '../../../shared/errors.ts'
import { fixedAmount } from '../../../shared/sayings/amounts.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'

export { warning } from '../warning.ts'

/** The bytes contradict their own format. */
export function corruptFile(path: string, what: Saying, cause?: unknown): AsterismError {
  return new AsterismError('corrupt_file', what, {
    path,
    cause,
    fix: say('file.fix.copyAgain'),
  })
}

/** The file is well-formed and there is nothing in it. */
export function emptyFile(path: string, what: Saying): AsterismError {
  return new AsterismError('empty_file', what, { path })
}

/** The file may be fine, but holds something that cannot be read here. */
export function unsupportedFormat(path: string, what: Saying, fix?: Saying): AsterismError {
  return new AsterismError('unsupported_format', what, { path, fix })
}

/** The file asks for more than a bounded share of this machine. */
export function tooLarge(path: string, what: Saying): AsterismError {
  return new AsterismError('too_large', what, { path, fix: say('file.fix.split') })
}

/** No single recording may claim more memory than this: half the machine, and never more than 24 GiB. */
export function memoryBudgetBytes(): number {
  return Math.min(totalmem() / 2, 24 * 2 ** 30)
}

/** Refuses before anything is allocated. @param bytes What decoding the file will need. @param what needs it. */
export function refuseBeyondMemory(path: string, bytes: number, what: Saying): void {
  const budget = memoryBudgetBytes()
  if (bytes <= budget) return
  const gib = (value: number) => fixedAmount(value / 2 ** 30, 1)
  throw tooLarge(path, say('file.memory', { what, needed: gib(bytes), most: gib(budget) }))
}

const READ_FAILURES: Readonly<Record<string, Saying>> = {
  EACCES: say('file.mayNotBeRead'),
  EPERM: say('file.mayNotBeRead'),
  EISDIR: say('file.isFolder'),
  ELOOP: say('file.linkLoop'),
  ENOTDIR: say('file.belowNoFolder'),
  ENAMETOOLONG: say('file.longName'),
}

/** Turns a failure of the file system into a typed error; returns anything else unchanged. */
export function readFailure(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === 'ENOENT') {
    // Node gives this character for bytes that are no UTF-8, and finds no file of such a name again.
    const isForeign = path.includes('\uFFFD')
    const details = isForeign ? { fix: say('file.fix.rename') } : {}
    return new AsterismError('not_found', say(isForeign ? 'file.foreignName' : 'file.none'), {
      path,
      cause: error,
      ...details,
    })
  }
  const reason = code === undefined ? undefined : READ_FAILURES[code]
  if (reason !== undefined) return new AsterismError('bad_input', reason, { path, cause: error })
  if (code === 'EIO') return corruptFile(path, say('file.diskCannotRead'), error)
  return error
}
