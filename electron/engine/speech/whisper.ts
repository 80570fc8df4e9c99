/** A Whisper model that a person brought, in a process of its own for as long as somebody listens. */
import { say } from '../../../shared/sayings/saying.ts'
import { WHISPER_HZ, WINDOW_SECONDS } from '../../../shared/speech/log-mel.ts'
import type { WordInPhrase } from '../../../shared/speech/token-text.ts'
import type { ModelCard } from '../models/model-card.ts'
import { startModel } from '../models/user-model-process.ts'
import type { ModelProcess } from '../models/model-process.ts'
import type { ProcessSpawner } from '../process-channel.ts'
import type { RecognizedWord, Recognizer } from './recognizer.ts'

/** Longer pieces are cut where it is quietest within the last seconds of a window. */
const QUIET_WITHIN_SECONDS = 5
const QUIET_STEP_SECONDS = 0.1

export function whisperRecognizer(card: ModelCard, spawn?: ProcessSpawner): Recognizer {
  return {
    id: `${card.id}@${card.digest.slice(0, 16)}`,
    note: say('speech.note.brought', { title: card.title }),
    missing: async () => null,
    async recognize(pieces, { signal, onProgress }) {
      const model = startModel(card, signal, spawn)
      try {
        const all: RecognizedWord[][] = []
        for (const [n, piece] of pieces.entries()) {
          all.push(await wordsOf(model, piece))
          onProgress?.((n + 1) / pieces.length)
        }
        return all
      } finally {
        model.close()
      }
    },
  }
}

async function wordsOf(model: ModelProcess, piece: Float32Array): Promise<RecognizedWord[]> {
  const words: RecognizedWord[] = []
  for (let from = 0; from < piece.length;) {
    const to = endOfWindow(piece, from)
    const offset = from / WHISPER_HZ
    const heard = (await model.ask({ kind: 'listen', samples: piece.slice(from, to) })) as readonly WordInPhrase[]
    for (const { text, startSeconds, endSeconds } of heard)
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
