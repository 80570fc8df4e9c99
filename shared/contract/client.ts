import type { ContractRouterClient } from '@orpc/contract'
import { AsterismError, ERROR_CODES, type ErrorCode, type FailureSaid } from '../errors.ts'
import { say } from '../sayings/saying.ts'
import type { Contract } from './contract.ts'
import { hasEnded, jobKinds, type Job, type JobInput, type JobKind, type JobOutput } from './jobs.ts'

/** The engine as hosts and window see it, over any transport. */
export type EngineClient = ContractRouterClient<Contract>

/** Turns an error that came over a transport back into the one that the engine threw. */
export function asEngineError(error: unknown): AsterismError {
  if (error instanceof AsterismError) return error
  const carried = error as {
    data?: { code?: string; path?: string; fix?: string; kept?: string; said?: FailureSaid }
    message?: string
    code?: string
  }
  const code = carried.data?.code
  if (code && (ERROR_CODES as readonly string[]).includes(code)) {
    return new AsterismError(code as ErrorCode, carried.message ?? code, { ...carried.data, cause: error })
  }
  if (carried.code === 'BAD_REQUEST') return new AsterismError('bad_input', say('work.malformed'), { cause: error })
  if (error instanceof Error && error.name === 'AbortError')
    return new AsterismError('cancelled', 'Cancelled.', { cause: error })
  return new AsterismError('internal', carried.message ?? say('work.engineFailed'), { cause: error })
}

export interface RunJobOptions {
  readonly onProgress?: (job: Job) => void
  /** Cancels the job in the engine. */
  readonly signal?: AbortSignal
}

/**
 * Starts a job and waits for its answer.
 * @throws AsterismError what the job failed with, or `cancelled`.
 */
export async function runJob<K extends JobKind>(
  client: EngineClient,
  kind: K,
  input: JobInput<K>,
  options: RunJobOptions = {},
): Promise<JobOutput<K>> {
  const watching = new AbortController()
  const updates = await client.jobs.watch(undefined, { signal: watching.signal }).catch((error: unknown) => {
    throw asEngineError(error)
  })
  const { jobId } = await client.jobs.start({ kind, input }).catch((error: unknown) => {
    watching.abort()
    throw asEngineError(error)
  })
  const cancel = (): void => void client.jobs.cancel({ jobId })
  options.signal?.addEventListener('abort', cancel, { once: true })
  if (options.signal?.aborted) cancel()
  try {
    for await (const job of updates) {
      if (job.id !== jobId) continue
      options.onProgress?.(job)
      if (hasEnded(job)) return answerOf(kind, job)
    }
    throw new AsterismError('internal', say('work.engineStopped'))
  } finally {
    options.signal?.removeEventListener('abort', cancel)
    watching.abort()
  }
}

function answerOf<K extends JobKind>(kind: K, job: Job): JobOutput<K> {
  if (job.state === 'done') return jobKinds[kind].output.parse(job.result) as JobOutput<K>
  if (job.state === 'cancelled') throw new AsterismError('cancelled', 'Cancelled.')
  const failure = job.failure
  throw new AsterismError(failure?.code ?? 'internal', failure?.message ?? say('work.failed'), failure ?? {})
}
