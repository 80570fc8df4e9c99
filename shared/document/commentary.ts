/** Takes of commentary on the timeline: attempts of one span side by side, and which of them is heard. */
import { applyTimeMap, clockSecondsOf } from '../signal/time-map.ts'
import { secondsFromTicks, ticksFromSeconds } from '../units.ts'
import { momentsOfStream } from './clip-clock.ts'
import type { CommentaryTake } from './commentary-records.ts'
import { asRead, recordsOf, requireRecord, streamsOf, type Document } from './document.ts'
import type { Clip, DocumentRecord, Stream, Track } from './records.ts'
import { overwrite } from './timeline-clipboard.ts'

type Draft = Map<string, DocumentRecord>

export const COMMENTARY_TRACK_ID = 'track:commentary'

/** A take with where it lies by its own clock, project seconds. */
export interface PlacedTake {
  readonly take: CommentaryTake
  readonly streamId: string
  readonly startSeconds: number
  readonly endSeconds: number
  /** Some of it is on the timeline. */
  readonly isHeard: boolean
}

function soundOf(document: Document, take: CommentaryTake): Stream | undefined {
  return streamsOf(document, take.assetId).find((stream) => stream.sensor === 'audio')
}

function commentaryTrack(document: Document): Track | undefined {
  const track = document.get(COMMENTARY_TRACK_ID)
  return track?.kind === 'track' ? track : undefined
}

/** Where a take was recorded, on the project's clock: its span, or as far as it goes. */
function extentOf(document: Document, take: CommentaryTake, stream: Stream): readonly [number, number] {
  const map = momentsOfStream(document, stream.id)
  const start = applyTimeMap(map, stream.startSeconds)
  const end = applyTimeMap(map, stream.startSeconds + (stream.durationSeconds ?? 0))
  return [start, Math.max(start, Math.min(end, take.span.endSeconds ?? Infinity))]
}

/** Attempts of the same span together, earliest span first; two are of one span where half of the shorter is in both. */
export function takesBySpan(document: Document): PlacedTake[][] {
  const heard = new Set(commentaryTrack(document)?.clips.map((clip) => clip.streamId))
  const placed = recordsOf(document, 'commentaryTake')
    .flatMap((take): PlacedTake[] => {
      const stream = soundOf(document, take)
      if (!stream) return []
      const [startSeconds, endSeconds] = extentOf(document, take, stream)
      return [{ take, streamId: stream.id, startSeconds, endSeconds, isHeard: heard.has(stream.id) }]
    })
    .sort((a, b) => a.take.number - b.take.number)
  const groups: PlacedTake[][] = []
  for (const each of placed) {
    const group = groups.find(([first]) => first !== undefined && areOfOneSpan(first, each))
    if (group) group.push(each)
    else groups.push([each])
  }
  return groups.sort((a, b) => a[0]!.startSeconds - b[0]!.startSeconds)
}

function areOfOneSpan(a: PlacedTake, b: PlacedTake): boolean {
  const shared = Math.min(a.endSeconds, b.endSeconds) - Math.max(a.startSeconds, b.startSeconds)
  return shared * 2 >= Math.min(a.endSeconds - a.startSeconds, b.endSeconds - b.startSeconds)
}

/**
 * Puts a take where it was recorded, over what of other takes lies there. Where the attempt that is heard now was moved
 * with the cut, the take goes to where that one lies.
 *
 * @returns false, changing nothing, where the track is locked
 */
export function hearTake(draft: Draft, takeId: string, trackTitle: string, newId: () => string): boolean {
  const take = requireRecord(draft, 'commentaryTake', takeId)
  const stream = soundOf(draft, take)
  const track = ensureTrack(draft, trackTitle)
  if (!stream || track.locked) return false
  const group = takesBySpan(draft).find((each) => each.some((placed) => placed.take.id === takeId)) ?? []
  const shift = shiftOfHeard(draft, track, group)
  const [startSeconds, endSeconds] = extentOf(draft, take, stream)
  const map = momentsOfStream(draft, stream.id)
  const clip: Clip = {
    id: newId(),
    assetId: take.assetId,
    streamId: stream.id,
    startTicks: ticksFromSeconds(startSeconds) + shift,
    durationTicks: Math.max(1, ticksFromSeconds(endSeconds - startSeconds)),
    sourceStartTicks: ticksFromSeconds(clockSecondsOf(map, startSeconds)),
    linkId: take.assetId,
  }
  const streams = new Set(group.map((each) => each.streamId))
  track.clips = asRead(track.clips).filter((each) => !streams.has(each.streamId))
  overwrite(draft, track, clip, newId)
  return true
}

/** By how much the attempts that are heard lie later than where they were recorded, ticks. */
function shiftOfHeard(document: Document, track: Track, group: readonly PlacedTake[]): number {
  const streams = new Set(group.map((each) => each.streamId))
  const clip = asRead(track.clips).find((each) => streams.has(each.streamId))
  if (!clip) return 0
  const map = momentsOfStream(document, clip.streamId)
  return clip.startTicks - ticksFromSeconds(applyTimeMap(map, secondsFromTicks(clip.sourceStartTicks)))
}

/** Takes an attempt off the timeline; it is kept. */
export function silenceTake(draft: Draft, takeId: string): void {
  const take = requireRecord(draft, 'commentaryTake', takeId)
  const track = commentaryTrack(draft)
  const stream = soundOf(draft, take)
  if (track && stream && !track.locked) track.clips = asRead(track.clips).filter((clip) => clip.streamId !== stream.id)
}

function ensureTrack(draft: Draft, title: string): Track {
  const known = commentaryTrack(draft)
  if (known) return known
  const order = Math.max(-1, ...recordsOf(draft, 'track').map((track) => track.order)) + 1
  draft.set(COMMENTARY_TRACK_ID, {
    kind: 'track',
    id: COMMENTARY_TRACK_ID,
    title,
    sensor: 'audio',
    order,
    muted: false,
    locked: false,
    clips: [],
  })
  return commentaryTrack(draft)!
}
