/** Starts, finds and stops the practice network: a chain, its contracts and an upload server, all on loopback. */
import { appendFileSync, closeSync, openSync } from 'node:fs'
import { readFile, rename, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { startProgram } from '../programs.ts'
import { makePrivateFolder } from './durable-file.ts'
import { runPracticeNetwork } from './practice-host.ts'
import { tryLock } from './process-lock.ts'
import {
  controlUrl,
  practicePaths,
  runningRecord,
  statusOf,
  stoppedStatus,
  type PracticeStatus,
} from './practice-status.ts'

export { practiceStatus, type PracticeStatus } from './practice-status.ts'

const POLL_MILLISECONDS = 50
const START_TIMEOUT_MILLISECONDS = 60_000
const STOP_TIMEOUT_MILLISECONDS = 15_000
const LARGEST_LOG_BYTES = 1024 * 1024

/** A process that runs `runPracticeNetwork(home)`. */
interface LaunchedProcess {
  /** The exit code once it has ended, null while it lives. */
  exitCode(): number | null
}
export type PracticeLauncher = (home: string, logPath: string) => LaunchedProcess

export interface PracticeOptions {
  readonly home: string
  readonly signal?: AbortSignal
  /** How the process is made. */
  readonly launch?: PracticeLauncher
}

/**
 * Starts it unless it runs already. It stays when this process ends, except in the desktop application, whose executable
 * is not Node: there it lives as long as the application.
 */
export async function startPracticeNetwork(options: PracticeOptions): Promise<PracticeStatus> {
  const { home, signal, launch = process.versions['electron'] ? launchHere : launchDaemon } = options
  const running = await runningRecord(home)
  if (running) return statusOf(running)
  const { folder, log } = practicePaths(home)
  await makePrivateFolder(folder)
  await turnLog(log)
  const launched = launch(home, log)
  const deadline = performance.now() + START_TIMEOUT_MILLISECONDS
  for (;;) {
    throwIfCancelled(signal)
    const record = await runningRecord(home)
    if (record) return statusOf(record)
    const code = launched.exitCode()
    // Exit 0 without a network: another start was faster, and is what we wait for.
    if (code !== null && code !== 0) throw await startFailure(log, `The practice network ended (exit ${code}).`)
    if (performance.now() > deadline) throw await startFailure(log, 'The practice network did not start in time.')
    await sleep(POLL_MILLISECONDS)
  }
}

/** Stops it when it runs; its chain and uploads are kept. */
export async function stopPracticeNetwork({ home, signal }: PracticeOptions): Promise<PracticeStatus> {
  const record = await runningRecord(home)
  if (!record) return stoppedStatus
  const response = await fetch(controlUrl(record, 'stop'), {
    method: 'POST',
    headers: { authorization: `Bearer ${record.control_token}` },
    signal: AbortSignal.timeout(STOP_TIMEOUT_MILLISECONDS),
  })
  await response.body?.cancel()
  const { lock: lockPath } = practicePaths(home)
  const deadline = performance.now() + STOP_TIMEOUT_MILLISECONDS
  for (;;) {
    throwIfCancelled(signal)
    const lock = await tryLock(lockPath)
    if (lock) {
      lock.release()
      return stoppedStatus
    }
    if (performance.now() > deadline) {
      throw new AsterismError('timeout', say('practice.doesNotStop', { process: String(record.pid) }), {
        fix: say('practice.fix.doesNotStop'),
      })
    }
    await sleep(POLL_MILLISECONDS)
  }
}

function launchDaemon(home: string, logPath: string): LaunchedProcess {
  const log = openSync(logPath, 'a', 0o600)
  try {
    const child = startProgram(
      process.execPath,
      [fileURLToPath(new URL('./practice-daemon.ts', import.meta.url)), home],
      {
        detached: true,
        stdio: ['ignore', log, log],
      },
    )
    let failed = false
    child.once('error', () => {
      failed = true
    })
    child.unref()
    return { exitCode: () => (failed ? 127 : (child.exitCode ?? (child.signalCode ? 128 : null))) }
  } finally {
    closeSync(log)
  }
}

/** Within this very process. */
export const launchHere: PracticeLauncher = (home, logPath) => {
  let code: number | null = null
  const log = (line: string): void => appendFileSync(logPath, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 })
  runPracticeNetwork({ home, log, signal: new AbortController().signal }).then(
    () => {
      code = 0
    },
    (error: unknown) => {
      log(`error: ${error instanceof AsterismError ? error.sentence : String(error)}`)
      code = 1
    },
  )
  return { exitCode: () => code }
}

async function turnLog(path: string): Promise<void> {
  const byteLength = await stat(path).then(
    (entry) => entry.size,
    () => 0,
  )
  if (byteLength > LARGEST_LOG_BYTES) await rename(path, `${path}.old`)
}

async function startFailure(log: string, what: string): Promise<AsterismError> {
  const lines = await readFile(log, 'utf8').then(
    (text) => text.trim().split('\n').slice(-3).join(' '),
    () => '',
  )
  return new AsterismError('tool_failed', `${what} ${lines}`.trim(), { path: log })
}
