import { Activity, TriangleAlert } from 'lucide-react'
import { Popover } from 'radix-ui'
import { hasEnded } from '../../../shared/contract/jobs.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { dismissJob, useJobs } from '../state/jobs-store.ts'
import { JobRow } from './job-row.tsx'
import { t } from '../i18n/text.ts'
import { jobWords } from './job-words.ts'

/** Long work: how far it is, how long it will take, cancel, take up again, log. */
export function JobsMenu() {
  const { client } = useEngine()
  const jobs = useJobs((state) => state.jobs)
  // Background work that went well has nothing to tell.
  const list = [...jobs.values()].filter((job) => job.kind !== 'derive' || job.state !== 'done').reverse()
  const running = list.filter((job) => job.state === 'running')
  const ended = list.filter(hasEnded)
  const failed = list.filter((job) => job.state === 'failed').length
  const first = running[0]
  const label = first
    ? t('jobs.progress', { percent: Math.round(first.fraction * 100), title: jobWords(first) })
    : failed > 0
      ? t('jobs.failed', { count: failed })
      : t('jobs.title')
  return (
    <Popover.Root>
      <Popover.Trigger
        className="button button--quiet jobs__trigger"
        aria-label={label === t('jobs.title') ? label : t('jobs.label', { label })}
      >
        {/* In a narrow window the sign stands alone. */}
        {!first && failed > 0 ? (
          <TriangleAlert size={15} aria-hidden className="bad" />
        ) : (
          <Activity size={15} aria-hidden className={first ? 'jobs__pulse' : undefined} />
        )}
        <span className="jobs__label">{label}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover jobs" align="end" sideOffset={6} aria-label={t('jobs.title')}>
          <div className="row">
            <h2>{t('jobs.title')}</h2>
            <span className="spacer" />
            {ended.length > 0 ? (
              <button
                className="button button--quiet"
                onClick={() => void Promise.all(ended.map((job) => dismissJob(client, job.id))).catch(showFailure)}
              >
                {t('jobs.clear')}
              </button>
            ) : null}
          </div>
          {list.length === 0 ? <p className="muted">{t('jobs.none')}</p> : null}
          <ul>
            {list.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
