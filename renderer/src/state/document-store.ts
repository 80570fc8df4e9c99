/**
 * The replica of the document: fed by the engine, read by every panel, changed only through `commit`. A gesture is seen
 * at once and is on its way to the disk then; what the engine refuses is taken back and said.
 */
import { create } from 'zustand'
import { asEngineError, type EngineClient } from '../../../shared/contract/client.ts'
import type { DocumentEvent, History } from '../../../shared/contract/contract.ts'
import { edit, type Document, type Recipe } from '../../../shared/document/document.ts'
import { applyPatches, type Patch } from '../../../shared/document/patches.ts'

interface DocumentState {
  /** False while no project is open. */
  readonly open: boolean
  /** With the gestures that are on their way. */
  readonly document: Document
  /** The engine's, without them. */
  readonly revision: number
  readonly history: History
  /** True while a gesture is on its way to the disk. */
  readonly saving: boolean
}

const NO_HISTORY: History = { canUndo: false, canRedo: false, undoLabel: null, redoLabel: null }
const CLOSED: DocumentState = { open: false, document: new Map(), revision: 0, history: NO_HISTORY, saving: false }

export const useDocument = create<DocumentState>(() => CLOSED)

/** A gesture that the window shows and the engine has not confirmed. */
interface Gesture {
  readonly id: string
  readonly label: string
  readonly recipe: Recipe
  before: Document
  after: Document
  forward: readonly Patch[]
}

/** The document as it is on disk. */
let confirmed: Document = CLOSED.document
/** Oldest first, each made from what the one before it left. */
let waiting: Gesture[] = []

function receive(event: DocumentEvent): void {
  if (event.type === 'change') {
    change(event)
    return
  }
  waiting = []
  confirmed = event.type === 'snapshot' ? new Map(event.records.map((record) => [record.id, record])) : new Map()
  if (event.type === 'closed') useDocument.setState(CLOSED)
  else {
    const { revision, history } = event
    useDocument.setState({ open: true, document: confirmed, revision, history, saving: false })
  }
}

function change(event: Extract<DocumentEvent, { type: 'change' }>): void {
  const [first] = waiting
  const own = first && first.id === event.gesture ? first : null
  const expected = own !== null && own.before === confirmed
  confirmed = expected ? own.after : applyPatches(confirmed, event.patches)
  if (own) waiting.shift()
  if (!expected) makeAgain()
  useDocument.setState(({ history }) => ({
    ...shown(),
    revision: event.revision,
    history: waiting.length > 0 || isSame(history, event.history) ? history : event.history,
  }))
}

const shown = (): Pick<DocumentState, 'document' | 'saving'> => ({
  document: waiting.at(-1)?.after ?? confirmed,
  saving: waiting.length > 0,
})

function isSame(a: History, b: History): boolean {
  return (
    a.undoLabel === b.undoLabel && a.redoLabel === b.redoLabel && a.canUndo === b.canUndo && a.canRedo === b.canRedo
  )
}

/** Makes the gestures that are on their way from what the document has become meanwhile. */
function makeAgain(): void {
  let before = confirmed
  for (const gesture of waiting) {
    const made = edit(before, gesture.recipe)
    Object.assign(gesture, { before, after: made.document, forward: made.forward })
    before = made.document
  }
}

/** Follows the engine's document until the signal fires. */
export async function followDocument(client: EngineClient, signal: AbortSignal): Promise<void> {
  for await (const event of await client.document.watch(undefined, { signal })) receive(event)
}

let last: Promise<unknown> = Promise.resolve()

/** Whoever asked hears of the failure; those behind it go on. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => undefined)
  return mine
}

/**
 * One gesture: the recipe runs on the replica, which shows what it made, and the engine is told. Resolves when it is on
 * disk. Gestures reach the engine one after the other, each made from what the one before it left.
 */
export async function commit(client: EngineClient, label: string, recipe: Recipe, mergeKey?: string): Promise<void> {
  const { document: before } = useDocument.getState()
  const made = edit(before, recipe)
  if (made.forward.length === 0) return
  const gesture: Gesture = {
    id: crypto.randomUUID(),
    label,
    recipe,
    before,
    after: made.document,
    forward: made.forward,
  }
  waiting.push(gesture)
  const history: History = { canUndo: true, canRedo: false, undoLabel: label, redoLabel: null }
  useDocument.setState({ ...shown(), history })
  await inTurn(() => send(client, gesture, mergeKey))
}

async function send(client: EngineClient, gesture: Gesture, mergeKey: string | undefined): Promise<void> {
  try {
    // The project may have been closed meanwhile, or others may have done the same.
    if (waiting.includes(gesture) && gesture.forward.length > 0) {
      const { revision: baseRevision } = useDocument.getState()
      const { id, label, forward } = gesture
      await client.document.commit({ label, patches: [...forward], mergeKey, baseRevision, gesture: id })
      await untilConfirmed(gesture)
    }
  } catch (error) {
    throw asEngineError(error)
  } finally {
    if (waiting.includes(gesture)) {
      waiting = waiting.filter((each) => each !== gesture)
      makeAgain()
      useDocument.setState(shown())
    }
  }
}

/** Resolves when the engine said that it has the gesture, or the project is closed. */
async function untilConfirmed(gesture: Gesture): Promise<void> {
  if (!waiting.includes(gesture)) return
  await new Promise<void>((resolve) => {
    const off = useDocument.subscribe(() => {
      if (waiting.includes(gesture)) return
      off()
      resolve()
    })
  })
}

/** Takes the last gesture back, or does it again: its name, null where there is none. */
export async function travel(client: EngineClient, direction: 'undo' | 'redo'): Promise<string | null> {
  return await inTurn(async () => (await client.document[direction]()).label)
}
