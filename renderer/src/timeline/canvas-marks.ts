/** Marks over the canvas that move without redrawing it. */
import { timelineView } from './view-state.ts'

const MARKS = ['playhead', 'snap', 'marquee', 'readout'] as const
export type CanvasMarks = Readonly<Record<(typeof MARKS)[number], HTMLElement>>

/** Those beside the canvas (`data-mark`); null before all of them are in the page. */
export function marksBeside(canvas: HTMLElement): CanvasMarks | null {
  const found = MARKS.map((mark) => [mark, canvas.parentElement?.querySelector(`[data-mark="${mark}"]`)] as const)
  return found.every(([, element]) => element) ? (Object.fromEntries(found) as CanvasMarks) : null
}

/** Places a mark at a moment; hides it if there is none or it is out of view. */
export function place(mark: HTMLElement, seconds: number | null): void {
  const x = seconds === null ? -1 : Math.round(timelineView.xOf(seconds))
  const transform = x < 0 ? 'translateX(-100px)' : `translateX(${x}px)`
  if (mark.style.transform !== transform) mark.style.transform = transform
}
