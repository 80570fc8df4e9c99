/** The replica of the document: fed by the engine, read by every panel, changed only through `commit`. */
import { create } from 'zustand'
import { asEngineError, type EngineClient } from '../../../shared/contract/client.ts'
import type { DocumentEvent, History } from '../../../shared/contract/contract.ts'
import { applyPatches, edit, type Document, type Patch, type Recipe } from '../../../shared/document/document.ts'

interface DocumentState {
  /** False while no project is open. */
  readonly open: boolean
  readonly document: Document
  readonly revision: number
  readonly history: History
}

const NO_HISTORY: History = { canUndo: false, canRedo: false, undoLabel: null, redoLabel: null }

export const useDocument = create<DocumentState>(() => ({
  open: false,
  document: new Map(),
  revision: 0,
  history: NO_HISTORY,
}))

function receive(event: DocumentEvent): void {
  if (event.type === 'closed') {
    useDocument.setState({ open: false, document: new Map(), revision: 0, history: NO_HISTORY })
    return
  }
  if (event.type === 'snapshot') {
    useDocument.setState({
      open: true,
      document: new Map(event.records.map((record) => [record.id, record])),
      revision: event.revision,
      history: event.history,
    })
    return
  }
  const { document } = useDocument.getState()
  useDocument.setState({
    document: applyPatches(document, event.patches as Patch[]),
    revision: event.revision,
    history: event.history,
  })
}

/** Follows the engine's document until the signal fires. */
export async function followDocument(client: EngineClient, signal: AbortSignal): Promise<void> {
  for await (const event of await client.document.watch(undefined, { signal })) receive(event)
}

/**
 * One gesture: the recipe runs on the replica to make its patches, the engine commits them, and the replica follows
 * when the engine says so. Nothing is shown as done that is not on disk.
 */
export async function commit(client: EngineClient, label: string, recipe: Recipe, mergeKey?: string): Promise<void> {
  const { document, revision } = useDocument.getState()
  const { forward } = edit(document, recipe)
  if (forward.length === 0) return
  try {
    await client.document.commit({
      label,
      patches: forward.map((patch) => ({ ...patch, path: [...patch.path] })),
      mergeKey,
      baseRevision: revision,
    })
  } catch (error) {
    throw asEngineError(error)
  }
}
