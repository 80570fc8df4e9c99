/**
 * The replica of the document: fed by the engine, read by every panel, changed only through `commit`. A gesture is seen
 * at once and is on its way to the disk then; what the engine refuses is taken back and said.
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
  /** With the gestures that are on their way. */
  readonly document: Document
  /** The engine's, without them. */
  readonly revision: number
  readonly history: History
  /** True while a gesture is on its way to the disk. */
  readonly saving: boolean
  /** Gestures that were on their way when the engine went: once it is back, those that did not reach the disk. */
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

/** What the window shows and the engine has not confirmed: a gesture, or one taken back or done again. */
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

/** The document as it is on disk, and what the engine says can be taken back. */
let confirmed: Document = CLOSED.document
let confirmedHistory: History = NO_HISTORY
/** Oldest first, each made from what the one before it left. */
let waiting: Pending[] = []
const ownSteps = new OwnSteps()
/** What was on its way when the engine went, until the engine says what is on disk. */
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

/** Whether a document has what a gesture left of the records that it changed. */
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

/** What is seen: what is on its way, else what is on disk. */
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

/** Makes what is on its way from what the document has become meanwhile. */
function makeAgain(): void {
  let before = confirmed
  for (const pending of waiting) {
    const { document: after, forward } = pending.make(before)
    Object.assign(pending, { before, after, forward })
    before = after
  }
}

/** Shows at once what is on its way. */
function begin(make: Pending['make'], made: Made, history: History): Pending {
  const { document: before } = useDocument.getState()
  const pending: Pending = { id: crypto.randomUUID(), make, before, after: made.document, forward: made.forward }
  waiting.push(pending)
  useDocument.setState({ ...shown(), history })
  return pending
}

/** What the engine did not do is no longer shown. */
function takeBack(pending: Pending): void {
  if (!waiting.includes(pending)) return
  waiting = waiting.filter((each) => each !== pending)
  ownSteps.forget()
  makeAgain()
  useDocument.setState(shown())
}

/**
 * Follows the engine's document until the signal fires.
 * @param begun is called when the document is here, or that none is open
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

/** Whoever asked hears of the failure; those behind it go on. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => undefined)
  return mine
}

/**
 * One gesture: the recipe runs on the replica, which shows what it made, and the engine is told. Resolves when it is on
 * disk, with whether there was anything to change. Gestures reach the engine one after the other, each made from what
 * the one before it left.
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
      // The project may have been closed meanwhile, or others may have done the same.
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

/** Takes the last gesture back, or does it again: its name, null where there is none. Shown at once where it is known. */
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

/** A guess that no longer fits changes nothing: the engine's answer will. */
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

/** Resolves when the engine said that it has the gesture, or the project is closed. */
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
