/** A rectangle drawn over rows: every clip that it touches is selected. */
import { ticksFromSeconds } from '../../../shared/units.ts'
import { clipsWithin, RULER_HEIGHT, type TimelineModel } from './rows.ts'
import type { TimelineView } from './view-state.ts'

/** A corner of it: a moment, and a height among the rows. It stays where it is while the view scrolls. */
export interface Corner {
  readonly seconds: number
  /** Pixels from the top of the first row. */
  readonly top: number
}

/** The clips that a rectangle touches, without those of locked tracks. */
export function clipsBetween({ rows }: TimelineModel, one: Corner, other: Corner): Set<string> {
  const [from, to] = [one.seconds, other.seconds].sort((a, b) => a - b) as [number, number]
  const [top, bottom] = [one.top, other.top].sort((a, b) => a - b) as [number, number]
  const touched = rows.flatMap((row) =>
    row.kind === 'track' && !row.track.locked && row.top < bottom && row.top + row.height > top ? [row.track] : [],
  )
  return new Set(
    touched.flatMap((track) => clipsWithin(track, ticksFromSeconds(from), ticksFromSeconds(to)).map(({ id }) => id)),
  )
}

/** Draws it, or takes it away. */
export function placeMarquee(
  element: HTMLElement,
  view: TimelineView,
  scrollTop: number,
  corners: readonly [Corner, Corner] | null,
): void {
  if (element.hidden !== (corners === null)) element.hidden = corners === null
  if (!corners) return
  const xs = corners.map(({ seconds }) => view.xOf(seconds))
  const ys = corners.map(({ top }) => Math.max(RULER_HEIGHT, top - scrollTop + RULER_HEIGHT))
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  element.style.transform = `translate(${left}px, ${top}px)`
  element.style.width = `${Math.max(...xs) - left}px`
  element.style.height = `${Math.max(...ys) - top}px`
}
