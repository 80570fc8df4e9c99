import type { Job } from '../../../shared/contract/jobs.ts'
import { RunningJob } from '../jobs/running-job.tsx'
import { ShowConfirmation } from './show-confirmation.tsx'

/** A job that may wait for a signature: how far it is, and the way to the window where it is given. */
export function SigningJob({ job }: { readonly job: Job }) {
  return (
    <>
      <RunningJob job={job} />
      <ShowConfirmation />
    </>
  )
}
