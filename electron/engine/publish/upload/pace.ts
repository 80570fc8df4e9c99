/** Keeps an upload below a rate, so that a call or a stream of somebody else in the house is not cut off. */
import { setTimeout as sleep } from 'node:timers/promises'

/** The longest single wait: progress and cancellation are seen between waits. */
const LONGEST_WAIT_MILLISECONDS = 250

export class Pace {
  readonly #bytesPerSecond: number | null
  /** When everything let through so far would be through at the rate; milliseconds of performance.now(). */
  #freeAt = 0

  /** @param bytesPerSecond Null for no limit. */
  constructor(bytesPerSecond: number | null) {
    this.#bytesPerSecond = bytesPerSecond
  }

  get limited(): boolean {
    return this.#bytesPerSecond !== null
  }

  /** Resolves once `bytes` more may go out. @throws the abort reason. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerSecond === null) return
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + (bytes / this.#bytesPerSecond) * 1000
    for (;;) {
      const wait = this.#freeAt - performance.now()
      if (wait <= 0) return
      await sleep(Math.min(wait, LONGEST_WAIT_MILLISECONDS), undefined, { signal })
    }
  }

  /** A stream at the rate, piece by piece. */
  async *through(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      await this.take(piece.length, signal)
      yield piece
    }
  }
}
