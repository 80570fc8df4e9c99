/** Sensors that an edit drops: what was recorded beside a clip and is not used along with it. */
import { secondsFromTicks } from '../units.ts'
import { recordsOf, type Document } from './document.ts'
import type { Clip, Stream } from './records.ts'
import { usedSpans, type Span } from './used-spans.ts'

/** Less of a sensor than this is not missed: its samples begin and end a little beside those of others. */
const LEAST_SECONDS = 0.1

/** Whoever asks of many clips of one document has its used spans looked up once. */
export function leftOutFinder(document: Document): (clip: Clip) => readonly Stream[] {
  const used = usedSpans(document)
  const streams = Map.groupBy(recordsOf(document, 'stream'), (stream) => stream.assetId)
  return (clip) => {
    const own = document.get(clip.streamId)
    if (own?.kind !== 'stream') return []
    const startSeconds = secondsFromTicks(clip.sourceStartTicks)
    const span = { startSeconds, endSeconds: startSeconds + secondsFromTicks(clip.durationTicks) }
    return (streams.get(clip.assetId) ?? []).filter((stream) => {
      if (stream.id === own.id || stream.clockId !== own.clockId || stream.durationSeconds === null) return false
      const spans = used.of(stream)
      if (spans === null) return false
      const { startSeconds: start, durationSeconds } = stream
      const recorded = within(span, { startSeconds: start, endSeconds: start + durationSeconds })
      const kept = spans.reduce((sum, each) => sum + lengthOf(within(recorded, each)), 0)
      return lengthOf(recorded) - kept > LEAST_SECONDS
    })
  }
}

/** Of the whole edit: which sensors of which recordings it drops beside what it keeps of them, each once. */
export function leftOutOf(document: Document): readonly Stream[] {
  const find = leftOutFinder(document)
  const found = new Set<Stream>()
  for (const { clips } of recordsOf(document, 'track'))
    for (const clip of clips) for (const stream of find(clip)) found.add(stream)
  return [...found]
}

function within(a: Span, b: Span): Span {
  return {
    startSeconds: Math.max(a.startSeconds, b.startSeconds),
    endSeconds: Math.min(a.endSeconds, b.endSeconds),
  }
}

function lengthOf({ startSeconds, endSeconds }: Span): number {
  return Math.max(0, endSeconds - startSeconds)
}
