/**
 * Sensors that an edit drops: what was recorded beside what it keeps of a recording, and is not kept along with it.
 * Poses, inertial samples and the like without clips go along with picture and sound (used-spans.ts) and are not dropped.
 */
import { secondsFromTicks } from '../units.ts'
import { recordsOf, streamsOf, type Document } from './document.ts'
import type { Clip, Stream } from './records.ts'
import { union, type Span } from './used-spans.ts'

/** Less of a sensor than this is not missed: its samples begin and end a little beside those of others. */
const LEAST_SECONDS = 0.1

/** What was recorded beside one clip and has no clip there. */
export function leftOutBeside(document: Document, clip: Clip): readonly Stream[] {
  const own = document.get(clip.streamId)
  if (own?.kind !== 'stream') return []
  const span = spanOf(clip)
  const beside = streamsOf(document, clip.assetId).filter(({ id, clockId }) => id !== own.id && clockId === own.clockId)
  const kept = new Map<string, Span[]>(beside.map(({ id }) => [id, []]))
  const used = new Set<string>()
  for (const { clips } of recordsOf(document, 'track'))
    for (const each of clips) {
      const found = kept.get(each.streamId)
      if (!found) continue
      used.add(each.streamId)
      const shared = within(span, spanOf(each))
      if (lengthOf(shared) > 0) found.push(shared)
    }
  return beside.filter((stream) => isMissed(stream, used.has(stream.id), [span], union(kept.get(stream.id) ?? [])))
}

/** Of the whole edit: the streams that it drops somewhere beside what it keeps of their recordings. */
export function leftOutOf(document: Document): readonly Stream[] {
  const clips = recordsOf(document, 'track').flatMap((track) => track.clips)
  const ofStream = Map.groupBy(clips, ({ streamId }) => streamId)
  const ofClock = Map.groupBy(clips, ({ streamId }) => {
    const stream = document.get(streamId)
    return stream?.kind === 'stream' ? stream.clockId : null
  })
  const kept = new Map([...ofClock].map(([clockId, group]) => [clockId, union(group.map(spanOf))]))
  return recordsOf(document, 'stream').filter((stream) => {
    const own = ofStream.get(stream.id)
    return isMissed(stream, own !== undefined, kept.get(stream.clockId) ?? [], union((own ?? []).map(spanOf)))
  })
}

/** @param beside what is kept of the recording @param own what of that is kept of the stream; both apart from one another */
function isMissed(stream: Stream, hasClips: boolean, beside: readonly Span[], own: readonly Span[]): boolean {
  const { sensor, startSeconds, durationSeconds } = stream
  if (durationSeconds === null || (!hasClips && sensor !== 'video' && sensor !== 'audio')) return false
  const recorded = { startSeconds, endSeconds: startSeconds + durationSeconds }
  const lengthIn = (spans: readonly Span[]) => spans.reduce((sum, span) => sum + lengthOf(within(recorded, span)), 0)
  return lengthIn(beside) - lengthIn(own) > LEAST_SECONDS
}

/** On the clip's own clock. */
function spanOf({ sourceStartTicks, durationTicks }: Clip): Span {
  const startSeconds = secondsFromTicks(sourceStartTicks)
  return { startSeconds, endSeconds: startSeconds + secondsFromTicks(durationTicks) }
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
