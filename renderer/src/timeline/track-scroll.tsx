import { useCallback, useEffect, useState, type CSSProperties, type PointerEvent, type RefObject } from 'react'
import { useSession } from '../state/session-store.ts'
import { RULER_HEIGHT, type Row, type TimelineModel } from './rows.ts'

export interface TrackScroll {
  /** Pixels. */
  readonly top: number
  readonly setTop: (top: number) => void
  /** Scrolls as little as brings a row into sight. */
  readonly reveal: (row: Row) => void
}

/** How far the tracks are scrolled, pixels; follows the selection when keys lead it out of sight. */
export function useTrackScroll(canvas: RefObject<HTMLCanvasElement | null>, model: TimelineModel): TrackScroll {
  const [wanted, setTop] = useState(0)
  const height = useHeight(canvas)
  const top = Math.max(0, Math.min(wanted, model.height - height))
  // Rows of labels, words and stars have no stop of their own: they come into sight with the first track below them.
  const firstTop = model.rows.find((row) => row.kind === 'track')?.top ?? 0
  const reveal = useCallback(
    (row: Row) => {
      const from = row.top === firstTop ? 0 : row.top
      setTop((now) => Math.max(Math.min(now, from), row.top + row.height - height))
    },
    [firstTop, height],
  )
  useEffect(
    () =>
      useSession.subscribe(({ selectedClipIds }, before) => {
        if (selectedClipIds === before.selectedClipIds || selectedClipIds.size === 0) return
        const rows = model.rows.filter(
          (each) => each.kind === 'track' && each.track.clips.some((clip) => selectedClipIds.has(clip.id)),
        )
        // Of several it is enough that one can be seen.
        const isSeen =
          selectedClipIds.size > 1 && rows.some((row) => row.top + row.height > top && row.top < top + height)
        if (rows[0] && !isSeen) reveal(rows[0])
      }),
    [model, reveal, top, height],
  )
  return { top, setTop, reveal }
}

/** The height that the tracks have on screen; 0 before the first layout. */
function useHeight(canvas: RefObject<HTMLCanvasElement | null>): number {
  const [height, setHeight] = useState(0)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const observer = new ResizeObserver(() => setHeight(Math.round(element.clientHeight) - RULER_HEIGHT))
    observer.observe(element)
    return () => observer.disconnect()
  }, [canvas])
  return height
}

interface TrackScrollbarProps {
  readonly canvas: RefObject<HTMLCanvasElement | null>
  readonly model: TimelineModel
  readonly scrollTop: number
  readonly setScrollTop: (top: number) => void
}

/** Shows that there are tracks below, and is dragged to them. Keys and wheel do the same, so it is not focusable. */
export function TrackScrollbar({ canvas, model, scrollTop, setScrollTop }: TrackScrollbarProps) {
  const height = useHeight(canvas)
  if (height <= 0 || model.height <= height) return null
  const scale = height / model.height
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    setScrollTop(scrollTop + event.movementY / scale)
  }
  const style = {
    top: RULER_HEIGHT,
    '--thumb-top': `${scrollTop * scale}px`,
    '--thumb-height': `${height * scale}px`,
  } as CSSProperties
  return (
    <div
      className="timeline__scrollbar"
      style={style}
      aria-hidden
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
    />
  )
}
