/** Cursors for what the pointer would grab, and while it drags. */
import type { Tool } from '../state/session-store.ts'
import type { Grab } from './gestures.ts'
import type { Held } from './held-gesture.ts'
import type { MarkerGrab } from './marker-grab.ts'
import type { RangeMark } from './range-marks.ts'

const CURSORS: Readonly<Record<Tool, string>> = {
  select: 'grab',
  trackSelect: 'e-resize',
  blade: 'crosshair',
  ripple: 'ew-resize',
  roll: 'col-resize',
  slip: 'move',
  slide: 'move',
}

const STAYS = 'not-allowed'

export function cursorOver(tool: Tool, clip: Grab | null, marker: MarkerGrab | null, mark: RangeMark | null): string {
  if (marker) return marker.edge ? 'ew-resize' : 'grab'
  if (mark) return 'ew-resize'
  if (!clip) return 'default'
  // It can be selected, and nothing else.
  if (clip.track.locked) return tool === 'select' || tool === 'trackSelect' ? 'default' : STAYS
  return tool === 'select' && clip.edge ? 'ew-resize' : CURSORS[tool]
}

/**
 * @param stays what is dragged does not come along
 * @param before the press
 */
export function cursorOf(held: Held, stays: boolean, before: string): string {
  if (stays) return STAYS
  if (held.kind === 'marquee') return 'default'
  return before === 'grab' || held.kind === 'pan' ? 'grabbing' : before
}
