/**
 * A lock between processes that the operating system lets go of when its holder dies, however it dies: the exclusive
 * lock of an empty SQLite file. So there is no stale lock to break, and no breaking that two could do at once.
 */
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { makePrivateFolder } from './durable-file.ts'

const RETRY_MILLISECONDS = 50

export interface ProcessLock {
  release(): void
}

/** The lock, or null when another process holds it. */
export async function tryLock(path: string): Promise<ProcessLock | null> {
  await makePrivateFolder(dirname(path))
  let database: Database.Database | null = null
  try {
    database = new Database(path, { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
    const held = database
    return { release: () => void held.close() }
  } catch (error) {
    database?.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw new AsterismError('not_writable', say('disk.lockFile'), {
      path,
      fix: say('disk.fix.home'),
      cause: error,
    })
  }
}

/** Waits for the lock. @throws AsterismError `timeout` when somebody else keeps it. */
export async function waitForLock(
  path: string,
  timeoutMilliseconds: number,
  signal?: AbortSignal,
): Promise<ProcessLock> {
  const deadline = performance.now() + timeoutMilliseconds
  for (;;) {
    throwIfCancelled(signal)
    const lock = await tryLock(path)
    if (lock) return lock
    if (performance.now() > deadline) {
      throw new AsterismError('timeout', say('chain.busyAccount'), {
        fix: say('chain.fix.busyAccount'),
        path,
      })
    }
    await sleep(RETRY_MILLISECONDS)
  }
}
