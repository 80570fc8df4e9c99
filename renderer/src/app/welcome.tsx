import { useEffect, useState, type FormEvent } from 'react'
import { FilePlus2, FolderOpen, Plus, Settings, Sparkles } from 'lucide-react'
import { MOST_TITLE_LETTERS, type ProjectEntry } from '../../../shared/contract/contract.ts'
import { ImportDialog } from '../library/import-dialog.tsx'
import { TakingIn } from '../library/taking-in.tsx'
import { useFileDrop } from '../library/use-file-drop.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import './app.css'
import './welcome.css'
import { dateWords, t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'

/** What a project is called that is made for recordings: as the first of them, without what says its format. */
const titleFrom = (name: string): string => name.replace(/\.[^.]{1,12}$/, '').slice(0, MOST_TITLE_LETTERS)

/** Runs what was asked for; nothing else is asked for meanwhile. */
type During = (work: () => Promise<unknown>) => void

/** The first thing a person sees: bring recordings, look at the sample take, or go on with a project. */
export function Welcome() {
  const { client } = useEngine()
  const [busy, setBusy] = useState(false)
  const during: During = (work) => {
    setBusy(true)
    work()
      .catch(showFailure)
      .finally(() => setBusy(false))
  }
  /** A project of what was dropped or chosen, called as the first of it. */
  const createFor = async (name: string): Promise<unknown> =>
    await client.projects.create({ title: titleFrom(name) || t('welcome.untitled') })
  const drop = useFileDrop(createFor)
  return (
    <main className="welcome" data-focus-home {...drop.handlers}>
      <div className="welcome__page">
        <header className="welcome__head">
          <img src="/icon.svg" width={52} height={52} alt="" />
          <div>
            <h1>Asterism</h1>
            <p className="muted">{t('welcome.what')}</p>
          </div>
        </header>
        <div className="welcome__columns">
          <Beginnings busy={busy} during={during} />
          <KnownProjects busy={busy} during={during} />
        </div>
        <button
          className="button button--quiet welcome__preferences"
          onClick={() => useSession.setState({ dialog: 'preferences' })}
        >
          <Settings size={15} aria-hidden /> {t('preferences.title')}
        </button>
        <p className="faint welcome__foot">{t('welcome.private')}</p>
        <TakingIn />
      </div>
      {drop.over ? <div className="drop-hint">{t('welcome.dropHint')}</div> : null}
      <ImportDialog prepare={createFor} />
    </main>
  )
}

interface ColumnProps {
  readonly busy: boolean
  readonly during: During
}

/** Every way to a new project, and to the file of one. */
function Beginnings({ busy, during }: ColumnProps) {
  const { client, host, run } = useEngine()
  const [title, setTitle] = useState('')
  const create = (event: FormEvent): void => {
    event.preventDefault()
    during(() => client.projects.create({ title: title.trim() || t('welcome.untitled') }))
  }
  const openSample = async (): Promise<void> => {
    await client.projects.create({ title: t('welcome.sampleTitle') })
    await run('import', { files: await client.files.sample() })
  }
  const openDialog = async (): Promise<void> => {
    const file = await host.pickProject?.(t('welcome.openFile'))
    if (file) await client.projects.openFile({ file, create: false })
  }
  return (
    <section className="card welcome__start" aria-labelledby="start-heading">
      <h2 id="start-heading">{t('welcome.start')}</h2>
      <button className="welcome__drop" disabled={busy} onClick={() => useSession.setState({ dialog: 'import' })}>
        <FilePlus2 size={22} aria-hidden />
        <span>
          <strong>{t('welcome.drop')}</strong>
          <span className="muted">{t('welcome.dropWhat')}</span>
        </span>
      </button>
      <button className="welcome__sample" disabled={busy} onClick={() => during(openSample)}>
        <Sparkles size={20} aria-hidden />
        <span>
          <strong>{t('welcome.openSample')}</strong>
          <span className="muted">{t('welcome.sampleWhat')}</span>
        </span>
      </button>
      <form className="row" onSubmit={create}>
        <input
          className="input"
          aria-label={t('welcome.newTitle')}
          placeholder={t('welcome.newTitle')}
          value={title}
          maxLength={MOST_TITLE_LETTERS}
          onChange={(event) => setTitle(event.target.value)}
        />
        <button className="button" disabled={busy}>
          <Plus size={15} aria-hidden /> {t('welcome.create')}
        </button>
      </form>
      {host.pickProject ? (
        <button className="button" disabled={busy} onClick={() => during(openDialog)}>
          <FolderOpen size={15} aria-hidden /> {t('welcome.openFile')}
        </button>
      ) : null}
    </section>
  )
}

/** The projects that this machine knows, the last changed first. */
function KnownProjects({ busy, during }: ColumnProps) {
  const { client } = useEngine()
  const [projects, setProjects] = useState<readonly ProjectEntry[] | null>(null)
  useEffect(() => {
    client.projects.list().then(setProjects, showFailure)
  }, [client])
  return (
    <section className="card welcome__recent" aria-labelledby="recent-heading">
      <h2 id="recent-heading">{t('welcome.projects')}</h2>
      {projects === null ? (
        <p className="muted">{t('welcome.looking')}</p>
      ) : projects.length === 0 ? (
        <p className="muted">{t('welcome.none')}</p>
      ) : (
        <ul className="welcome__list">
          {projects.map((project) => (
            <li key={project.id}>
              <button
                className="button button--quiet"
                disabled={busy}
                title={project.title}
                onClick={() => during(() => client.projects.open({ id: project.id }))}
              >
                <span className="row welcome__title">
                  <ShortName>{project.title}</ShortName>
                </span>
                <span className="faint num">{dateWords(new Date(project.modifiedAt))}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
