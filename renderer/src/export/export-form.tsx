import { useEffect, useState, type FormEvent } from 'react'
import { EXPORT_PURPOSES, type ExportFormat, type ExportFormatEntry } from '../../../shared/contract/export.ts'
import { t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { now } from '../state/transport.ts'
import { dismissJob } from '../state/jobs-store.ts'
import type { FailedExport } from './failed-export.ts'
import { ExportPlaceFields, useExportPlace } from './export-place.tsx'
import { presetWords } from './format-words.ts'
import { LeftOut } from './left-out.tsx'
import { KeptRanges } from './kept-ranges.tsx'

/**
 * What is to be made, in which way, and where.
 * @param failed what went wrong at another place, from which it begins
 */
export function ExportForm({ failed }: { readonly failed: FailedExport | null }) {
  const { client } = useEngine()
  const [formats, setFormats] = useState<readonly ExportFormatEntry[]>([])
  const [insteadOf, setInsteadOf] = useState(failed)
  const [format, setFormat] = useState<ExportFormat>(failed?.as.format ?? 'mp4')
  const [preset, setPreset] = useState<string | null>(failed?.as.preset ?? null)
  const place = useExportPlace(format, failed?.subject.replace(/\.[^.]*$/, ''))
  useEffect(() => void client.exports.formats().then(setFormats, showFailure), [client])

  const presets = formats.find((each) => each.id === format)?.presets ?? []
  const start = (event: FormEvent): void => {
    event.preventDefault()
    if (!place.isFree) return
    const { folder, name, replace } = place
    place.markTaken()
    const atSeconds = insteadOf?.as.atSeconds ?? now()
    const input = { format, out: null, preset, place: { folder, name }, replace, atSeconds }
    client.jobs
      .start({ kind: 'export', input })
      .then(() => insteadOf && dismissJob(client, insteadOf.jobId))
      .catch(showFailure)
    setInsteadOf(null)
  }

  return (
    <form className="export__form" onSubmit={start}>
      {insteadOf ? (
        <p className="export__wide" role="status">
          {t('export.insteadOf', { subject: insteadOf.subject })}
        </p>
      ) : null}
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
      {presets.length > 0 ? (
        <label className="field">
          <span>{t('export.preset')}</span>
          <select
            className="input"
            value={preset ?? presets[0]?.id ?? ''}
            onChange={(event) => setPreset(event.target.value)}
          >
            {presets.map((each) => (
              <option key={each.id} value={each.id}>
                {presetWords(format, each)}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {preset === 'lossless' || preset === 'exact' ? (
        <KeptRanges way={preset} />
      ) : (
        <p className="muted export__wide">{t(`export.about.${format}`)}</p>
      )}
      <LeftOut />
      <ExportPlaceFields place={place} isAsked={failed !== null} />
      <div className="row export__wide">
        <span className="spacer" />
        <button type="submit" className="button button--primary" disabled={!place.isFree}>
          {t('export.add')}
        </button>
      </div>
    </form>
  )
}
