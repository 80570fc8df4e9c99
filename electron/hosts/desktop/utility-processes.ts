/** The engine's processes as utility processes: the packaged app's own executable does not run as Node. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { utilityProcess } from 'electron'
import type { ProcessSpawner } from '../../engine/process-channel.ts'

function spawner(entry: 'signer' | 'model', serviceName: string): ProcessSpawner {
  return () => {
    const path = join(dirname(fileURLToPath(import.meta.url)), `workers/${entry}.js`)
    const child = utilityProcess.fork(path, [], { env: {}, stdio: 'ignore', serviceName })
    return {
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', listener),
      kill: () => void child.kill(),
    }
  }
}

export const spawnSigner = spawner('signer', 'Asterism signer')
export const spawnModel = spawner('model', 'Asterism models')
