import { useEffect, useState, type FormEvent } from 'react'
import { FolderOpen, Plus, Sparkles } from 'lucide-react'
import type { ProjectEntry } from '../../../shared/contract/contract.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import './app.css'
import './welcome.css'

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

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
    during(() => client.projects.create({ title: title.trim() || 'Untitled take' }))
  }

  const openSample = async (): Promise<void> => {
    await client.projects.create({ title: 'Sample take' })
    await run('import', { files: await client.files.sample() })
  }

  const openDialog = async (): Promise<void> => {
    const file = await host.pickProject?.(false)
    if (file) await client.projects.openFile({ file, create: false })
  }

  return (
    <main className="welcome">
      <header className="welcome__head">
        <img src="/icon.svg" width={52} height={52} alt="" />
        <div>
          <h1>Asterism</h1>
          <p className="muted">Align, edit, value, package and mint recordings of every kind.</p>
        </div>
      </header>
      <div className="welcome__columns">
        <section className="card welcome__start" aria-labelledby="start-heading">
          <h2 id="start-heading">Start</h2>
          <form className="row" onSubmit={create}>
            <input
              className="input"
              aria-label="Title of the new project"
              placeholder="Title of the new project"
              value={title}
              maxLength={120}
              onChange={(event) => setTitle(event.target.value)}
            />
            <button className="button button--primary" disabled={busy}>
              <Plus size={15} aria-hidden /> Create
            </button>
          </form>
          <button className="welcome__sample" disabled={busy} onClick={() => during(openSample)}>
            <Sparkles size={20} aria-hidden />
            <span>
              <strong>Open the sample take</strong>
              <span className="muted">
                Two cameras, a microphone, a phone with depth and two room scans, all misaligned: align them and see
                what they are worth.
              </span>
            </span>
          </button>
          {host.pickProject ? (
            <button className="button" disabled={busy} onClick={() => during(openDialog)}>
              <FolderOpen size={15} aria-hidden /> Open a project file…
            </button>
          ) : null}
        </section>
        <section className="card welcome__recent" aria-labelledby="recent-heading">
          <h2 id="recent-heading">Projects on this machine</h2>
          {projects === null ? (
            <p className="muted">Looking…</p>
          ) : projects.length === 0 ? (
            <p className="muted">None yet. What you create appears here, and every change is saved as you make it.</p>
          ) : (
            <ul className="welcome__list">
              {projects.map((project) => (
                <li key={project.id}>
                  <button
                    className="button button--quiet"
                    disabled={busy}
                    onClick={() => during(() => client.projects.open({ id: project.id }))}
                  >
                    <span>{project.title}</span>
                    <span className="faint num">{DAY.format(new Date(project.modifiedAt))}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
      <p className="faint welcome__foot">Nothing leaves this machine without being asked. No telemetry.</p>
    </main>
  )
}
