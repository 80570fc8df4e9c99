/**
 * The one error type of Asterism. It is thrown where something goes wrong and shown once, by a host or the window:
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
  /** The file it happened to, last in every message so that people can cut it off. */
  readonly path?: string
  /** What the person can do now, as a sentence. */
  readonly fix?: string
  /** What is safe in spite of the failure, as a sentence. */
  readonly kept?: string
  readonly cause?: unknown
}

export class AsterismError extends Error {
  readonly code: ErrorCode
  readonly path: string | undefined
  readonly fix: string | undefined
  readonly kept: string | undefined

  /** @param what What happened, as a sentence without the path. */
  constructor(code: ErrorCode, what: string, details: ErrorDetails = {}) {
    super(what, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AsterismError'
    this.code = code
    this.path = details.path
    this.fix = details.fix
    this.kept = details.kept
  }

  /** One line for a terminal or a log: what happened, what to do, to which file. */
  get sentence(): string {
    return [this.message, this.kept, this.fix, this.path && `(${this.path})`].filter(Boolean).join(' ')
  }
}

/** True for cancellation, whichever layer noticed it first. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof AsterismError) return error.code === 'cancelled'
  return error instanceof Error && error.name === 'AbortError'
}

/** Throws `cancelled` when the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AsterismError('cancelled', 'Cancelled.')
}
