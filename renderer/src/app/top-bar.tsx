import { useEffect, useState } from 'react'
import { Command, LogOut, Redo2, Settings, Share, Undo2 } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { MOST_TITLE_LETTERS } from '../../../shared/contract/contract.ts'
import type { ActionContext } from '../actions/action.ts'
import { JobsMenu } from '../jobs/jobs-menu.tsx'
import { WalletPill } from '../wallets/wallet-pill.tsx'
import { isAwayIn, useConnection } from '../state/connection.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession, WORKSPACES, type Workspace } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { stepWords } from '../ui/step-words.ts'
import { ActionButton } from './action-button.tsx'

export function TopBar({ context }: { context: ActionContext }) {
  const title = useDocument(({ document }) => {
    const project = document.get('project')
    return project?.kind === 'project' ? project.title : ''
  })
  const workspace = useSession((state) => state.workspace)
  return (
    <header className="topbar" data-part>
      <div className="topbar__side">
        <ActionButton id="closeProject" context={context}>
          <LogOut size={15} aria-hidden />
        </ActionButton>
        <ProjectTitle title={title} context={context} />
        <HistoryButtons context={context} />
      </div>
      <Tabs.Root value={workspace} onValueChange={(value) => useSession.setState({ workspace: value as Workspace })}>
        <Tabs.List className="workspaces" aria-label={t('app.workspaces')}>
          {WORKSPACES.map((each) => (
            <Tabs.Trigger key={each} value={each} className="workspaces__tab" aria-controls="workspace">
              {t(`workspace.${each}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </Tabs.Root>
      <div className="topbar__side topbar__side--end">
        <JobsMenu />
        <ActionButton id="export" context={context} words={t('export.title')}>
          <Share size={15} aria-hidden />
        </ActionButton>
        <ActionButton id="palette" context={context}>
          <Command size={15} aria-hidden />
        </ActionButton>
        <ActionButton id="preferences" context={context}>
          <Settings size={15} aria-hidden />
        </ActionButton>
        <WalletPill />
      </div>
    </header>
  )
}

/** Apart from the rest of the bar: they change with every edit. */
function HistoryButtons({ context }: { context: ActionContext }) {
  const { undoLabel, redoLabel } = useDocument((state) => state.history)
  return (
    <>
      <ActionButton
        id="undo"
        context={context}
        label={undoLabel ? t('app.undoOf', { label: stepWords(undoLabel) }) : t('action.undo')}
      >
        <Undo2 size={16} aria-hidden />
      </ActionButton>
      <ActionButton
        id="redo"
        context={context}
        label={redoLabel ? t('app.redoOf', { label: stepWords(redoLabel) }) : t('action.redo')}
      >
        <Redo2 size={16} aria-hidden />
      </ActionButton>
    </>
  )
}

/** The name of the project; a double click, or F2, makes it a field. */
function ProjectTitle({ title, context }: { title: string; context: ActionContext }) {
  const renaming = useSession((state) => state.renamingProject)
  const saving = useDocument((state) => state.saving)
  const end = (name: string | null): void => {
    useSession.setState({ renamingProject: false })
    const wanted = name?.trim()
    if (!wanted || wanted === title) return
    context.commit(t('action.renameProject'), (draft) => {
      const project = draft.get('project')
      if (project?.kind === 'project') project.title = wanted
    })
  }
  if (renaming) {
    return (
      <input
        className="input topbar__rename"
        aria-label={t('app.projectName')}
        defaultValue={title}
        maxLength={MOST_TITLE_LETTERS}
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
    <div className="topbar__project" aria-busy={saving}>
      <strong
        title={t('app.renameHint', { title })}
        onDoubleClick={() => useSession.setState({ renamingProject: true })}
      >
        {title}
      </strong>
      <SavedState saving={saving} />
    </div>
  )
}

/** Saving takes a moment that nobody need see; what lasts longer is said. */
const UNSEEN_MILLISECONDS = 500

function SavedState({ saving }: { saving: boolean }) {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!saving) return
    const timer = setTimeout(() => setLong(true), UNSEEN_MILLISECONDS)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [saving])
  const isAway = useConnection(isAwayIn)
  if (isAway) return <span className="warn">{t('app.away')}</span>
  return (
    <span className="faint" title={t('app.savedHint')}>
      {isLong ? t('app.saving') : t('app.saved')}
    </span>
  )
}
