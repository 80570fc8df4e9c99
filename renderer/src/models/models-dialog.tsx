import { useCallback, useEffect, useState } from 'react'
import { Download, FolderOpen, Trash2 } from 'lucide-react'
import type { ModelListEntry } from '../../../shared/contract/models.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { byteWords, shortened } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { FolderChooser } from './folder-chooser.tsx'
import './models.css'

/** The learned models of this machine: what ships, what the person brought, what can be had. */
export function ModelsDialog() {
  const open = useSession((state) => state.dialog === 'models')
  return (
    <Dialog
      open={open}
      title={t('models.title')}
      className="models"
      onClose={() => useSession.setState({ dialog: null })}
    >
      <Models />
    </Dialog>
  )
}

function Models() {
  const { client, run } = useEngine()
  const [models, setModels] = useState<readonly ModelListEntry[]>([])
  const [asked, setAsked] = useState<string | null>(null)
  const [choosing, setChoosing] = useState(false)
  const running = useRunning('modelDownload')
  const refresh = useCallback(
    () => client.models.list().then((answer) => setModels(answer.models), showFailure),
    [client],
  )
  useEffect(() => void refresh(), [refresh])

  const fetchModel = async (offer: string): Promise<void> => {
    setAsked(null)
    const answer = await run('modelDownload', { from: { offer }, consent: true })
    if (answer) setModels(answer.models)
  }
  const add = async (folder: string, licence: string): Promise<void> => {
    setChoosing(false)
    setModels((await client.models.addFolder({ folder, licence })).models)
  }
  const remove = (digest: string): void =>
    void client.models.remove({ digest }).then((answer) => setModels(answer.models), showFailure)

  return (
    <>
      <p className="muted">{t('models.what')}</p>
      <ul className="models__list" aria-label={t('models.title')}>
        {models.map((model) => (
          <li key={`${model.origin} ${model.digest ?? model.id}`} className="card models__row">
            <div className="row">
              <strong>{model.title}</strong>
              <span className={model.ready ? 'badge badge--good' : 'badge'}>{t(`models.origin.${model.origin}`)}</span>
              <span className="spacer" />
              {model.origin === 'offered' && !running && asked !== model.id ? (
                <button className="button" onClick={() => setAsked(model.id)}>
                  <Download size={14} aria-hidden /> {t('models.get')}
                </button>
              ) : null}
              {model.digest && (model.origin === 'folder' || model.origin === 'downloaded') ? (
                <button
                  className="button button--quiet button--icon"
                  aria-label={t('models.remove', { title: model.title })}
                  title={t(model.origin === 'folder' ? 'models.forgetHint' : 'models.removeHint')}
                  onClick={() => remove(model.digest!)}
                >
                  <Trash2 size={14} aria-hidden />
                </button>
              ) : null}
            </div>
            <ModelFacts model={model} />
            {asked === model.id ? (
              <Consent model={model} onAgree={() => void fetchModel(model.id)} onLeave={() => setAsked(null)} />
            ) : null}
          </li>
        ))}
      </ul>
      {running ? <RunningJob job={running} /> : null}
      {choosing ? (
        <FolderChooser onChoose={(folder, licence) => void add(folder, licence).catch(showFailure)} />
      ) : (
        <button className="button" onClick={() => setChoosing(true)}>
          <FolderOpen size={14} aria-hidden /> {t('models.addFolder')}
        </button>
      )}
    </>
  )
}

function ModelFacts({ model }: { model: ModelListEntry }) {
  return (
    <div className="faint models__facts">
      {reasonWords({ reason: model.use, said: model.said?.use })}
      {model.bytes > 0 ? ` · ${byteWords(model.bytes)}` : ''} · {model.licence}
      {model.digest ? (
        <>
          {' · '}
          <span className="mono" title={model.digest}>
            {shortened(model.digest, 8)}
          </span>
        </>
      ) : null}
      {model.note ? <div>{reasonWords({ reason: model.note, said: model.said?.note })}</div> : null}
    </div>
  )
}

/** What would be fetched, from where, under which terms: nothing is asked of the address before the person agrees. */
function Consent({ model, onAgree, onLeave }: { model: ModelListEntry; onAgree: () => void; onLeave: () => void }) {
  return (
    <div
      className="models__consent"
      role="group"
      aria-label={t('models.consent', { title: model.title })}
      // It opens at the end of a list that scrolls.
      ref={(element) => element?.scrollIntoView({ block: 'nearest' })}
    >
      <dl className="facts">
        <dt>{t('models.from')}</dt>
        <dd className="mono">{model.source}</dd>
        <dt>{t('models.size')}</dt>
        <dd>{t('models.about', { size: byteWords(model.bytes) })}</dd>
        <dt>{t('models.licence')}</dt>
        <dd>{model.licence}</dd>
      </dl>
      <div className="row">
        <button className="button button--primary" onClick={onAgree}>
          {t('models.agree')}
        </button>
        <button className="button" onClick={onLeave}>
          {t('models.leave')}
        </button>
      </div>
    </div>
  )
}
