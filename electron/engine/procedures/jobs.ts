import { jobKinds, type Job } from '../../../shared/contract/jobs.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { createChannel } from '../async-channel.ts'
import type { Session } from '../session.ts'
import type { WorkRegistry } from '../work/registry.ts'
import { jobForWindow, type Audience } from '../window/window-view.ts'
import { implementer } from './implementer.ts'

export function jobProcedures(session: Session, work: WorkRegistry, audience: Audience) {
  const { jobs } = session
  const told = (job: Job): Job => (audience === 'window' ? jobForWindow(job) : job)
  return {
    start: implementer.jobs.start.handler(async ({ input }) => {
      const parsed = jobKinds[input.kind].input.safeParse(input.input)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        throw new AsterismError(
          'bad_input',
          say('misfit.jobInput', {
            kind: input.kind,
            place: issue?.path.join('.') ?? '',
            fault: issue?.message ?? say('misfit.jobMalformed'),
          }),
        )
      }
      return { jobId: await jobs.start(input.kind, await work.prepare(input.kind, parsed.data)) }
    }),

    list: implementer.jobs.list.handler(() => jobs.list().map(told)),

    watch: implementer.jobs.watch.handler(({ signal }) => {
      const unsubscribe = jobs.subscribe((job) => channel.push(told(job)))
      // A consumer that is busy needs only the newest state of a job that is still running.
      const channel = createChannel<Job>(
        unsubscribe,
        signal,
        (waiting, next) => waiting.id === next.id && waiting.state === 'running',
      )
      for (const job of jobs.list()) channel.push(told(job))
      return channel
    }),

    cancel: implementer.jobs.cancel.handler(({ input }) => ({ cancelled: jobs.cancel(input.jobId) })),
    resume: implementer.jobs.resume.handler(async ({ input }) => {
      await jobs.resume(input.jobId)
      return { jobId: input.jobId }
    }),
    dismiss: implementer.jobs.dismiss.handler(({ input }) => ({ dismissed: jobs.dismiss(input.jobId) })),
  }
}
