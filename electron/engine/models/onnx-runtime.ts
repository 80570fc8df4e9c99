import type * as Ort from 'onnxruntime-node'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

export type Runtime = typeof Ort

/** Loaded on first use, in the threads and processes that run models alone. @throws AsterismError `tool_missing` */
export async function loadRuntime(): Promise<Runtime> {
  try {
    const loaded = await import('onnxruntime-node')
    return loaded.default ?? loaded
  } catch (cause) {
    throw new AsterismError('tool_missing', say('model.noRuntime'), { cause })
  }
}
