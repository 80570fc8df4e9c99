/** How long a server may keep us waiting and how much it may say: what it sends can be endless, or come a byte a minute. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'

/** The longest silence of a server that is to answer or is answering. */
export const PATIENCE_MILLISECONDS = 30_000
/** Between the tries of a server that restarts: half a minute in all. */
export const RESTART_PAUSES_MILLISECONDS = [250, 500, 1000, 2000, 4000, 8000, 16_000]
/** What must come within the longest silence: less than half a kilobyte a second is no sending. */
const LEAST_BYTES = 16 << 10

export class Patience {
  readonly #silence = new AbortController()
  readonly #milliseconds: number
  #timer: NodeJS.Timeout | undefined
  #receivedBytes = 0
  /** Fires when it is cancelled, and when the patience is at its end. */
  readonly signal: AbortSignal

  constructor(milliseconds: number, cancelled: AbortSignal) {
    this.#milliseconds = milliseconds
    this.signal = AbortSignal.any([cancelled, this.#silence.signal])
    this.renew()
  }

  /** True when the server was waited for in vain. */
  get isOver(): boolean {
    return this.#silence.signal.aborted
  }

  /** Something that counts has happened: the waiting begins anew. */
  renew(): void {
    this.#receivedBytes = 0
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#silence.abort(), this.#milliseconds)
  }

  /** Begins anew once enough has come. */
  received(bytes: number): void {
    this.#receivedBytes += bytes
    if (this.#receivedBytes >= LEAST_BYTES) this.renew()
  }

  /** Nothing is waited for any more. */
  end(): void {
    clearTimeout(this.#timer)
  }
}

/** The pieces of what a server sends. @throws AsterismError `network_failed` when it is more than `mostBytes` */
export async function* piecesWithin(
  body: AsyncIterable<Uint8Array>,
  mostBytes: number,
  patience: Patience,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > mostBytes) throw new AsterismError('network_failed', say('upload.tooMuch'))
    patience.received(piece.length)
    yield piece
  }
}
