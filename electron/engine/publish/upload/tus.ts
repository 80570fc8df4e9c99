/**
 * The CAR file to a tus server (tus.io, resumable upload protocol 1.0.0). The address of an upload is on disk before
 * its first byte is sent, so that it goes on where it stopped after either side was killed.
 */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { DetailedError, Upload } from 'tus-js-client'
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { fileError } from '../file-errors.ts'
import { UploadJournal } from './journal.ts'
import { Pace } from './pace.ts'
import { readBack } from './read-back.ts'
import type { UploadRequest, UploadResult, UploadTarget } from './target.ts'

/** Of one request. A server keeps what it got of a request that was cut off, or loses at most this much. */
const CHUNK_BYTES = 64 << 20
/** Of one read; a few of them are in memory. */
const READ_BYTES = 1 << 20
/** The same where a rate is kept: small pieces make it even. */
const PACED_READ_BYTES = 64 << 10
/** A server that restarts has half a minute for it. */
const RETRY_DELAYS_MILLISECONDS = [250, 500, 1000, 2000, 4000, 8000, 16_000]
/** A server that has never answered has fewer tries: its address is wrong more often than it is restarting. */
const TRIES_UNANSWERED = 4
/** The longest time without a byte taken, retries included. */
const STALL_MILLISECONDS = 120_000

/** The file as tus-js-client asks for it: a slice at a time, read while it is sent. */
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
    // The client takes the length of a piece from a member of this name.
    const value = Object.assign(this.#stream, { size: stop - start })
    return Promise.resolve({ value, done: stop >= this.size })
  }

  /** Ends the slice of a request that failed, too: its stream would keep the file open. */
  close(): void {
    this.#stream?.destroy()
    this.#stream = null
  }
}

function uploadError(error: Error, request: UploadRequest, doneBytes: number): AsterismError {
  const status = error instanceof DetailedError ? error.originalResponse?.getStatus() : undefined
  const kept = `${doneBytes} of ${request.carBytes} bytes are there; run again it goes on from there.`
  const details = { path: request.destination, kept, cause: error }
  if (status === 401 || status === 403) {
    return new AsterismError('network_failed', `The server does not let you upload (${status}).`, {
      ...details,
      fix: 'Sign in to it or ask whoever runs it.',
    })
  }
  if (status === 413) {
    return new AsterismError('too_large', 'The server does not take files this large.', {
      ...details,
      fix: 'Choose another server.',
    })
  }
  const what = status === undefined ? 'The server cannot be reached.' : `The server answered ${status}.`
  return new AsterismError('network_failed', what, {
    ...details,
    fix: 'Check the address and the network, then try again.',
  })
}

const journalSchema = z.object({ url: z.string() })
type TusJournal = UploadJournal<z.infer<typeof journalSchema>>

interface Sent {
  readonly url: string
  readonly skippedBytes: number
}

async function send(request: UploadRequest, journal: TusJournal): Promise<Sent> {
  const known = (await journal.read())?.url ?? null
  let doneBytes = 0
  let skippedBytes: number | null = null
  let answered = false
  let remembering: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  return new Promise<Sent>((resolve, reject) => {
    const fail = (error: unknown): void => {
      clearTimeout(timer)
      source.close()
      request.signal.removeEventListener('abort', onAbort)
      // What is under way is given up; its own failure adds nothing to the one that is told.
      upload.abort().then(
        () => reject(error),
        () => reject(error),
      )
    }
    const source = new FileSource(request, (error) => fail(fileError(error, request.car)))
    const onAbort = (): void => fail(new AsterismError('cancelled', 'Cancelled.'))
    const beat = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => fail(uploadError(new Error('no progress'), request, doneBytes)), STALL_MILLISECONDS)
    }
    const upload = new Upload(Buffer.from(request.car), {
      endpoint: request.destination,
      // Of an upload that the server no longer knows the client makes a new one at the endpoint.
      uploadUrl: known,
      uploadSize: request.carBytes,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS_MILLISECONDS,
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
      onShouldRetry: (error, attempt) => {
        const status = error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : 0
        const passing = status === 0 || status === 409 || status === 423 || status >= 500
        return passing && (answered || attempt < TRIES_UNANSWERED)
      },
      onAfterResponse: (sentRequest, response) => {
        answered = true
        const isHead = sentRequest.getMethod() === 'HEAD'
        if (isHead && response.getStatus() >= 500) {
          // The client would take it for a lost upload and begin anew; thrown, it is retried.
          throw new Error(`the server answered ${response.getStatus()}`)
        }
        if (isHead && response.getStatus() === 200) {
          doneBytes = Number(response.getHeader('Upload-Offset') ?? 0)
          skippedBytes ??= doneBytes
        }
        beat()
        // Awaited by the client: the address is on disk before the first byte goes out.
        return remembering
      },
      onUploadUrlAvailable: () => {
        if (upload.url === null || upload.url === known) return
        skippedBytes = 0
        remembering = journal.write({ url: upload.url })
        remembering.catch(fail)
      },
      onBeforeRequest: () => remembering,
      onChunkComplete: (_, accepted) => {
        doneBytes = accepted
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
  // The archive is a function of its root, so the key names its bytes; it does not name where they lie here.
  const key = `tus ${request.destination} ${request.rootCid} ${request.carBytes}`
  const journal = new UploadJournal(request.stateDirectory, key, journalSchema)
  const sent = await send(request, journal)
  const read = await readBack(sent.url, request.headers, request.signal)
  const result = {
    target: 'tus',
    location: sent.url,
    bytes_sent: request.carBytes - sent.skippedBytes,
    bytes_skipped: sent.skippedBytes,
  }
  if (read.kind === 'unreadable') return { ...result, verified: false, note: read.reason }
  if (read.sha256 !== request.carSha256) {
    await journal.forget()
    throw new AsterismError('network_failed', 'What the server gives back is not what was sent.', {
      path: sent.url,
      fix: 'Upload again: it begins anew.',
    })
  }
  return { ...result, verified: true }
}

export const tusTarget: UploadTarget = {
  id: 'tus',
  title: 'Resumable upload (tus)',
  supports: (destination) => /^https?:\/\//i.test(destination) && URL.canParse(destination),
  upload: uploadByTus,
}
