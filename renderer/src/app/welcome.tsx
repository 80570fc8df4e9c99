import { useEffect, useState, type FormEvent } from 'react'
import { FolderOpen, Plus, Settings, Sparkles } from 'lucide-react'
import type { ProjectEntry } from '../../../shared/contract/contract.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import './app.css'
import './welcome.css'
import { dateWords, t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'

/** The first thing a person sees: open, create, or look at the sample take. */
export function Welcome() {
  const { client, host, run } = useEngine()
  const [projects, setProjects] = useState<readonly ProjectEntry[] | null>(null)
  const [title, setTitle] = useState('')
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    client.projects.list().then(setProjects, showFailure)
  }, [client])

  const during = (work: () => Promise<unknown>): void => {
    setBusy(true)
    work()
      .catch(showFailure)
      .finally(() => setBusy(false))
  }

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
    <main className="welcome" data-focus-home>
      <header className="welcome__head">
        <img src="/icon.svg" width={52} height={52} alt="" />
        <div>
          <h1>Asterism</h1>
          <p className="muted">{t('welcome.what')}</p>
        </div>
      </header>
      <div className="welcome__columns">
        <section className="card welcome__start" aria-labelledby="start-heading">
          <h2 id="start-heading">{t('welcome.start')}</h2>
          <form className="row" onSubmit={create}>
            <input
              className="input"
              aria-label={t('welcome.newTitle')}
              placeholder={t('welcome.newTitle')}
              value={title}
              maxLength={120}
              onChange={(event) => setTitle(event.target.value)}
            />
            <button className="button button--primary" disabled={busy}>
              <Plus size={15} aria-hidden /> {t('welcome.create')}
            </button>
          </form>
          <button className="welcome__sample" disabled={busy} onClick={() => during(openSample)}>
            <Sparkles size={20} aria-hidden />
            <span>
              <strong>{t('welcome.openSample')}</strong>
              <span className="muted">{t('welcome.sampleWhat')}</span>
            </span>
          </button>
          {host.pickProject ? (
            <button className="button" disabled={busy} onClick={() => during(openDialog)}>
              <FolderOpen size={15} aria-hidden /> {t('welcome.openFile')}
            </button>
          ) : null}
        </section>
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
      </div>
      <button
        className="button button--quiet welcome__preferences"
        onClick={() => useSession.setState({ dialog: 'preferences' })}
      >
        <Settings size={15} aria-hidden /> {t('preferences.title')}
      </button>
      <p className="faint welcome__foot">{t('welcome.private')}</p>
    </main>
  )
}
