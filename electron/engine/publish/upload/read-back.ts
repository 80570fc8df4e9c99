/** Reads an upload back and hashes it. */
import { createHash } from 'node:crypto'
import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { AsterismError } from '../../../../shared/errors.ts'

/** The longest silence of a server that is to answer or is sending. */
const STALL_MILLISECONDS = 60_000

export type ReadBack =
  | { readonly kind: 'read'; readonly sha256: string; readonly bytes: number }
  /** The server does not give it back, or stopped in the middle; why, as a sentence. */
  | { readonly kind: 'unreadable'; readonly reason: string }

function open(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getHttps : getHttp
    const request = get(url, { headers: { ...headers }, signal }, resolve)
    request.on('error', reject)
    request.setTimeout(STALL_MILLISECONDS, () => request.destroy(new Error('it stopped answering')))
  })
}

/** @throws AsterismError `cancelled`; every other failure is an answer. */
export async function readBack(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadBack> {
  try {
    const response = await open(url, headers, signal)
    if (response.statusCode !== 200) {
      response.destroy()
      return {
        kind: 'unreadable',
        reason: `The server does not give uploads back (it answers ${response.statusCode}).`,
      }
    }
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of response as AsyncIterable<Buffer>) {
      hash.update(piece)
      bytes += piece.length
    }
    return { kind: 'read', sha256: hash.digest('hex'), bytes }
  } catch (error) {
    if (signal.aborted) throw new AsterismError('cancelled', 'Cancelled.', { cause: error })
    return {
      kind: 'unreadable',
      reason: `Reading back failed: ${error instanceof Error ? error.message : String(error)}.`,
    }
  }
}
