import { inEnglish, reasonOf, say, type Saying, type Wording } from './sayings/saying.ts'

/**
 * The only error type of Asterism. It is thrown where something goes wrong and shown once, by a host or the window:
 * what happened, to which file, what was kept, what to do.
 */
export const ERROR_CODES = [
  'bad_input',
  'unsupported_format',
  'corrupt_file',
  'empty_file',
  'not_found',
  'too_large',
  'cancelled',
  'timeout',
  'tool_missing',
  'tool_failed',
  'disk_full',
  'not_writable',
  'project_corrupt',
  'project_in_use',
  'project_too_new',
  'conflict',
  'wallet_locked',
  'wrong_passphrase',
  'signing_refused',
  'network_failed',
  'chain_refused',
  'internal',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ErrorDetails {
  /** The file concerned; last in every message, so that it can be cut off. */
  readonly path?: string
  /** What the user can do now, as a sentence. */
  readonly fix?: Wording
  /** What is safe in spite of the failure, as a sentence. */
  readonly kept?: Wording
  /** Its sentences as sayings, if the error came over a transport. */
  readonly said?: FailureSaid
  readonly cause?: unknown
}

/** The sentences of a failure that are sayings, for the window to translate. */
export interface FailureSaid {
  readonly what?: Saying
  readonly fix?: Saying
  readonly kept?: Saying
}

export class AsterismError extends Error {
  readonly code: ErrorCode
  readonly path: string | undefined
  readonly fix: string | undefined
  readonly kept: string | undefined
  readonly said: FailureSaid | undefined

  /** @param what What happened, as a sentence without the path. */
  constructor(code: ErrorCode, what: Wording, details: ErrorDetails = {}) {
    super(inEnglish(what), details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AsterismError'
    this.code = code
    this.path = details.path
    this.fix = details.fix === undefined ? undefined : inEnglish(details.fix)
    this.kept = details.kept === undefined ? undefined : inEnglish(details.kept)
    this.said = details.said ?? saidOf({ what, fix: details.fix, kept: details.kept })
  }

  /** The same failure with some details replaced. */
  with(more: Omit<ErrorDetails, 'said'>): AsterismError {
    const { what = this.message, fix = this.fix, kept = this.kept } = this.said ?? {}
    const { path, cause = this.cause } = this
    return new AsterismError(this.code, what, { path, fix, kept, cause, ...more })
  }

  /** What happened and what to do, as one reason among others. */
  get reason(): { readonly reason: string; readonly said?: Saying } {
    const { what, fix } = this.said ?? {}
    const reason = [this.message, this.fix].filter(Boolean).join(' ')
    if (this.fix === undefined) return { reason, ...(what && { said: what }) }
    if (!what && !fix) return { reason }
    return reasonOf(say('time.sentences', { one: what ?? this.message, other: fix ?? this.fix }))
  }

  /** One line for a terminal or a log: what happened, what to do, to which file. */
  get sentence(): string {
    return [this.message, this.kept, this.fix, this.path && `(${this.path})`].filter(Boolean).join(' ')
  }
}

function saidOf(sentences: { readonly [Part in keyof FailureSaid]: Wording | undefined }): FailureSaid | undefined {
  const said = Object.entries(sentences).filter(([, words]) => typeof words === 'object')
  return said.length > 0 ? (Object.fromEntries(said) as FailureSaid) : undefined
}

/** True for a cancellation, whichever layer noticed it first. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof AsterismError) return error.code === 'cancelled'
  return error instanceof Error && error.name === 'AbortError'
}

/** Throws `cancelled` when the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AsterismError('cancelled', 'Cancelled.')
}
