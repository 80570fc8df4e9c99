/** The process that holds keys, as a utility process: the packaged app's own executable does not run as Node. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { utilityProcess } from 'electron'
import type { SignerSpawner } from '../../engine/chain/signer/signer-client.ts'

export const spawnSigner: SignerSpawner = () => {
  const entry = join(dirname(fileURLToPath(import.meta.url)), 'workers/signer.js')
  const child = utilityProcess.fork(entry, [], { env: {}, stdio: 'ignore', serviceName: 'Asterism signer' })
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  }
}
