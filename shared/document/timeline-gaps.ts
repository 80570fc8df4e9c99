/**
 * Gaps: stretches in which nothing lies between what lies before and behind. Closing one brings up what follows, as a
 * ripple delete of a clip that filled it would.
 */
import { cutSpans, mayAllFollow } from './cut-spans.ts'
import { asRead, recordsOf, type Document } from './document.ts'
import type { Clip, DocumentRecord, Track } from './records.ts'
import { mergeSpans, type Span } from './spoken-words.ts'

type Draft = Map<string, DocumentRecord>

export interface Gap {
  readonly span: Span
  /** The tracks that it is closed on where the whole time line cannot follow: none of them is locked. */
  readonly trackIds: readonly string[]
  /** What follows is linked with something that cannot come along, since it is locked or has no room. */
  readonly isOutOfStep: boolean
}

const NEVER = (): boolean => false
const endOf = ({ startTicks, durationTicks }: Clip): number => startTicks + durationTicks

/** Where nothing lies around a moment, by bisection; null where something does, or nothing follows. */
function emptyAround(lying: readonly Span[], atTicks: number): Span | null {
  let low = 0
  let high = lying.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (lying[middle]!.startTicks <= atTicks) low = middle + 1
    else high = middle
  }
  const [before, next] = [lying[low - 1], lying[low]]
  if (!next || (before && before.endTicks > atTicks)) return null
  const span = { startTicks: before?.endTicks ?? -Infinity, endTicks: next.startTicks }
  return span.endTicks > span.startTicks ? span : null
}

const spanOf = (clip: Clip): Span => ({ startTicks: clip.startTicks, endTicks: endOf(clip) })

/** What lies on tracks, as one; gaps are between. */
function lyingOn(tracks: readonly Track[]): Span[] {
  return mergeSpans(tracks.flatMap(({ clips }) => clips.map(spanOf)))
}

function between(one: Span, other: Span): Span {
  return {
    startTicks: Math.max(one.startTicks, other.startTicks),
    endTicks: Math.min(one.endTicks, other.endTicks),
  }
}

/**
 * The gap at a moment. On given tracks it is what is empty on all of them that have one there, and on those whose clips
 * are linked with what follows, so that what is in step stays so.
 *
 * @param trackIds null: nothing of any track lies in it
 */
export function gapAt(document: Document, trackIds: ReadonlySet<string> | null, atTicks: number): Gap | null {
  const tracks = recordsOf(document, 'track')
  const free = tracks.filter(({ locked }) => !locked)
  if (trackIds === null) {
    const span = emptyAround(lyingOn(tracks), atTicks)
    return span && Number.isFinite(span.startTicks)
      ? { span, trackIds: free.map(({ id }) => id), isOutOfStep: false }
      : null
  }
  const empty = new Map<string, Span>()
  for (const track of free) {
    const span = emptyAround(track.clips.map(spanOf), atTicks)
    if (span) empty.set(track.id, span)
  }
  const hasGap = ({ id }: Track): boolean => trackIds.has(id) && Number.isFinite(empty.get(id)?.startTicks)
  const own = free.filter(hasGap)
  const follow = (track: Track): Clip[] => track.clips.filter(({ startTicks }) => startTicks > atTicks)
  const linkedWithWhatFollowsOn = (tracks: readonly Track[]): ((clip: Clip) => boolean) => {
    const links = new Set(tracks.flatMap((track) => follow(track).flatMap(({ linkId }) => linkId ?? [])))
    return ({ linkId }) => linkId !== null && links.has(linkId)
  }
  const isLinked = linkedWithWhatFollowsOn(own)
  const along = free.filter((track) => own.includes(track) || (empty.has(track.id) && follow(track).some(isLinked)))
  const [first, ...others] = along.map(({ id }) => empty.get(id)!)
  if (own.length === 0 || !first) return null
  const span = others.reduce(between, first)
  const stays = tracks.filter((track) => !along.includes(track))
  const isWithThem = linkedWithWhatFollowsOn(along)
  const isOutOfStep = stays.some(({ clips }) => clips.some((each) => isWithThem(each) && endOf(each) > span.startTicks))
  return { span, trackIds: along.map(({ id }) => id), isOutOfStep }
}

/** Brings up what follows a gap: the whole time line where nothing lies beside it, else its tracks alone. */
export function closeGap(draft: Draft, { span, trackIds }: Gap, newId: () => string): void {
  closeSpans(draft, [span], trackIds, newId)
}

/** All gaps of tracks as one gesture. */
export interface Gaps {
  /** In order. */
  readonly spans: readonly Span[]
  readonly trackIds: readonly string[]
  /** What follows them is linked with something that is locked. */
  readonly isOutOfStep: boolean
}

/**
 * Stretches in which nothing lies on tracks, nor on those that anything of them is linked with: what is in step stays so.
 *
 * @param trackIds null: all tracks
 */
export function gapsOn(document: Document, trackIds: ReadonlySet<string> | null): Gaps {
  const tracks = recordsOf(document, 'track')
  const chosen = tracks.filter(({ id, locked }) => trackIds === null || (trackIds.has(id) && !locked))
  const links = new Set(chosen.flatMap(({ clips }) => clips.flatMap(({ linkId }) => linkId ?? [])))
  const isLinked = ({ linkId }: Clip): boolean => linkId !== null && links.has(linkId)
  const along = tracks.filter((track) => chosen.includes(track) || (!track.locked && track.clips.some(isLinked)))
  const lying = lyingOn(along)
  const spans = lying.slice(1).map(({ startTicks }, n) => ({ startTicks: lying[n]!.endTicks, endTicks: startTicks }))
  const moving = along.filter(({ locked }) => !locked)
  const linksMoving = new Set(moving.flatMap(({ clips }) => clips.flatMap(({ linkId }) => linkId ?? [])))
  const stays = tracks.filter((track) => track.locked).flatMap(({ clips }) => clips)
  const isHeld = (clip: Clip): boolean =>
    clip.linkId !== null && linksMoving.has(clip.linkId) && endOf(clip) > spans[0]!.startTicks
  return { spans, trackIds: moving.map(({ id }) => id), isOutOfStep: spans.length > 0 && stays.some(isHeld) }
}

export function closeGaps(draft: Draft, { spans, trackIds }: Gaps, newId: () => string): void {
  closeSpans(draft, spans, trackIds, newId)
}

function closeSpans(draft: Draft, spans: readonly Span[], trackIds: readonly string[], newId: () => string): void {
  if (mayAllFollow(asRead(draft), spans, NEVER)) {
    cutSpans(draft, spans, newId)
    return
  }
  for (const id of trackIds) {
    const track = draft.get(id)
    if (track?.kind !== 'track') continue
    let by = 0
    let next = 0
    track.clips = asRead(track.clips).map((clip) => {
      for (; next < spans.length && spans[next]!.endTicks <= clip.startTicks; next++)
        by += spans[next]!.endTicks - spans[next]!.startTicks
      return by === 0 ? clip : { ...clip, startTicks: clip.startTicks - by }
    })
  }
}
