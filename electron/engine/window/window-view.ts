/**
 * Answers as the window gets them: of an absolute path only the file name. Commands and tests call the engine directly
 * and get whole paths.
 */
import { basename, win32 } from 'node:path'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import type { Patch } from '../../../shared/document/patches.ts'
import type { FailureSaid } from '../../../shared/errors.ts'
import type { Job } from '../../../shared/contract/jobs.ts'

/** Who a router answers: the window, or programs of this machine. */
export type Audience = 'window' | 'program'

/** Fields with sentences of this program, which can contain a path. */
const SENTENCES: ReadonlySet<string> = new Set([
  'message',
  'fix',
  'kept',
  'reason',
  'detail',
  'note',
  'warnings',
  'log',
])
/** Of a path two steps at least: a stroke between words, or before one, is none; nor is what belongs to an address. */
const PATH_AMONG_WORDS = /(?<![\w:/\\.~'-])(?:\/(?:[^\s/"<>|]+\/)+|[A-Za-z]:\\(?:[^\s\\"<>|]+\\)+)(?=[^\s/\\])/g

function nameOnly(value: unknown, isSentence = false): unknown {
  if (typeof value === 'string') return isSentence ? sentenceForWindow(value) : withName(value)
  if (Array.isArray(value)) return value.map((each) => nameOnly(each, isSentence))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, nameOnly(each, isSentence || SENTENCES.has(key))]),
  )
}

function withName(text: string): string {
  if (/^[A-Za-z]:[\\/]/.test(text)) return win32.basename(text)
  // One word of a shell or a sentence may begin with a stroke; a path has more than one step and no line end.
  return /^\/[^/\n]+\/[^\n]*$/.test(text) ? basename(text) : text
}

/** @param path stands in it as it is, spaces and all, where it is known */
function sentenceForWindow(text: string, path?: string): string {
  const known = path === undefined || path === '' ? text : text.replaceAll(path, withName(path))
  return known.replaceAll(PATH_AMONG_WORDS, '')
}

/** Names stand in sayings beside sentences of other programs. */
function saidForWindow<T>(said: T, path: string | undefined): T {
  const told = (value: unknown): unknown => {
    if (typeof value === 'string') return sentenceForWindow(withName(value), path)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, told(each)]))
  }
  return told(said) as T
}

export interface Failure {
  readonly message: string
  readonly path?: string | undefined
  readonly fix?: string | undefined
  readonly kept?: string | undefined
  readonly said?: FailureSaid | undefined
}

/** An error without locations. */
export function failureForWindow<T extends Failure>(failure: T): T {
  const { message, path, fix, kept, said } = failure
  return {
    ...failure,
    message: sentenceForWindow(message, path),
    ...(path === undefined ? {} : { path: withName(path) }),
    ...(fix === undefined ? {} : { fix: sentenceForWindow(fix, path) }),
    ...(kept === undefined ? {} : { kept: sentenceForWindow(kept, path) }),
    ...(said === undefined ? {} : { said: saidForWindow(said, path) }),
  }
}

export function jobForWindow(job: Job): Job {
  const told = nameOnly(job) as Job
  return { ...told, failure: job.failure && failureForWindow(job.failure) }
}

/** Reports are kept as commands gave them; other records hold no paths, but for locations, which are not replicated. */
export function recordForWindow(record: DocumentRecord): DocumentRecord {
  return record.kind === 'report' ? (nameOnly(record) as DocumentRecord) : record
}

export function patchForWindow(patch: Patch): Patch {
  return String(patch.path[0]).startsWith('report:') ? (nameOnly(patch) as Patch) : patch
}
