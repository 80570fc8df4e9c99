/** Gestures on the timeline as recipes on the document. All times are whole ticks. */
import { applyTimeMap, type MomentMap } from '../signal/time-map.ts'
import { secondsFromTicks, ticksFromSeconds } from '../units.ts'
import { IDENTITY_MOMENTS, sourceSecondsAt, sourceTicksAt } from './clip-clock.ts'
import { partFades } from './clip-sound.ts'
import { cutSpans, mayAllFollow } from './cut-spans.ts'
import { asRead, recordsOf, type Document } from './document.ts'
import type { Asset, Clip, DocumentRecord, Sensor, Stream, Track } from './records.ts'
import { mergeSpans, type Span } from './spoken-words.ts'

type Draft = Map<string, DocumentRecord>

/** Sensors that have an extent in time and so lie on the timeline. */
const TIMED: readonly Sensor[] = ['video', 'audio', 'pose', 'imu', 'depth', 'gaze', 'hands', 'text']

/** Of one recording: a body has a path for each of its joints, and tracks for all of them would bury the rest. */
const MOST_PATHS = 8

/** The tracks of the timeline from top to bottom. */
export function tracksInOrder(document: Document): Track[] {
  return recordsOf(document, 'track').sort((a, b) => a.order - b.order)
}

/** The clip of a track at a tick, by bisection: tracks hold thousands. */
export function clipAt({ clips }: Pick<Track, 'clips'>, atTicks: number): Clip | undefined {
  let low = 0
  let high = clips.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (clips[middle]!.startTicks <= atTicks) low = middle + 1
    else high = middle
  }
  const clip = clips[low - 1]
  return clip && atTicks < clip.startTicks + clip.durationTicks ? clip : undefined
}

function trackIn(draft: Draft, trackId: string): Track | undefined {
  const record = draft.get(trackId)
  return record?.kind === 'track' ? record : undefined
}

function byStart(a: Clip, b: Clip): number {
  return a.startTicks - b.startTicks
}

/**
 * Puts every timed stream of a new asset onto a track of its own, where its clock's map says. One sound is heard at
 * first: recordings of the same moment that are not aligned yet are noise together.
 */
export function placeAsset(draft: Draft, asset: Asset, streams: readonly Stream[]): void {
  const before = tracksInOrder(draft)
  const last = before.at(-1)?.order ?? -1
  let heard = before.some((track) => track.sensor === 'audio' && !track.muted)
  const bodies = streams.filter(({ sensor }) => sensor === 'pose' || sensor === 'hands').slice(MOST_PATHS)
  streams
    .filter((stream) => TIMED.includes(stream.sensor) && (stream.durationSeconds ?? 0) > 0 && !bodies.includes(stream))
    .forEach((stream, n) => {
      const sourceStartTicks = ticksFromSeconds(stream.startSeconds)
      const clip: Clip = {
        id: `clip:${stream.id}`,
        assetId: asset.id,
        streamId: stream.id,
        startTicks: sourceStartTicks,
        durationTicks: ticksFromSeconds(stream.durationSeconds ?? 0),
        sourceStartTicks,
        linkId: asset.id,
      }
      const track: Track = {
        kind: 'track',
        id: `track:${stream.id}`,
        title: stream.title === undefined ? asset.title : `${asset.title} · ${stream.title}`,
        sensor: stream.sensor,
        order: last + 1 + n,
        muted: stream.sensor === 'audio' && heard,
        locked: false,
        clips: [clip],
      }
      heard ||= stream.sensor === 'audio'
      draft.set(track.id, track)
    })
}

/**
 * Cuts the clips of the given tracks in two at a tick. What was linked before the cut is linked on each side of it, and
 * no longer across it. Returns how many were cut.
 */
export function splitAt(draft: Draft, atTicks: number, trackIds: readonly string[], newId: () => string): number {
  let cut = 0
  const tailLinks = new Map<string, string>()
  for (const trackId of trackIds) {
    const track = trackIn(draft, trackId)
    const index =
      track && !track.locked
        ? asRead(track.clips).findIndex(
            (each) => atTicks > each.startTicks && atTicks < each.startTicks + each.durationTicks,
          )
        : -1
    const clip = track?.clips[index]
    if (!track || !clip) continue
    const head = atTicks - clip.startTicks
    const tail: Clip = {
      ...clip,
      id: newId(),
      startTicks: atTicks,
      durationTicks: clip.durationTicks - head,
      sourceStartTicks: sourceTicksAt(draft, clip, atTicks),
      linkId: tailLink(tailLinks, clip.linkId, newId),
    }
    clip.durationTicks = head
    partFades(clip, tail)
    track.clips.splice(index + 1, 0, tail)
    cut += 1
  }
  return cut
}

function tailLink(tailLinks: Map<string, string>, linkId: string | null, newId: () => string): string | null {
  if (linkId === null) return null
  const known = tailLinks.get(linkId) ?? newId()
  tailLinks.set(linkId, known)
  return known
}

/** Removes clips and leaves gaps. */
export function liftClips(draft: Draft, clipIds: ReadonlySet<string>): void {
  for (const track of tracksInOrder(draft)) {
    if (track.locked) continue
    const own = trackIn(draft, track.id)
    if (!own) continue
    const clips = asRead(own.clips)
    if (clips.some((clip) => clipIds.has(clip.id))) own.clips = clips.filter((clip) => !clipIds.has(clip.id))
  }
}

/**
 * Removes clips and closes the gaps. Where nothing else lies beside them the whole time line moves up, words and markers
 * with it, and stays in step; beside others each gap is closed on its own track alone.
 */
export function rippleDeleteClips(draft: Draft, clipIds: ReadonlySet<string>, newId: () => string): void {
  const tracks = recordsOf(asRead(draft), 'track')
  const going = new Set(
    tracks.flatMap(({ locked, clips }) => (locked ? [] : clips.filter(({ id }) => clipIds.has(id)))),
  )
  const spans = mergeSpans([...going].map(spanOf))
  if (mayAllFollow(asRead(draft), spans, (clip) => going.has(clip))) cutSpans(draft, spans, newId)
  else closeGaps(draft, going)
}

function spanOf({ startTicks, durationTicks }: Clip): Span {
  return { startTicks, endTicks: startTicks + durationTicks }
}

/** As far as linked ones went together all their tracks close up equally far, so that what follows stays in step. */
function closeGaps(draft: Draft, going: ReadonlySet<Clip>): void {
  const groups = Map.groupBy(going, ({ id, linkId }) => linkId ?? id)
  const spans = new Map([...groups].map(([link, clips]) => [link, mergeSpans(clips.map(spanOf))]))
  const ids = new Set([...going].map(({ id }) => id))
  for (const { id } of tracksInOrder(draft)) {
    const track = trackIn(draft, id)
    if (!track || track.locked) continue
    const clips = asRead(track.clips)
    if (!clips.some((clip) => ids.has(clip.id))) continue
    let shift = 0
    let keptTo = -Infinity
    let next = 0
    const kept: Clip[] = []
    for (const [n, clip] of clips.entries()) {
      if (!ids.has(clip.id)) {
        kept.push({ ...clip, startTicks: clip.startTicks - shift })
        keptTo = spanOf(clip).endTicks
        continue
      }
      const span = spans.get(clip.linkId ?? clip.id)!.find(({ endTicks }) => endTicks > clip.startTicks)!
      while (next < clips.length && (next <= n || ids.has(clips[next]!.id))) next += 1
      const from = Math.max(span.startTicks, keptTo)
      const to = Math.min(span.endTicks, clips[next]?.startTicks ?? Infinity)
      shift += to - from
      keptTo = to
    }
    track.clips = kept
  }
}

/** From one track to another of the same sensor. */
export interface TrackChange {
  readonly fromTrackId: string
  readonly toTrackId: string
}

/**
 * Moves clips by a number of ticks, those of one track onto another where that is wished. Returns false, changing
 * nothing, where they would overlap others, a track is locked or is for something else.
 */
export function moveClips(
  draft: Draft,
  clipIds: ReadonlySet<string>,
  byTicks: number,
  change: TrackChange | null = null,
): boolean {
  const target = change && trackIn(draft, change.toTrackId)
  if (change && target?.sensor !== trackIn(draft, change.fromTrackId)?.sensor) return false
  const arriving = new Map<string, Clip[]>()
  for (const track of tracksInOrder(draft)) {
    const moving = asRead(track.clips).filter((clip) => clipIds.has(clip.id))
    if (moving.length === 0) continue
    if (track.locked) return false
    const id = track.id === change?.fromTrackId ? change.toTrackId : track.id
    const moved = moving.map((clip) => ({ ...clip, startTicks: clip.startTicks + byTicks }))
    arriving.set(id, [...(arriving.get(id) ?? []), ...moved])
    if (id !== track.id && !arriving.has(track.id)) arriving.set(track.id, [])
  }
  const results = new Map<Track, Clip[]>()
  for (const [trackId, moved] of arriving) {
    const track = trackIn(draft, trackId)
    if (!track || track.locked) return false
    const staying = asRead(track.clips).filter((clip) => !clipIds.has(clip.id))
    const clips = [...staying, ...moved].sort(byStart)
    if (overlaps(clips)) return false
    results.set(track, clips)
  }
  for (const [track, clips] of results) track.clips = clips
  return results.size > 0
}

/** What of its stream a clip could show, ticks on the stream's clock; the end is null where it is not known. */
export function sourceSpan(document: Document, clip: Clip): { startTicks: number; endTicks: number | null } {
  const stream = document.get(clip.streamId)
  const startTicks = ticksFromSeconds(stream?.kind === 'stream' ? stream.startSeconds : 0)
  const duration = stream?.kind === 'stream' ? stream.durationSeconds : null
  return { startTicks, endTicks: duration === null ? null : startTicks + ticksFromSeconds(duration) }
}

function overlaps(sorted: readonly Clip[]): boolean {
  return sorted.some((clip, i) => i > 0 && clip.startTicks < sorted[i - 1]!.startTicks + sorted[i - 1]!.durationTicks)
}

/**
 * Lets the clips of a clock follow its new time map: each shows the same span of its recording as before, and moves by
 * as much as the map moved its first moment, so that cuts and moves made by hand stay. Clips that would come to overlap
 * push those behind them later.
 */
export function retimeClips(
  draft: Draft,
  streamIds: ReadonlySet<string>,
  before: MomentMap = IDENTITY_MOMENTS,
  after: MomentMap = IDENTITY_MOMENTS,
): void {
  for (const { id } of tracksInOrder(draft)) {
    const track = trackIn(draft, id)
    if (!track?.clips.some((clip) => streamIds.has(clip.streamId))) continue
    const clips = track.clips.map((clip) => {
      if (!streamIds.has(clip.streamId)) return { ...clip }
      const from = secondsFromTicks(clip.sourceStartTicks)
      const to = sourceSecondsAt(clip, before, secondsFromTicks(clip.startTicks + clip.durationTicks))
      return {
        ...clip,
        startTicks: clip.startTicks + ticksFromSeconds(applyTimeMap(after, from) - applyTimeMap(before, from)),
        durationTicks: Math.max(1, ticksFromSeconds(applyTimeMap(after, to) - applyTimeMap(after, from))),
      }
    })
    clips.sort(byStart)
    for (let i = 1; i < clips.length; i++) {
      const previous = clips[i - 1]!
      clips[i]!.startTicks = Math.max(clips[i]!.startTicks, previous.startTicks + previous.durationTicks)
    }
    track.clips = clips
  }
}

/** First and last tick of everything on the timeline; [0, 0] when it is empty. */
export function timelineExtent(document: Document): [number, number] {
  return extentOfTracks(recordsOf(document, 'track'))
}

/** The same of tracks alone. */
export function extentOfTracks(tracks: readonly Pick<Track, 'clips'>[]): [number, number] {
  let start = Infinity
  let end = -Infinity
  for (const { clips } of tracks) {
    const first = clips[0]
    const last = clips.at(-1)
    if (!first || !last) continue
    start = Math.min(start, first.startTicks)
    end = Math.max(end, last.startTicks + last.durationTicks)
  }
  return start <= end ? [start, end] : [0, 0]
}
