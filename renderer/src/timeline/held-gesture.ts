/** What the pointer drags on the timeline, from press to release. */
import type { Document } from '../../../shared/document/document.ts'
import type { Clip, Marker, Track } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { selectClip, useSession, type Tool } from '../state/session-store.ts'
import {
  clipsFrom,
  linkedClips,
  previewOf,
  selectedWithLinked,
  type Destination,
  type Drag,
  type Grab,
} from './gestures.ts'
import type { Corner } from './marquee.ts'
import type { RangeMark } from './range-marks.ts'
import { withRowsOf, type TimelineModel } from './rows.ts'

interface From {
  readonly fromX: number
  readonly fromY: number
  /** The moment under the press; the view may scroll during the drag. */
  readonly fromSeconds: number
}

/** A part of the document is dragged. */
export interface HeldDrag extends From {
  readonly kind: 'drag'
  readonly drag: Drag
  readonly targets: readonly number[]
  /** What of the document the drag may touch. */
  readonly part: Document
  /** Where it began, of a clip. */
  readonly track: Track | null
  readonly held: Clip | Marker
}

/** In or out, which are no part of the document. */
interface HeldMark extends From {
  readonly kind: 'mark'
  readonly which: RangeMark
  readonly wasSeconds: number | null
  readonly targets: readonly number[]
}

/** The playhead. */
interface HeldPlayhead extends From {
  readonly kind: 'scrub'
}

/** A rectangle over rows. */
interface HeldMarquee extends From {
  readonly kind: 'marquee'
  readonly corner: Corner
  /** Selected before, where more is added to it. */
  readonly before: ReadonlySet<string>
}

/** The view itself, by the middle button. */
interface HeldView extends From {
  readonly kind: 'pan'
  lastX: number
  lastY: number
}

export type Held = HeldDrag | HeldMark | HeldPlayhead | HeldMarquee | HeldView

/** The last possible place of a drag. */
export interface Dragged extends Destination {
  readonly model: TimelineModel
  readonly document: Document
}

/**
 * What the rows are where a drag goes to a place, or along its own track where it cannot go onto the other; null where
 * it can go to neither.
 */
export function draggedTo({ drag, part }: HeldDrag, wanted: Destination, model: TimelineModel): Dragged | null {
  const tried = wanted.ontoTrackId === null ? [wanted] : [wanted, { ...wanted, ontoTrackId: null }]
  for (const to of tried) {
    const document = to.byTicks === 0 && to.ontoTrackId === null ? null : previewOf(part, drag, to)
    if (document) return { ...to, document, model: withRowsOf(model, document) }
  }
  return null
}

interface Modifiers {
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Selects what a press takes hold of and returns what goes with it. */
export function selectHeld(grab: Grab, keys: Modifiers, tool: Tool): ReadonlySet<string> {
  const { document } = useDocument.getState()
  if (tool === 'trackSelect') {
    const selectedClipIds = clipsFrom(document, grab, keys.shiftKey)
    useSession.setState({ selectedClipIds })
    return selectedClipIds
  }
  selectOne(grab, keys.shiftKey)
  const { selectedClipIds } = useSession.getState()
  useSession.setState({ aloneClipIds: keys.altKey ? selectedClipIds : null })
  const isMany = tool === 'select' && grab.edge === null && selectedClipIds.size > 1
  return isMany ? selectedWithLinked(document) : linkedClips(document, grab.clip, keys.altKey)
}

/** @param isAdded to what is selected, or taken out of it */
export function selectOne({ clip, track }: Grab, isAdded: boolean): void {
  const before = useSession.getState().selectedClipIds
  // A press on one of several selected clips takes hold of them all.
  if (!isAdded && before.has(clip.id) && before.size > 1) return
  selectClip(clip, track)
  if (!isAdded) return
  const selectedClipIds = new Set(before)
  if (!selectedClipIds.delete(clip.id)) selectedClipIds.add(clip.id)
  useSession.setState({ selectedClipIds })
}
