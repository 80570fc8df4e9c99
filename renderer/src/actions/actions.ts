/** Every action of the studio. */
import { THEMES, usePreferences } from '../state/preferences.ts'
import { useSession, type Workspace } from '../state/session-store.ts'
import { goToPart } from '../app/window-parts.ts'
import { t } from '../i18n/text.ts'
import type { Action, ActionId } from './action.ts'
import { alignActions } from './align-actions.ts'
import { cameraActions } from './camera-actions.ts'
import { clipActions } from './clip-actions.ts'
import { commentaryActions } from './commentary-actions.ts'
import { editActions } from './edit-actions.ts'
import { exportActions } from './export-actions.ts'
import { gapActions } from './gap-actions.ts'
import { labelActions } from './label-actions.ts'
import { libraryActions } from './library-actions.ts'
import { playbackActions } from './playback-actions.ts'
import { needsProject } from './requirements.ts'
import { soundActions } from './sound-actions.ts'
import { walletActions } from './wallet-actions.ts'
import { timelineActions } from './timeline-actions.ts'
import { trackActions } from './track-actions.ts'
import { wordsActions } from './words-actions.ts'
import { worldActions } from './world-actions.ts'

const WORKSPACE_ACTIONS: readonly (readonly [ActionId, Workspace])[] = [
  ['workspaceAlign', 'align'],
  ['workspaceEdit', 'edit'],
  ['workspaceStars', 'stars'],
  ['workspacePublish', 'publish'],
  ['workspaceLedger', 'ledger'],
]

const projectActions: readonly Action[] = [
  {
    id: 'import',
    group: 'project',
    shortcuts: ['Ctrl+I'],
    disabledReason: needsProject,
    run: (c) => c.openImport(),
  },
  {
    id: 'renameProject',
    group: 'project',
    shortcuts: ['F2'],
    disabledReason: needsProject,
    run: () => useSession.setState({ renamingProject: true }),
  },
  {
    id: 'closeProject',
    group: 'project',
    shortcuts: [],
    disabledReason: needsProject,
    run: async (c) => void (await c.client.projects.close()),
  },
]

const viewActions: readonly Action[] = [
  ...WORKSPACE_ACTIONS.map(([id, workspace], n): Action => ({
    id,
    group: 'view',
    shortcuts: [`Alt+${n + 1}`],
    run: () => useSession.setState({ workspace }),
    said: () => t(`action.${id}`),
  })),
  { id: 'nextPart', group: 'view', shortcuts: ['F6'], disabledReason: needsProject, run: () => goToPart(1) },
  { id: 'previousPart', group: 'view', shortcuts: ['Shift+F6'], disabledReason: needsProject, run: () => goToPart(-1) },
  {
    id: 'stageView',
    group: 'view',
    shortcuts: ['Alt+W'],
    run: () =>
      useSession.setState((state) => ({
        stageView: state.stageView === 'both' ? 'picture' : state.stageView === 'picture' ? 'world' : 'both',
      })),
    said: () => t(`stage.${useSession.getState().stageView}`),
  },
  {
    id: 'cutaway',
    group: 'view',
    shortcuts: ['Alt+C'],
    run: () => useSession.setState((state) => ({ cutaway: !state.cutaway })),
    said: () => t(useSession.getState().cutaway ? 'stage.roomsOpen' : 'stage.roomsClosed'),
  },
  {
    id: 'theme',
    group: 'view',
    shortcuts: ['Alt+T'],
    run: () =>
      usePreferences.setState((state) => ({ theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length]! })),
    said: () => t(`preferences.theme.${usePreferences.getState().theme}`),
  },
]

const helpActions: readonly Action[] = [
  {
    id: 'preferences',
    group: 'view',
    shortcuts: ['Ctrl+,'],
    run: () => useSession.setState({ dialog: 'preferences' }),
  },
  {
    id: 'palette',
    group: 'help',
    shortcuts: ['Ctrl+K', 'Ctrl+Shift+P'],
    run: () => useSession.setState({ dialog: 'palette' }),
  },
  {
    id: 'tour',
    group: 'help',
    shortcuts: ['F1'],
    disabledReason: needsProject,
    run: () => useSession.setState({ tourStep: 0 }),
  },
  {
    id: 'shortcuts',
    group: 'help',
    shortcuts: ['?'],
    run: () => useSession.setState({ dialog: 'shortcuts' }),
  },
]

export const actions: readonly Action[] = [
  ...projectActions,
  ...libraryActions,
  ...editActions,
  ...gapActions,
  ...clipActions,
  ...trackActions,
  ...soundActions,
  ...playbackActions,
  ...cameraActions,
  ...labelActions,
  ...commentaryActions,
  ...timelineActions,
  ...alignActions,
  ...exportActions,
  ...wordsActions,
  ...walletActions,
  ...viewActions,
  ...helpActions,
  ...worldActions,
]

const byId = new Map<string, Action>(actions.map((action) => [action.id, action]))

/** @throws Error for an id that no action has: a programming mistake. */
export function actionById(id: ActionId): Action {
  const action = byId.get(id)
  if (!action) throw new Error(`no action ${id}`)
  return action
}
