/** The child processes that are alive, so that none outlives this process. */
import type { ChildProcess } from 'node:child_process'
import { startProgram } from '../programs.ts'

const alive = new Set<ChildProcess>()
let watching = false

/** Remembers a child until the returned function is called. */
export function trackChild(child: ChildProcess): () => void {
  if (!watching) {
    watching = true
    process.once('exit', () => {
      for (const left of alive) killTree(left, 'SIGKILL')
    })
  }
  alive.add(child)
  return () => alive.delete(child)
}

/** Signals the child and what it started itself. A child that has already ended is left alone. */
export function killTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') {
    startProgram('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' })
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // Between the check and the signal it may have ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
