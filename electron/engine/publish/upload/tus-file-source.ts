/** The archive as tus-js-client reads it. */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { Pace } from './pace.ts'
import type { UploadRequest } from './target.ts'

/** Size of one read; a few of them are in memory. */
const READ_BYTES = 1 << 20
/** The same under a rate limit: small pieces make it even. */
const PACED_READ_BYTES = 64 << 10

/** The file as tus-js-client reads it: a slice at a time, while it is sent. */
export class FileSource {
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
