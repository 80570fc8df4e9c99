import { create } from 'zustand'
import type { EngineClient } from '../../../shared/contract/client.ts'
import type { Job } from '../../../shared/contract/jobs.ts'

interface JobsState {
  readonly jobs: ReadonlyMap<string, Job>
}

export const useJobs = create<JobsState>(() => ({ jobs: new Map() }))

/** Follows every job of the engine until the signal fires. */
export async function followJobs(client: EngineClient, signal: AbortSignal): Promise<void> {
  for await (const job of await client.jobs.watch(undefined, { signal })) {
    const jobs = new Map(useJobs.getState().jobs)
    jobs.set(job.id, job)
    useJobs.setState({ jobs })
  }
}

/** Takes a job that has ended off the list. */
export async function dismissJob(client: EngineClient, jobId: string): Promise<void> {
  await client.jobs.dismiss({ jobId })
  const jobs = new Map(useJobs.getState().jobs)
  jobs.delete(jobId)
  useJobs.setState({ jobs })
}
