/** Every action of the studio. */
import { recordsOf } from '../../../shared/document/document.ts'
import { liftClips, rippleDeleteClips, splitAt } from '../../../shared/document/timeline.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession, WORKSPACES, type Theme, type Workspace } from '../state/session-store.ts'
import { now, seek, setRate, togglePlay, useTransport } from '../state/transport.ts'
import { timelineView } from '../timeline/view-state.ts'
import type { Action, ActionContext } from './action.ts'

const FRAME_SECONDS = 1 / 30

const needsProject = (): string | null => (useDocument.getState().open ? null : 'No project is open.')
const needsClips = (): string | null => (useSession.getState().selectedClipIds.size > 0 ? null : 'No clip is selected.')
const needsTracks = (): string | null =>
  recordsOf(useDocument.getState().document, 'track').length > 0 ? null : 'There is nothing on the timeline.'
const needsAssets = (): string | null =>
  recordsOf(useDocument.getState().document, 'asset').length > 0 ? null : 'Import recordings first.'

function step(seconds: number): void {
  setRate(0)
  seek(now() + seconds)
}

/** J and L: each press doubles the speed, up to eight times. */
function shuttle(direction: 1 | -1): void {
  const { rate } = useTransport.getState()
  setRate(Math.sign(rate) === direction ? direction * Math.min(8, Math.abs(rate) * 2) : direction)
}

function split(context: ActionContext, everyTrack: boolean): void {
  const at = ticksFromSeconds(now())
  const { selectedClipIds } = useSession.getState()
  context.commit('Split', (draft) => {
    const tracks = recordsOf(draft, 'track')
    const chosen = tracks.filter((track) => track.clips.some((clip) => selectedClipIds.has(clip.id)))
    const ids = (everyTrack || chosen.length === 0 ? tracks : chosen).map((track) => track.id)
    splitAt(draft, at, ids, () => `clip-${crypto.randomUUID()}`)
  })
}

function remove(context: ActionContext, ripple: boolean): void {
  const { selectedClipIds } = useSession.getState()
  context.commit(ripple ? 'Ripple delete' : 'Lift', (draft) =>
    (ripple ? rippleDeleteClips : liftClips)(draft, selectedClipIds),
  )
  useSession.setState({ selectedClipIds: new Set() })
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

function jumpToMarker(direction: 1 | -1): void {
  const at = now()
  const times = recordsOf(useDocument.getState().document, 'marker')
    .map((marker) => secondsFromTicks(marker.atTicks))
    .sort((a, b) => direction * (a - b))
  const next = times.find((time) => direction * (time - at) > 1e-3)
  if (next !== undefined) seek(next)
}

const THEMES: readonly Theme[] = ['dark', 'light', 'contrast']
const WORKSPACE_TITLES: Readonly<Record<Workspace, string>> = {
  align: 'Align',
  edit: 'Edit',
  stars: 'Stars',
  publish: 'Publish',
  ledger: 'Ledger',
}

export const actions: readonly Action[] = [
  {
    id: 'import',
    title: 'Import recordings…',
    group: 'Project',
    shortcuts: ['Ctrl+I'],
    disabledReason: needsProject,
    run: (c) => c.openImport(),
  },
  {
    id: 'closeProject',
    title: 'Close project',
    group: 'Project',
    shortcuts: [],
    disabledReason: needsProject,
    run: async (c) => void (await c.client.projects.close()),
  },
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
    id: 'deselect',
    title: 'Select nothing',
    group: 'Edit',
    shortcuts: ['Escape'],
    run: () => useSession.setState({ selectedClipIds: new Set(), dialog: null }),
  },

  { id: 'play', title: 'Play or pause', group: 'Playback', shortcuts: ['Space'], run: togglePlay },
  {
    id: 'reverse',
    title: 'Play backwards, again for faster',
    group: 'Playback',
    shortcuts: ['J'],
    run: () => shuttle(-1),
  },
  { id: 'stop', title: 'Stop', group: 'Playback', shortcuts: ['K'], run: () => setRate(0) },
  {
    id: 'forward',
    title: 'Play forwards, again for faster',
    group: 'Playback',
    shortcuts: ['L'],
    run: () => shuttle(1),
  },
  {
    id: 'previousFrame',
    title: 'One frame back',
    group: 'Playback',
    shortcuts: ['ArrowLeft'],
    run: () => step(-FRAME_SECONDS),
  },
  {
    id: 'nextFrame',
    title: 'One frame on',
    group: 'Playback',
    shortcuts: ['ArrowRight'],
    run: () => step(FRAME_SECONDS),
  },
  {
    id: 'previousSecond',
    title: 'One second back',
    group: 'Playback',
    shortcuts: ['Shift+ArrowLeft'],
    run: () => step(-1),
  },
  { id: 'nextSecond', title: 'One second on', group: 'Playback', shortcuts: ['Shift+ArrowRight'], run: () => step(1) },
  { id: 'start', title: 'Go to the start', group: 'Playback', shortcuts: ['Home'], run: () => seek(-Infinity) },
  { id: 'end', title: 'Go to the end', group: 'Playback', shortcuts: ['End'], run: () => seek(Infinity) },
  {
    id: 'markIn',
    title: 'Mark in',
    group: 'Playback',
    shortcuts: ['I'],
    run: () => useTransport.setState({ inSeconds: now() }),
  },
  {
    id: 'markOut',
    title: 'Mark out',
    group: 'Playback',
    shortcuts: ['O'],
    run: () => useTransport.setState({ outSeconds: now() }),
  },
  {
    id: 'clearMarks',
    title: 'Clear in and out',
    group: 'Playback',
    shortcuts: ['Alt+X'],
    run: () => useTransport.setState({ inSeconds: null, outSeconds: null }),
  },
  {
    id: 'loop',
    title: 'Loop',
    group: 'Playback',
    shortcuts: ['Ctrl+L'],
    run: () => useTransport.setState((state) => ({ loop: !state.loop })),
  },
  {
    id: 'previousMarker',
    title: 'Previous marker',
    group: 'Playback',
    shortcuts: ['Ctrl+ArrowLeft'],
    run: () => jumpToMarker(-1),
  },
  {
    id: 'nextMarker',
    title: 'Next marker',
    group: 'Playback',
    shortcuts: ['Ctrl+ArrowRight'],
    run: () => jumpToMarker(1),
  },

  {
    id: 'toolSelect',
    title: 'Selection tool',
    group: 'Timeline',
    shortcuts: ['V'],
    run: () => useSession.setState({ tool: 'select' }),
  },
  {
    id: 'toolBlade',
    title: 'Blade tool',
    group: 'Timeline',
    shortcuts: ['B'],
    run: () => useSession.setState({ tool: 'blade' }),
  },
  {
    id: 'snapping',
    title: 'Snapping on or off',
    group: 'Timeline',
    shortcuts: ['N'],
    run: () => useSession.setState((state) => ({ snapping: !state.snapping })),
  },
  { id: 'zoomFit', title: 'Zoom to everything', group: 'Timeline', shortcuts: ['0'], run: () => timelineView.fit() },
  {
    id: 'zoomIn',
    title: 'Zoom in',
    group: 'Timeline',
    shortcuts: ['+', '='],
    run: () => timelineView.zoomAround(now(), 1.5),
  },
  {
    id: 'zoomOut',
    title: 'Zoom out',
    group: 'Timeline',
    shortcuts: ['-'],
    run: () => timelineView.zoomAround(now(), 1 / 1.5),
  },

  {
    id: 'sync',
    title: 'Align in time',
    group: 'Align',
    shortcuts: ['Ctrl+Shift+T'],
    disabledReason: needsAssets,
    run: async (c) => {
      useSession.setState({ workspace: 'align' })
      await c.run('sync', { referenceAssetId: null, method: 'auto' })
    },
  },
  {
    id: 'register',
    title: 'Align in space',
    group: 'Align',
    shortcuts: ['Ctrl+Shift+E'],
    disabledReason: needsAssets,
    run: async (c) => {
      useSession.setState({ workspace: 'align' })
      await c.run('register', { referenceAssetId: null })
    },
  },
  {
    id: 'stars',
    title: 'Predict the stars',
    group: 'Align',
    shortcuts: ['Ctrl+Shift+R'],
    disabledReason: needsAssets,
    run: async (c) => {
      useSession.setState({ workspace: 'stars' })
      await c.run('stars', { pack: null })
    },
  },

  ...WORKSPACES.map((workspace, n): Action => ({
    id: `workspace.${workspace}`,
    title: `Workspace: ${WORKSPACE_TITLES[workspace]}`,
    group: 'View',
    shortcuts: [`Alt+${n + 1}`],
    run: () => useSession.setState({ workspace }),
  })),
  {
    id: 'stageView',
    title: 'Picture, world or both',
    group: 'View',
    shortcuts: ['Alt+W'],
    run: () =>
      useSession.setState((state) => ({
        stageView: state.stageView === 'both' ? 'picture' : state.stageView === 'picture' ? 'world' : 'both',
      })),
  },
  {
    id: 'theme',
    title: 'Dark, light or high contrast',
    group: 'View',
    shortcuts: ['Alt+T'],
    run: () => useSession.setState((state) => ({ theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length]! })),
  },

  {
    id: 'palette',
    title: 'All commands',
    group: 'Help',
    shortcuts: ['Ctrl+K', 'Ctrl+Shift+P'],
    run: () => useSession.setState({ dialog: 'palette' }),
  },
  {
    id: 'shortcuts',
    title: 'Keyboard shortcuts',
    group: 'Help',
    shortcuts: ['?'],
    run: () => useSession.setState({ dialog: 'shortcuts' }),
  },
]

const byId = new Map(actions.map((action) => [action.id, action]))

/** @throws Error for an id that no action has: a programming mistake. */
export function actionById(id: string): Action {
  const action = byId.get(id)
  if (!action) throw new Error(`no action ${id}`)
  return action
}
