/**
 * Sends the CAR file to a tus server (tus.io, resumable upload protocol 1.0.0). The URL of an upload is on disk before
 * its first byte is sent, so that it resumes where it stopped after either side was killed.
 */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { DetailedError, Upload, type HttpResponse } from 'tus-js-client'
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { fileError } from '../../file-errors.ts'
import { UploadJournal } from './journal.ts'
import { Pace } from './pace.ts'
import { RESTART_PAUSES_MILLISECONDS } from './patience.ts'
import { readBack } from './read-back.ts'
import { LONGEST_PAUSE_SECONDS, pauseSeconds, refusalOf, type RefusedAnswer } from './refusal.ts'
import { notedAs, type UploadRequest, type UploadResult, type UploadTarget } from './target.ts'
import { tusRequests } from './tus-requests.ts'

/** Size of one request. If a request is cut off, a server loses at most this much. */
const CHUNK_BYTES = 64 << 20
/** Size of one read; a few of them are in memory. */
const READ_BYTES = 1 << 20
/** The same under a rate limit: small pieces make it even. */
const PACED_READ_BYTES = 64 << 10
/** Fewer tries for a server that has never answered: usually its address is wrong. */
const TRIES_UNANSWERED = 4
/** A restarting server may be silent while the tries go on. */
const STALL_PATIENCE = 2
/** A server that loses accepted bytes more often than this gets no more. */
const MOST_LOSSES = 2

/** The file as tus-js-client reads it: a slice at a time, while it is sent. */
class FileSource {
  readonly size: number
  readonly #path: string
  readonly #onError: (error: Error) => void
  readonly #pace: Pace
  readonly #signal: AbortSignal
  #stream: Readable | null = null

  constructor(request: UploadRequest, onError: (error: Error) => void) {
    this.#path = request.car
    this.size = request.carBytes
    this.#pace = new Pace(request.bytesPerSecond)
    this.#signal = request.signal
    this.#onError = onError
  }

  slice(start: number, end: number): Promise<{ value: Readable & { size: number }; done: boolean }> {
    this.close()
    const stop = Math.min(end, this.size)
    const highWaterMark = this.#pace.limited ? PACED_READ_BYTES : READ_BYTES
    const read = createReadStream(this.#path, { start, end: stop - 1, highWaterMark })
    this.#stream = this.#pace.limited
      ? Readable.from(this.#pace.through(read, this.#signal), { objectMode: false, highWaterMark })
      : read
    this.#stream.on('error', this.#onError)
    // The client reads the length of a piece from this property.
    const value = Object.assign(this.#stream, { size: stop - start })
    return Promise.resolve({ value, done: stop >= this.size })
  }

  /** Also ends the slice of a failed request, whose stream would keep the file open. */
  close(): void {
    this.#stream?.destroy()
    this.#stream = null
  }
}

/** A server that cannot say now how much it has, but may be able to later. */
class UnsaidError extends Error {
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

const answerOf = (response: HttpResponse): RefusedAnswer => ({
  status: response.getStatus(),
  header: (name) => response.getHeader(name),
})

function uploadError(error: Error, request: UploadRequest, doneBytes: number): AsterismError {
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
function lostError(what: Wording, { destination }: UploadRequest): AsterismError {
  return new AsterismError('network_failed', what, {
    path: destination,
    kept: say('upload.keptNothing'),
    fix: say('upload.fix.anew'),
  })
}

/** Whether to try again: the server was restarting, or is busy for a short time that it states. */
function isPassing(error: Error): boolean {
  const response = responseOf(error)
  if (!response) return true
  const status = response.getStatus()
  const pause = pauseSeconds(answerOf(response))
  if (pause !== null) return pause <= LONGEST_PAUSE_SECONDS
  return status === 409 || status === 423 || (status >= 500 && status !== 507)
}

function stallError({ destination, carBytes }: UploadRequest, doneBytes: number): AsterismError {
  return new AsterismError('timeout', say('upload.stalled'), {
    path: destination,
    kept: say('upload.keptBytes', { sent: doneBytes, all: carBytes }),
    fix: say('upload.fix.later'),
  })
}

/** Credentials go only to the named server, not to another that it redirects to. */
function mayGo(url: string, { destination, headers }: UploadRequest): boolean {
  return Object.keys(headers).length === 0 || URL.parse(url)?.origin === new URL(destination).origin
}

function elsewhereError(url: string, { destination }: UploadRequest): AsterismError {
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

const journalSchema = z.object({ url: z.string() })
type TusJournal = UploadJournal<z.infer<typeof journalSchema>>

interface Sent {
  readonly url: string
  readonly skippedBytes: number
}

async function send(request: UploadRequest, journal: TusJournal): Promise<Sent> {
  const remembered = (await journal.read())?.url ?? null
  const known = remembered !== null && mayGo(remembered, request) ? remembered : null
  const stallMilliseconds = STALL_PATIENCE * request.patienceMilliseconds
  let doneBytes = 0
  let losses = 0
  let skippedBytes: number | null = null
  let answered = false
  let isGivenUp = false
  let remembering: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  return new Promise<Sent>((resolve, reject) => {
    const fail = (error: unknown): void => {
      isGivenUp = true
      clearTimeout(timer)
      source.close()
      request.signal.removeEventListener('abort', onAbort)
      // Requests under way are aborted; their own failures add nothing to the reported one.
      void Promise.allSettled([upload.abort(), remembering]).then(() => reject(error))
    }
    const source = new FileSource(request, (error) => fail(fileError(error, request.car)))
    const onAbort = (): void => fail(new AsterismError('cancelled', 'Cancelled.'))
    const beat = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => fail(stallError(request, doneBytes)), stallMilliseconds)
    }
    /** Records how much the server says it has. It is not trusted: the bytes are read back at the end. */
    const has = (bytes: number, isAfterSending: boolean): void => {
      if (bytes > request.carBytes || (isAfterSending && bytes <= doneBytes)) {
        throw lostError(`The server says that it has ${bytes} bytes, which cannot be.`, request)
      }
      if (bytes < doneBytes && ++losses > MOST_LOSSES) throw lostError(say('upload.loses'), request)
      doneBytes = bytes
    }
    const upload = new Upload(Buffer.from(request.car), {
      endpoint: request.destination,
      // If the server no longer knows this upload, the client creates a new one at the endpoint.
      uploadUrl: known,
      uploadSize: request.carBytes,
      chunkSize: CHUNK_BYTES,
      retryDelays: RESTART_PAUSES_MILLISECONDS,
      headers: { ...request.headers },
      metadata: {
        filename: basename(request.car),
        filetype: 'application/vnd.ipld.car',
        root_cid: request.rootCid,
        sha256: request.carSha256,
        ...request.claims,
      },
      storeFingerprintForResuming: false,
      fileReader: { openFile: () => Promise.resolve(source) },
      httpStack: tusRequests,
      onShouldRetry: (error, attempt) => isPassing(error) && (answered || attempt < TRIES_UNANSWERED),
      onAfterResponse: async (sentRequest, response) => {
        answered = true
        beat()
        const [method, status] = [sentRequest.getMethod(), response.getStatus()]
        const pause = pauseSeconds(answerOf(response))
        if (pause !== null && pause <= LONGEST_PAUSE_SECONDS) {
          await sleep(pause * 1000, undefined, { signal: request.signal })
          beat()
        }
        if (method === 'HEAD' && (status >= 500 || status === 429)) {
          // The client would treat it as a lost upload and start again.
          throw new UnsaidError(response)
        }
        try {
          const offset = Number.parseInt(response.getHeader('Upload-Offset') ?? '', 10)
          if (method === 'HEAD' && status === 200) {
            if (Number(response.getHeader('Upload-Length') ?? request.carBytes) !== request.carBytes) {
              throw lostError(say('upload.otherLength'), request)
            }
            has(offset, false)
            skippedBytes ??= doneBytes
          }
          if (method === 'PATCH' && status >= 200 && status < 300) has(offset, true)
        } catch (error) {
          await journal.forget()
          fail(error)
        }
        // The client awaits this, so the URL is on disk before the first byte is sent.
        await remembering
      },
      onUploadUrlAvailable: () => {
        // The client processes an answer that it already has even after it was stopped; the journal must stay deleted then.
        if (isGivenUp || upload.url === null || upload.url === known) return
        if (!mayGo(upload.url, request)) return fail(elsewhereError(upload.url, request))
        skippedBytes = 0
        doneBytes = 0
        remembering = journal.write({ url: upload.url })
        remembering.catch(fail)
      },
      onBeforeRequest: () => remembering,
      onChunkComplete: (_, accepted) => {
        request.onProgress(accepted, request.carBytes)
        beat()
      },
      onProgress: (sentBytes) => {
        request.onProgress(sentBytes, request.carBytes)
        beat()
      },
      onError: (error) => fail(uploadError(error, request, doneBytes)),
      onSuccess: () => {
        clearTimeout(timer)
        request.signal.removeEventListener('abort', onAbort)
        const url = upload.url
        if (url === null) reject(new AsterismError('internal', 'The upload ended without an address.'))
        else remembering.then(() => resolve({ url, skippedBytes: skippedBytes ?? 0 }), reject)
      },
    })
    request.signal.addEventListener('abort', onAbort, { once: true })
    beat()
    upload.start()
  })
}

async function uploadByTus(request: UploadRequest): Promise<UploadResult> {
  throwIfCancelled(request.signal)
  // The archive is determined by its root, so the key identifies its bytes, not their place on this machine.
  const key = `tus ${request.destination} ${request.rootCid} ${request.carBytes}`
  const journal = new UploadJournal(request.stateDirectory, key, journalSchema)
  const sent = await send(request, journal)
  const read = await readBack(sent.url, request)
  const result = {
    target: 'tus',
    location: sent.url,
    bytes_sent: request.carBytes - sent.skippedBytes,
    bytes_skipped: sent.skippedBytes,
  }
  if (read.kind === 'unreadable') return { ...result, verified: false, ...notedAs(read.why) }
  if (read.kind === 'different') {
    await journal.forget()
    throw lostError(say('upload.otherThanSent'), request)
  }
  return { ...result, verified: true }
}

export const tusTarget: UploadTarget = {
  id: 'tus',
  title: 'Resumable upload (tus)',
  supports: (destination) => /^https?:\/\//i.test(destination) && URL.canParse(destination),
  upload: uploadByTus,
}
