/** One HTTP request whose failure is told as people can act on it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { Patience, PATIENCE_MILLISECONDS, piecesWithin } from './patience.ts'
import { LONGEST_PAUSE_SECONDS, pauseSeconds, placeOf, refusalOf } from './refusal.ts'

const MAX_QUOTED = 200
const LONGEST_TEXT_BYTES = 1 << 20
/** How often a busy server is asked again after the pause that it asked for. */
const MOST_PAUSES = 3

export interface HttpCall {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | FormData
  /** Asked twice it does no more than asked once; so with every GET. */
  readonly isRepeatable?: boolean
  readonly signal: AbortSignal
  /** What is safe in spite of a failure, as a sentence. */
  readonly kept: Wording
  /** The longest silence before and while it answers. */
  readonly patienceMilliseconds?: number
}

/** An answer whose body is to be read to its end, by `text` or `pieces`. */
export interface HttpAnswer {
  readonly ok: boolean
  readonly headers: Headers
  /** At most a mebibyte. */
  text(): Promise<string>
  pieces(mostBytes: number): AsyncGenerator<Uint8Array>
}

/**
 * @returns the answer, whose status is 2xx or among `expected`
 * @throws AsterismError `network_failed`, `timeout`, `too_large`, `cancelled`; so does the reading of the answer
 */
export async function httpCall(call: HttpCall, expected: readonly number[] = []): Promise<HttpAnswer> {
  for (let pauses = 0; ; pauses += 1) {
    const patience = new Patience(call.patienceMilliseconds ?? PATIENCE_MILLISECONDS, call.signal)
    const response = await ask(call, patience)
    const answer = answerOf(call, response, patience)
    if (response.ok || expected.includes(response.status)) return answer
    const header = (name: string): string | null => response.headers.get(name)
    const pause = pauseSeconds({ status: response.status, header })
    const said = (await answer.text().catch(() => '')).replace(/\s+/g, ' ').trim().slice(0, MAX_QUOTED)
    patience.end()
    if (pause === null || pause > LONGEST_PAUSE_SECONDS || pauses === MOST_PAUSES) {
      const { code, what, fix } = refusalOf({ status: response.status, header, said }, say('upload.fix.headerFile'))
      throw new AsterismError(code, what, { ...detailsOf(call), fix })
    }
    await sleep(pause * 1000, undefined, { signal: call.signal }).catch((cause: unknown) => {
      throw failure(call, patience, cause)
    })
  }
}

const detailsOf = ({ url, kept }: HttpCall): { path: string; kept: Wording } => ({ path: placeOf(url) ?? url, kept })

/** A server may close a connection that rested at the very moment at which it is used again. */
const CLOSED_BEFORE_AN_ANSWER = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

async function ask(call: HttpCall, patience: Patience, isRepeated = false): Promise<Response> {
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: { ...call.headers },
      body: call.body ?? null,
      // Whoever is asked answers: an address elsewhere must be given as such, and what lets in here does not go there.
      redirect: 'manual',
      signal: patience.signal,
    })
    patience.renew()
    return response
  } catch (error) {
    const isRepeatable = !isRepeated && (call.method === 'GET' || call.isRepeatable === true)
    const isAnswerable = !patience.isOver && !call.signal.aborted
    if (isRepeatable && isAnswerable && CLOSED_BEFORE_AN_ANSWER.includes(codeOf(error))) {
      return await ask(call, patience, true)
    }
    patience.end()
    throw failure(call, patience, error)
  }
}

const codeOf = (error: unknown): string =>
  ((error as { cause?: { code?: unknown } | undefined }).cause?.code as string | undefined) ?? ''

function failure(call: HttpCall, patience: Patience, cause: unknown): AsterismError {
  const { path, kept } = detailsOf(call)
  if (cause instanceof AsterismError) return cause.with({ path, kept, cause })
  if (call.signal.aborted) return new AsterismError('cancelled', 'Cancelled.', { kept, cause })
  if (patience.isOver) {
    return new AsterismError('timeout', say('upload.slow'), {
      path,
      kept,
      fix: say('upload.fix.later'),
      cause,
    })
  }
  return new AsterismError('network_failed', say('upload.unreachable'), {
    path,
    kept,
    fix: say('upload.fix.network'),
    cause,
  })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function answerOf(call: HttpCall, response: Response, patience: Patience): HttpAnswer {
  async function* pieces(mostBytes: number): AsyncGenerator<Uint8Array> {
    try {
      yield* piecesWithin(response.body ?? nothing(), mostBytes, patience)
    } catch (error) {
      throw failure(call, patience, error)
    } finally {
      patience.end()
    }
  }
  return {
    ok: response.ok,
    headers: response.headers,
    pieces,
    async text() {
      const parts: Uint8Array[] = []
      for await (const piece of pieces(LONGEST_TEXT_BYTES)) parts.push(piece)
      return Buffer.concat(parts).toString('utf8')
    },
  }
}
