/**
 * Finds one sound inside another by their Chromaprint items (32 bits, about eight a second). Copies may be trimmed, encoded
 * again, noisy, and played faster or slower; a sound played faster is higher too, which the caller undoes by fingerprinting
 * it at several supposed rates.
 */
import { bitCount } from './pdq.ts'
import type { SpanMatch } from './match-video.ts'

/** Seconds from one item to the next: 1365 samples at 11,025 Hz. */
const ITEM_SECONDS = 1365 / 11_025

/** The share of bits that may differ; unrelated sounds differ in about half of them. */
const MOST_ERRORS = 0.3
const LEAST_ITEMS = 40
/** A hum or silence repeats a few items for ever: that is no evidence. */
const LEAST_DISTINCT = 20
const VOTE_BITS = 12
const LEAST_VOTES = 3
const MOST_CANDIDATES = 4

/** Where each kind of item lies in a sound. */
type Places = ReadonlyMap<number, readonly number[]>

/**
 * Where a sound lies in the other one, or null.
 * @param variants the sound as it is heard at each of the supposed rates
 */
export function matchAudio(variants: readonly Int32Array[], other: Int32Array): SpanMatch | null {
  const places = placesOf(other)
  let best: SpanMatch | null = null
  for (const query of variants) {
    const found = bestOffset(query, other, places)
    if (found !== null && (best === null || found.similarity > best.similarity)) best = found
  }
  return best
}

function placesOf(other: Int32Array): Places {
  const places = new Map<number, number[]>()
  other.forEach((item, at) => {
    const key = item >>> VOTE_BITS
    const known = places.get(key)
    if (known) known.push(at)
    else places.set(key, [at])
  })
  return places
}

/** The tempo is the same; its small changes widen the votes. */
function bestOffset(query: Int32Array, other: Int32Array, places: Places): SpanMatch | null {
  const votes = new Map<number, number>()
  query.forEach((item, at) => {
    for (const place of places.get(item >>> VOTE_BITS) ?? []) votes.set(place - at, (votes.get(place - at) ?? 0) + 1)
  })
  const candidates = [...votes]
    .filter(([, count]) => count >= LEAST_VOTES)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_CANDIDATES)
  let best: SpanMatch | null = null
  for (const [offset] of candidates) {
    const found = longestStretch(query, other, offset)
    if (found !== null && (best === null || found.similarity > best.similarity)) best = found
  }
  return best
}

/** The longest stretch at an offset in which no window of items differs in too many bits. */
function longestStretch(query: Int32Array, other: Int32Array, offset: number): SpanMatch | null {
  const from = Math.max(0, -offset)
  const to = Math.min(query.length, other.length - offset)
  let best: { start: number; end: number; errors: number } | null = null
  const sums = [0]
  for (let at = from; at < to; at++) sums.push(sums[sums.length - 1] + bitCount(query[at] ^ other[at + offset]))
  let start = 0
  for (let end = LEAST_ITEMS; end < sums.length; end++) {
    const windowErrors = (sums[end] - sums[end - LEAST_ITEMS]) / (32 * LEAST_ITEMS)
    if (windowErrors > MOST_ERRORS) {
      start = end - LEAST_ITEMS + 1
      continue
    }
    if (best === null || end - start > best.end - best.start) {
      best = { start, end, errors: (sums[end] - sums[start]) / (32 * (end - start)) }
    }
  }
  if (best === null || best.errors > MOST_ERRORS) return null
  const items = new Set(query.subarray(from + best.start, from + best.end))
  if (items.size < LEAST_DISTINCT) return null
  return {
    startSeconds: (from + best.start) * ITEM_SECONDS,
    endSeconds: (from + best.end) * ITEM_SECONDS,
    otherStartSeconds: (from + best.start + offset) * ITEM_SECONDS,
    otherEndSeconds: (from + best.end + offset) * ITEM_SECONDS,
    similarity: 1 - 2 * best.errors,
  }
}
