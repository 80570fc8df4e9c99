/** Hands one job to the machines of the studio and waits for its answer. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { sayingSchema } from '../../../../shared/sayings/saying-schema.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { AwayContext } from '../queue.ts'
import { JobFolder, type Answer, type Order } from './job-folder.ts'
import { connectRedis, FARM_QUEUE, LEASE_SECONDS, leaseOf, redisGone } from './redis.ts'
import type { FarmSettings } from './settings.ts'

/** What a worker reports through Redis; trusted only as far as it can do no harm. */
const progressSchema = z.object({
  machine: z.string().max(100),
  fraction: z.number().min(0).max(1),
  stage: z.union([z.string().max(500), sayingSchema]),
})
export type FarmProgress = z.infer<typeof progressSchema>

const LOOK_MILLISECONDS = 400
/** How long to wait for a worker that was told to stop. */
const STOP_MILLISECONDS = 3000
const KEPT_SECONDS = 3600
const LONGEST_LOG_LINE = 500

/**
 * @returns the answer of the worker: of the right form, but not yet validated against the project
 * @throws AsterismError `cancelled`, `network_failed`, `tool_failed` (every worker that took it went away)
 */
export async function askFarm(
  settings: FarmSettings,
  order: Order,
  urgent: boolean,
  context: AwayContext,
): Promise<Answer> {
  const folder = new JobFolder(settings.sharedFolder, context.jobId)
  const line = await Line.open(settings, context.jobId)
  try {
    // If the same job was requested by an engine that was killed, it ends before it starts again.
    await line.withdraw(Number.POSITIVE_INFINITY, context.signal)
    await folder.writeOrder(order)
    await line.add(urgent)
    await line.follow(context)
    return await folder.readAnswer()
  } catch (error) {
    throw redisGone(settings.redisUrl, error)
  } finally {
    await line.withdraw(STOP_MILLISECONDS).catch(() => undefined)
    await line.close()
    await folder.remove().catch(() => undefined)
  }
}

class Line {
  readonly #redis: Redis
  readonly #queue: Queue
  readonly #jobId: string

  private constructor(redis: Redis, queue: Queue, jobId: string) {
    this.#redis = redis
    this.#queue = queue
    this.#jobId = jobId
  }

  static async open(settings: FarmSettings, jobId: string): Promise<Line> {
    const redis = await connectRedis(settings.redisUrl, 'brief')
    const { Queue: BullQueue } = await import('bullmq')
    const queue = new BullQueue(FARM_QUEUE, { connection: redis })
    queue.on('error', () => undefined)
    return new Line(redis, queue, jobId)
  }

  async add(urgent: boolean): Promise<void> {
    await this.#renew()
    const keep = { age: KEPT_SECONDS }
    await this.#queue.add('job', null, {
      jobId: this.#jobId,
      priority: urgent ? 1 : 2,
      removeOnComplete: keep,
      removeOnFail: keep,
    })
  }

  /** Waits until a worker reports that it is done. */
  async follow(context: AwayContext): Promise<void> {
    let told = 0
    let said: string | undefined
    let machine: string | undefined
    for (;;) {
      throwIfCancelled(context.signal)
      await this.#renew()
      const state = await this.#queue.getJobState(this.#jobId)
      const { logs } = await this.#queue.getJobLogs(this.#jobId, told)
      for (const line of logs) context.log(line.slice(0, LONGEST_LOG_LINE))
      told += logs.length
      if (state === 'completed') return
      if (state === 'failed') throw await this.#whyFailed()
      if (state === 'unknown') {
        throw new AsterismError('network_failed', say('work.failed.forgotten'), { fix: say('work.fix.takeUp') })
      }
      const now = state === 'active' && (await this.#isHeld()) ? await this.#progress() : null
      if (now && now.machine !== machine) context.machine((machine = now.machine))
      if (JSON.stringify(now) !== said) {
        said = JSON.stringify(now)
        context.progress(now?.fraction ?? 0, now?.stage ?? say('work.waitingForMachine'))
      }
      await pause(LOOK_MILLISECONDS, undefined, { signal: context.signal })
    }
  }

  /** Withdraws the job; it is gone from Redis when this returns, unless a worker holds it for longer. */
  async withdraw(patienceMilliseconds: number, signal?: AbortSignal): Promise<void> {
    if (this.#redis.status !== 'ready') return
    await this.#redis.del(leaseOf(this.#jobId))
    const until = Date.now() + patienceMilliseconds
    // A job cannot be removed while a worker holds it.
    while ((await this.#queue.getJobState(this.#jobId)) !== 'unknown') {
      const isRemoved = await this.#queue.remove(this.#jobId)
      if (isRemoved || Date.now() > until) return
      await pause(LOOK_MILLISECONDS, undefined, { signal })
    }
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => undefined)
    this.#redis.disconnect()
  }

  async #renew(): Promise<void> {
    await this.#redis.set(leaseOf(this.#jobId), '1', 'EX', LEASE_SECONDS)
  }

  /**
   * Whether a worker holds it. One that is gone no longer renews its lock, but the queue reports the job as active
   * until another worker comes, which may be never.
   */
  async #isHeld(): Promise<boolean> {
    return (await this.#redis.exists(`${this.#queue.toKey(this.#jobId)}:lock`)) === 1
  }

  async #progress(): Promise<FarmProgress | null> {
    const job = await this.#queue.getJob(this.#jobId)
    return progressSchema.safeParse(job?.progress).data ?? null
  }

  async #whyFailed(): Promise<AsterismError> {
    const job = await this.#queue.getJob(this.#jobId)
    const reason = String(job?.failedReason ?? '').slice(0, LONGEST_LOG_LINE)
    return new AsterismError(
      'tool_failed',
      say('work.failed.noMachine', { why: reason || say('work.failed.noneSaid') }),
      {
        fix: say('work.fix.machines'),
      },
    )
  }
}
