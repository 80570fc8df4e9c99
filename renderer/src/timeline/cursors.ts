/** What the pointer looks like over what it would take hold of. */
import type { Tool } from '../state/session-store.ts'
import type { Grab } from './gestures.ts'
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

export function cursorOver(tool: Tool, clip: Grab | null, marker: MarkerGrab | null, mark: RangeMark | null): string {
  if (marker) return marker.edge ? 'ew-resize' : 'grab'
  if (mark) return 'ew-resize'
  if (!clip) return 'default'
  return tool === 'select' && clip.edge ? 'ew-resize' : CURSORS[tool]
}
