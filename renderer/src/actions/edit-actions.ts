import { recordsOf } from '../../../shared/document/document.ts'
import type { Track } from '../../../shared/document/records.ts'
import { liftClips, rippleDeleteClips, sourceSpan, splitAt, trimClip } from '../../../shared/document/timeline.ts'
import { ticksFromFrame, ticksFromSeconds } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { now } from '../state/transport.ts'
import { projectFrameRate } from '../timeline/frame-rate.ts'
import { commitMove, linkedClips } from '../timeline/gestures.ts'
import { clipAt } from '../timeline/rows.ts'
import type { Action, ActionContext } from './action.ts'
import { needsClips, needsProject, needsTracks } from './requirements.ts'

/** The tracks that hold a selected clip; every track where none is selected. */
function chosenTracks(tracks: readonly Track[], selectedClipIds: ReadonlySet<string>): readonly Track[] {
  const chosen = tracks.filter((track) => track.clips.some((clip) => selectedClipIds.has(clip.id)))
  return chosen.length === 0 ? tracks : chosen
}

function split(context: ActionContext, everyTrack: boolean): void {
  const at = ticksFromSeconds(now())
  const selected = everyTrack ? new Set<string>() : useSession.getState().selectedClipIds
  context.commit('Split', (draft) => {
    const ids = chosenTracks(recordsOf(draft, 'track'), selected).map((track) => track.id)
    splitAt(draft, at, ids, () => `clip-${crypto.randomUUID()}`)
  })
}

/** Brings one edge of what lies under the playhead to it. */
function trimToPlayhead(context: ActionContext, edge: 'start' | 'end'): void {
  const at = ticksFromSeconds(now())
  const { selectedClipIds } = useSession.getState()
  context.commit('Trim to playhead', (draft) => {
    for (const track of chosenTracks(recordsOf(draft, 'track'), selectedClipIds)) {
      const clip = clipAt(track, at)
      if (!clip) continue
      const from = edge === 'start' ? clip.startTicks : clip.startTicks + clip.durationTicks
      trimClip(draft, clip.id, edge, at - from, sourceSpan(draft, clip))
    }
  })
}

function remove(context: ActionContext, ripple: boolean): void {
  const { selectedClipIds } = useSession.getState()
  context.commit(ripple ? 'Ripple delete' : 'Lift', (draft) =>
    (ripple ? rippleDeleteClips : liftClips)(draft, selectedClipIds),
  )
  useSession.setState({ selectedClipIds: new Set() })
}

/** Moves the selected clips, and those they are linked to, by one frame; quick presses are one gesture. */
function nudge(context: ActionContext, frames: 1 | -1): void {
  const { document } = useDocument.getState()
  const { selectedClipIds } = useSession.getState()
  const moving = new Set<string>()
  for (const track of recordsOf(document, 'track')) {
    for (const clip of track.clips)
      if (selectedClipIds.has(clip.id)) for (const id of linkedClips(document, clip, false)) moving.add(id)
  }
  const by = frames * ticksFromFrame(1, projectFrameRate(document))
  commitMove(context, 'Nudge', moving, by, `nudge ${[...moving].sort().join().slice(0, 100)}`)
}

function selectAll(): void {
  const { document } = useDocument.getState()
  const ids = recordsOf(document, 'track').flatMap((track) => track.clips.map((clip) => clip.id))
  useSession.setState({ selectedClipIds: new Set(ids) })
}

function addMarker(context: ActionContext): void {
  const atTicks = ticksFromSeconds(now())
  const id = `marker-${crypto.randomUUID()}`
  const count = recordsOf(useDocument.getState().document, 'marker').length
  context.commit('Add marker', (draft) => {
    draft.set(id, {
      kind: 'marker',
      id,
      atTicks,
      durationTicks: 0,
      title: `Marker ${count + 1}`,
      color: 'accent',
      note: '',
    })
  })
}

export const editActions: readonly Action[] = [
  {
    id: 'undo',
    title: 'Undo',
    group: 'Edit',
    shortcuts: ['Ctrl+Z'],
    disabledReason: () => (useDocument.getState().history.canUndo ? null : 'There is nothing to undo.'),
    run: async (c) => void (await c.client.document.undo()),
  },
  {
    id: 'redo',
    title: 'Redo',
    group: 'Edit',
    shortcuts: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    disabledReason: () => (useDocument.getState().history.canRedo ? null : 'There is nothing to redo.'),
    run: async (c) => void (await c.client.document.redo()),
  },
  {
    id: 'split',
    title: 'Split at playhead',
    group: 'Edit',
    shortcuts: ['S'],
    disabledReason: needsTracks,
    run: (c) => split(c, false),
  },
  {
    id: 'splitAll',
    title: 'Split all tracks at playhead',
    group: 'Edit',
    shortcuts: ['Shift+S'],
    disabledReason: needsTracks,
    run: (c) => split(c, true),
  },
  {
    id: 'trimStart',
    title: 'Trim start to playhead',
    group: 'Edit',
    shortcuts: ['Q'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'start'),
  },
  {
    id: 'trimEnd',
    title: 'Trim end to playhead',
    group: 'Edit',
    shortcuts: ['W'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'end'),
  },
  {
    id: 'nudgeBack',
    title: 'Move selected clips one frame earlier',
    group: 'Edit',
    shortcuts: [','],
    disabledReason: needsClips,
    run: (c) => nudge(c, -1),
  },
  {
    id: 'nudgeOn',
    title: 'Move selected clips one frame later',
    group: 'Edit',
    shortcuts: ['.'],
    disabledReason: needsClips,
    run: (c) => nudge(c, 1),
  },
  {
    id: 'lift',
    title: 'Lift selected clips',
    group: 'Edit',
    shortcuts: ['Delete', 'Backspace'],
    disabledReason: needsClips,
    run: (c) => remove(c, false),
  },
  {
    id: 'rippleDelete',
    title: 'Ripple delete selected clips',
    group: 'Edit',
    shortcuts: ['Shift+Delete'],
    disabledReason: needsClips,
    run: (c) => remove(c, true),
  },
  { id: 'marker', title: 'Add marker', group: 'Edit', shortcuts: ['M'], disabledReason: needsProject, run: addMarker },
  {
    id: 'selectAll',
    title: 'Select all clips',
    group: 'Edit',
    shortcuts: ['Ctrl+A'],
    disabledReason: needsTracks,
    run: selectAll,
  },
  {
    id: 'deselect',
    title: 'Select nothing',
    group: 'Edit',
    shortcuts: ['Escape'],
    run: () => useSession.setState({ selectedClipIds: new Set(), dialog: null }),
  },
]
