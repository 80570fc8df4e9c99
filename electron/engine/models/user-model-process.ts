/** The process of a model that the user added. */
import type { ProcessSpawner } from '../process-channel.ts'
import type { ModelCard } from './model-card.ts'
import { memoryFor, ModelProcess } from './model-process.ts'

/** Starts it; what is asked of it waits until it is open. */
export function startModel(card: ModelCard, signal: AbortSignal, spawn: ProcessSpawner | undefined): ModelProcess {
  const { title, purpose, folder, files } = card
  const graphs = files.filter(({ path }) => path.endsWith('.onnx'))
  const mostBytes = memoryFor(graphs.reduce((sum, { bytes }) => sum + bytes, 0))
  return new ModelProcess(title, { purpose, folder, graphs: graphs.map(({ path }) => path), mostBytes }, signal, spawn)
}
