/** Pointer gestures on the timeline: what a press means, how a drag snaps, what is committed when it ends. */
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { moveClips, sourceSpan, splitAt, trimClip } from '../../../shared/document/timeline.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import type { EngineAccess } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'
import type { DragPreview } from './draw.ts'
import { t } from '../i18n/text.ts'

const EDGE_PIXELS = 6
const SNAP_PIXELS = 8

export type Grab = { readonly clip: Clip; readonly track: Track; readonly edge: 'start' | 'end' | null }

/** Which part of a clip a press takes hold of. */
export function edgeAt(clip: Clip, x: number, xOf: (seconds: number) => number): Grab['edge'] {
  const left = xOf(secondsFromTicks(clip.startTicks))
  const right = xOf(secondsFromTicks(clip.startTicks + clip.durationTicks))
  const reach = Math.min(EDGE_PIXELS, (right - left) / 3)
  if (x - left < reach) return 'start'
  if (right - x < reach) return 'end'
  return null
}

/** All clips that move with one: those it is linked to, unless it is taken alone. */
export function linkedClips(document: Document, clip: Clip, alone: boolean): Set<string> {
  if (alone || clip.linkId === null) return new Set([clip.id])
  const ids = recordsOf(document, 'track').flatMap((track) =>
    track.clips
      .filter((each) => each.linkId === clip.linkId && Math.abs(each.startTicks - clip.startTicks) < each.durationTicks)
      .map((each) => each.id),
  )
  return new Set(ids)
}

/** Moments that drags snap to: edges of clips that stand still, markers, the playhead. Seconds, sorted. */
export function snapTargets(document: Document, moving: ReadonlySet<string>, playheadSeconds: number): number[] {
  const targets = [playheadSeconds, 0]
  for (const track of recordsOf(document, 'track')) {
    for (const clip of track.clips) {
      if (!moving.has(clip.id))
        targets.push(secondsFromTicks(clip.startTicks), secondsFromTicks(clip.startTicks + clip.durationTicks))
    }
  }
  for (const marker of recordsOf(document, 'marker')) targets.push(secondsFromTicks(marker.atTicks))
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

/** What a drag would do now. */
export function dragPreview(grab: Grab, clipIds: ReadonlySet<string>, bySeconds: number): DragPreview {
  return {
    clipIds: grab.edge ? new Set([grab.clip.id]) : clipIds,
    byTicks: ticksFromSeconds(bySeconds),
    edge: grab.edge,
  }
}

/** Commits a finished drag as one gesture. */
export function commitDrag(engine: EngineAccess, document: Document, grab: Grab, preview: DragPreview): void {
  if (preview.byTicks === 0) return
  const { edge } = grab
  if (edge) {
    const span = sourceSpan(document, grab.clip)
    engine.commit(t('edit.trim'), (draft) => void trimClip(draft, grab.clip.id, edge, preview.byTicks, span))
    return
  }
  commitMove(engine, t('edit.move'), preview.clipIds, preview.byTicks)
}

/** Moves clips as one gesture, or says why they stay. */
export function commitMove(
  engine: EngineAccess,
  label: string,
  clipIds: ReadonlySet<string>,
  byTicks: number,
  mergeKey?: string,
): void {
  engine.commit(
    label,
    (draft) => {
      if (moveClips(draft, clipIds, byTicks)) return
      notify({
        kind: 'info',
        title: t('timeline.noRoom'),
        detail: t('timeline.noRoomWhy'),
      })
    },
    mergeKey,
  )
}

export function commitBlade(engine: EngineAccess, track: Track, atSeconds: number): void {
  engine.commit(
    t('edit.split'),
    (draft) => void splitAt(draft, ticksFromSeconds(atSeconds), [track.id], () => `clip-${crypto.randomUUID()}`),
  )
}
