import { Activity, RotateCcw, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { Job } from '../../../shared/contract/jobs.ts'
import { hasEnded } from '../../../shared/contract/jobs.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { dismissJob, useJobs } from '../state/jobs-store.ts'
import { durationWords } from '../ui/format.ts'

const STATES: Readonly<Record<Job['state'], string>> = {
  queued: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
}

/** Long work: how far it is, how long it will take, cancel, take up again, log. */
export function JobsMenu() {
  const jobs = useJobs((state) => state.jobs)
  const list = [...jobs.values()].reverse()
  const running = list.filter((job) => job.state === 'running')
  const failed = list.filter((job) => job.state === 'failed').length
  const first = running[0]
  const label = first
    ? `${first.title}: ${Math.round(first.fraction * 100)} %`
    : failed > 0
      ? `${failed} job(s) failed`
      : 'Jobs'
  return (
    <Popover.Root>
      <Popover.Trigger className="button button--quiet jobs__trigger" aria-label={`Jobs. ${label}`}>
        <Activity size={15} aria-hidden className={first ? 'jobs__pulse' : undefined} />
        <span className="jobs__label">{label}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover jobs" align="end" sideOffset={6} aria-label="Jobs">
          <h2>Jobs</h2>
          {list.length === 0 ? (
            <p className="muted">Long work shows here: what runs, how far it is, what went wrong.</p>
          ) : null}
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

function JobRow({ job }: { job: Job }) {
  const { client } = useEngine()
  const canResume = job.state === 'failed' || job.state === 'cancelled' || job.state === 'interrupted'
  return (
    <li className="jobs__row">
      <div className="row">
        <strong className="jobs__title">{job.title}</strong>
        <span className={`badge ${job.state === 'failed' ? 'badge--bad' : job.state === 'done' ? 'badge--good' : ''}`}>
          {STATES[job.state]}
        </span>
        {canResume ? (
          <button
            className="button button--quiet button--icon"
            aria-label={`Do "${job.title}" again`}
            onClick={() => void client.jobs.resume({ jobId: job.id }).catch(showFailure)}
          >
            <RotateCcw size={14} aria-hidden />
          </button>
        ) : null}
        <button
          className="button button--quiet button--icon"
          aria-label={hasEnded(job) ? `Remove "${job.title}" from the list` : `Cancel "${job.title}"`}
          onClick={() =>
            void (hasEnded(job) ? dismissJob(client, job.id) : client.jobs.cancel({ jobId: job.id })).catch(showFailure)
          }
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      {job.state === 'running' ? (
        <>
          <div
            className="meter"
            role="progressbar"
            aria-valuenow={Math.round(job.fraction * 100)}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-label={job.title}
          >
            <i style={{ width: `${job.fraction * 100}%` }} />
          </div>
          <div className="faint">
            {job.stage}
            {job.etaSeconds === null ? '' : ` · about ${durationWords(job.etaSeconds)} left`}
          </div>
        </>
      ) : null}
      {job.failure ? (
        <div className="muted">
          {job.failure.message} {job.failure.fix}
        </div>
      ) : null}
      {job.log.length > 0 ? (
        <details>
          <summary className="faint">Log</summary>
          <pre className="mono jobs__log">{job.log.join('\n')}</pre>
        </details>
      ) : null}
    </li>
  )
}
