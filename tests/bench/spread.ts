/** Tasks of a bench on all cores: each runs in a worker thread that imports the module which exports `perform`. */
import { availableParallelism } from 'node:os'
import { parentPort, Worker, workerData } from 'node:worker_threads'

interface Performer<T, R> {
  perform(task: T): Promise<R>
}

/** The answers in the order of the tasks; a task that throws ends all. @param module URL of the module */
export async function spread<T, R>(module: string, tasks: readonly T[]): Promise<R[]> {
  const answers: R[] = []
  let next = 0
  const threads = Array.from({ length: Math.min(tasks.length, availableParallelism()) }, async () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: module })
    try {
      while (next < tasks.length) {
        const n = next++
        answers[n] = await new Promise<R>((resolve, reject) => {
          worker.once('error', reject)
          worker.once('message', (answer: R) => {
            worker.off('error', reject)
            resolve(answer)
          })
          worker.postMessage(tasks[n])
        })
      }
    } finally {
      await worker.terminate()
    }
  })
  await Promise.all(threads)
  return answers
}

if (parentPort) {
  const port = parentPort
  const performer = (await import(workerData as string)) as Performer<unknown, unknown>
  port.on('message', (task) => void performer.perform(task).then((answer) => port.postMessage(answer)))
}
