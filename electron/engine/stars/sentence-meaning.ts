/** What sentences mean, as vectors of the encoder that ships; each is asked once and kept under the encoder's identity. */
import { createHash } from 'node:crypto'
import type { ByteCache } from '../folder-cache.ts'
import type { Encoders } from '../models/encoders.ts'
import { SENTENCE_NUMBERS } from '../models/encoders.ts'

/** More sentences than this are thinned evenly: the others go without a vector, and their words alone are compared. */
const MOST_SENTENCES = 400
const BATCH = 32

function keyOf(identity: string, sentence: string): string {
  return `sentence-${identity}-${createHash('sha256').update(sentence).digest('hex')}`
}

function vectorOf(bytes: Uint8Array): Float32Array | null {
  return bytes.length === 4 * SENTENCE_NUMBERS ? new Float32Array(Uint8Array.from(bytes).buffer) : null
}

/**
 * The vectors of sentences, of unit length, by sentence; a sentence without words has none. Empty where the encoder's
 * weights are not on this machine.
 *
 * @throws AsterismError `cancelled`, `disk_full`, or what the model refused.
 */
export async function sentenceMeanings(
  sentences: readonly string[],
  { cache, encoders }: { readonly cache: ByteCache; readonly encoders: Encoders },
): Promise<ReadonlyMap<string, Float32Array>> {
  const meanings = new Map<string, Float32Array>()
  const identity = encoders.identity('use-lite')
  if (identity === null) return meanings
  const distinct = [...new Set(sentences)].filter((sentence) => sentence.trim() !== '')
  const step = Math.max(1, distinct.length / MOST_SENTENCES)
  const count = Math.min(distinct.length, MOST_SENTENCES)
  const chosen = Array.from({ length: count }, (_, at) => distinct[Math.floor(at * step)])
  const unknown: string[] = []
  for (const sentence of chosen) {
    const bytes = await cache.get(keyOf(identity, sentence))
    const vector = bytes && vectorOf(bytes)
    if (vector) meanings.set(sentence, vector)
    else unknown.push(sentence)
  }
  for (let at = 0; at < unknown.length; at += BATCH) {
    const batch = unknown.slice(at, at + BATCH)
    const said = await encoders.sentences(batch)
    for (const [place, sentence] of batch.entries()) {
      const vector = said.slice(place * SENTENCE_NUMBERS, (place + 1) * SENTENCE_NUMBERS)
      if (vector.every((value) => value === 0)) continue
      await cache.set(keyOf(identity, sentence), new Uint8Array(vector.buffer))
      meanings.set(sentence, vector)
    }
  }
  return meanings
}
