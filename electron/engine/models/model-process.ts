/**
 * A model that a person brought, in a process of its own: what a file from elsewhere makes the native runtime do (end the
 * process, take all memory, never come back) costs that process and is told as a sentence. Cancelled, the process is ended
 * at once.
 */
import { AsterismError, throwIfCancelled, type ErrorCode, type FailureSaid } from '../../../shared/errors.ts'
import { say, type Wording } from '../../../shared/sayings/saying.ts'
import { forkEntry, type ProcessSpawner } from '../process-channel.ts'

/** What the process is told first. */
export interface ModelToOpen {
  readonly purpose: 'speech-to-text' | 'picture-text'
  readonly folder: string
  /** The graphs, relative to the folder. */
  readonly graphs: readonly string[]
  /** The process ends itself beyond this. */
  readonly mostBytes: number
}

export type ModelRequest = { readonly open: ModelToOpen } | { readonly id: number; readonly question: ModelQuestion }

export type ModelQuestion =
  /** Answered as soon as the model can be asked, with what it says of itself. */
  | { readonly kind: 'ready' }
  /** Mono sound at 16 kHz, at most 30 s. */
  | { readonly kind: 'listen'; readonly samples: Float32Array }
  /** One picture of RGB bytes, of the size that the model wants. */
  | { readonly kind: 'picture'; readonly rgb: Uint8Array }
  | { readonly kind: 'sentence'; readonly text: string }

export type ModelReply =
  | { readonly id: number; readonly answer: unknown }
  | {
      readonly id: number
      readonly code: ErrorCode
      readonly message: string
      readonly fix?: string | undefined
      readonly said?: FailureSaid | undefined
    }

/** A slow machine needs a minute or two for half a minute of speech; one picture or sentence takes seconds anywhere. */
const PATIENCE_MILLISECONDS: Readonly<Record<ModelQuestion['kind'], number>> = {
  ready: 90_000,
  listen: 600_000,
  picture: 120_000,
  sentence: 120_000,
}
/** Beside the weights, which the runtime holds up to twice while it prepares them. */
const WORKING_BYTES = 1.5e9
const TIMES_WEIGHTS = 3

interface Waiting {
  resolve(answer: unknown): void
  reject(error: AsterismError): void
}

const forkModel: ProcessSpawner = () => forkEntry('model', 'advanced', true)

/** How much memory the process of a model of so many bytes may take. */
export function memoryFor(bytes: number): number {
  return WORKING_BYTES + TIMES_WEIGHTS * bytes
}

export class ModelProcess {
  readonly #title: string
  readonly #signal: AbortSignal
  readonly #channel: ReturnType<ProcessSpawner>
  readonly #waiting = new Map<number, Waiting>()
  #ended: AsterismError | null = null
  #next = 0

  /** @param title How the model is called in errors. */
  constructor(title: string, open: ModelToOpen, signal: AbortSignal, spawn: ProcessSpawner = forkModel) {
    throwIfCancelled(signal)
    this.#title = title
    this.#signal = signal
    this.#channel = spawn()
    this.#channel.onMessage((message) => this.#receive(message as ModelReply))
    this.#channel.onExit(() => this.#end('tool_failed', say('model.ended', { title })))
    signal.addEventListener('abort', this.#cancel, { once: true })
    this.#channel.send({ open } satisfies ModelRequest)
  }

  /** @throws AsterismError what the model refused; `tool_failed` where its process ended; `timeout`; `cancelled` */
  async ask(question: ModelQuestion): Promise<unknown> {
    throwIfCancelled(this.#signal)
    if (this.#ended) throw this.#ended
    const id = this.#next++
    const giveUp = (): void => this.#end('timeout', say('model.noAnswer', { title: this.#title }))
    const timer = setTimeout(giveUp, PATIENCE_MILLISECONDS[question.kind])
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        this.#channel.send({ id, question } satisfies ModelRequest)
      })
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  /** Ends the process, whatever it is doing. */
  close(): void {
    this.#end('internal', `${this.#title} was closed.`)
  }

  readonly #cancel = (): void => this.#end('cancelled', 'Cancelled.')

  #receive(reply: ModelReply): void {
    const waiting = this.#waiting.get(reply.id)
    if ('answer' in reply) waiting?.resolve(reply.answer)
    else
      waiting?.reject(
        new AsterismError(reply.code, reply.message, {
          ...(reply.fix && { fix: reply.fix }),
          ...(reply.said && { said: reply.said }),
        }),
      )
  }

  #end(code: ErrorCode, why: Wording): void {
    if (this.#ended) return
    this.#ended = new AsterismError(code, why, code === 'cancelled' ? {} : { fix: say('model.fix.removeOrOther') })
    this.#signal.removeEventListener('abort', this.#cancel)
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended)
    this.#channel.kill()
  }
}
