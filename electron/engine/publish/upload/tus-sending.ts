/** Sends an archive to a tus server: one upload, from wherever an earlier run left it. */
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload, type HttpRequest, type HttpResponse, type UploadOptions } from 'tus-js-client'
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { fileError } from '../../file-errors.ts'
import type { UploadJournal } from './journal.ts'
import { RESTART_PAUSES_MILLISECONDS } from './patience.ts'
import { LONGEST_PAUSE_SECONDS, pauseSeconds } from './refusal.ts'
import type { UploadRequest } from './target.ts'
import {
  answerOf,
  elsewhereError,
  isPassing,
  lostError,
  mayGo,
  stallError,
  UnsaidError,
  uploadError,
} from './tus-failures.ts'
import { FileSource } from './tus-file-source.ts'
import { tusRequests } from './tus-requests.ts'

/** Size of one request. If a request is cut off, a server loses at most this much. */
const CHUNK_BYTES = 64 << 20
/** Fewer tries for a server that has never answered: usually its address is wrong. */
const TRIES_UNANSWERED = 4
/** A restarting server may be silent while the tries go on. */
const STALL_PATIENCE = 2
/** A server that loses accepted bytes more often than this gets no more. */
const MOST_LOSSES = 2

export const tusJournalSchema = z.object({ url: z.string() })
type TusJournal = UploadJournal<z.infer<typeof tusJournalSchema>>

interface Sent {
  readonly url: string
  readonly skippedBytes: number
}

export async function sendByTus(request: UploadRequest, journal: TusJournal): Promise<Sent> {
  const remembered = (await journal.read())?.url ?? null
  const known = remembered !== null && mayGo(remembered, request) ? remembered : null
  return new TusSending(request, journal, known).run()
}

class TusSending {
  readonly #request: UploadRequest
  readonly #journal: TusJournal
  /** Of an earlier run. */
  readonly #knownUrl: string | null
  readonly #source: FileSource
  readonly #upload: Upload
  readonly #ended = Promise.withResolvers<Sent>()
  readonly #onAbort = (): void => this.#fail(new AsterismError('cancelled', 'Cancelled.'))
  #doneBytes = 0
  #losses = 0
  #skippedBytes: number | null = null
  #isAnswered = false
  #isGivenUp = false
  #remembering: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(request: UploadRequest, journal: TusJournal, knownUrl: string | null) {
    this.#request = request
    this.#journal = journal
    this.#knownUrl = knownUrl
    this.#source = new FileSource(request, (error) => this.#fail(fileError(error, request.car)))
    this.#upload = new Upload(Buffer.from(request.car), this.#options())
  }

  run(): Promise<Sent> {
    this.#request.signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#beat()
    this.#upload.start()
    return this.#ended.promise
  }

  #options(): UploadOptions {
    const request = this.#request
    return {
      endpoint: request.destination,
      // If the server no longer knows this upload, the client creates a new one at the endpoint.
      uploadUrl: this.#knownUrl,
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
      fileReader: { openFile: () => Promise.resolve(this.#source) },
      httpStack: tusRequests,
      onShouldRetry: (error, attempt) => isPassing(error) && (this.#isAnswered || attempt < TRIES_UNANSWERED),
      onAfterResponse: (sentRequest, response) => this.#answered(sentRequest, response),
      onUploadUrlAvailable: () => this.#urlIsKnown(),
      onBeforeRequest: () => this.#remembering,
      onChunkComplete: (_, accepted) => this.#progress(accepted),
      onProgress: (sentBytes) => this.#progress(sentBytes),
      onError: (error) => this.#fail(uploadError(error, request, this.#doneBytes)),
      onSuccess: () => this.#succeed(),
    }
  }

  #fail(error: unknown): void {
    this.#isGivenUp = true
    this.#stopWaiting()
    this.#source.close()
    // Requests under way are aborted; their own failures add nothing to the reported one.
    void Promise.allSettled([this.#upload.abort(), this.#remembering]).then(() => this.#ended.reject(error))
  }

  #succeed(): void {
    this.#stopWaiting()
    const { url } = this.#upload
    if (url === null) return this.#ended.reject(new AsterismError('internal', 'The upload ended without an address.'))
    this.#remembering.then(
      () => this.#ended.resolve({ url, skippedBytes: this.#skippedBytes ?? 0 }),
      (error: unknown) => this.#ended.reject(error),
    )
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer)
    this.#request.signal.removeEventListener('abort', this.#onAbort)
  }

  /** The server is alive: the stall detector starts again. */
  #beat(): void {
    clearTimeout(this.#timer)
    const stallMilliseconds = STALL_PATIENCE * this.#request.patienceMilliseconds
    this.#timer = setTimeout(() => this.#fail(stallError(this.#request, this.#doneBytes)), stallMilliseconds)
  }

  #progress(bytes: number): void {
    this.#request.onProgress(bytes, this.#request.carBytes)
    this.#beat()
  }

  /** Records how much the server says it has. It is not trusted: the bytes are read back at the end. */
  #has(bytes: number, isAfterSending: boolean): void {
    if (bytes > this.#request.carBytes || (isAfterSending && bytes <= this.#doneBytes)) {
      throw lostError(`The server says that it has ${bytes} bytes, which cannot be.`, this.#request)
    }
    if (bytes < this.#doneBytes && ++this.#losses > MOST_LOSSES) throw lostError(say('upload.loses'), this.#request)
    this.#doneBytes = bytes
  }

  async #answered(sentRequest: HttpRequest, response: HttpResponse): Promise<void> {
    this.#isAnswered = true
    this.#beat()
    const [method, status] = [sentRequest.getMethod(), response.getStatus()]
    const pause = pauseSeconds(answerOf(response))
    if (pause !== null && pause <= LONGEST_PAUSE_SECONDS) {
      await sleep(pause * 1000, undefined, { signal: this.#request.signal })
      this.#beat()
    }
    if (method === 'HEAD' && (status >= 500 || status === 429)) {
      // The client would treat it as a lost upload and start again.
      throw new UnsaidError(response)
    }
    try {
      this.#noteOffset(method, status, response)
    } catch (error) {
      await this.#journal.forget()
      this.#fail(error)
    }
    // The client awaits this, so the URL is on disk before the first byte is sent.
    await this.#remembering
  }

  #noteOffset(method: string, status: number, response: HttpResponse): void {
    const { carBytes } = this.#request
    const offset = Number.parseInt(response.getHeader('Upload-Offset') ?? '', 10)
    if (method === 'HEAD' && status === 200) {
      if (Number(response.getHeader('Upload-Length') ?? carBytes) !== carBytes) {
        throw lostError(say('upload.otherLength'), this.#request)
      }
      this.#has(offset, false)
      this.#skippedBytes ??= this.#doneBytes
    }
    if (method === 'PATCH' && status >= 200 && status < 300) this.#has(offset, true)
  }

  #urlIsKnown(): void {
    const { url } = this.#upload
    // The client processes an answer that it already has even after it was stopped; the journal must stay deleted then.
    if (this.#isGivenUp || url === null || url === this.#knownUrl) return
    if (!mayGo(url, this.#request)) return this.#fail(elsewhereError(url, this.#request))
    this.#skippedBytes = 0
    this.#doneBytes = 0
    this.#remembering = this.#journal.write({ url })
    this.#remembering.catch((error: unknown) => this.#fail(error))
  }
}
