/** Ends its process when that takes more memory than it was given: a thread beside one that is inside native code. */
import { parentPort, workerData } from 'node:worker_threads'

const LOOK_MILLISECONDS = 50
const mostBytes = workerData as number

setInterval(() => {
  if (process.memoryUsage.rss() > mostBytes) process.kill(process.pid, 'SIGKILL')
}, LOOK_MILLISECONDS)
parentPort?.postMessage('watching')
