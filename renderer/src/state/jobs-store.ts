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
}

export const useJobs = create<JobsState>(() => ({ jobs: new Map(), derived: 0 }))

/** Follows every job of the engine until the signal fires. */
export async function followJobs(client: EngineClient, signal: AbortSignal): Promise<void> {
  for await (const job of await client.jobs.watch(undefined, { signal })) {
    const { jobs: before, derived } = useJobs.getState()
    const jobs = new Map(before).set(job.id, job)
    useJobs.setState({ jobs, derived: derived + (hasMade(job, before.get(job.id)) ? 1 : 0) })
  }
}

function hasMade(job: Job, before: Job | undefined): boolean {
  if (job.kind !== 'derive') return false
  const hadEnded = before !== undefined && hasEnded(before)
  return (hasEnded(job) && !hadEnded) || (before !== undefined && before.stage !== job.stage)
}

/** True while something that is seen or heard of recordings is being made. */
export const isDeriving = ({ jobs }: JobsState): boolean =>
  [...jobs.values()].some((job) => job.kind === 'derive' && !hasEnded(job))

/** Takes a job that has ended off the list. */
export async function dismissJob(client: EngineClient, jobId: string): Promise<void> {
  await client.jobs.dismiss({ jobId })
  const jobs = new Map(useJobs.getState().jobs)
  jobs.delete(jobId)
  useJobs.setState({ jobs })
}
