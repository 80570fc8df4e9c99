/** A thread for the arithmetic of stars: it is given one problem, and then parts of it one after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { AsterismError, type ErrorDetails } from '../../shared/errors.ts'
import type { EstimatePack, StarsReport } from '../../shared/stars/estimate/estimate-stars.ts'
import type { StarsInput } from '../../shared/stars/estimate/stars-input.ts'
import type { FittedTask, TaskSamples } from '../../shared/stars/task/task-parts.ts'
import type { KnnShapleyProblem } from '../../shared/stars/value/knn-shapley.ts'
import type { WantedTask } from '../../shared/stars/wanted/match-wanted.ts'
import type { AnyWorld } from '../../shared/stars/world/parse-world.ts'
import type { FeatureResult, FeatureTask } from '../../shared/stars/world/world-features.ts'
import type { PreparedWorld } from '../../shared/stars/world/value-world.ts'

/** Every kind of problem: what it is given, what a part of it is, what a part answers. */
export interface StarsProblems {
  readonly world: { given: AnyWorld; part: FeatureTask; answer: FeatureResult }
  /** The path of a WORLD.json: only what is left of it once it is thinned leaves the thread. */
  readonly preparation: { given: string; part: null; answer: PreparedWorld }
  readonly neighbours: { given: KnnShapleyProblem; part: number; answer: Float64Array }
  readonly task: {
    given: { id: string; samples: TaskSamples }
    part: null
    answer: FittedTask
  }
  /** Its thread is kept for the next input, so that nothing of one is given to all. */
  readonly estimate: {
    given: null
    part: { input: StarsInput; pack: EstimatePack; wanted: WantedTask | null }
    answer: StarsReport
  }
}
export type StarsProblem = keyof StarsProblems

export interface StarsWorkerData<K extends StarsProblem> {
  readonly kind: K
  readonly given: StarsProblems[K]['given']
}

export interface StarsPartRequest<K extends StarsProblem> {
  readonly index: number
  readonly part: StarsProblems[K]['part']
}

export type StarsPartReply =
  | { readonly index: number; readonly answer: unknown }
  | ({ readonly index: number; readonly code: AsterismError['code']; readonly message: string } & Pick<
      ErrorDetails,
      'fix' | 'said'
    >)

/** What a kind of problem needs is loaded with it alone: a thread that only measures distances starts in half the time. */
type Solvers = {
  readonly [K in StarsProblem]: (
    given: StarsProblems[K]['given'],
  ) => Promise<(part: StarsProblems[K]['part']) => StarsProblems[K]['answer']>
}

const SOLVERS: Solvers = {
  world: async (world) => {
    const { runFeatureTask } = await import('../../shared/stars/world/world-features.ts')
    return (task) => runFeatureTask(world, task)
  },
  preparation: async (path) => {
    const { readPreparedWorld } = await import('../engine/stars/read-world.ts')
    const prepared = await readPreparedWorld(path)
    return () => prepared
  },
  neighbours: async (problem) => {
    const { knnShapleySolver } = await import('../../shared/stars/value/knn-shapley.ts')
    return knnShapleySolver(problem)
  },
  task: async ({ id, samples }) => {
    if (samples.kind === 'captions') {
      const { fitCaptionTask } = await import('../../shared/stars/task/fit-caption-task.ts')
      return () => fitCaptionTask(id, samples.set)
    }
    const { fitTask } = await import('../../shared/stars/task/fit-task.ts')
    return () => fitTask(id, samples.classNames, samples.set)
  },
  estimate: async () => {
    const { estimateStars } = await import('../../shared/stars/estimate/estimate-stars.ts')
    return ({ input, pack, wanted }) => estimateStars(input, pack, wanted)
  },
}

type Solve = (part: StarsPartRequest<StarsProblem>['part']) => unknown

async function answer(
  solver: Promise<Solve>,
  { index, part }: StarsPartRequest<StarsProblem>,
): Promise<StarsPartReply> {
  try {
    return { index, answer: (await solver)(part) }
  } catch (error) {
    if (error instanceof AsterismError) {
      const { code, message, fix, said } = error
      return { index, code, message, ...(fix !== undefined && { fix }), ...(said && { said }) }
    }
    return { index, code: 'internal', message: error instanceof Error ? error.message : String(error) }
  }
}

function load<K extends StarsProblem>({ kind, given }: StarsWorkerData<K>): Promise<Solve> {
  return SOLVERS[kind](given) as Promise<Solve>
}

const port = parentPort
if (port) {
  const solver = load(workerData as StarsWorkerData<StarsProblem>)
  // What goes wrong while it loads is the answer to the first part, and nobody's before.
  solver.catch(() => undefined)
  port.on('message', (request: StarsPartRequest<StarsProblem>) => {
    void answer(solver, request).then((reply) => port.postMessage(reply))
  })
}
