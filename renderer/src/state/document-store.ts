/**
 * The replica of the document: fed by the engine, read by every panel, changed only through `commit`. A gesture is
 * shown at once while it is being committed; one that the engine refuses is reverted with a notice.
 */
import { create } from 'zustand'
import { asEngineError, type EngineClient } from '../../../shared/contract/client.ts'
import type { DocumentEvent, History } from '../../../shared/contract/contract.ts'
import { edit, type Document, type Recipe } from '../../../shared/document/document.ts'
import { applyPatches, isSame, type Patch } from '../../../shared/document/patches.ts'
import { t } from '../i18n/text.ts'
import { isEngineAway } from './connection.ts'
import { EngineGone } from './engine-line.ts'
import { OwnSteps } from './own-steps.ts'

interface DocumentState {
  /** False while no project is open. */
  readonly open: boolean
  /** Including uncommitted gestures. */
  readonly document: Document
  /** The engine's document, without them. */
  readonly revision: number
  readonly history: History
  /** True while a gesture is being committed. */
  readonly saving: boolean
  /** Gestures that were being committed when the engine went; once it is back, those that did not reach the disk. */
  readonly unsure: readonly string[]
}

const NO_HISTORY: History = { canUndo: false, canRedo: false, undoLabel: null, redoLabel: null }
const CLOSED: DocumentState = {
  open: false,
  document: new Map(),
  revision: 0,
  history: NO_HISTORY,
  saving: false,
  unsure: [],
}

export const useDocument = create<DocumentState>(() => CLOSED)

/** What the window shows and the engine has not confirmed: a gesture, an undo or a redo. */
interface Pending {
  readonly id: string
  readonly make: (before: Document) => Made
  before: Document
  after: Document
  forward: readonly Patch[]
}

interface Made {
  readonly document: Document
  readonly forward: readonly Patch[]
}

/** The document on disk, and what the engine says can be undone. */
let confirmed: Document = CLOSED.document
let confirmedHistory: History = NO_HISTORY
/** Oldest first, each based on the result of the one before. */
let waiting: Pending[] = []
const ownSteps = new OwnSteps()
/** What was being committed when the engine went, until the engine says what is on disk. */
let onTheirWay: { readonly label: string; readonly before: Document; readonly after: Document }[] = []

function receive(event: DocumentEvent): void {
  if (event.type === 'change') {
    change(event)
    return
  }
  waiting = []
  ownSteps.forget()
  confirmed = event.type === 'snapshot' ? new Map(event.records.map((record) => [record.id, record])) : new Map()
  confirmedHistory = event.type === 'snapshot' ? event.history : NO_HISTORY
  if (event.type === 'closed') useDocument.setState(CLOSED)
  else {
    const { revision, history } = event
    const unsure = onTheirWay.filter((gesture) => !isIn(confirmed, gesture)).map(({ label }) => label)
    onTheirWay = []
    useDocument.setState({ open: true, document: confirmed, revision, history, saving: false, unsure })
  }
}

/** Whether a document contains the result of a gesture. */
function isIn(document: Document, { before, after }: { readonly before: Document; readonly after: Document }): boolean {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id))
  return changed.every((id) => isSame(document.get(id), after.get(id)))
}

function change(event: Extract<DocumentEvent, { type: 'change' }>): void {
  const [first] = waiting
  const own = first && first.id === event.gesture ? first : null
  const expected = own !== null && own.before === confirmed && isSame(own.forward, event.patches)
  confirmed = expected ? own.after : applyPatches(confirmed, event.patches)
  confirmedHistory = event.history
  if (own) waiting.shift()
  if (!expected) {
    ownSteps.forget()
    makeAgain()
  }
  useDocument.setState({ ...shown(), revision: event.revision })
}

/** The shown document: with uncommitted gestures if there are any, otherwise as on disk. */
function shown(): Partial<DocumentState> {
  const last = waiting.at(-1)
  if (last) return { document: last.after, saving: true }
  const { history } = useDocument.getState()
  return {
    document: confirmed,
    saving: false,
    history: isSame(history, confirmedHistory) ? history : confirmedHistory,
  }
}

/** Rebases uncommitted gestures onto the changed document. */
function makeAgain(): void {
  let before = confirmed
  for (const pending of waiting) {
    const { document: after, forward } = pending.make(before)
    Object.assign(pending, { before, after, forward })
    before = after
  }
}

/** Shows an uncommitted gesture at once. */
function begin(make: Pending['make'], made: Made, history: History): Pending {
  const { document: before } = useDocument.getState()
  const pending: Pending = { id: crypto.randomUUID(), make, before, after: made.document, forward: made.forward }
  waiting.push(pending)
  useDocument.setState({ ...shown(), history })
  return pending
}

/** Reverts what the engine did not do. */
function takeBack(pending: Pending): void {
  if (!waiting.includes(pending)) return
  waiting = waiting.filter((each) => each !== pending)
  ownSteps.forget()
  makeAgain()
  useDocument.setState(shown())
}

/**
 * Follows the engine's document until the signal fires.
 * @param begun is called when the document is loaded, or none is open
 */
export async function followDocument(
  client: EngineClient,
  signal: AbortSignal,
  begun: () => void = () => undefined,
): Promise<void> {
  for await (const event of await client.document.watch(undefined, { signal })) {
    receive(event)
    begun()
  }
}

let last: Promise<unknown> = Promise.resolve()

/** The caller gets the failure; later gestures go on. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => undefined)
  return mine
}

/**
 * One gesture: the recipe runs on the replica, which shows the result, and is sent to the engine. Resolves when it is
 * on disk, with whether anything changed. Gestures are sent one after the other, each based on the result of the one
 * before.
 */
export async function commit(client: EngineClient, label: string, recipe: Recipe, mergeKey?: string): Promise<boolean> {
  if (isEngineAway()) throw new EngineGone('before', label)
  const { document: before, history } = useDocument.getState()
  const made = edit(before, recipe)
  if (made.forward.length === 0) return false
  ownSteps.add({ label, mergeKey, forward: made.forward, inverse: made.inverse, history })
  const after: History = { canUndo: true, canRedo: false, undoLabel: label, redoLabel: null }
  const gesture = begin((from) => edit(from, recipe), made, after)
  await inTurn(() =>
    sent(gesture, async () => {
      // The project may have been closed, or somebody else may have made the same change.
      if (!waiting.includes(gesture) || gesture.forward.length === 0) return
      const { revision: baseRevision } = useDocument.getState()
      const patches = [...gesture.forward]
      await client.document.commit({ label, patches, mergeKey, baseRevision, gesture: gesture.id })
      await untilConfirmed(gesture)
    }).catch((error: unknown) => {
      if (!(error instanceof EngineGone)) throw error
      onTheirWay.push({ label, before: gesture.before, after: gesture.after })
      useDocument.setState({ unsure: onTheirWay.map((each) => each.label) })
      throw new EngineGone('during', label, error)
    }),
  )
  return true
}

/** Undoes or redoes the last gesture; returns its name, or null. Shown at once if it is known. */
export async function travel(client: EngineClient, direction: 'undo' | 'redo'): Promise<string | null> {
  if (isEngineAway()) throw new EngineGone('before', t(`action.${direction}`))
  const guess = ownSteps.travel(direction)
  if (!guess) {
    ownSteps.forget()
    return await inTurn(async () => (await client.document[direction]()).label)
  }
  const make = (from: Document): Made => patched(from, guess.patches)
  const pending = begin(make, make(useDocument.getState().document), guess.history)
  return await inTurn(() =>
    sent(pending, async () => {
      const { label } = await client.document[direction]({ gesture: pending.id })
      if (label !== null) await untilConfirmed(pending)
      return label
    }),
  )
}

/** A guess that no longer applies changes nothing; the engine's answer will. */
function patched(document: Document, patches: readonly Patch[]): Made {
  try {
    return { document: applyPatches(document, patches), forward: patches }
  } catch (error) {
    if (error instanceof RangeError) return { document, forward: [] }
    throw error
  }
}

async function sent<T>(pending: Pending, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asEngineError(error)
  } finally {
    takeBack(pending)
  }
}

/** Resolves when the engine has confirmed the gesture, or the project is closed. */
async function untilConfirmed(pending: Pending): Promise<void> {
  if (!waiting.includes(pending)) return
  await new Promise<void>((resolve) => {
    const off = useDocument.subscribe(() => {
      if (waiting.includes(pending)) return
      off()
      resolve()
    })
  })
}
