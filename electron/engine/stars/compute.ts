/** Spreads the arithmetic of stars over threads. The answer does not depend on how many there are. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import type { EstimatePack, StarsReport } from '../../../shared/stars/estimate/estimate-stars.ts'
import type { StarsInput } from '../../../shared/stars/estimate/stars-input.ts'
import type { FittedTask, TaskSamples } from '../../../shared/stars/task/task-parts.ts'
import type { KnnShapleyProblem } from '../../../shared/stars/value/knn-shapley.ts'
import { chunkCount, combineChunks } from '../../../shared/stars/value/knn-shapley.ts'
import type { WantedTask } from '../../../shared/stars/wanted/match-wanted.ts'
import type { WorldCalibration } from '../../../shared/stars/world/calibration.ts'
import type { WorldReport } from '../../../shared/stars/world/value-world.ts'
import { reportOf } from '../../../shared/stars/world/value-world.ts'
import { assembleFeatures, featureTasks } from '../../../shared/stars/world/world-features.ts'
import { workerEntry } from '../../workers/locate.ts'
import type { StarsPartReply, StarsProblem, StarsProblems, StarsWorkerData } from '../../workers/stars-compute.ts'

export interface ComputeOptions {
  readonly signal: AbortSignal
  /** Threads; two without it, fewer on a smaller machine. */
  readonly workers?: number
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

const USUAL_WORKERS = 2
/** Between a cut and the next look at the stars. */
const WAITING_MILLISECONDS = 60_000

function threadFor<K extends StarsProblem>(data: StarsWorkerData<K>): Worker {
  return new Worker(workerEntry('stars-compute'), { workerData: data, name: 'stars' })
}

/** The answers of all parts, in their order, by threads that somebody else ends. */
async function askThreads<K extends StarsProblem>(
  workers: readonly Worker[],
  parts: readonly StarsProblems[K]['part'][],
  options: ComputeOptions,
): Promise<StarsProblems[K]['answer'][]> {
  const stop = new AbortController()
  const answers: StarsProblems[K]['answer'][] = []
  const unheard: (() => void)[] = []
  let next = 0
  let done = 0
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = (): void => reject(new AsterismError('cancelled', 'Cancelled.'))
      options.signal.addEventListener('abort', cancel, { once: true, signal: stop.signal })
      for (const worker of workers) {
        const give = (): void => {
          if (next < parts.length) worker.postMessage({ index: next, part: parts[next++] })
        }
        const hear = (reply: StarsPartReply): void => {
          if (!('answer' in reply)) {
            const { code, message, fix, said } = reply
            reject(new AsterismError(code, message, { ...(fix !== undefined && { fix }), ...(said && { said }) }))
            return
          }
          answers[reply.index] = reply.answer as StarsProblems[K]['answer']
          done++
          options.onProgress?.(done / parts.length)
          if (done === parts.length) resolve()
          else give()
        }
        const fail = (cause: unknown): void =>
          reject(new AsterismError('internal', 'A thread of the stars stopped with an error.', { cause }))
        const end = (): void => reject(new AsterismError('internal', 'A thread of the stars ended without an answer.'))
        worker.on('message', hear).on('error', fail).on('exit', end)
        unheard.push(() => void worker.off('message', hear).off('error', fail).off('exit', end))
        give()
      }
    })
    return answers
  } finally {
    stop.abort()
    for (const forget of unheard) forget()
  }
}

/** The answers of all parts, in their order. @throws AsterismError `cancelled`, `internal`, or what a part refused. */
async function solveParts<K extends StarsProblem>(
  data: StarsWorkerData<K>,
  parts: readonly StarsProblems[K]['part'][],
  options: ComputeOptions,
): Promise<StarsProblems[K]['answer'][]> {
  throwIfCancelled(options.signal)
  const count = Math.min(parts.length, options.workers ?? Math.min(USUAL_WORKERS, availableParallelism()))
  const workers = Array.from({ length: count }, () => threadFor(data))
  try {
    return await askThreads<K>(workers, parts, options)
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** `valueWorld` of a WORLD.json, on several threads. */
export async function valueWorldInWorkers(
  path: string,
  calibration: WorldCalibration,
  options: ComputeOptions,
): Promise<WorldReport> {
  const [given] = await solveParts({ kind: 'preparation', given: path }, [null], { ...options, onProgress: undefined })
  const results = await solveParts({ kind: 'world', given }, featureTasks(given), options)
  return reportOf(given, assembleFeatures(given, results), calibration)
}

/** Numbers where every thread can read them, so that they are not copied. */
function shared(data: Float64Array): Float64Array {
  const memory = new Float64Array(new SharedArrayBuffer(data.byteLength))
  memory.set(data)
  return memory
}

/** `knnShapley` on several threads: the same digits. */
export async function knnShapleyInWorkers(problem: KnnShapleyProblem, options: ComputeOptions): Promise<Float64Array> {
  const given = { ...problem, points: shared(problem.points), probes: shared(problem.probes) }
  const chunks = Array.from({ length: chunkCount(problem) }, (_, chunk) => chunk)
  const sums = await solveParts({ kind: 'neighbours', given }, chunks, options)
  const { dimension } = problem
  return combineChunks(sums, problem.points.length / dimension, problem.probes.length / dimension)
}

/** `fitTask` or `fitCaptionTask` in a thread that a cancel ends. */
export async function fitTaskInWorker(id: string, samples: TaskSamples, options: ComputeOptions): Promise<FittedTask> {
  const [fitted] = await solveParts({ kind: 'task', given: { id, samples } }, [null], options)
  return fitted
}

/** The thread that estimated last, waiting for the next cut: it starts, and learns how to be quick, once. */
let waiting: { readonly worker: Worker; take(): void } | null = null

function takeWaiting(): Worker | null {
  const worker = waiting?.worker ?? null
  waiting?.take()
  return worker
}

/** Keeps the thread, which holds up no process that wants to end, or ends it where another waits already. */
function letWait(worker: Worker): void {
  if (waiting !== null) {
    void worker.terminate()
    return
  }
  const take = (): void => {
    waiting = null
    clearTimeout(end)
    // Whatever ends it meanwhile, the next estimate has a thread of its own.
    worker.off('error', take).off('exit', take)
    worker.ref()
  }
  const end = setTimeout(() => {
    take()
    void worker.terminate()
  }, WAITING_MILLISECONDS)
  end.unref()
  worker.unref()
  worker.on('error', take).on('exit', take)
  waiting = { worker, take }
}

/** `estimateStars` in a thread, so that the engine keeps answering meanwhile. */
export async function estimateStarsInWorker(
  input: StarsInput,
  pack: EstimatePack,
  options: ComputeOptions & { readonly wanted?: WantedTask | null },
): Promise<StarsReport> {
  throwIfCancelled(options.signal)
  const worker = takeWaiting() ?? threadFor({ kind: 'estimate', given: null })
  try {
    const part = { input, pack, wanted: options.wanted ?? null }
    const [report] = await askThreads<'estimate'>([worker], [part], options)
    letWait(worker)
    return report
  } catch (error) {
    await worker.terminate()
    throw error
  }
}
