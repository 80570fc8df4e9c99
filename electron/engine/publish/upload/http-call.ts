/** One HTTP request whose failure is told as people can act on it. */
import { AsterismError } from '../../../../shared/errors.ts'

/** The longest silence before a server begins to answer. */
const ANSWER_MILLISECONDS = 300_000
const MAX_QUOTED = 200

export interface HttpCall {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | FormData
  readonly signal: AbortSignal
  /** What is safe in spite of a failure, as a sentence. */
  readonly kept: string
}

/** Who answers, for messages: the address without what may be secret in it. */
function placeOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/**
 * @returns the response, whose status is 2xx or among `expected`
 * @throws AsterismError `network_failed`, `cancelled`
 */
export async function httpCall(call: HttpCall, expected: readonly number[] = []): Promise<Response> {
  const details = { path: placeOf(call.url), kept: call.kept }
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), ANSWER_MILLISECONDS)
  let response: Response
  try {
    response = await fetch(call.url, {
      method: call.method,
      headers: { ...call.headers },
      body: call.body ?? null,
      // Whoever is asked answers: an address elsewhere must be given as such.
      redirect: 'error',
      signal: AbortSignal.any([call.signal, silence.signal]),
    })
  } catch (error) {
    if (call.signal.aborted) throw new AsterismError('cancelled', 'Cancelled.', { kept: call.kept, cause: error })
    throw new AsterismError('network_failed', 'The server cannot be reached.', {
      ...details,
      fix: 'Check the address and the network, then try again.',
      cause: error,
    })
  } finally {
    clearTimeout(timer)
  }
  if (response.ok || expected.includes(response.status)) return response
  const said = (await response.text().catch(() => '')).replace(/\s+/g, ' ').trim().slice(0, MAX_QUOTED)
  if (response.status === 401 || response.status === 403) {
    throw new AsterismError('network_failed', `The server does not let you in (${response.status}).`, {
      ...details,
      fix: 'Name a file with the header that lets you in: --headers FILE.',
    })
  }
  throw new AsterismError('network_failed', `The server answered ${response.status}${said ? `: ${said}` : '.'}`, {
    ...details,
    fix: 'Check the address, then try again.',
  })
}
