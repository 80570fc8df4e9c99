import { Command, LogOut, Redo2, Undo2 } from 'lucide-react'
import { Tabs, Tooltip } from 'radix-ui'
import { shortcutWords, type ActionContext } from '../actions/action.ts'
import { actionById } from '../actions/actions.ts'
import { perform } from '../actions/use-actions.ts'
import { JobsMenu } from '../jobs/jobs-menu.tsx'
import { WalletPill } from '../publish/wallet-pill.tsx'
import { useDocument } from '../state/document-store.ts'
import { useSession, WORKSPACE_TITLES, WORKSPACES, type Workspace } from '../state/session-store.ts'

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
        <ProjectTitle title={title} context={context} />
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
            <Tabs.Trigger key={each} value={each} className="workspaces__tab" aria-controls="workspace">
              {WORKSPACE_TITLES[each]}
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

/** The name of the project; a double click, or F2, makes it a field. */
function ProjectTitle({ title, context }: { title: string; context: ActionContext }) {
  const renaming = useSession((state) => state.renamingProject)
  const end = (name: string | null): void => {
    useSession.setState({ renamingProject: false })
    const wanted = name?.trim()
    if (!wanted || wanted === title) return
    context.commit('Rename the project', (draft) => {
      const project = draft.get('project')
      if (project?.kind === 'project') project.title = wanted
    })
  }
  if (renaming) {
    return (
      <input
        className="input topbar__rename"
        aria-label="Name of the project"
        defaultValue={title}
        maxLength={120}
        autoFocus
        onFocus={(event) => event.target.select()}
        onBlur={(event) => end(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
          if (event.key === 'Escape') end(null)
        }}
      />
    )
  }
  return (
    <div className="topbar__project">
      <strong
        title={`${title} (double click renames)`}
        onDoubleClick={() => useSession.setState({ renamingProject: true })}
      >
        {title}
      </strong>
      <span className="faint" title="Every gesture is on disk when it ends.">
        Saved
      </span>
    </div>
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
            {shortcut ? <kbd>{shortcutWords(shortcut)}</kbd> : null}
            {reason ? <div className="faint">{reason}</div> : null}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  )
}
