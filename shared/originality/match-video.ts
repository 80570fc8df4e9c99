/**
 * Finds one film inside another by the hashes of their frames: copies may be cropped, mirrored, turned, trimmed, played
 * faster or slower, encoded again, written upon. One frame proves nothing; a line through time on which most frames agree does.
 */
import { DIHEDRAL_FORMS, PDQ_WORDS, pdqDistance } from './pdq.ts'

export interface VideoPrint {
  /** Frame times, seconds, ascending. */
  readonly times: Float64Array
  /** Shares of the sides that were hashed besides the whole, the whole first. */
  readonly crops: number
  /** Frame by frame, crop by crop, 8 words each. */
  readonly hashes: Uint32Array
  /** Of each frame's upper part, 8 words. */
  readonly upper: Uint32Array
}

/** The frames of a film that is looked for, in all eight forms. */
export interface VideoQuery {
  readonly times: Float64Array
  /** Frame by frame, form by form, 8 words each. */
  readonly forms: Uint32Array
  /** The same of each frame's upper part: where a caption was burnt in, only that is as it was. */
  readonly upperForms: Uint32Array
}

export interface SpanMatch {
  readonly startSeconds: number
  readonly endSeconds: number
  /** In the other one. */
  readonly otherStartSeconds: number
  readonly otherEndSeconds: number
  /** 0 to 1. */
  readonly similarity: number
}

/** Of 256 bits. Unrelated pictures lie about 128 apart. */
const FRAME_BITS = 64
/** What the frames of a line may differ by in the median. Frames that are all alike are one piece of evidence, not many. */
const MEDIAN_BITS = 52
const MEDIAN_BITS_STILL = 34
/** Mean distance of a film's frames from each other below which it counts as still. */
const STILL_BITS = 24
const STILL_FRAMES = 8
const LEAST_FRAMES = 12
const LEAST_SHARE = 0.6
const SCREEN_FRAMES = 32
const SCREEN_HITS = 2
const RATES = Array.from({ length: 15 }, (_, index) => 0.86 + index * 0.02)
const OFFSET_STEP_SECONDS = 0.125
/** Frames are sampled four times a second: no frame of the other film is further away than this. */
const NEAREST_SECONDS = 0.15

/** @returns forms in which some frames are alike, so that a closer look pays */
function screen(query: VideoQuery, other: VideoPrint): number[] {
  const frames = query.times.length
  const step = Math.max(1, Math.floor(frames / SCREEN_FRAMES))
  const forms: number[] = []
  for (let form = 0; form < DIHEDRAL_FORMS; form++) {
    let hits = 0
    for (let frame = 0; frame < frames && hits < SCREEN_HITS; frame += step) {
      const at = (frame * DIHEDRAL_FORMS + form) * PDQ_WORDS
      if (isNearAny(query.forms, at, other.hashes) || isNearAny(query.upperForms, at, other.upper)) hits += 1
    }
    if (hits >= SCREEN_HITS) forms.push(form)
  }
  return forms
}

function isNearAny(forms: Uint32Array, at: number, hashes: Uint32Array): boolean {
  for (let place = 0; place < hashes.length; place += PDQ_WORDS) {
    if (pdqDistance(forms, at, hashes, place, FRAME_BITS) <= FRAME_BITS) return true
  }
  return false
}

/** Distances of every frame to every frame, the least over the crops and the upper part; `FRAME_BITS + 1` for more. */
function distances(query: VideoQuery, other: VideoPrint, form: number): Uint8Array {
  const [rows, columns] = [query.times.length, other.times.length]
  const out = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const at = (row * DIHEDRAL_FORMS + form) * PDQ_WORDS
    for (let column = 0; column < columns; column++) {
      let least = pdqDistance(query.upperForms, at, other.upper, column * PDQ_WORDS, FRAME_BITS)
      for (let crop = 0; crop < other.crops; crop++) {
        const place = (column * other.crops + crop) * PDQ_WORDS
        least = Math.min(least, pdqDistance(query.forms, at, other.hashes, place, FRAME_BITS))
      }
      out[row * columns + column] = least
    }
  }
  return out
}

interface Line {
  readonly hits: readonly { row: number; column: number; bits: number }[]
  readonly looked: number
}

/** The frames on `t_other = offset + rate * t`. */
function along(query: VideoQuery, other: VideoPrint, matrix: Uint8Array, offset: number, rate: number): Line {
  const hits: { row: number; column: number; bits: number }[] = []
  const columns = other.times.length
  let looked = 0
  let column = 0
  for (let row = 0; row < query.times.length; row++) {
    const wanted = offset + rate * query.times[row]
    while (column + 1 < columns && Math.abs(other.times[column + 1] - wanted) <= Math.abs(other.times[column] - wanted))
      column += 1
    if (Math.abs(other.times[column] - wanted) > NEAREST_SECONDS) continue
    looked += 1
    let best = column
    for (const near of [column - 1, column + 1]) {
      if (near < 0 || near >= columns || Math.abs(other.times[near] - wanted) > 2 * NEAREST_SECONDS) continue
      if (matrix[row * columns + near] < matrix[row * columns + best]) best = near
    }
    const bits = matrix[row * columns + best]
    if (bits <= FRAME_BITS) hits.push({ row, column: best, bits })
  }
  return { hits, looked }
}

function isStill(query: VideoQuery): boolean {
  let sum = 0
  let pairs = 0
  const stride = DIHEDRAL_FORMS * PDQ_WORDS
  for (let frame = 0; frame + STILL_FRAMES < query.times.length; frame += STILL_FRAMES) {
    sum += pdqDistance(query.forms, frame * stride, query.forms, (frame + STILL_FRAMES) * stride, 256)
    pairs += 1
  }
  return pairs === 0 || sum / pairs < STILL_BITS
}

/** Where the film is found in the other one, or null. */
export function matchVideo(query: VideoQuery, other: VideoPrint): SpanMatch | null {
  if (query.times.length === 0 || other.times.length === 0) return null
  let best: Line | null = null
  for (const form of screen(query, other)) {
    const matrix = distances(query, other, form)
    for (const rate of RATES) {
      const first = other.times[0] - rate * query.times[query.times.length - 1]
      const last = other.times[other.times.length - 1] - rate * query.times[0]
      for (let offset = first; offset <= last; offset += OFFSET_STEP_SECONDS) {
        const line = along(query, other, matrix, offset, rate)
        if (line.hits.length > (best?.hits.length ?? 0)) best = line
      }
    }
  }
  if (best === null) return null
  const { hits } = best
  // Of a cut-together film only a part comes from the other one: what counts is the stretch between first and last hit.
  const stretch = hits.length === 0 ? 0 : hits[hits.length - 1].row - hits[0].row + 1
  const sorted = hits.map((hit) => hit.bits).sort((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? 256
  const enough = hits.length >= LEAST_FRAMES && hits.length >= LEAST_SHARE * stretch
  if (!enough || median > (isStill(query) ? MEDIAN_BITS_STILL : MEDIAN_BITS)) return null
  const [start, end] = [hits[0], hits[hits.length - 1]]
  return {
    startSeconds: query.times[start.row],
    endSeconds: query.times[end.row],
    otherStartSeconds: other.times[start.column],
    otherEndSeconds: other.times[end.column],
    similarity: 1 - median / 128,
  }
}
