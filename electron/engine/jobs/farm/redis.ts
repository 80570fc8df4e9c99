/** The connection to Redis. Its libraries are loaded only if one is configured. */
import type { Redis } from 'ioredis'
import { AsterismError, isCancellation } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { redisPlace } from './settings.ts'

/** The asker keeps a job wanted by a key that expires after this time. */
export const LEASE_SECONDS = 15
export const FARM_QUEUE = 'asterism-jobs'

const CONNECT_MILLISECONDS = 3000
/** Five tries in about four seconds. */
const retryDelay = (times: number): number | null => (times > 5 ? null : Math.min(2000, 125 * 2 ** times))

/** @param patience `brief` gives up after a few seconds without Redis, `endless` waits for it to come back */
export async function connectRedis(url: string, patience: 'brief' | 'endless'): Promise<Redis> {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new AsterismError('bad_input', say('misfit.redisAddress'))
  }
  const { Redis: Client } = await import('ioredis')
  const redis = new Client(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MILLISECONDS,
    retryStrategy: retryDelay,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    redis.disconnect()
    throw redisGone(url, error)
  }
  if (patience === 'endless') redis.options.retryStrategy = (times) => retryDelay(Math.min(times, 5))
  return redis
}

/** Turns connection failures into the error that is reported; other errors stay unchanged. */
export function redisGone(url: string, error: unknown): unknown {
  if (error instanceof AsterismError || isCancellation(error)) return error
  return new AsterismError('network_failed', say('work.failed.redis', { place: redisPlace(url) }), {
    fix: say('work.fix.redis'),
    cause: error,
  })
}

/** The key that marks a job as still wanted. */
export const leaseOf = (jobId: string): string => `asterism:wanted:${jobId}`
