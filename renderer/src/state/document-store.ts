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

let last: Promise<unknown> = Promise.resolve()

/**
 * One gesture: the recipe runs on the replica to make its patches, the engine commits them, and the replica follows
 * when the engine says so. Nothing is shown as done that is not on disk. Gestures wait for each other: leaving a field
 * and pressing a box beside it are two, and the second is made from what the first left.
 */
export async function commit(client: EngineClient, label: string, recipe: Recipe, mergeKey?: string): Promise<void> {
  const mine = last.then(() => commitNow(client, label, recipe, mergeKey))
  // Whoever made the gesture hears of its failure; those behind it go on.
  last = mine.catch(() => undefined)
  await mine
}

async function commitNow(client: EngineClient, label: string, recipe: Recipe, mergeKey?: string): Promise<void> {
  const { document, revision: baseRevision } = useDocument.getState()
  const { forward } = edit(document, recipe)
  if (forward.length === 0) return
  const patches = forward.map((patch) => ({ ...patch, path: [...patch.path] }))
  try {
    const { revision } = await client.document.commit({ label, patches, mergeKey, baseRevision })
    await reached(revision)
  } catch (error) {
    throw asEngineError(error)
  }
}

/** Resolves when the replica is at a revision, or the project is closed. */
async function reached(revision: number): Promise<void> {
  const isThere = (state: DocumentState): boolean => state.revision >= revision || !state.open
  if (isThere(useDocument.getState())) return
  await new Promise<void>((resolve) => {
    const off = useDocument.subscribe((state) => {
      if (!isThere(state)) return
      off()
      resolve()
    })
  })
}
