/** The host's side of the signer: starts its process, talks to it, and never sees a key. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { workerEntry } from '../../../workers/locate.ts'
import { signerAnswerSchema, type SignerAnswer, type SignerRequest } from './protocol.ts'

/** Scrypt takes about a second; a busy machine takes longer; a person who agrees on a device takes minutes. */
const ANSWER_TIMEOUT_MILLISECONDS = 240_000

/** A running signer process, however the host made it (child process, utility process). */
export interface SignerChannel {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: () => void): void
  kill(): void
}
export type SignerSpawner = () => SignerChannel

/** A child process of Node with an empty environment, no arguments, and no streams but the channel. */
export const forkSigner: SignerSpawner = () => {
  const child = fork(fileURLToPath(workerEntry('signer')), [], {
    // SystemRoot: Windows cannot start a process without it.
    env: process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
  })
  // A host that ends without closing the signer must still end; the signer then ends by itself.
  child.unref()
  child.channel?.unref()
  return {
    send: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      child.once('exit', listener)
      child.once('error', listener)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: AsterismError): void
}

export class SignerClient {
  readonly #channel: SignerChannel
  readonly #token = randomBytes(32).toString('base64url')
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #ended = false

  constructor(home: string, spawn: SignerSpawner = forkSigner) {
    this.#channel = spawn()
    this.#channel.onMessage((message) => this.#receive(message))
    this.#channel.onExit(() => this.#end())
    // Through the channel, since arguments and environment of a process can be read by others.
    this.#channel.send({ open: { token: this.#token, home } })
  }

  /** True once the process is gone, as after five idle minutes: whoever wants to sign starts another. */
  get ended(): boolean {
    return this.#ended
  }

  /** @throws AsterismError what the signer answered; `wallet_locked` when it ended before it did; `timeout`; `cancelled`. */
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
        fail(new AsterismError('timeout', 'The signer did not answer.', { kept: 'Nothing was signed.' }))
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
    const { code, message: what, fix, path } = answer.error
    waiting.reject(new AsterismError(code, what, { ...(fix ? { fix } : {}), ...(path ? { path } : {}) }))
  }

  #end(): void {
    this.#ended = true
    for (const waiting of this.#waiting.values()) waiting.reject(lockedError())
  }
}

function lockedError(): AsterismError {
  return new AsterismError('wallet_locked', 'The wallet has locked itself.', { fix: 'Open it again.' })
}
