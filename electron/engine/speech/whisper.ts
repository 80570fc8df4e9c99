/** A Whisper model that a person brought, in a thread of its own for as long as somebody listens. */
import { Worker } from 'node:worker_threads'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { WHISPER_HZ, WINDOW_SECONDS } from '../../../shared/speech/log-mel.ts'
import type { WordInPhrase } from '../../../shared/speech/token-text.ts'
import { workerEntry } from '../../workers/locate.ts'
import type { WhisperModel, WhisperReply, WhisperRequest } from '../../workers/whisper.ts'
import type { ModelCard } from '../models/brought.ts'
import type { RecognizedWord, Recognizer } from './recognizer.ts'

/** Longer pieces are cut where it is quietest within the last seconds of a window. */
const QUIET_WITHIN_SECONDS = 5
const QUIET_STEP_SECONDS = 0.1

export function whisperRecognizer(card: ModelCard): Recognizer {
  return {
    id: `${card.id}@${card.digest.slice(0, 16)}`,
    note: `${card.title}, a model that was brought to this machine. Phrases have the times of the model; the words in them are shared out by their letters, right to a few tenths of a second.`,
    missing: async () => null,
    async recognize(pieces, { signal, onProgress }) {
      const thread = new WhisperThread(modelOf(card), signal)
      try {
        const all: RecognizedWord[][] = []
        for (const [n, piece] of pieces.entries()) {
          all.push(await wordsOf(thread, piece))
          onProgress?.((n + 1) / pieces.length)
        }
        return all
      } finally {
        await thread.close()
      }
    },
  }
}

function modelOf({ folder, files }: ModelCard): WhisperModel {
  const graph = (part: string): string => files.find(({ path }) => path.startsWith(`onnx/${part}`))!.path
  return { folder, encoder: graph('encoder_model'), decoder: graph('decoder_model') }
}

async function wordsOf(thread: WhisperThread, piece: Float32Array): Promise<RecognizedWord[]> {
  const words: RecognizedWord[] = []
  for (let from = 0; from < piece.length;) {
    const to = endOfWindow(piece, from)
    const offset = from / WHISPER_HZ
    for (const { text, startSeconds, endSeconds } of await thread.listen(piece.slice(from, to)))
      words.push({ text, startSeconds: offset + startSeconds, endSeconds: offset + endSeconds })
    from = to
  }
  return words
}

/** Where to cut: at the end if it fits, else where the last seconds of a window are quietest. */
function endOfWindow(piece: Float32Array, from: number): number {
  const most = from + WINDOW_SECONDS * WHISPER_HZ
  if (piece.length <= most) return piece.length
  const step = QUIET_STEP_SECONDS * WHISPER_HZ
  let best = most
  let quietest = Infinity
  for (let at = most - QUIET_WITHIN_SECONDS * WHISPER_HZ; at + step <= most; at += step) {
    const power = piece.subarray(at, at + step).reduce((sum, sample) => sum + sample * sample, 0)
    if (power < quietest) [best, quietest] = [at + step / 2, power]
  }
  return best
}

interface Waiting {
  resolve(words: readonly WordInPhrase[]): void
  reject(error: AsterismError): void
}

class WhisperThread {
  readonly #worker: Worker
  readonly #signal: AbortSignal
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<void>
  #next = 0

  constructor(model: WhisperModel, signal: AbortSignal) {
    this.#signal = signal
    this.#worker = new Worker(workerEntry('whisper'), { name: 'whisper', workerData: model })
    this.#worker.on('message', (reply: WhisperReply) => {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if ('words' in reply) waiting?.resolve(reply.words)
      else waiting?.reject(new AsterismError(reply.code, reply.message, reply.fix ? { fix: reply.fix } : {}))
    })
    this.#worker.on('error', (cause) =>
      this.#fail(new AsterismError('internal', 'The thread of the speech model stopped with an error.', { cause })),
    )
    this.#ended = new Promise((resolve) =>
      this.#worker.once('exit', () => {
        this.#fail(new AsterismError('internal', 'The thread of the speech model ended.'))
        resolve()
      }),
    )
    signal.addEventListener('abort', this.#cancel, { once: true })
  }

  listen(samples: Float32Array): Promise<readonly WordInPhrase[]> {
    throwIfCancelled(this.#signal)
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, samples } satisfies WhisperRequest, [samples.buffer as ArrayBuffer])
    })
  }

  /** Told to end, never torn down: the runtime does not outlive the loss of its thread. */
  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#cancel)
    this.#worker.postMessage({ end: true } satisfies WhisperRequest)
    await this.#ended
  }

  readonly #cancel = (): void => this.#fail(new AsterismError('cancelled', 'Cancelled.'))

  #fail(error: AsterismError): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}
