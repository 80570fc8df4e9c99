/** The library of C2PA, in a thread of its own: it reads and hashes without pause. */
import { Worker } from 'node:worker_threads'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import type { CredentialsReply, CredentialsRequest, CredentialsResult } from '../../../workers/credentials.ts'
import { workerEntry } from '../../../workers/locate.ts'

/**
 * Does the tasks one after the other. @param onTask is told of each that is done.
 * @throws AsterismError `cancelled` when the signal fires, which ends the thread; `internal` when the thread dies.
 */
export async function inCredentialsThread(
  request: CredentialsRequest,
  signal: AbortSignal | undefined,
  onTask: (done: number) => void = () => undefined,
): Promise<CredentialsResult[]> {
  throwIfCancelled(signal)
  const worker = new Worker(workerEntry('credentials'), { workerData: request, name: 'credentials' })
  const stop = new AbortController()
  try {
    return await new Promise<CredentialsResult[]>((resolve, reject) => {
      const results: CredentialsResult[] = []
      const cancel = (): void => reject(new AsterismError('cancelled', 'Cancelled.'))
      signal?.addEventListener('abort', cancel, { once: true, signal: stop.signal })
      worker.on('message', (reply: CredentialsReply) => {
        if (reply === 'done') return resolve(results)
        results.push(reply)
        onTask(results.length)
      })
      worker.on('error', (cause) => {
        reject(new AsterismError('internal', 'The thread of the credentials stopped with an error.', { cause }))
      })
      worker.on('exit', (code) => {
        reject(new AsterismError('internal', `The thread of the credentials ended without an answer (${code}).`))
      })
    })
  } finally {
    stop.abort()
    await worker.terminate()
  }
}
