/**
 * Finds words that were taken over from another work: runs of five words (shingles) that stand in both, however the text
 * around them was cut, punctuated or capitalised. What people say anyhow has few such runs in common.
 */
import type { SpanMatch } from './match-video.ts'

/** One run of words and when it begins, as three words of 32 bits: hash, more of the hash, milliseconds. */
const SHINGLE_WORDS = 3
const RUN_LENGTH = 5
/** Of a long text those with the least hashes are kept: the same ones, wherever they stand. */
const MOST_SHINGLES = 20_000
const LEAST_SHARED = 12
/** Of the shorter text. */
const LEAST_SHARE = 0.2

export interface SpokenText {
  readonly text: string
  readonly startSeconds: number
}

/**
 * The shingles of a text, ascending by hash, each once.
 * @returns null for a text too short to be told from others by
 */
export function textPrint(parts: readonly SpokenText[]): Uint32Array | null {
  const words = parts.flatMap(({ text, startSeconds }) =>
    [
      ...text
        .normalize('NFKC')
        .toLowerCase()
        .matchAll(/[\p{L}\p{N}]+/gu),
    ].map(([word]) => ({ word, startSeconds })),
  )
  const found = new Map<bigint, number>()
  for (let at = 0; at + RUN_LENGTH <= words.length; at++) {
    const run = words.slice(at, at + RUN_LENGTH).map(({ word }) => word)
    const hash = hashOf(run.join(' '))
    if (!found.has(hash)) found.set(hash, Math.max(0, Math.round(words[at].startSeconds * 1000)))
  }
  if (found.size < LEAST_SHARED) return null
  const kept = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MOST_SHINGLES)
  return Uint32Array.from(kept.flatMap(([hash, at]) => [Number(hash >> 32n), Number(hash & 0xffff_ffffn), at]))
}

/** Which words the texts have in common, or null; `mine` and `other` are of {@link textPrint}. */
export function matchText(mine: Uint32Array, other: Uint32Array): SpanMatch | null {
  const shared: { mine: number; other: number }[] = []
  let at = 0
  let place = 0
  while (at < mine.length && place < other.length) {
    const order = mine[at] - other[place] || mine[at + 1] - other[place + 1]
    if (order === 0) shared.push({ mine: mine[at + 2], other: other[place + 2] })
    if (order <= 0) at += SHINGLE_WORDS
    if (order >= 0) place += SHINGLE_WORDS
  }
  const share = shared.length / (Math.min(mine.length, other.length) / SHINGLE_WORDS)
  if (shared.length < LEAST_SHARED || share < LEAST_SHARE) return null
  const seconds = (side: 'mine' | 'other'): number[] => shared.map((each) => each[side] / 1000).sort((a, b) => a - b)
  const [own, foreign] = [seconds('mine'), seconds('other')]
  return {
    startSeconds: own[0],
    endSeconds: own[own.length - 1],
    otherStartSeconds: foreign[0],
    otherEndSeconds: foreign[foreign.length - 1],
    similarity: Math.min(1, share),
  }
}

/** FNV-1a with 64 bits, over UTF-16 units. */
function hashOf(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n
  for (let n = 0; n < text.length; n++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(n))) * 0x0000_0100_0000_01b3n)
  }
  return hash
}
