import { cutSpans } from '../../../shared/document/cut-spans.ts'
import { recordsOf } from '../../../shared/document/document.ts'
import { isSpan, moveSpan } from '../../../shared/document/labels.ts'
import type { Clip, Marker, Track } from '../../../shared/document/records.ts'
import { rippleTrim, rollCut, trimClips, type Edge } from '../../../shared/document/timeline-trims.ts'
import { clipAt, liftClips, rippleDeleteClips, splitAt } from '../../../shared/document/timeline.ts'
import { ticksFromFrame, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { travel, useDocument } from '../state/document-store.ts'
import { putDown } from '../stage/stage-store.ts'
import { announce, useSession } from '../state/session-store.ts'
import { markedRange, now, seek, useTransport } from '../state/transport.ts'
import { projectFrameRate } from '../timeline/frame-rate.ts'
import { commitMove, linkedClips, sayIfLocked, selectedWithLinked, TRIM_TOOLS } from '../timeline/gestures.ts'
import { isFree } from '../words/word-edits.ts'
import { stepWords } from '../ui/step-words.ts'
import type { Action, ActionContext } from './action.ts'
import { nudgeWords } from './nudge-words.ts'
import { needsClips, needsTracks } from './requirements.ts'

const newId = (): string => `clip-${crypto.randomUUID()}`

const SAMPLE_TICKS = ticksFromSeconds(1 / 48_000)

/** The tracks that hold a selected clip or one that is linked to it; every track where none is selected. */
function chosenTracks(tracks: readonly Track[]): readonly Track[] {
  const ids = selectedWithLinked(useDocument.getState().document)
  const chosen = tracks.filter((track) => track.clips.some((clip) => ids.has(clip.id)))
  return chosen.length === 0 ? tracks : chosen
}

function split(context: ActionContext, everyTrack: boolean): void {
  const at = ticksFromSeconds(now())
  const tracks = recordsOf(useDocument.getState().document, 'track')
  const ids = (everyTrack ? tracks : chosenTracks(tracks)).map((track) => track.id)
  context.commit(t('edit.split'), (draft) => void splitAt(draft, at, ids, newId))
}

/** Brings one edge of what lies under the playhead to it, or takes what follows along. */
function trimToPlayhead(context: ActionContext, edge: Edge, ripple: boolean): void {
  const at = ticksFromSeconds(now())
  const tracks = chosenTracks(recordsOf(useDocument.getState().document, 'track'))
  context.commit(t(ripple ? 'edit.ripple' : 'edit.trimToPlayhead'), (draft) => {
    const clips = tracks.flatMap((track) => (track.locked ? [] : (clipAt(track, at) ?? [])))
    // Those that begin or end at one moment are one gesture: what nothing lies beside takes the whole time line along.
    const edges = Map.groupBy(clips, (clip) => clip.startTicks + (edge === 'start' ? 0 : clip.durationTicks))
    for (const [from, group] of edges) {
      const ids = new Set(group.map(({ id }) => id))
      if (ripple) rippleTrim(draft, ids, edge, at - from, newId)
      else trimClips(draft, ids, edge, at - from)
    }
  })
}

/** The cut that is nearest to the playhead on the chosen tracks: the clip that ends there, and how far away it is. */
function nearestCut(): { readonly clip: Clip; readonly byTicks: number } | null {
  const at = ticksFromSeconds(now())
  let nearest: { clip: Clip; byTicks: number } | null = null
  for (const { clips } of chosenTracks(recordsOf(useDocument.getState().document, 'track'))) {
    for (const [n, clip] of clips.entries()) {
      const end = clip.startTicks + clip.durationTicks
      if (clips[n + 1]?.startTicks !== end) continue
      if (nearest === null || Math.abs(at - end) < Math.abs(nearest.byTicks)) nearest = { clip, byTicks: at - end }
    }
  }
  return nearest
}

/** Moves the cut that is nearest to the playhead to it. */
function rollToPlayhead(context: ActionContext): void {
  const nearest = nearestCut()
  if (!nearest) return
  const ids = linkedClips(useDocument.getState().document, nearest.clip, false)
  context.commit(t('edit.roll'), (draft) => void rollCut(draft, ids, 'end', nearest.byTicks))
}

/** The marker, or the span with a label, that is selected and nothing else. */
function selectedMarker(): Marker | null {
  const { selectedMarkerId, selectedClipIds } = useSession.getState()
  const marker = selectedMarkerId ? useDocument.getState().document.get(selectedMarkerId) : undefined
  return marker?.kind === 'marker' && selectedClipIds.size === 0 ? marker : null
}

function tracksOf(clipIds: ReadonlySet<string>): Track[] {
  const tracks = recordsOf(useDocument.getState().document, 'track')
  return tracks.filter(({ clips }) => clips.some(({ id }) => clipIds.has(id)))
}

function remove(context: ActionContext, ripple: boolean): void {
  const { selectedClipIds } = useSession.getState()
  const marker = selectedMarker()
  if (marker) {
    context.commit(t(isSpan(marker) ? 'edit.removeSpan' : 'edit.removeMarker'), (draft) => void draft.delete(marker.id))
    useSession.setState({ selectedMarkerId: null })
    return
  }
  if (sayIfLocked(tracksOf(selectedClipIds))) return
  const ids = selectedWithLinked(useDocument.getState().document)
  context.commit(t(ripple ? 'edit.rippleDelete' : 'edit.lift'), (draft) =>
    ripple ? rippleDeleteClips(draft, ids, newId) : liftClips(draft, ids),
  )
  useSession.setState({ selectedClipIds: new Set() })
}

/** What lies between in and out goes from every track, and what follows moves up: how other editors extract. */
function cutMarked(context: ActionContext, range: NonNullable<ReturnType<typeof markedRange>>): void {
  const spans = [{ startTicks: ticksFromSeconds(range.from), endTicks: ticksFromSeconds(range.to) }]
  if (!isFree(spans)) return
  context.commit(t('edit.cutMarked'), (draft) => void cutSpans(draft, spans, newId))
  useTransport.setState({ inSeconds: null, outSeconds: null })
  seek(range.from)
}

/** What lies between in and out goes from every track that is not locked, and leaves a gap: nothing else moves. */
function liftMarked(context: ActionContext, range: NonNullable<ReturnType<typeof markedRange>>): void {
  const [from, to] = [ticksFromSeconds(range.from), ticksFromSeconds(range.to)]
  context.commit(t('edit.liftMarked'), (draft) => {
    const ids = recordsOf(draft, 'track').map((track) => track.id)
    for (const at of [from, to]) splitAt(draft, at, ids, newId)
    const clips = recordsOf(draft, 'track').flatMap((track) => track.clips)
    const within = clips.filter((clip) => clip.startTicks >= from && clip.startTicks + clip.durationTicks <= to)
    liftClips(draft, new Set(within.map((clip) => clip.id)))
  })
  // Pressed once more, the key finds nothing to lift.
  useTransport.setState({ inSeconds: null, outSeconds: null })
}

/** What is selected, or where nothing is what is marked. */
function lift(context: ActionContext): void {
  const range = useSession.getState().selectedClipIds.size === 0 && !selectedMarker() ? markedRange() : null
  if (range) liftMarked(context, range)
  else remove(context, false)
}

/** Selected clips, or where none is selected what is marked. */
function closeUp(context: ActionContext): void {
  const range = useSession.getState().selectedClipIds.size === 0 ? markedRange() : null
  if (range) cutMarked(context, range)
  else remove(context, true)
}

/** Clips, or a marker. */
const needsSelection = (): string | null => (selectedMarker() ? null : needsClips())

/**
 * Moves the selected marker, or the selected clips and those they are linked to; with a trimming tool, trims them as a drag of their end would.
 * Quick presses are one gesture.
 */
function nudge(context: ActionContext, byTicks: number): void {
  const { document } = useDocument.getState()
  const marker = selectedMarker()
  if (marker) {
    const label = t('edit.nudge')
    const mergeKey = `nudge ${marker.id}`
    context.commit(
      label,
      (draft) => moveSpan(draft, marker.id, 'whole', byTicks),
      mergeKey,
      nudgeWords(mergeKey, label, marker),
    )
    return
  }
  const { selectedClipIds, tool } = useSession.getState()
  const ids = selectedWithLinked(document)
  const first = recordsOf(document, 'track').flatMap(({ clips }) =>
    clips.filter(({ id }) => selectedClipIds.has(id)),
  )[0]!
  const mergeKey = `nudge ${tool} ${[...ids].sort().join().slice(0, 90)}`
  const said = (label: string): (() => string) => nudgeWords(mergeKey, label, first)
  if (tool === 'ripple' || tool === 'roll' || tool === 'slip' || tool === 'slide') {
    const { label, apply } = TRIM_TOOLS[tool]
    context.commit(t(label), (draft) => void apply(draft, ids, 'end', byTicks), mergeKey, said(t(label)))
  } else {
    commitMove(context, t('edit.nudge'), ids, byTicks, mergeKey, said(t('edit.nudge')))
  }
}

function nudgeFrames(context: ActionContext, frames: 1 | -1): void {
  nudge(context, frames * ticksFromFrame(1, projectFrameRate(useDocument.getState().document)))
}

function selectAll(): void {
  const { document } = useDocument.getState()
  const ids = recordsOf(document, 'track').flatMap((track) => track.clips.map((clip) => clip.id))
  useSession.setState({ selectedClipIds: new Set(ids) })
}

export const editActions: readonly Action[] = [
  {
    id: 'undo',
    group: 'edit',
    shortcuts: ['Ctrl+Z'],
    disabledReason: () => (useDocument.getState().history.canUndo ? null : t('needs.undo')),
    run: async (c) => {
      const label = await travel(c.client, 'undo')
      if (label !== null) announce(t('app.undoOf', { label: stepWords(label) }))
    },
  },
  {
    id: 'redo',
    group: 'edit',
    shortcuts: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    disabledReason: () => (useDocument.getState().history.canRedo ? null : t('needs.redo')),
    run: async (c) => {
      const label = await travel(c.client, 'redo')
      if (label !== null) announce(t('app.redoOf', { label: stepWords(label) }))
    },
  },
  { id: 'split', group: 'edit', shortcuts: ['S'], disabledReason: needsTracks, run: (c) => split(c, false) },
  { id: 'splitAll', group: 'edit', shortcuts: ['Shift+S'], disabledReason: needsTracks, run: (c) => split(c, true) },
  {
    id: 'trimStart',
    group: 'edit',
    shortcuts: ['Q'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'start', false),
  },
  {
    id: 'trimEnd',
    group: 'edit',
    shortcuts: ['W'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'end', false),
  },
  {
    id: 'rippleStart',
    group: 'edit',
    shortcuts: ['Shift+Q'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'start', true),
  },
  {
    id: 'rippleEnd',
    group: 'edit',
    shortcuts: ['Shift+W'],
    disabledReason: needsTracks,
    run: (c) => trimToPlayhead(c, 'end', true),
  },
  {
    id: 'rollToPlayhead',
    group: 'edit',
    shortcuts: ['E'],
    disabledReason: () => needsTracks() ?? (nearestCut() ? null : t('needs.cut')),
    run: rollToPlayhead,
  },
  { id: 'nudgeBack', group: 'edit', shortcuts: [','], disabledReason: needsSelection, run: (c) => nudgeFrames(c, -1) },
  { id: 'nudgeOn', group: 'edit', shortcuts: ['.'], disabledReason: needsSelection, run: (c) => nudgeFrames(c, 1) },
  {
    id: 'nudgeSampleBack',
    group: 'edit',
    shortcuts: ['Alt+,'],
    disabledReason: needsSelection,
    run: (c) => nudge(c, -SAMPLE_TICKS),
  },
  {
    id: 'nudgeSampleOn',
    group: 'edit',
    shortcuts: ['Alt+.'],
    disabledReason: needsSelection,
    run: (c) => nudge(c, SAMPLE_TICKS),
  },
  {
    id: 'lift',
    group: 'edit',
    shortcuts: ['Delete', 'Backspace'],
    disabledReason: () => (selectedMarker() || needsClips() === null || markedRange() ? null : t('needs.range')),
    run: lift,
  },
  {
    id: 'rippleDelete',
    group: 'edit',
    shortcuts: ['Shift+Delete'],
    disabledReason: () => (needsClips() === null || markedRange() ? null : t('needs.range')),
    run: closeUp,
  },
  { id: 'selectAll', group: 'edit', shortcuts: ['Ctrl+A'], disabledReason: needsTracks, run: selectAll },
  {
    id: 'deselect',
    group: 'edit',
    shortcuts: ['Escape'],
    run: () => {
      if (useSession.getState().dialog === null) putDown()
      useSession.setState({ selectedClipIds: new Set(), selectedMarkerId: null, dialog: null })
    },
  },
]
