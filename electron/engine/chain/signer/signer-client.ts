/** The host's side of the signer: starts its process, talks to it, and never sees a key. */
import { randomBytes } from 'node:crypto'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { forkEntry, type ProcessChannel, type ProcessSpawner } from '../../process-channel.ts'
import { signerAnswerSchema, type SignerAnswer, type SignerRequest } from './protocol.ts'

/** Scrypt takes about a second; a busy machine takes longer; a person who agrees on a device takes minutes. */
const ANSWER_TIMEOUT_MILLISECONDS = 240_000

/** A host must be able to exit without closing the signer; the signer then ends by itself. */
export const forkSigner: ProcessSpawner = () => forkEntry('signer', 'json', false)

interface Waiting {
  resolve(result: unknown): void
  reject(error: AsterismError): void
}

export class SignerClient {
  readonly #channel: ProcessChannel
  readonly #token = randomBytes(32).toString('base64url')
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #ended = false

  constructor(home: string, spawn: ProcessSpawner = forkSigner) {
    this.#channel = spawn()
    this.#channel.onMessage((message) => this.#receive(message))
    this.#channel.onExit(() => this.#end())
    // Through the channel, since arguments and environment of a process can be read by others.
    this.#channel.send({ open: { token: this.#token, home } })
  }

  /** True once the process is gone, for example after five idle minutes; signing then starts another. */
  get ended(): boolean {
    return this.#ended
  }

  /** @throws AsterismError the signer's error; `wallet_locked` if it ended before answering; `timeout`; `cancelled`. */
  async request<T>(request: SignerRequest, signal?: AbortSignal): Promise<T> {
    throwIfCancelled(signal)
    if (this.#ended) throw lockedError()
    const id = ++this.#lastId
    return await new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', cancel)
        this.#waiting.delete(id)
      }
      const fail = (error: AsterismError): void => {
        settle()
        reject(error)
      }
      const cancel = (): void => fail(new AsterismError('cancelled', 'Cancelled.'))
      const timer = setTimeout(() => {
        this.kill()
        fail(new AsterismError('timeout', say('signing.noAnswer'), { kept: say('kept.nothingSigned') }))
      }, ANSWER_TIMEOUT_MILLISECONDS)
      signal?.addEventListener('abort', cancel, { once: true })
      this.#waiting.set(id, {
        resolve(result) {
          settle()
          resolve(result as T)
        },
        reject: fail,
      })
      this.#channel.send({ id, token: this.#token, request })
    })
  }

  /** Wipes the key and ends the process. */
  async lock(): Promise<void> {
    if (this.#ended) return
    try {
      await this.request({ op: 'lock' })
    } catch (error) {
      if (!(error instanceof AsterismError) || error.code !== 'wallet_locked') throw error
    }
  }

  kill(): void {
    this.#channel.kill()
  }

  #receive(message: unknown): void {
    const parsed = signerAnswerSchema.safeParse(message)
    if (!parsed.success) return
    const answer: SignerAnswer = parsed.data
    const waiting = this.#waiting.get(answer.id)
    if (!waiting) return
    if (answer.ok) return waiting.resolve(answer.result)
    const { code, message: what, ...rest } = answer.error
    waiting.reject(new AsterismError(code, what, rest))
  }

  #end(): void {
    this.#ended = true
    for (const waiting of this.#waiting.values()) waiting.reject(lockedError())
  }
}

function lockedError(): AsterismError {
  return new AsterismError('wallet_locked', say('signing.lockedItself'), { fix: say('signing.fix.openAgain') })
}
