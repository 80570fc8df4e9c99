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
import { t } from '../i18n/text.ts'

/** The tracks that hold a selected clip; every track where none is selected. */
function chosenTracks(tracks: readonly Track[], selectedClipIds: ReadonlySet<string>): readonly Track[] {
  const chosen = tracks.filter((track) => track.clips.some((clip) => selectedClipIds.has(clip.id)))
  return chosen.length === 0 ? tracks : chosen
}

function split(context: ActionContext, everyTrack: boolean): void {
  const at = ticksFromSeconds(now())
  const selected = everyTrack ? new Set<string>() : useSession.getState().selectedClipIds
  context.commit(t('edit.split'), (draft) => {
    const ids = chosenTracks(recordsOf(draft, 'track'), selected).map((track) => track.id)
    splitAt(draft, at, ids, () => `clip-${crypto.randomUUID()}`)
  })
}

/** Brings one edge of what lies under the playhead to it. */
function trimToPlayhead(context: ActionContext, edge: 'start' | 'end'): void {
  const at = ticksFromSeconds(now())
  const { selectedClipIds } = useSession.getState()
  context.commit(t('edit.trimToPlayhead'), (draft) => {
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
  context.commit(ripple ? t('edit.rippleDelete') : t('edit.lift'), (draft) =>
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
  commitMove(context, t('edit.nudge'), moving, by, `nudge ${[...moving].sort().join().slice(0, 100)}`)
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
  context.commit(t('edit.addMarker'), (draft) => {
    draft.set(id, {
      kind: 'marker',
      id,
      atTicks,
      durationTicks: 0,
      title: t('timeline.markerName', { number: count + 1 }),
      color: 'accent',
      note: '',
    })
  })
}

export const editActions: readonly Action[] = [
  {
    id: 'undo',
    group: 'edit',
    shortcuts: ['Ctrl+Z'],
    disabledReason: () => (useDocument.getState().history.canUndo ? null : t('needs.undo')),
    run: async (c) => void (await c.client.document.undo()),
  },
  {
    id: 'redo',
    group: 'edit',
    shortcuts: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    disabledReason: () => (useDocument.getState().history.canRedo ? null : t('needs.redo')),
    run: async (c) => void (await c.client.document.redo()),
  },
  {
    id: 'split',
    group: 'edit',
    shortcuts: ['S'],
    disabledReason: needsTracks,
    run: (c) => split(c, false),
  },
  {
    id: 'splitAll',
    group: 'edit',
    shortcuts: ['Shift+S'],
    disabledReason: needsTracks,
    run: (c) => split(c, true),
  },
  {
    id: 'trimStart',
    group: 'edit',
    shortcuts: ['Q'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'start'),
  },
  {
    id: 'trimEnd',
    group: 'edit',
    shortcuts: ['W'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'end'),
  },
  {
    id: 'nudgeBack',
    group: 'edit',
    shortcuts: [','],
    disabledReason: needsClips,
    run: (c) => nudge(c, -1),
  },
  {
    id: 'nudgeOn',
    group: 'edit',
    shortcuts: ['.'],
    disabledReason: needsClips,
    run: (c) => nudge(c, 1),
  },
  {
    id: 'lift',
    group: 'edit',
    shortcuts: ['Delete', 'Backspace'],
    disabledReason: needsClips,
    run: (c) => remove(c, false),
  },
  {
    id: 'rippleDelete',
    group: 'edit',
    shortcuts: ['Shift+Delete'],
    disabledReason: needsClips,
    run: (c) => remove(c, true),
  },
  { id: 'marker', group: 'edit', shortcuts: ['M'], disabledReason: needsProject, run: addMarker },
  {
    id: 'selectAll',
    group: 'edit',
    shortcuts: ['Ctrl+A'],
    disabledReason: needsTracks,
    run: selectAll,
  },
  {
    id: 'deselect',
    group: 'edit',
    shortcuts: ['Escape'],
    run: () => useSession.setState({ selectedClipIds: new Set(), dialog: null }),
  },
]
