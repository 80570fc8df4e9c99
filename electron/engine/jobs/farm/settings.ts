/**
 * Where the machines of a studio meet: a Redis with the names of jobs, and a folder that all see under the same path.
 */
import { resolve } from 'node:path'

export interface FarmSettings {
  /** `redis://` or `rediss://`; may contain a password, so it is never shown. */
  readonly redisUrl: string
  /** Absolute. */
  readonly sharedFolder: string
}

/** From the host's environment, unless given explicitly; undefined unless both are set. */
export function farmSettings(
  named: { readonly redis?: string | undefined; readonly shared?: string | undefined } = {},
  env: NodeJS.ProcessEnv = process.env,
): FarmSettings | undefined {
  const redisUrl = named.redis ?? env['ASTERISM_REDIS_URL']
  const sharedFolder = named.shared ?? env['ASTERISM_SHARED_FOLDER']
  return redisUrl && sharedFolder ? { redisUrl, sharedFolder: resolve(sharedFolder) } : undefined
}

/** Host and port of a Redis, the part of its address that may be shown. */
export function redisPlace(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that is none'
}
