/** Separate processes for what must not share one with the studio: keys, and models that the user added. */
import { fileURLToPath } from 'node:url'
import { workerEntry } from '../workers/locate.ts'
import { startBareNode } from './programs.ts'

/** A running process, however the host made it (child process, utility process). */
export interface ProcessChannel {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: () => void): void
  kill(): void
}
export type ProcessSpawner = () => ProcessChannel

/**
 * A child process of Node that runs an entry of `electron/workers`: with an empty environment, no arguments, and no
 * streams but the channel.
 *
 * @param keepsHostAlive Whether the host waits for it. When a host ends, the channel closes and the process ends too.
 */
export function forkEntry(
  name: 'signer' | 'model',
  serialization: 'json' | 'advanced',
  keepsHostAlive: boolean,
): ProcessChannel {
  const child = startBareNode(fileURLToPath(workerEntry(name)), { serialization })
  if (!keepsHostAlive) {
    child.unref()
    child.channel?.unref()
  }
  return {
    send: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      child.once('exit', listener)
      child.once('error', listener)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
