/** Markers on the ruler and spans of labels under the pointer: what of them is taken hold of, and what a drag makes of them. */
import { isSpan, moveSpan } from '../../../shared/document/labels.ts'
import type { Marker } from '../../../shared/document/records.ts'
import type { Edge } from '../../../shared/document/timeline-trims.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { edgeAt, type Drag } from './gestures.ts'
import { rowAt, RULER_HEIGHT, spanAt, type TimelineModel } from './rows.ts'
import type { TimelineView } from './view-state.ts'

/** Spans may be as short as a flash of light. */
const REACH_PIXELS = 3
/** Half of the head of a marker, and a little beside it. */
const HEAD_PIXELS = 7
/** Above this the ruler is for the playhead alone, wherever markers stand. */
export const MARK_BAND_TOP = RULER_HEIGHT - 13
/** The strip that a range lies in. */
const STRIP_TOP = RULER_HEIGHT - 6

export interface MarkerGrab {
  readonly marker: Marker
  /** The edge that the press is on, if any. */
  readonly edge: Edge | null
}

/**
 * @param y pixels from the top of the canvas
 * @param scrollTop pixels by which the rows are scrolled
 */
export function markerGrabAt(
  model: TimelineModel,
  view: TimelineView,
  x: number,
  y: number,
  scrollTop: number,
): MarkerGrab | null {
  if (y < RULER_HEIGHT) return y < MARK_BAND_TOP ? null : onRuler(model, view, x, y)
  const row = rowAt(model, y - RULER_HEIGHT + scrollTop)
  if (row?.kind !== 'label') return null
  const reach = ticksFromSeconds(REACH_PIXELS / view.window.pixelsPerSecond)
  const marker = spanAt(row, ticksFromSeconds(view.secondsAt(x)), reach)
  if (!marker) return null
  const { edge } = edgeAt({ startTicks: marker.atTicks, durationTicks: marker.durationTicks }, x, (at) => view.xOf(at))
  return { marker, edge }
}

/** Heads and ends of ranges before what lies between them, the last drawn before those under it. */
function onRuler(model: TimelineModel, view: TimelineView, x: number, y: number): MarkerGrab | null {
  const spans = model.markers.map((marker) => {
    const left = view.xOf(secondsFromTicks(marker.atTicks))
    return { marker, left, right: left + secondsFromTicks(marker.durationTicks) * view.window.pixelsPerSecond }
  })
  const head = spans.findLast(({ left }) => Math.abs(left - x) <= HEAD_PIXELS)
  if (head) return { marker: head.marker, edge: head.marker.durationTicks > 0 ? 'start' : null }
  if (y < STRIP_TOP) return null
  const end = spans.findLast(({ left, right }) => right > left && Math.abs(right - x) <= REACH_PIXELS)
  if (end) return { marker: end.marker, edge: 'end' }
  const within = spans.findLast(({ left, right }) => left < x && x < right)
  return within ? { marker: within.marker, edge: null } : null
}

/** The drag of a marker, or of a span by its middle or an edge. */
export function markerDragOf({ marker, edge }: MarkerGrab): Drag {
  const start = secondsFromTicks(marker.atTicks)
  const end = secondsFromTicks(marker.atTicks + marker.durationTicks)
  const labels = isSpan(marker)
    ? (['edit.moveSpan', 'edit.trimSpan'] as const)
    : marker.durationTicks > 0
      ? (['edit.moveRange', 'edit.trimRange'] as const)
      : (['edit.moveMarker', 'edit.moveMarker'] as const)
  return {
    label: t(labels[edge ? 1 : 0]),
    edges: edge === 'start' ? [start] : edge === 'end' ? [end] : [start, end],
    changesTracks: false,
    apply: (draft, by) => moveSpan(draft, marker.id, edge ?? 'whole', by),
  }
}
