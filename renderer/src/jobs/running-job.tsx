import { X } from 'lucide-react'
import type { Job, JobKind } from '../../../shared/contract/jobs.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useJobs } from '../state/jobs-store.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { durationWords } from '../ui/format.ts'
import { t } from '../i18n/text.ts'
import { jobWords } from './job-words.ts'

/** The job of one of these kinds that is under way, if any. */
export function useRunning(...kinds: readonly JobKind[]): Job | undefined {
  return useJobs((state) =>
    [...state.jobs.values()].find(
      (job) => (job.state === 'running' || job.state === 'queued') && kinds.includes(job.kind),
    ),
  )
}

/** How far a job is, where its result will appear, with the button that stops it. */
export function RunningJob({ job }: { job: Job }) {
  const { client } = useEngine()
  return (
    <div className="card running">
      <div className="row">
        <strong className="jobs__title">{jobWords(job)}</strong>
        <span className="num muted">{Math.round(job.fraction * 100)} %</span>
        <button
          className="button button--quiet button--icon"
          aria-label={t('jobs.cancel', { title: jobWords(job) })}
          title={t('app.cancel')}
          onClick={() => void client.jobs.cancel({ jobId: job.id }).catch(showFailure)}
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      <JobMeter job={job} />
    </div>
  )
}

export function JobMeter({ job }: { job: Job }) {
  return (
    <>
      <div
        className="meter"
        role="progressbar"
        aria-valuenow={Math.round(job.fraction * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={jobWords(job)}
      >
        <i style={{ width: `${job.fraction * 100}%` }} />
      </div>
      <div className="faint">
        {(job.stage && reasonWords({ reason: job.stage, said: job.said })) ||
          (job.state === 'queued' ? t('jobs.waiting') : t('jobs.starting'))}
        {job.machine === undefined ? '' : ` · ${t('jobs.on', { machine: job.machine })}`}
        {job.etaSeconds === null ? '' : ` · ${t('jobs.left', { duration: durationWords(job.etaSeconds) })}`}
      </div>
    </>
  )
}
