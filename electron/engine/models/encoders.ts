/** Learned models for whoever measures recordings: one thread, started when it is first needed. */
import { Worker } from 'node:worker_threads'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { workerEntry } from '../../workers/locate.ts'
import type { EncodeReply, EncodeRequest } from '../../workers/encode.ts'
import type { ModelId } from './catalogue.ts'
import { modelEntry } from './catalogue.ts'
import { hasModel } from './model-bytes.ts'

/** What sound is decoded to before voices are looked for in it. */
export const SPEECH_HZ = 16_000
/** Samples of a voice's probability lie this far apart. */
export const SPEECH_STEP_SECONDS = 512 / SPEECH_HZ
/** Pictures are looked at as squares of this side. */
export const PICTURE_ENCODER_SIDE = 256
/** Numbers of a sentence's vector. */
export const SENTENCE_NUMBERS = 512

type Question = Exclude<EncodeRequest, { kind: 'end' }>
type Request = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never

interface Waiting {
  resolve(answer: Float32Array): void
  reject(error: AsterismError): void
}

export class Encoders {
  readonly #signal: AbortSignal
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #ended: Promise<void> = Promise.resolve()
  #next = 0

  /** @param signal Ends the thread and refuses what waits. */
  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Id and digest of a model that can be asked, or null where its weights are not on this machine. */
  identity(id: ModelId): string | null {
    const entry = modelEntry(id)
    return hasModel(entry) ? `${entry.id}@${entry.sha256}` : null
  }

  /** The probability of a voice in each 32 ms of mono sound at 16 kHz. */
  speech(samples: Float32Array): Promise<Float32Array> {
    return this.#ask({ kind: 'speech', samples })
  }

  /** One vector of 480 numbers for each picture of PICTURE_ENCODER_SIDE squared RGB bytes. */
  pictures(rgb: Uint8Array): Promise<Float32Array> {
    return this.#ask({ kind: 'pictures', rgb, side: PICTURE_ENCODER_SIDE })
  }

  /** One vector of SENTENCE_NUMBERS of unit length for each English sentence; zeros for one without words. */
  sentences(sentences: readonly string[]): Promise<Float32Array> {
    return this.#ask({ kind: 'sentences', sentences })
  }

  #start(): Worker {
    const worker = new Worker(workerEntry('encode'), { name: 'encode' })
    const fail = (error: AsterismError): void => {
      for (const waiting of this.#waiting.values()) waiting.reject(error)
      this.#waiting.clear()
    }
    worker.on('message', (reply: EncodeReply) => {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if ('answer' in reply) waiting?.resolve(reply.answer)
      else waiting?.reject(new AsterismError(reply.code, reply.message, reply.fix ? { fix: reply.fix } : {}))
    })
    worker.on('error', (cause) =>
      fail(new AsterismError('internal', 'The thread of the learned models stopped with an error.', { cause })),
    )
    this.#ended = new Promise((resolve) =>
      worker.on('exit', () => {
        fail(new AsterismError('internal', 'The thread of the learned models ended.'))
        resolve()
      }),
    )
    this.#signal.addEventListener(
      'abort',
      () => {
        fail(new AsterismError('cancelled', 'Cancelled.'))
        void this.close()
      },
      { once: true },
    )
    return worker
  }

  #ask(request: Request): Promise<Float32Array> {
    throwIfCancelled(this.#signal)
    this.#worker ??= this.#start()
    const id = this.#next++
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id })
    })
  }

  /**
   * Ends the thread as soon as the network has answered what it is being asked. The thread is told and not
   * terminated: the native runtime throws through its own frames when its thread is taken away, which ends the process.
   */
  async close(): Promise<void> {
    this.#worker?.postMessage({ kind: 'end' } satisfies EncodeRequest)
    this.#worker = null
    await this.#ended
  }
}
