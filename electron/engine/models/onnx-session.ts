/** Opens the graphs of a model that a person brought; only ever in that model's own process. */
import { join } from 'node:path'
import type * as Ort from 'onnxruntime-node'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { Runtime } from './onnx-runtime.ts'

const FIX = say('model.fix.removeAndOther')

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300)
}

/** @throws AsterismError `corrupt_file` where the runtime does not take the graph */
export async function openGraph(ort: Runtime, folder: string, name: string): Promise<Ort.InferenceSession> {
  const options = { intraOpNumThreads: 2, interOpNumThreads: 1, logSeverityLevel: 3 as const }
  try {
    return await ort.InferenceSession.create(join(folder, name), options)
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('model.doesNotOpen', { name, why: firstLine(cause) }), {
      fix: FIX,
      cause,
    })
  }
}

/** @throws AsterismError `corrupt_file` where the graph does not run on what such graphs are given */
export async function runGraph(
  graph: Ort.InferenceSession,
  name: string,
  inputs: Ort.InferenceSession.FeedsType,
  outputs: readonly string[],
): Promise<Ort.InferenceSession.ReturnType> {
  try {
    return await graph.run(inputs, outputs)
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('model.doesNotRun', { name, why: firstLine(cause) }), {
      fix: FIX,
      cause,
    })
  }
}
