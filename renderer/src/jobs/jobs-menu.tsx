import { Activity, RotateCcw, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { Job } from '../../../shared/contract/jobs.ts'
import { hasEnded } from '../../../shared/contract/jobs.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { dismissJob, useJobs } from '../state/jobs-store.ts'
import { JobMeter } from './running-job.tsx'

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
  const { client } = useEngine()
  const jobs = useJobs((state) => state.jobs)
  // Background work that went well has nothing to tell.
  const list = [...jobs.values()].filter((job) => job.kind !== 'derive' || job.state !== 'done').reverse()
  const running = list.filter((job) => job.state === 'running')
  const ended = list.filter(hasEnded)
  const failed = list.filter((job) => job.state === 'failed').length
  const first = running[0]
  const label = first
    ? `${Math.round(first.fraction * 100)} % ${first.title}`
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
          <div className="row">
            <h2>Jobs</h2>
            <span className="spacer" />
            {ended.length > 0 ? (
              <button
                className="button button--quiet"
                onClick={() => void Promise.all(ended.map((job) => dismissJob(client, job.id))).catch(showFailure)}
              >
                Clear ended
              </button>
            ) : null}
          </div>
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
      {job.state === 'running' ? <JobMeter job={job} /> : null}
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
