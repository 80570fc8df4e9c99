/** What lies over the canvas and moves while it stands still. */
import { timelineView } from './view-state.ts'

export interface CanvasMarks {
  readonly playhead: HTMLElement
  readonly snap: HTMLElement
}

/** Puts a mark over a moment; away where there is none or it is out of sight. */
export function place(mark: HTMLElement, seconds: number | null): void {
  const x = seconds === null ? -1 : Math.round(timelineView.xOf(seconds))
  const transform = x < 0 ? 'translateX(-100px)' : `translateX(${x}px)`
  if (mark.style.transform !== transform) mark.style.transform = transform
}
