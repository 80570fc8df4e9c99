/** The refusals of importers, in one wording. A refusal names the file and the reason; it is never a crash or a guess. */
import { totalmem } from 'node:os'
import { AsterismError } from '../../../shared/errors.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'

/** The bytes contradict their own format. */
export function corruptFile(path: string, what: string, cause?: unknown): AsterismError {
  return new AsterismError('corrupt_file', what, {
    path,
    cause,
    fix: 'Copy or export the file again from where it came from.',
  })
}

/** The file is well-formed and there is nothing in it. */
export function emptyFile(path: string, what: string): AsterismError {
  return new AsterismError('empty_file', what, { path })
}

/** The file may be fine, but holds something that cannot be read here. */
export function unsupportedFormat(path: string, what: string, fix?: string): AsterismError {
  return new AsterismError('unsupported_format', what, { path, fix })
}

/** The file asks for more than a bounded share of this machine. */
export function tooLarge(path: string, what: string): AsterismError {
  return new AsterismError('too_large', what, { path, fix: 'Split or thin the file and import the parts.' })
}

export function warning(code: string, message: string): ImportWarning {
  return { code, message }
}

/** No single recording may claim more memory than this: half the machine, and never more than 24 GiB. */
export function memoryBudgetBytes(): number {
  return Math.min(totalmem() / 2, 24 * 2 ** 30)
}

/** Refuses before anything is allocated. @param bytes What decoding the file will need. */
export function refuseBeyondMemory(path: string, bytes: number, what: string): void {
  const budget = memoryBudgetBytes()
  if (bytes <= budget) return
  const gib = (value: number) => (value / 2 ** 30).toFixed(1)
  throw tooLarge(path, `${what} needs ${gib(bytes)} GiB of memory; ${gib(budget)} GiB can be given to one file here.`)
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  ELOOP: 'is a symbolic link that leads to itself',
  ENOTDIR: 'lies below something that is not a folder',
  ENAMETOOLONG: 'has a name that is too long for this system',
}

/** A failure of the file system as a typed error; anything else is handed back as it is. */
export function readFailure(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === 'ENOENT')
    return new AsterismError('not_found', 'There is no such file or folder.', { path, cause: error })
  const reason = code === undefined ? undefined : READ_FAILURES[code]
  if (reason !== undefined) return new AsterismError('bad_input', `It ${reason}.`, { path, cause: error })
  if (code === 'EIO') return corruptFile(path, 'The disk could not read all of it.', error)
  return error
}
