/** Which parts of the recordings an edit uses. What the stars say of a project is said of these parts. */
import { secondsFromTicks } from '../units.ts'
import { recordsOf, type Document } from './document.ts'
import { shortHash } from './short-hash.ts'
import type { Stream } from './records.ts'
import { timelineExtent } from './timeline.ts'

/** On the stream's own clock. */
export interface Span {
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface UsedSpans {
  /** Of a stream; null where the whole of it is used. In order, apart from one another. */
  of(stream: Stream): readonly Span[] | null
  /** The same for edits that use the same moments, whatever their clips are called and where they lie. */
  readonly key: string
  /** Clips on all tracks. */
  readonly clips: number
  /** How long the edit is: from where its first clip begins to where its last one ends. */
  readonly seconds: number
}

/** Clips that leave less than this between them show the moments between as well. */
const TOUCHING_SECONDS = 1e-3

/** In order, apart from one another. */
export function union(spans: readonly Span[]): Span[] {
  const joined: { startSeconds: number; endSeconds: number }[] = []
  for (const { startSeconds, endSeconds } of [...spans].sort((a, b) => a.startSeconds - b.startSeconds)) {
    const last = joined.at(-1)
    if (last && startSeconds <= last.endSeconds + TOUCHING_SECONDS)
      last.endSeconds = Math.max(last.endSeconds, endSeconds)
    else joined.push({ startSeconds, endSeconds })
  }
  return joined
}

function append<K>(lists: Map<K, Span[]>, key: K, span: Span): void {
  const list = lists.get(key)
  if (list) list.push(span)
  else lists.set(key, [span])
}

/**
 * A stream with clips is used where they lie. Picture or sound without clips was cut away. Poses, inertial samples and the
 * like without clips follow the other streams of their clock, since other programs' edits know nothing of them. Scans and still pictures have no extent in time and are used whole, and so is
 * everything while nothing lies on the time line.
 */
export function usedSpans(document: Document): UsedSpans {
  const ofStream = new Map<string, Span[]>()
  const ofClock = new Map<string, Span[]>()
  let clips = 0
  for (const track of recordsOf(document, 'track')) {
    for (const clip of track.clips) {
      const stream = document.get(clip.streamId)
      if (stream?.kind !== 'stream') continue
      clips++
      const startSeconds = secondsFromTicks(clip.sourceStartTicks)
      const span = { startSeconds, endSeconds: startSeconds + secondsFromTicks(clip.durationTicks) }
      append(ofStream, clip.streamId, span)
      append(ofClock, stream.clockId, span)
    }
  }
  const streams = new Map([...ofStream].map(([id, spans]) => [id, union(spans)]))
  const clocks = new Map([...ofClock].map(([id, spans]) => [id, union(spans)]))
  const lines = [...streams]
    .map(
      ([id, spans]) => `${id} ${spans.map((s) => `${s.startSeconds.toFixed(3)}-${s.endSeconds.toFixed(3)}`).join(' ')}`,
    )
    .sort()
  const [startTicks, endTicks] = timelineExtent(document)
  return {
    key: shortHash(lines.join('\n')),
    clips,
    seconds: secondsFromTicks(endTicks - startTicks),
    of(stream) {
      if (clips === 0 || stream.durationSeconds === null || stream.durationSeconds === 0) return null
      const own = streams.get(stream.id)
      if (own || stream.sensor === 'video' || stream.sensor === 'audio') return own ?? []
      return clocks.get(stream.clockId) ?? []
    },
  }
}

/**
 * Whether a bin of a stream is used: at least half of what of it lies within the stream.
 *
 * @param streamEndSeconds The last bin may reach beyond it.
 */
export function isUsed(
  spans: readonly Span[] | null,
  startSeconds: number,
  binSeconds: number,
  streamEndSeconds: number,
): boolean {
  if (spans === null) return true
  const endSeconds = Math.max(startSeconds, Math.min(startSeconds + binSeconds, streamEndSeconds))
  let covered = 0
  for (const span of spans)
    covered += Math.max(0, Math.min(endSeconds, span.endSeconds) - Math.max(startSeconds, span.startSeconds))
  return covered > 0 && covered >= (endSeconds - startSeconds) / 2 - 1e-9
}
