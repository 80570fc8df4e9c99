/**
 * Files derived from assets: peaks, thumbnails, proxies. They lie in a folder of their own and can be thrown away at
 * any time. An entry is a folder named by the asset's content, the recipe and the recipe's version; it is made under a
 * temporary name and renamed when it is whole, so that whatever has its final name can be trusted.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AsterismError, isCancellation, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { fileError } from '../file-errors.ts'

export interface DerivedKey {
  /** Of the asset's content. */
  readonly sha256: string
  /** What is made, as in `peaks`. */
  readonly recipe: string
  /** Raised whenever the recipe makes something else of the same asset. */
  readonly version: number
  /** Which of several, as in `audio-1`. */
  readonly variant?: string
}

export interface MediaCache {
  /** The folder of an entry that is there already, or null. */
  find(key: DerivedKey): Promise<string | null>
  /**
   * The folder of an entry, made if it is not there. Callers that ask at the same time share the work.
   *
   * @param make Writes the files of the entry into the folder it is given.
   * @throws AsterismError `disk_full`, `not_writable`, `cancelled` and whatever `make` throws; nothing is left then.
   */
  derive(key: DerivedKey, signal: AbortSignal, make: (directory: string) => Promise<void>): Promise<string>
  /** Removes what was derived from an asset. */
  forget(sha256: string): Promise<void>
}

const WORK_FOLDER = 'unfinished'
/** Work that nobody has touched for this long was left by a process that is gone. */
const STALE_MILLISECONDS = 24 * 3600_000

/** @param directory Is made when something is written. */
export function createMediaCache(directory: string): MediaCache {
  const running = new Map<string, Promise<string>>()
  const work = join(directory, WORK_FOLDER)
  let swept: Promise<void> | null = null

  const build = async (path: string, make: (directory: string) => Promise<void>): Promise<string> => {
    const temporary = join(work, randomUUID())
    try {
      await mkdir(temporary, { recursive: true })
    } catch (error) {
      throw fileError(error, directory, say('kept.project'))
    }
    try {
      await make(temporary)
      await flush(temporary)
      await mkdir(join(path, '..'), { recursive: true })
      await moveInto(temporary, path)
      return path
    } catch (error) {
      throw fileError(error, directory, say('kept.project'))
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  }

  return {
    async find(key) {
      const path = join(directory, ...entryPath(key))
      return (await isDirectory(path)) ? path : null
    },
    async derive(key, signal, make) {
      throwIfCancelled(signal)
      swept ??= sweep(work)
      await swept
      const path = join(directory, ...entryPath(key))
      for (;;) {
        if (await isDirectory(path)) return path
        const shared = running.get(path)
        if (!shared) break
        try {
          return await untilCancelled(shared, signal)
        } catch (error) {
          // Whoever made it gave up; this caller did not.
          if (!isCancellation(error) || signal.aborted) throw error
        }
      }
      const made = build(path, make).finally(() => running.delete(path))
      running.set(path, made)
      return made
    },
    async forget(sha256) {
      const [shelf, asset] = entryPath({ sha256, recipe: 'any', version: 0 })
      await rm(join(directory, shelf, asset), { recursive: true, force: true })
    },
  }
}

/** Nothing but these characters ever becomes part of a path. */
function entryPath(key: DerivedKey): [string, string, string] {
  const { sha256, recipe, version, variant = '' } = key
  const isSound = /^[0-9a-f]{64}$/.test(sha256) && /^[a-z][a-z0-9-]*$/.test(recipe) && /^[a-z0-9-]*$/.test(variant)
  if (!isSound) throw new AsterismError('internal', `Not a key of the media cache: ${JSON.stringify(key)}.`)
  return [sha256.slice(0, 2), sha256, `${recipe}-v${version}${variant && `-${variant}`}`]
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
}

async function flush(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = await open(join(directory, name), 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }
}

async function moveInto(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path)
  } catch (error) {
    // Another process was quicker; what it made is as good.
    if (!(await isDirectory(path))) throw error
  }
}

async function sweep(work: string): Promise<void> {
  const names = await readdir(work).catch(() => [])
  for (const name of names) {
    const path = join(work, name)
    const entry = await stat(path).catch(() => null)
    if (entry && Date.now() - entry.mtimeMs > STALE_MILLISECONDS) await rm(path, { recursive: true, force: true })
  }
}

function untilCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new AsterismError('cancelled', 'Cancelled.'))
    signal.addEventListener('abort', stop, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
