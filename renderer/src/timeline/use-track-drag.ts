/** Dragging the name of a track up or down: where it would stand is drawn as a line, letting go is one step of undo. */
import { useEffect, useState, type PointerEvent, type RefObject } from 'react'
import { placeTrack } from '../../../shared/document/track-order.ts'
import { t } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'
import type { TimelineModel, TrackRow } from './rows.ts'
import type { TrackScroll } from './track-scroll.tsx'

/** A press that moves less is none. */
const LEAST_PIXELS = 4
/** So near to an edge the tracks scroll. */
const EDGE_PIXELS = 16
const SCROLL_PIXELS = 12

interface Held {
  readonly trackId: string
  readonly pointerId: number
  readonly fromY: number
  /** Null until it was moved far enough. */
  readonly to: { readonly beforeId: string | null; readonly top: number } | null
}

interface TrackDrag {
  /** Where the line is drawn, pixels below the ruler as scrolled; null while nothing is dragged. */
  readonly lineTop: number | null
  readonly onPointerDown: (event: PointerEvent, trackId: string) => void
  readonly onPointerMove: (event: PointerEvent) => void
  readonly onPointerUp: () => void
  readonly onPointerCancel: () => void
}

/** The track that a dragged one would stand before, and where that is; without one it would stand below all. */
function dropPlace(rows: readonly TrackRow[], y: number): { readonly beforeId: string | null; readonly top: number } {
  const before = rows.find((row) => y < row.top + row.height / 2)
  if (before) return { beforeId: before.track.id, top: before.top }
  const last = rows.at(-1)
  return { beforeId: null, top: last ? last.top + last.height : 0 }
}

export function useTrackDrag(
  area: RefObject<HTMLElement | null>,
  model: TimelineModel,
  scroll: TrackScroll,
): TrackDrag {
  const { commit } = useEngine()
  const [held, setHeld] = useState<Held | null>(null)
  const isDragged = held?.to !== null && held !== null
  useEffect(() => {
    if (!isDragged) return
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setHeld(null)
    }
    addEventListener('keydown', escape, true)
    return () => removeEventListener('keydown', escape, true)
  }, [isDragged])

  return {
    lineTop: held?.to ? held.to.top - scroll.top : null,
    onPointerDown(event, trackId) {
      if (event.button === 0) setHeld({ trackId, pointerId: event.pointerId, fromY: event.clientY, to: null })
    },
    onPointerMove(event) {
      const element = area.current
      if (!held || !element || event.pointerId !== held.pointerId) return
      if (!held.to && Math.abs(event.clientY - held.fromY) < LEAST_PIXELS) return
      // Not before: a captured press would be no double click on the name.
      if (!held.to) element.setPointerCapture(held.pointerId)
      const box = element.getBoundingClientRect()
      const y = event.clientY - box.top
      if (y < EDGE_PIXELS) scroll.setTop(Math.max(0, scroll.top - SCROLL_PIXELS))
      else if (y > box.height - EDGE_PIXELS) scroll.setTop(scroll.top + SCROLL_PIXELS)
      const rows = model.rows.filter((row): row is TrackRow => row.kind === 'track')
      setHeld({ ...held, to: dropPlace(rows, y + scroll.top) })
    },
    onPointerUp() {
      const to = held?.to
      if (held && to) commit(t('edit.moveTracks'), (draft) => void placeTrack(draft, held.trackId, to.beforeId))
      setHeld(null)
    },
    onPointerCancel: () => setHeld(null),
  }
}
