/** What can go wrong in an upload to a tus server, and whether to try again. */
import { DetailedError, type HttpResponse } from 'tus-js-client'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { LONGEST_PAUSE_SECONDS, pauseSeconds, refusalOf, type RefusedAnswer } from './refusal.ts'
import type { UploadRequest } from './target.ts'

/** A server that cannot say now how much it has, but may be able to later. */
export class UnsaidError extends Error {
  readonly response: HttpResponse

  constructor(response: HttpResponse) {
    super('The server does not say what it has.')
    this.response = response
  }
}

function responseOf(error: Error): HttpResponse | null {
  if (!(error instanceof DetailedError)) return null
  return error.originalResponse ?? (error.causingError instanceof UnsaidError ? error.causingError.response : null)
}

export const answerOf = (response: HttpResponse): RefusedAnswer => ({
  status: response.getStatus(),
  header: (name) => response.getHeader(name),
})

export function uploadError(error: Error, request: UploadRequest, doneBytes: number): AsterismError {
  if (error instanceof AsterismError) return error
  const kept = say('upload.keptBytes', { sent: doneBytes, all: request.carBytes })
  const details = { path: request.destination, kept, cause: error }
  const response = responseOf(error)
  if (!response) {
    return new AsterismError('network_failed', say('upload.unreachable'), {
      ...details,
      fix: say('upload.fix.network'),
    })
  }
  const { code, what, fix } = refusalOf(answerOf(response), say('upload.fix.signIn'))
  return new AsterismError(code, what, { ...details, fix })
}

/** An error after which this upload is abandoned: the next run starts a new one. */
export function lostError(what: Wording, { destination }: UploadRequest): AsterismError {
  return new AsterismError('network_failed', what, {
    path: destination,
    kept: say('upload.keptNothing'),
    fix: say('upload.fix.anew'),
  })
}

/** Whether to try again: the server was restarting, or is busy for a short time that it states. */
export function isPassing(error: Error): boolean {
  const response = responseOf(error)
  if (!response) return true
  const status = response.getStatus()
  const pause = pauseSeconds(answerOf(response))
  if (pause !== null) return pause <= LONGEST_PAUSE_SECONDS
  return status === 409 || status === 423 || (status >= 500 && status !== 507)
}

export function stallError({ destination, carBytes }: UploadRequest, doneBytes: number): AsterismError {
  return new AsterismError('timeout', say('upload.stalled'), {
    path: destination,
    kept: say('upload.keptBytes', { sent: doneBytes, all: carBytes }),
    fix: say('upload.fix.later'),
  })
}

/** Credentials go only to the named server, not to another that it redirects to. */
export function mayGo(url: string, { destination, headers }: UploadRequest): boolean {
  return Object.keys(headers).length === 0 || URL.parse(url)?.origin === new URL(destination).origin
}

export function elsewhereError(url: string, { destination }: UploadRequest): AsterismError {
  return new AsterismError(
    'network_failed',
    say('upload.goesElsewhere', { place: URL.parse(url)?.host ?? say('upload.anotherAddress') }),
    {
      path: destination,
      kept: say('upload.keptSecret'),
      fix: say('upload.fix.trust'),
    },
  )
}
