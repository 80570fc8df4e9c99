import { Download, FolderOpen } from 'lucide-react'
import { exportAnswer, type WrittenMedia } from '../../../shared/contract/export.ts'
import { hasEnded, type Job } from '../../../shared/contract/jobs.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { JobRow } from '../jobs/job-row.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useJobs } from '../state/jobs-store.ts'
import { byteWords, nameOfPath, percentWords } from '../ui/format.ts'
import { noteWords } from '../ui/saying-words.ts'

/** Of a folder with more, as of datasets, the rest is folded away, */
const FILES_SHOWN = 6
/** and what is beyond this, counted. */
const FILES_LISTED = 200

/** Every export of the project: how far each is and all of them are, and what was read back of those that are done. */
export function ExportQueue() {
  const { client } = useEngine()
  const jobs = useJobs((state) => state.jobs)
  // What was asked for last stands beside the button that was pressed.
  const exports = [...jobs.values()].filter((job) => job.kind === 'export').toReversed()
  // What was given up counts for nothing.
  const counted = exports.filter((job) => job.state !== 'cancelled' && job.state !== 'failed')
  const done = counted.filter((job) => job.state === 'done').length
  const open = exports.filter((job) => !hasEnded(job))
  const cancelAll = (): void =>
    void Promise.all(open.map((job) => client.jobs.cancel({ jobId: job.id }))).catch(showFailure)
  const fraction = counted.reduce((sum, job) => sum + job.fraction, 0) / Math.max(1, counted.length)
  return (
    <section className="stack" aria-label={t('export.queue')}>
      <h3>{t('export.queue')}</h3>
      {exports.length === 0 ? <p className="muted">{t('export.none')}</p> : null}
      {counted.length > 1 ? (
        <>
          <div
            className="meter"
            role="progressbar"
            aria-label={t('export.total')}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(fraction * 100)}
          >
            <i style={{ width: `${fraction * 100}%` }} />
          </div>
          <div className="row">
            <span className="faint">
              {t('export.totalOf', { done, all: counted.length, percent: percentWords(fraction) })}
            </span>
            <span className="spacer" />
            {open.length > 1 ? (
              <button type="button" className="button" onClick={cancelAll}>
                {t('export.cancelAll')}
              </button>
            ) : null}
          </div>
        </>
      ) : null}
      <ul className="export__queue">
        {exports.map((job) => (
          <JobRow key={job.id} job={job}>
            <Written job={job} />
          </JobRow>
        ))}
      </ul>
    </section>
  )
}

function Written({ job }: { job: Job }) {
  const { host } = useEngine()
  const answer = job.state === 'done' ? exportAnswer.safeParse(job.result).data : undefined
  if (!answer) return null
  const rows = answer.files.slice(0, FILES_LISTED).map((file, n) => (
    <div key={file.path} className="export__facts">
      <div>
        <div className="muted">
          {nameOfPath(file.path)} · {byteWords(file.bytes)}
          {file.media ? ` · ${mediaWords(file.media)}` : ''}
        </div>
        <div className="faint mono">{t('export.checksum', { sha256: file.sha256 })}</div>
      </div>
      {host.showExport ? null : (
        <a className="button" href={`/media/${job.id}/exported?file=${n}`} download={nameOfPath(file.path)}>
          <Download size={14} aria-hidden /> {t('export.download')}
        </a>
      )}
    </div>
  ))
  return (
    <>
      {noteWords(answer).map((note) => (
        <div key={note} className="muted">
          {note}
        </div>
      ))}
      {rows.slice(0, FILES_SHOWN)}
      {rows.length > FILES_SHOWN ? (
        <details>
          <summary className="muted">{t('export.moreFiles', { count: answer.files.length - FILES_SHOWN })}</summary>
          {rows.slice(FILES_SHOWN)}
        </details>
      ) : null}
      {host.showExport ? (
        <button type="button" className="button" onClick={() => void host.showExport?.(job.id).catch(showFailure)}>
          <FolderOpen size={14} aria-hidden /> {t('export.show')}
        </button>
      ) : null}
    </>
  )
}

function mediaWords({ duration_s: duration, streams }: WrittenMedia): string {
  const parts = streams.map((stream) => {
    const { codec } = stream
    if (stream.kind === 'video') {
      const { width = 0, height = 0, frames = 0 } = stream
      return t('export.pictures', { codec, width: String(width), height: String(height), count: frames })
    }
    const sound = t('export.sound', { codec, rate: stream.sample_rate_hz ?? 0, channels: stream.channels ?? 0 })
    return stream.samples === undefined ? sound : `${sound}, ${t('export.samples', { count: stream.samples })}`
  })
  return [t('export.verified', { duration: decimalWords(duration, 3) }), ...parts].join(' · ')
}
