/** Takes jobs from Redis, one after the other, until it is told to stop. Their orders are in the shared folder. */
import { hostname } from 'node:os'
import type { Job } from 'bullmq'
import { AsterismError, isCancellation } from '../../../../shared/errors.ts'
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { failureOf, type JobContext } from '../queue.ts'
import type { FarmProgress } from './ask.ts'
import { JobFolder, type Answer, type Order } from './job-folder.ts'
import { connectRedis, FARM_QUEUE, LEASE_SECONDS, leaseOf } from './redis.ts'
import type { FarmSettings } from './settings.ts'

/** A worker that does not renew its lock for this long counts as gone. */
const LOCK_MILLISECONDS = 10_000
/** How often workers look for jobs of workers that are gone. */
const STALLED_MILLISECONDS = 4000
/** If this many workers die on one job, the job is considered the cause. */
const MOST_STALLED = 3
const LOOK_MILLISECONDS = 1000
const TELL_MILLISECONDS = 300

export interface FarmTally {
  done: number
  failed: number
}

export interface ServeOptions {
  readonly version: string
  readonly signal: AbortSignal
  /** Runs an order. @throws AsterismError which then becomes the answer */
  perform(order: Order, context: JobContext): Promise<Omit<Answer & { outcome: 'done' }, 'version'>>
  /** Reports events, a line each. */
  say(line: string): void
}

/** @throws AsterismError `network_failed` if Redis cannot be reached at the start; later it waits for it. */
export async function serveFarm(settings: FarmSettings, options: ServeOptions): Promise<FarmTally> {
  const redis = await connectRedis(settings.redisUrl, 'endless')
  const { Worker, WaitingError } = await import('bullmq')
  const tally: FarmTally = { done: 0, failed: 0 }

  const process = async (job: Job, token?: string, lost?: AbortSignal): Promise<void> => {
    const jobId = String(job.id)
    const folder = new JobFolder(settings.sharedFolder, jobId)
    const lease = new LeaseWatch(() => redis.exists(leaseOf(jobId)).then((count) => count > 0))
    const signal = AbortSignal.any([lease.signal, options.signal, ...(lost ? [lost] : [])])
    const teller = new Teller(job)
    try {
      if (!(await lease.isThere())) throw new AsterismError('cancelled', 'Nobody wants this job any more.')
      const order = await folder.readOrder()
      options.say(`${jobId}: ${order.kind}`)
      const answer = await answerOf(order, { ...options, signal, teller })
      if (signal.aborted) throw new AsterismError('cancelled', 'Cancelled.')
      await teller.end()
      await folder.writeAnswer(answer)
      tally[answer.outcome] += 1
      options.say(`${jobId}: ${answer.outcome === 'done' ? 'done' : `failed: ${answer.failure.message}`}`)
    } catch (error) {
      if (options.signal.aborted && !lease.signal.aborted) {
        // Another worker starts it again.
        await job.moveToWait(token)
        throw new WaitingError()
      }
      if (!isCancellation(error)) tally.failed += 1
      options.say(`${jobId}: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    } finally {
      lease.stop()
      await teller.end()
    }
  }

  const worker = new Worker(FARM_QUEUE, process, {
    connection: redis,
    name: hostname(),
    lockDuration: LOCK_MILLISECONDS,
    stalledInterval: STALLED_MILLISECONDS,
    maxStalledCount: MOST_STALLED,
  })
  worker.on('error', () => undefined)
  // Another worker has it, or will: two must not write the same files.
  worker.on('lockRenewalFailed', (jobIds) => jobIds.forEach((jobId) => worker.cancelJob(jobId)))
  try {
    await untilAborted(options.signal)
  } finally {
    await worker.close()
    redis.disconnect()
  }
  return tally
}

async function answerOf(
  order: Order,
  { version, perform, signal, teller }: ServeOptions & { readonly teller: Teller },
): Promise<Answer> {
  try {
    if (order.version !== version) {
      throw new AsterismError(
        'conflict',
        say('misfit.otherVersion', { machine: hostname(), version, asking: order.version }),
        {
          fix: say('misfit.fix.sameVersion'),
        },
      )
    }
    const { progress, log } = teller
    return { ...(await perform(order, { signal, progress, log })), version }
  } catch (error) {
    if (signal.aborted) throw error
    return { outcome: 'failed', version, failure: failureOf(error) }
  }
}

/** Stops the job when the asker is gone or has cancelled, or if that could not be determined for as long. */
class LeaseWatch {
  readonly #abort = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #look: () => Promise<boolean>
  #seenMilliseconds = Date.now()

  constructor(look: () => Promise<boolean>) {
    this.#look = look
    this.#timer = setInterval(() => {
      if (Date.now() - this.#seenMilliseconds > LEASE_SECONDS * 1000) this.#abort.abort()
      void this.isThere().then(
        (there) => there || this.#abort.abort(),
        () => undefined,
      )
    }, LOOK_MILLISECONDS)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  async isThere(): Promise<boolean> {
    const there = await this.#look()
    if (there) this.#seenMilliseconds = Date.now()
    return there
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

/** Reports progress, a few times a second at most. */
class Teller {
  readonly #job: Job
  readonly #timer: NodeJS.Timeout
  #next: FarmProgress | null = { machine: hostname(), fraction: 0, stage: '' }
  #lines: string[] = []
  #telling: Promise<unknown> = Promise.resolve()

  constructor(job: Job) {
    this.#job = job
    this.#tell()
    this.#timer = setInterval(() => this.#tell(), TELL_MILLISECONDS)
  }

  readonly progress = (fraction: number, stage: Wording): void => {
    this.#next = { machine: hostname(), fraction: Math.min(1, Math.max(0, fraction)), stage }
  }

  readonly log = (line: string): void => void this.#lines.push(line)

  async end(): Promise<void> {
    clearInterval(this.#timer)
    this.#tell()
    await this.#telling
  }

  #tell(): void {
    const [progress, lines] = [this.#next, this.#lines]
    this.#next = null
    this.#lines = []
    // Failing to report is harmless: the answer is in the shared folder.
    this.#telling = this.#telling
      .then(async () => {
        if (progress) await this.#job.updateProgress(progress)
        for (const line of lines) await this.#job.log(line)
      })
      .catch(() => undefined)
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
