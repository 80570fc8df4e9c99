import { Command, LogOut, Redo2, Undo2 } from 'lucide-react'
import { Tabs, Tooltip } from 'radix-ui'
import type { ActionContext } from '../actions/action.ts'
import { actionById } from '../actions/actions.ts'
import { perform } from '../actions/use-actions.ts'
import { JobsMenu } from '../jobs/jobs-menu.tsx'
import { WalletPill } from '../publish/wallet-pill.tsx'
import { useDocument } from '../state/document-store.ts'
import { useSession, WORKSPACES, type Workspace } from '../state/session-store.ts'

const TITLES: Readonly<Record<Workspace, string>> = {
  align: 'Align',
  edit: 'Edit',
  stars: 'Stars',
  publish: 'Publish',
  ledger: 'Ledger',
}

export function TopBar({ context }: { context: ActionContext }) {
  const title = useDocument(({ document }) => {
    const project = document.get('project')
    return project?.kind === 'project' ? project.title : ''
  })
  const history = useDocument((state) => state.history)
  const workspace = useSession((state) => state.workspace)
  return (
    <header className="topbar">
      <div className="topbar__side">
        <ActionButton id="closeProject" context={context} label="Close the project">
          <LogOut size={15} aria-hidden />
        </ActionButton>
        <div className="topbar__project">
          <strong title={title}>{title}</strong>
          <span className="faint" title="Every gesture is on disk when it ends.">
            Saved
          </span>
        </div>
        <ActionButton id="undo" context={context} label={history.undoLabel ? `Undo: ${history.undoLabel}` : 'Undo'}>
          <Undo2 size={16} aria-hidden />
        </ActionButton>
        <ActionButton id="redo" context={context} label={history.redoLabel ? `Redo: ${history.redoLabel}` : 'Redo'}>
          <Redo2 size={16} aria-hidden />
        </ActionButton>
      </div>
      <Tabs.Root value={workspace} onValueChange={(value) => useSession.setState({ workspace: value as Workspace })}>
        <Tabs.List className="workspaces" aria-label="Workspaces">
          {WORKSPACES.map((each) => (
            <Tabs.Trigger key={each} value={each} className="workspaces__tab">
              {TITLES[each]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </Tabs.Root>
      <div className="topbar__side topbar__side--end">
        <JobsMenu />
        <ActionButton id="palette" context={context} label="All commands">
          <Command size={15} aria-hidden />
        </ActionButton>
        <WalletPill />
      </div>
    </header>
  )
}

interface ActionButtonProps {
  readonly id: string
  readonly context: ActionContext
  readonly label: string
  readonly children: React.ReactNode
}

/** A button for an action: its tooltip says what it does, its shortcut, and why it cannot be done. */
export function ActionButton({ id, context, label, children }: ActionButtonProps) {
  const action = actionById(id)
  const reason = action.disabledReason?.() ?? null
  const shortcut = action.shortcuts[0]
  return (
    <Tooltip.Provider delayDuration={400}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>
          <button
            className="button button--quiet button--icon"
            aria-label={label}
            aria-disabled={reason !== null}
            onClick={() => perform(action, context)}
          >
            {children}
          </button>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content className="tooltip" sideOffset={6}>
            {label}
            {shortcut ? <kbd>{shortcut}</kbd> : null}
            {reason ? <div className="faint">{reason}</div> : null}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  )
}
