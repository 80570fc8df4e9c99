import type { ReactNode } from 'react'
import { FolderDown, RotateCcw, X } from 'lucide-react'
import { hasEnded, type Job } from '../../../shared/contract/jobs.ts'
import { exportElsewhere, failedAtItsPlace } from '../export/failed-export.ts'
import { t } from '../i18n/text.ts'
import { failureText, nameBeside } from '../ui/saying-words.ts'
import { jobWords } from './job-words.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { dismissJob } from '../state/jobs-store.ts'
import { JobMeter } from './running-job.tsx'

/** One job of a list: its state, how far it is, cancel, take up again, take off, its failure and its log. */
export function JobRow({ job, children }: { job: Job; children?: ReactNode }) {
  const { client } = useEngine()
  const elsewhere = failedAtItsPlace(job)
  const again = (
    <button
      // What failed says so in words; beside what was stopped on purpose a sign is enough.
      className={job.failure ? 'button' : 'button button--quiet button--icon'}
      aria-label={t('jobs.again', { title: jobWords(job) })}
      onClick={() => void client.jobs.resume({ jobId: job.id }).catch(showFailure)}
    >
      <RotateCcw size={14} aria-hidden /> {job.failure ? t('jobs.onceMore') : null}
    </button>
  )
  return (
    <li className="jobs__row">
      <div className="row">
        <strong className="jobs__title">{jobWords(job)}</strong>
        <span className={`badge ${job.state === 'failed' ? 'badge--bad' : job.state === 'done' ? 'badge--good' : ''}`}>
          {t(`jobs.state.${job.state}`)}
        </span>
        {!job.failure && (job.state === 'cancelled' || job.state === 'interrupted') ? again : null}
        <button
          className="button button--quiet button--icon"
          aria-label={
            hasEnded(job) ? t('jobs.removeFrom', { title: jobWords(job) }) : t('jobs.cancel', { title: jobWords(job) })
          }
          onClick={() =>
            void (hasEnded(job) ? dismissJob(client, job.id) : client.jobs.cancel({ jobId: job.id })).catch(showFailure)
          }
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      {job.state === 'running' ? <JobMeter job={job} /> : null}
      {children}
      {job.failure ? (
        <>
          <div className="muted">{failureWithName(job.failure)}</div>
          <div className="row jobs__again">
            {elsewhere ? (
              <button
                className="button"
                aria-label={t('export.elsewhereFor', { subject: elsewhere.subject })}
                onClick={() => exportElsewhere(elsewhere)}
              >
                <FolderDown size={14} aria-hidden /> {t('export.elsewhere')}
              </button>
            ) : null}
            {again}
          </div>
        </>
      ) : null}
      {job.log.length > 0 ? (
        <details>
          <summary className="faint">{t('jobs.log')}</summary>
          <pre className="mono jobs__log">{job.log.join('\n')}</pre>
        </details>
      ) : null}
    </li>
  )
}

function failureWithName(failure: NonNullable<Job['failure']>): string {
  const words = failureText(failure)
  const name = nameBeside(failure, words)
  return name === '' ? words : `${name}: ${words}`
}
