import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { selectClip, useSession, type Tool } from '../state/session-store.ts'
import { now, seek } from '../state/transport.ts'
import { neighbourOf, type Direction } from '../timeline/clip-navigation.ts'
import { timelineView } from '../timeline/view-state.ts'
import type { Action, ActionId } from './action.ts'
import { needsTracks } from './requirements.ts'

/** Selects the next clip in a direction and shows it; along a track the playhead goes with it. */
function go(direction: Direction): void {
  const [selected] = useSession.getState().selectedClipIds
  const next = neighbourOf(useDocument.getState().document, selected ?? null, direction, ticksFromSeconds(now()))
  if (!next) return
  selectClip(next.clip, next.track)
  const start = secondsFromTicks(next.clip.startTicks)
  if (direction === 'before' || direction === 'after') seek(start)
  timelineView.reveal(start, start + secondsFromTicks(next.clip.durationTicks))
}

const TOOL_ACTIONS: readonly (readonly [ActionId, Tool, string])[] = [
  ['toolSelect', 'select', 'V'],
  ['toolTrackSelect', 'trackSelect', 'A'],
  ['toolBlade', 'blade', 'B'],
  ['toolRipple', 'ripple', 'R'],
  ['toolRoll', 'roll', 'Shift+R'],
  ['toolSlip', 'slip', 'Y'],
  ['toolSlide', 'slide', 'U'],
]

export const timelineActions: readonly Action[] = [
  {
    id: 'clipAbove',
    group: 'timeline',
    shortcuts: ['ArrowUp'],
    disabledReason: needsTracks,
    run: () => go('above'),
  },
  {
    id: 'clipBelow',
    group: 'timeline',
    shortcuts: ['ArrowDown'],
    disabledReason: needsTracks,
    run: () => go('below'),
  },
  {
    id: 'clipBefore',
    group: 'timeline',
    shortcuts: ['Ctrl+ArrowLeft'],
    disabledReason: needsTracks,
    run: () => go('before'),
  },
  {
    id: 'clipAfter',
    group: 'timeline',
    shortcuts: ['Ctrl+ArrowRight'],
    disabledReason: needsTracks,
    run: () => go('after'),
  },
  ...TOOL_ACTIONS.map(([id, tool, shortcut]): Action => ({
    id,
    group: 'timeline',
    shortcuts: [shortcut],
    run: () => useSession.setState({ tool }),
    said: () => t(`action.${id}`),
  })),
  {
    id: 'snapping',
    group: 'timeline',
    shortcuts: ['N'],
    run: () => useSession.setState((state) => ({ snapping: !state.snapping })),
    said: () => t(useSession.getState().snapping ? 'timeline.snappingOn' : 'timeline.snappingOff'),
  },
  { id: 'zoomFit', group: 'timeline', shortcuts: ['0'], run: () => timelineView.fit() },
  {
    id: 'zoomIn',
    group: 'timeline',
    shortcuts: ['+', '='],
    run: () => timelineView.zoomAround(now(), 1.5),
  },
  {
    id: 'zoomOut',
    group: 'timeline',
    shortcuts: ['-'],
    run: () => timelineView.zoomAround(now(), 1 / 1.5),
  },
]
