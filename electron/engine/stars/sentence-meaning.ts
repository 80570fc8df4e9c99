/** What sentences mean, as vectors of a model; each is asked once and kept under the model's identity. */
import { createHash } from 'node:crypto'
import type { ByteCache } from '../folder-cache.ts'
import type { Encoders } from '../models/encoders.ts'
import { SENTENCE_NUMBERS } from '../models/encoders.ts'
import type { PictureTextEncoder } from '../models/picture-text-encoder.ts'

/** More sentences than this are thinned evenly: the others go without a vector, and their words alone are compared. */
const MOST_SENTENCES = 400
const BATCH = 32

interface SentenceModel {
  readonly identity: string
  /** The vectors of a few sentences; zeros for one without words. */
  ask(sentences: readonly string[]): Promise<readonly Float32Array[]>
}

function keyOf(identity: string, sentence: string): string {
  return `sentence-${identity}-${createHash('sha256').update(sentence).digest('hex')}`
}

function vectorOf(bytes: Uint8Array): Float32Array | null {
  return bytes.length > 0 && bytes.length % 4 === 0 ? new Float32Array(Uint8Array.from(bytes).buffer) : null
}

async function vectorsOf(
  sentences: readonly string[],
  model: SentenceModel,
  cache: ByteCache,
): Promise<ReadonlyMap<string, Float32Array>> {
  const meanings = new Map<string, Float32Array>()
  const distinct = [...new Set(sentences)].filter((sentence) => sentence.trim() !== '')
  const step = Math.max(1, distinct.length / MOST_SENTENCES)
  const count = Math.min(distinct.length, MOST_SENTENCES)
  const chosen = Array.from({ length: count }, (_, at) => distinct[Math.floor(at * step)])
  const unknown: string[] = []
  for (const sentence of chosen) {
    const bytes = await cache.get(keyOf(model.identity, sentence))
    const vector = bytes && vectorOf(bytes)
    if (vector) meanings.set(sentence, vector)
    else unknown.push(sentence)
  }
  for (let at = 0; at < unknown.length; at += BATCH) {
    const batch = unknown.slice(at, at + BATCH)
    const said = await model.ask(batch)
    for (const [place, sentence] of batch.entries()) {
      const vector = said[place]
      if (vector.every((value) => value === 0)) continue
      await cache.set(keyOf(model.identity, sentence), new Uint8Array(vector.slice().buffer))
      meanings.set(sentence, vector)
    }
  }
  return meanings
}

/**
 * The vectors of sentences by the encoder that ships, of unit length, by sentence; a sentence without words has none. Empty
 * where the encoder's weights are not on this machine.
 *
 * @throws AsterismError `cancelled`, `disk_full`, or what the model refused.
 */
export async function sentenceMeanings(
  sentences: readonly string[],
  { cache, encoders }: { readonly cache: ByteCache; readonly encoders: Encoders },
): Promise<ReadonlyMap<string, Float32Array>> {
  const identity = encoders.identity('use-lite')
  if (identity === null) return new Map()
  const ask = async (batch: readonly string[]): Promise<Float32Array[]> => {
    const said = await encoders.sentences(batch)
    return batch.map((_, at) => said.slice(at * SENTENCE_NUMBERS, (at + 1) * SENTENCE_NUMBERS))
  }
  return await vectorsOf(sentences, { identity, ask }, cache)
}

/** Likewise, in the space that a model which a person brought has for pictures and words. */
export async function jointSentences(
  sentences: readonly string[],
  encoder: PictureTextEncoder,
  cache: ByteCache,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { id, sha256 } = encoder.identity
  const ask = (batch: readonly string[]): Promise<Float32Array[]> =>
    Promise.all(batch.map((sentence) => encoder.sentence(sentence)))
  return await vectorsOf(sentences, { identity: `${id}@${sha256}`, ask }, cache)
}
