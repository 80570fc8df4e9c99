/** Gestures on the timeline: what a press with a tool means, how a drag snaps, how it changes the document. */
import { recordsOf, edit, type Document, type Recipe } from '../../../shared/document/document.ts'
import type { Clip, DocumentRecord, Track } from '../../../shared/document/records.ts'
import {
  rippleTrim,
  rollCut,
  slideClips,
  slipClips,
  trimClips,
  type Edge,
} from '../../../shared/document/timeline-trims.ts'
import { moveClips, splitAt } from '../../../shared/document/timeline.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t, type PlainKey } from '../i18n/text.ts'
import type { EngineAccess } from '../state/engine-context.ts'
import { notify, useSession, type Tool } from '../state/session-store.ts'

const EDGE_PIXELS = 6
const SNAP_PIXELS = 8

export interface Grab {
  readonly clip: Clip
  readonly track: Track
  /** The edge under the press, if any. */
  readonly edge: Edge | null
  /** The edge that is nearer to the press. */
  readonly nearer: Edge
}

/** Which part of a clip a press grabs. */
export function edgeAt(
  clip: Pick<Clip, 'startTicks' | 'durationTicks'>,
  x: number,
  xOf: (seconds: number) => number,
): Pick<Grab, 'edge' | 'nearer'> {
  const left = xOf(secondsFromTicks(clip.startTicks))
  const right = xOf(secondsFromTicks(clip.startTicks + clip.durationTicks))
  const reach = Math.min(EDGE_PIXELS, (right - left) / 3)
  const nearer = x - left < right - x ? 'start' : 'end'
  return { edge: x - left < reach ? 'start' : right - x < reach ? 'end' : null, nearer }
}

/** The clips that move with one: linked, overlapping ones, unless it is taken alone. */
export function linkedClips(document: Document, clip: Clip, alone: boolean): Set<string> {
  return alone || clip.linkId === null ? new Set([clip.id]) : withLinked(document, new Set([clip.id]))
}

/** Clips with their linked, overlapping ones. */
export function withLinked(document: Document, clipIds: ReadonlySet<string>): Set<string> {
  const tracks = recordsOf(document, 'track')
  const chosen = tracks.flatMap((track) => track.clips.filter((clip) => clipIds.has(clip.id)))
  const byLink = Map.groupBy(
    chosen.filter((clip) => clip.linkId !== null),
    (clip) => clip.linkId,
  )
  const all = new Set(chosen.map((clip) => clip.id))
  if (byLink.size === 0) return all
  for (const { clips } of tracks) {
    for (const clip of clips) {
      const linked = clip.linkId === null ? undefined : byLink.get(clip.linkId)
      if (linked?.some((each) => overlap(each, clip))) all.add(clip.id)
    }
  }
  return all
}

/** What is done to the selection is done to these: what is linked comes along, unless it was taken alone. */
export function selectedWithLinked(document: Document): ReadonlySet<string> {
  const { selectedClipIds, aloneClipIds } = useSession.getState()
  return selectedClipIds === aloneClipIds ? selectedClipIds : withLinked(document, selectedClipIds)
}

function overlap(a: Clip, b: Clip): boolean {
  return a.startTicks < b.startTicks + b.durationTicks && b.startTicks < a.startTicks + a.durationTicks
}

/** Everything from a clip on: on its track, or on all. */
export function clipsFrom(document: Document, grab: Grab, oneTrack: boolean): Set<string> {
  const tracks = oneTrack ? [grab.track] : recordsOf(document, 'track').filter((track) => !track.locked)
  const from = grab.clip.startTicks
  return new Set(
    tracks.flatMap((track) => track.clips.filter((clip) => clip.startTicks >= from).map((clip) => clip.id)),
  )
}

/** Moments that drags snap to: edges of clips and markers that stand still, the playhead. Seconds, sorted. */
export function snapTargets(document: Document, moving: ReadonlySet<string>, playheadSeconds: number): number[] {
  const targets = [playheadSeconds, 0]
  for (const track of recordsOf(document, 'track')) {
    for (const clip of track.clips) {
      if (!moving.has(clip.id))
        targets.push(secondsFromTicks(clip.startTicks), secondsFromTicks(clip.startTicks + clip.durationTicks))
    }
  }
  for (const marker of recordsOf(document, 'marker')) {
    if (moving.has(marker.id)) continue
    targets.push(secondsFromTicks(marker.atTicks))
    if (marker.durationTicks > 0) targets.push(secondsFromTicks(marker.atTicks + marker.durationTicks))
  }
  return targets.sort((a, b) => a - b)
}

/**
 * The shift nearest to the wished one at which one of the edges meets a target.
 *
 * @param edges seconds, before the shift
 */
export function snapped(
  edges: readonly number[],
  bySeconds: number,
  targets: readonly number[],
  pixelsPerSecond: number,
): { bySeconds: number; at: number | null } {
  let best = { bySeconds, at: null as number | null }
  let nearest = SNAP_PIXELS / pixelsPerSecond
  for (const edge of edges) {
    for (const target of targets) {
      const distance = Math.abs(target - (edge + bySeconds))
      if (distance < nearest) {
        nearest = distance
        best = { bySeconds: target - edge, at: target }
      }
    }
  }
  return best
}

/** A drag under way: its name in the history, the edges that snap, and what a shift makes of the document. */
export interface Drag {
  readonly label: string
  readonly edges: readonly number[]
  /** Whether what is dragged may come to lie on another track. */
  readonly changesTracks: boolean
  /** @param ontoTrackId the track that it is dragged onto, where that is another */
  readonly apply: (draft: Parameters<Recipe>[0], byTicks: number, ontoTrackId: string | null) => void
}

const newClipId = (): string => `clip-${crypto.randomUUID()}`

/** Tools that trim and what they do to clips that are trimmed together. */
export const TRIM_TOOLS: Readonly<
  Record<
    'ripple' | 'roll' | 'slip' | 'slide',
    {
      label: PlainKey
      apply: (draft: Parameters<Recipe>[0], ids: ReadonlySet<string>, edge: Edge, by: number) => number
    }
  >
> = {
  ripple: { label: 'edit.ripple', apply: (draft, ids, edge, by) => rippleTrim(draft, ids, edge, by, newClipId) },
  roll: { label: 'edit.roll', apply: rollCut },
  // What is dragged to the right brings earlier moments into sight.
  slip: { label: 'edit.slip', apply: (draft, ids, _edge, by) => -slipClips(draft, ids, -by) },
  slide: { label: 'edit.slide', apply: (draft, ids, _edge, by) => slideClips(draft, ids, by) },
}

export function dragOf(tool: Tool, grab: Grab, clipIds: ReadonlySet<string>): Drag {
  const start = secondsFromTicks(grab.clip.startTicks)
  const end = start + secondsFromTicks(grab.clip.durationTicks)
  const at = (edge: Edge): number[] => [edge === 'start' ? start : end]
  if (tool === 'ripple' || tool === 'roll' || tool === 'slip' || tool === 'slide') {
    const { label, apply } = TRIM_TOOLS[tool]
    const edges = tool === 'slip' ? [] : tool === 'slide' ? [start, end] : at(grab.nearer)
    return {
      label: t(label),
      edges,
      changesTracks: false,
      apply: (draft, by) => void apply(draft, clipIds, grab.nearer, by),
    }
  }
  const { edge } = grab
  if (tool === 'select' && edge) {
    return {
      label: t('edit.trim'),
      edges: at(edge),
      changesTracks: false,
      apply: (draft, by) => void trimClips(draft, clipIds, edge, by),
    }
  }
  return {
    label: t('edit.move'),
    edges: [start, end],
    changesTracks: tool === 'select',
    apply: (draft, by, onto) =>
      void moveClips(draft, clipIds, by, onto === null ? null : { fromTrackId: grab.track.id, toTrackId: onto }),
  }
}

/** The document without the tracks that a drag cannot touch: what it shows is worked out with every move. */
export function partOf(document: Document, tool: Tool, grab: Grab, clipIds: ReadonlySet<string>): Document {
  // Everything may follow a ripple.
  if (tool === 'ripple') return document
  const isTouched = (record: DocumentRecord): boolean =>
    record.kind === 'track'
      ? record.sensor === grab.track.sensor || record.clips.some((clip) => clipIds.has(clip.id))
      : record.kind === 'stream' || record.kind === 'timeMap'
  return new Map([...document].filter(([, record]) => isTouched(record)))
}

/** The state of a drag: its shift in ticks, and the target track. */
export interface Destination {
  readonly byTicks: number
  readonly ontoTrackId: string | null
}

/** The document if the drag ended now; null if that place is not possible. */
export function previewOf(document: Document, drag: Drag, { byTicks, ontoTrackId }: Destination): Document | null {
  const { document: after, forward } = edit(document, (draft) => drag.apply(draft, byTicks, ontoTrackId))
  return forward.length === 0 ? null : after
}

/** Commits a finished drag as one gesture. */
export function commitDrag(engine: EngineAccess, drag: Drag, { byTicks, ontoTrackId }: Destination): void {
  engine.commit(drag.label, (draft) => drag.apply(draft, byTicks, ontoTrackId))
}

/** Moves clips as one gesture, or reports why they cannot move. */
export function commitMove(
  engine: EngineAccess,
  label: string,
  clipIds: ReadonlySet<string>,
  byTicks: number,
  mergeKey?: string,
  said?: () => string,
): void {
  engine.commit(
    label,
    (draft) => {
      if (!moveClips(draft, clipIds, byTicks)) sayNoRoom()
    },
    mergeKey,
    said,
  )
}

/** Reports locked tracks if none of the clips to change is free. */
export function sayIfLocked(tracks: readonly Track[]): boolean {
  const [first] = tracks
  if (!first || tracks.some(({ locked }) => !locked)) return false
  notify({ kind: 'info', title: t('timeline.isLocked', { track: first.title }), detail: t('timeline.isLockedHint') })
  return true
}

export function sayNoRoom(): void {
  notify({ kind: 'info', title: t('timeline.noRoom'), detail: t('timeline.noRoomWhy') })
}

/** Cuts a clip, and its linked ones unless it is taken alone. */
export function commitBlade(
  engine: EngineAccess,
  document: Document,
  grab: Grab,
  atSeconds: number,
  alone: boolean,
): void {
  const ids = linkedClips(document, grab.clip, alone)
  const tracks = recordsOf(document, 'track').filter((track) => track.clips.some((clip) => ids.has(clip.id)))
  if (sayIfLocked([grab.track])) return
  engine.commit(
    t('edit.split'),
    (draft) =>
      void splitAt(
        draft,
        ticksFromSeconds(atSeconds),
        tracks.map((track) => track.id),
        newClipId,
      ),
  )
}
