/** Every action of the studio. */
import { useSession, WORKSPACE_TITLES, WORKSPACES, type Theme } from '../state/session-store.ts'
import type { Action } from './action.ts'
import { editActions } from './edit-actions.ts'
import { playbackActions } from './playback-actions.ts'
import { needsAssets, needsProject } from './requirements.ts'
import { timelineActions } from './timeline-actions.ts'

const THEMES: readonly Theme[] = ['dark', 'light', 'contrast']

const projectActions: readonly Action[] = [
  {
    id: 'import',
    title: 'Import recordings…',
    group: 'Project',
    shortcuts: ['Ctrl+I'],
    disabledReason: needsProject,
    run: (c) => c.openImport(),
  },
  {
    id: 'renameProject',
    title: 'Rename the project',
    group: 'Project',
    shortcuts: ['F2'],
    disabledReason: needsProject,
    run: () => useSession.setState({ renamingProject: true }),
  },
  {
    id: 'closeProject',
    title: 'Close project',
    group: 'Project',
    shortcuts: [],
    disabledReason: needsProject,
    run: async (c) => void (await c.client.projects.close()),
  },
]

const alignActions: readonly Action[] = [
  {
    id: 'sync',
    title: 'Align in time',
    group: 'Align',
    shortcuts: ['Ctrl+Shift+T'],
    disabledReason: needsAssets,
    run: async (c) => {
      useSession.setState({ workspace: 'align', alignTab: 'time' })
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
      useSession.setState({ workspace: 'align', alignTab: 'space' })
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
]

const viewActions: readonly Action[] = [
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
    id: 'cutaway',
    title: 'Look into rooms, or see them closed',
    group: 'View',
    shortcuts: ['Alt+C'],
    run: () => useSession.setState((state) => ({ cutaway: !state.cutaway })),
  },
  {
    id: 'theme',
    title: 'Dark, light or high contrast',
    group: 'View',
    shortcuts: ['Alt+T'],
    run: () => useSession.setState((state) => ({ theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length]! })),
  },
]

const helpActions: readonly Action[] = [
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

export const actions: readonly Action[] = [
  ...projectActions,
  ...editActions,
  ...playbackActions,
  ...timelineActions,
  ...alignActions,
  ...viewActions,
  ...helpActions,
]

const byId = new Map(actions.map((action) => [action.id, action]))

/** @throws Error for an id that no action has: a programming mistake. */
export function actionById(id: string): Action {
  const action = byId.get(id)
  if (!action) throw new Error(`no action ${id}`)
  return action
}
