import { create } from 'zustand'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { hasEnded, type Job } from '../../../shared/contract/jobs.ts'

interface JobsState {
  readonly jobs: ReadonlyMap<string, Job>
  /**
   * Grows whenever something new of a recording may be there to be fetched: background work came to its next stage, or
   * ended, well or not.
   */
  readonly derived: number
  /** What background work is at, or came to last, for each recording; the same map as long as that is the same. */
  readonly deriving: ReadonlyMap<string, Deriving>
}

/** `stopped`: it failed, was cancelled or interrupted. */
export type Deriving = 'making' | 'stopped'

export const useJobs = create<JobsState>(() => ({ jobs: new Map(), derived: 0, deriving: new Map() }))

/**
 * The engine went: no job is running; what resumes is seen when it is back.
 * @returns how many jobs the user had started
 */
export function interruptJobs(): number {
  const before = useJobs.getState().jobs
  const underWay = [...before.values()].filter((job) => !hasEnded(job) && job.state !== 'interrupted')
  const jobs = new Map(before)
  for (const job of underWay) jobs.set(job.id, { ...job, state: 'interrupted' })
  useJobs.setState({ jobs, deriving: derivingOf(jobs) })
  return underWay.filter(({ kind }) => kind !== 'derive').length
}

/** The engine is back: its jobs replace ours, and failed fetches are repeated. */
export function forgetJobs(): void {
  useJobs.setState(({ derived }) => ({ jobs: new Map(), deriving: new Map(), derived: derived + 1 }))
}

/** Follows every job of the engine until the signal fires. */
export async function followJobs(client: EngineClient, signal: AbortSignal): Promise<void> {
  for await (const job of await client.jobs.watch(undefined, { signal })) {
    const { jobs: before, derived, deriving } = useJobs.getState()
    const jobs = new Map(before).set(job.id, job)
    const came = hasMade(job, before.get(job.id)) ? 1 : 0
    useJobs.setState({ jobs, derived: derived + came, deriving: sameOr(derivingOf(jobs), deriving) })
  }
}

function hasMade(job: Job, before: Job | undefined): boolean {
  if (job.kind !== 'derive') return false
  const hadEnded = before !== undefined && hasEnded(before)
  return (hasEnded(job) && !hadEnded) || (before !== undefined && before.stage !== job.stage)
}

/** The last job of each recording counts. */
function derivingOf(jobs: ReadonlyMap<string, Job>): Map<string, Deriving> {
  const deriving = new Map<string, Deriving>()
  for (const { kind, about, state } of jobs.values()) {
    if (kind !== 'derive' || about?.assetId === undefined) continue
    if (state === 'done') deriving.delete(about.assetId)
    else deriving.set(about.assetId, state === 'queued' || state === 'running' ? 'making' : 'stopped')
  }
  return deriving
}

function sameOr(now: Map<string, Deriving>, before: ReadonlyMap<string, Deriving>): ReadonlyMap<string, Deriving> {
  return now.size === before.size && [...now].every(([id, state]) => before.get(id) === state) ? before : now
}

/** Removes an ended job from the list. */
export async function dismissJob(client: EngineClient, jobId: string): Promise<void> {
  await client.jobs.dismiss({ jobId })
  const jobs = new Map(useJobs.getState().jobs)
  jobs.delete(jobId)
  useJobs.setState({ jobs })
}
