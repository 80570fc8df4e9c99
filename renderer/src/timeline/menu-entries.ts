/** The entries of the timeline menu by the place where it was opened: groups of actions, each with its key. */
import type { ActionId } from '../actions/action.ts'
import type { MenuEntry } from '../actions/menu-of-actions.tsx'

export type MenuPlace = 'clip' | 'marker' | 'ruler' | 'rows'

const only = (...ids: readonly ActionId[]): readonly MenuEntry[] => ids.map((id) => ({ id }))

const MARKING = only('marker', 'rangeMarker')

export const TRACK_MENU: readonly (readonly MenuEntry[])[] = [
  [
    { id: 'renameTrack' },
    { id: 'tracksUp', label: 'timeline.moveTrackUp' },
    { id: 'tracksDown', label: 'timeline.moveTrackDown' },
  ],
  [
    { id: 'muteTracks', label: 'timeline.muteTrack' },
    { id: 'soloTracks', label: 'timeline.soloTrack' },
    { id: 'lockTracks', label: 'timeline.lockTrack' },
  ],
  [{ id: 'removeTracks', label: 'timeline.removeEmptyTrack' }],
]

export const MENUS: Readonly<Record<MenuPlace, readonly (readonly MenuEntry[])[]>> = {
  clip: [
    only('split', 'trimStart', 'trimEnd'),
    only('cut', 'copy', 'paste', 'duplicate'),
    [
      { id: 'lift', label: 'edit.lift' },
      { id: 'rippleDelete', label: 'edit.rippleDelete' },
    ],
    only('link', 'unlink', 'rangeMarker'),
    only('muteTracks', 'soloTracks', 'lockTracks'),
    only('showOnTimeline', 'zoomSelection'),
  ],
  marker: [[{ id: 'lift', label: 'edit.removeMarker' }], only('previousMarker', 'nextMarker')],
  ruler: [only('markIn', 'markOut', 'clearMarks', 'loop'), MARKING, only('zoomSelection', 'zoomFit')],
  rows: [
    [
      { id: 'closeGap', label: 'edit.closeGap' },
      { id: 'closeGaps', label: 'edit.closeGaps' },
    ],
    only('paste', 'selectAll'),
    MARKING,
    only('snapping', 'zoomSelection', 'zoomFit'),
  ],
}
