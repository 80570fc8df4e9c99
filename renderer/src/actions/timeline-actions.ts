import type { Clip } from '../../../shared/document/records.ts'
import { tracksInOrder } from '../../../shared/document/timeline.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { selectClip, useSession, type Tool } from '../state/session-store.ts'
import { markedRange, now, seek } from '../state/transport.ts'
import { neighbourOf, type Direction } from '../timeline/clip-navigation.ts'
import { timelineView } from '../timeline/view-state.ts'
import type { Action, ActionId } from './action.ts'
import { needsTracks } from './requirements.ts'
import { selectedSpan } from './selected-span.ts'

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

/** The clips of the selected recording, from the top track down. */
function clipsOfRecording(): Clip[] {
  const { selectedAssetId } = useSession.getState()
  const tracks = tracksInOrder(useDocument.getState().document)
  return tracks.flatMap(({ clips }) => clips.filter(({ assetId }) => assetId === selectedAssetId))
}

/** Selects what a recording has on the timeline, and brings the first of it into sight. */
function showOnTimeline(): void {
  const clips = clipsOfRecording()
  useSession.setState({ selectedClipIds: new Set(clips.map(({ id }) => id)), selectedMarkerId: null })
  const first = clips.reduce((one, other) => (other.startTicks < one.startTicks ? other : one))
  const start = secondsFromTicks(first.startTicks)
  timelineView.reveal(start, start + secondsFromTicks(first.durationTicks))
}

/** What is selected, else what is marked, seconds. */
function zoomSpan(): readonly [fromSeconds: number, toSeconds: number] | null {
  const selected = selectedSpan()
  if (selected) return [secondsFromTicks(selected[0]), secondsFromTicks(selected[1])]
  const marked = markedRange()
  return marked && [marked.from, marked.to]
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
  {
    id: 'showOnTimeline',
    group: 'timeline',
    shortcuts: ['Shift+F'],
    disabledReason: () => (clipsOfRecording().length > 0 ? null : t('needs.recording')),
    run: showOnTimeline,
  },
  { id: 'zoomFit', group: 'timeline', shortcuts: ['0'], run: () => timelineView.fit() },
  {
    id: 'zoomSelection',
    group: 'timeline',
    shortcuts: ['Z'],
    disabledReason: () => (zoomSpan() ? null : t('needs.range')),
    run: () => timelineView.showSpan(...zoomSpan()!),
  },
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
