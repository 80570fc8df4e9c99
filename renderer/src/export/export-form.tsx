import { useEffect, useState, type FormEvent } from 'react'
import { FolderDown } from 'lucide-react'
import { EXPORT_PURPOSES, type ExportFormat, type ExportFormatEntry } from '../../../shared/contract/export.ts'
import { hasEnded } from '../../../shared/contract/jobs.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useJobs } from '../state/jobs-store.ts'
import { now } from '../state/transport.ts'
import { presetWords } from './format-words.ts'
import { LeftOut } from './left-out.tsx'
import { KeptRanges } from './kept-ranges.tsx'

interface Place {
  readonly fileName: string
  readonly there: 'nothing' | 'ours' | 'foreign'
  readonly freeName: string
}

/** What is to be made, in which way, where; and what lies there already. */
export function ExportForm() {
  const { client, host } = useEngine()
  const title = useDocument(({ document }) => {
    const project = document.get('project')
    return project?.kind === 'project' ? project.title : ''
  })
  const [formats, setFormats] = useState<readonly ExportFormatEntry[]>([])
  const [format, setFormat] = useState<ExportFormat>('mp4')
  const [preset, setPreset] = useState<string | null>(null)
  const [name, setName] = useState(title)
  const [folder, setFolder] = useState<string | null>(null)
  const [found, setFound] = useState<{ readonly key: string; readonly place: Place } | null>(null)
  /** The place of which the person said that what is there may go. */
  const [replaceKey, setReplaceKey] = useState<string | null>(null)
  /** The place that an export is on its way to. */
  const [startedKey, setStartedKey] = useState<string | null>(null)
  // After an export has ended something else may lie there.
  const ended = useJobs(({ jobs }) => [...jobs.values()].filter((job) => job.kind === 'export' && hasEnded(job)).length)
  const key = JSON.stringify([format, folder, name, ended])

  useEffect(() => void client.exports.formats().then(setFormats, showFailure), [client])
  useEffect(() => {
    let isLate = false
    if (name.trim() === '') return
    client.exports.look({ format, place: { folder, name } }).then((place) => {
      if (!isLate) setFound({ key, place })
    }, showFailure)
    return () => {
      isLate = true
    }
  }, [client, format, folder, name, key])

  const presets = formats.find((each) => each.id === format)?.presets ?? []
  const place = found?.key === key ? found.place : null
  const replace = replaceKey === key
  const isFree =
    startedKey !== key && place !== null && (place.there === 'nothing' || (place.there === 'ours' && replace))
  const start = (event: FormEvent): void => {
    event.preventDefault()
    if (!isFree) return
    const input = { format, out: null, preset, place: { folder, name }, replace, atSeconds: now() }
    setStartedKey(key)
    client.jobs.start({ kind: 'export', input }).catch(showFailure)
  }
  const chooseFolder = async (): Promise<void> => {
    const [chosen] = (await host.pickFiles?.('folder')) ?? []
    if (chosen !== undefined) setFolder(chosen)
  }

  return (
    <form className="export__form" onSubmit={start}>
      <label className="field">
        <span>{t('export.format')}</span>
        <select
          className="input"
          value={format}
          onChange={(event) => {
            setFormat(event.target.value as ExportFormat)
            setPreset(null)
          }}
        >
          {EXPORT_PURPOSES.map((purpose) => (
            <optgroup key={purpose} label={t(`export.purpose.${purpose}`)}>
              {formats
                .filter((each) => each.purpose === purpose)
                .map((each) => (
                  <option key={each.id} value={each.id}>
                    {t(`export.format.${each.id}`)}
                    {each.extension ? ` (${each.extension})` : ''}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('export.preset')}</span>
        <select
          className="input"
          value={preset ?? presets[0]?.id ?? ''}
          disabled={presets.length === 0}
          onChange={(event) => setPreset(event.target.value)}
        >
          {presets.map((each) => (
            <option key={each.id} value={each.id}>
              {presetWords(format, each)}
            </option>
          ))}
        </select>
      </label>
      {preset === 'lossless' || preset === 'exact' ? (
        <KeptRanges way={preset} />
      ) : (
        <p className="muted export__wide">{t(`export.about.${format}`)}</p>
      )}
      <LeftOut />
      <label className="field export__wide">
        <span>{t('export.name')}</span>
        <input
          type="text"
          className="input"
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <div className="row export__wide">
        <span className="muted">{t(folder === null ? 'export.besideProject' : 'export.chosenFolder')}</span>
        {host.pickFiles ? (
          <button type="button" className="button" onClick={() => void chooseFolder().catch(showFailure)}>
            <FolderDown size={14} aria-hidden /> {t('export.chooseFolder')}
          </button>
        ) : null}
        {folder === null ? null : (
          <button type="button" className="button button--quiet" onClick={() => setFolder(null)}>
            {t('export.backBeside')}
          </button>
        )}
      </div>
      <div className="export__wide row" role="status">
        {place ? (
          <>
            <span className={place.there === 'nothing' ? 'muted' : ''}>
              {t(place.there === 'nothing' ? 'export.willBe' : `export.there.${place.there}`, {
                fileName: place.fileName,
              })}
            </span>
            {place.there === 'nothing' ? null : (
              <button type="button" className="button" onClick={() => setName(place.freeName)}>
                {t('export.useFree', { name: place.freeName })}
              </button>
            )}
            {place.there === 'ours' ? (
              <label className="check">
                <input
                  type="checkbox"
                  checked={replace}
                  onChange={(event) => setReplaceKey(event.target.checked ? key : null)}
                />
                <span>{t('export.replace')}</span>
              </label>
            ) : null}
          </>
        ) : null}
      </div>
      <div className="row export__wide">
        <span className="spacer" />
        <button type="submit" className="button button--primary" disabled={!isFree}>
          {t('export.add')}
        </button>
      </div>
    </form>
  )
}
