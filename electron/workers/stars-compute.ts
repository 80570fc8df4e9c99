/** A thread for the arithmetic of stars: it is given one problem, and then parts of it one after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { AsterismError } from '../../shared/errors.ts'
import type { EstimatePack, StarsReport } from '../../shared/stars/estimate/estimate-stars.ts'
import { estimateStars } from '../../shared/stars/estimate/estimate-stars.ts'
import type { StarsInput } from '../../shared/stars/estimate/stars-input.ts'
import type { KnnShapleyProblem } from '../../shared/stars/value/knn-shapley.ts'
import { knnShapleyChunks } from '../../shared/stars/value/knn-shapley.ts'
import type { WantedTask } from '../../shared/stars/wanted/match-wanted.ts'
import type { AnyWorld } from '../../shared/stars/world/parse-world.ts'
import type { FeatureResult, FeatureTask } from '../../shared/stars/world/world-features.ts'
import type { PreparedWorld } from '../../shared/stars/world/value-world.ts'
import { worldInOrder } from '../../shared/stars/world/value-world.ts'
import { runFeatureTask } from '../../shared/stars/world/world-features.ts'

/** Every kind of problem: what it is given, what a part of it is, what a part answers. */
export interface StarsProblems {
  readonly world: { given: AnyWorld; part: FeatureTask; answer: FeatureResult }
  readonly preparation: { given: AnyWorld; part: null; answer: PreparedWorld }
  readonly neighbours: { given: KnnShapleyProblem; part: number; answer: Float64Array }
  readonly estimate: {
    given: { input: StarsInput; pack: EstimatePack; wanted: WantedTask | null }
    part: null
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
  | { readonly index: number; readonly code: AsterismError['code']; readonly message: string }

type Solvers = {
  readonly [K in StarsProblem]: (
    given: StarsProblems[K]['given'],
    part: StarsProblems[K]['part'],
  ) => StarsProblems[K]['answer']
}

const SOLVERS: Solvers = {
  world: (world, task) => runFeatureTask(world, task),
  preparation: (world) => worldInOrder(world),
  neighbours: (problem, chunk) => knnShapleyChunks(problem, [chunk])[0],
  estimate: ({ input, pack, wanted }) => estimateStars(input, pack, wanted),
}

function answer<K extends StarsProblem>(data: StarsWorkerData<K>, request: StarsPartRequest<K>): StarsPartReply {
  const { index, part } = request
  try {
    return { index, answer: SOLVERS[data.kind](data.given, part) }
  } catch (error) {
    const code = error instanceof AsterismError ? error.code : 'internal'
    return { index, code, message: error instanceof Error ? error.message : String(error) }
  }
}

const port = parentPort
if (port) {
  port.on('message', (request: StarsPartRequest<StarsProblem>) => {
    port.postMessage(answer(workerData as StarsWorkerData<StarsProblem>, request))
  })
}
