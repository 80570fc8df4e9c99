/** Reads an upload back and hashes it. */
import { createHash } from 'node:crypto'
import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { Patience, piecesWithin, RESTART_PAUSES_MILLISECONDS } from './patience.ts'
import type { UploadRequest } from './target.ts'

export type ReadBack =
  | { readonly kind: 'same' }
  | { readonly kind: 'different' }
  /** The server does not give it back, or stopped in the middle; why, as a sentence. */
  | { readonly kind: 'unreadable'; readonly why: Saying }

type Request = Pick<UploadRequest, 'headers' | 'carBytes' | 'carSha256' | 'signal' | 'patienceMilliseconds'>

function open(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getHttps : getHttp
    get(url, { headers: { ...headers }, signal }, resolve).on('error', reject)
  })
}

/** A server that was killed while it gave back is asked again; one that breaks off more often is not believed to do better. */
const MOST_BREAKS = 2

/** The connection could not be opened, or broke after some bytes. */
interface Broken {
  readonly kind: 'broken'
  readonly bytes: number
  readonly why: Saying
}

/** @throws AsterismError `cancelled`; every other failure is an answer. */
export async function readBack(url: string, request: Request): Promise<ReadBack> {
  let breaks = 0
  let waited = 0
  for (const pause of RESTART_PAUSES_MILLISECONDS) {
    const read = await readOnce(url, request)
    if (read.kind !== 'broken') return read
    if (read.bytes > 0) breaks += 1
    if (breaks > MOST_BREAKS || waited >= request.patienceMilliseconds) return { kind: 'unreadable', why: read.why }
    await sleep(pause, undefined, { signal: request.signal }).catch((cause: unknown) => {
      throw new AsterismError('cancelled', 'Cancelled.', { cause })
    })
    waited += pause
  }
  const last = await readOnce(url, request)
  return last.kind === 'broken' ? { kind: 'unreadable', why: last.why } : last
}

async function readOnce(url: string, request: Request): Promise<ReadBack | Broken> {
  const patience = new Patience(request.patienceMilliseconds, request.signal)
  let response: IncomingMessage | null = null
  let bytes = 0
  try {
    response = await open(url, request.headers, patience.signal)
    patience.renew()
    if (response.statusCode !== 200) {
      return {
        kind: 'unreadable',
        why: say('upload.notGivenBack', { status: response.statusCode ?? 0 }),
      }
    }
    const hash = createHash('sha256')
    // One byte more is enough to see that it is something else.
    for await (const piece of piecesWithin(response, Infinity, patience)) {
      hash.update(piece)
      bytes += piece.length
      if (bytes > request.carBytes) return { kind: 'different' }
    }
    return { kind: hash.digest('hex') === request.carSha256 ? 'same' : 'different' }
  } catch (error) {
    if (request.signal.aborted) throw new AsterismError('cancelled', 'Cancelled.', { cause: error })
    if (patience.isOver) return { kind: 'unreadable', why: say('upload.readBackLate') }
    const why = say('upload.readBackFailed', { why: error instanceof Error ? error.message : String(error) })
    return { kind: 'broken', bytes, why }
  } finally {
    patience.end()
    response?.destroy()
  }
}
