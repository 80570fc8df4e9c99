/** The spans of labels under the pointer: what of them is taken hold of, and what a drag makes of them. */
import { moveSpan, type LabelSpan } from '../../../shared/document/labels.ts'
import type { Edge } from '../../../shared/document/timeline-trims.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { edgeAt, type Drag } from './gestures.ts'
import { rowAt, spanAt, type TimelineModel } from './rows.ts'
import type { TimelineView } from './view-state.ts'

/** Spans may be as short as a flash of light. */
const REACH_PIXELS = 3

export interface SpanGrab {
  readonly span: LabelSpan
  /** The edge that the press is on, if any. */
  readonly edge: Edge | null
}

/** @param y pixels from the top of the rows, scrolled */
export function spanGrabAt(model: TimelineModel, view: TimelineView, x: number, y: number): SpanGrab | null {
  const row = y < 0 ? undefined : rowAt(model, y)
  if (row?.kind !== 'label') return null
  const reach = ticksFromSeconds(REACH_PIXELS / view.window.pixelsPerSecond)
  const span = spanAt(row, ticksFromSeconds(view.secondsAt(x)), reach)
  if (!span) return null
  const { edge } = edgeAt({ startTicks: span.atTicks, durationTicks: span.durationTicks }, x, (at) => view.xOf(at))
  return { span, edge }
}

/** The drag of a span by its middle or an edge. */
export function spanDragOf({ span, edge }: SpanGrab): Drag {
  const start = secondsFromTicks(span.atTicks)
  const end = secondsFromTicks(span.atTicks + span.durationTicks)
  return {
    label: t(edge ? 'edit.trimSpan' : 'edit.moveSpan'),
    edges: edge === 'start' ? [start] : edge === 'end' ? [end] : [start, end],
    changesTracks: false,
    apply: (draft, by) => moveSpan(draft, span.id, edge ?? 'whole', by),
  }
}
