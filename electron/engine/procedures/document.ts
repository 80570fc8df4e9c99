import type { DocumentEvent } from '../../../shared/contract/contract.ts'
import { applyPatches, touchedIds, type Patch } from '../../../shared/document/patches.ts'
import type { Document, DocumentRecord } from '../../../shared/document/records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { createChannel, type Channel } from '../async-channel.ts'
import type { ChangeEvent, ProjectStore } from '../project/store.ts'
import type { Session } from '../session.ts'
import { patchForWindow, recordForWindow, type Audience } from '../window/window-view.ts'
import { implementer } from './implementer.ts'

/** How many revisions old the base of a commit may be. */
const REMEMBERED_REVISIONS = 500

/** The last touched record ids of each revision, to tell a harmless race from a conflict. */
class RecentTouches {
  readonly #touches: { revision: number; ids: Set<string> }[] = []

  note(event: ChangeEvent): void {
    this.#touches.push({ revision: event.revision, ids: touchedIds(event.patches) })
    if (this.#touches.length > REMEMBERED_REVISIONS) this.#touches.shift()
  }

  /** True when a record of `ids` was touched after `revision`. */
  conflicts(revision: number, ids: ReadonlySet<string>): boolean {
    return this.#touches.some((touch) => touch.revision > revision && [...ids].some((id) => touch.ids.has(id)))
  }
}

/** Locations of files stay in the engine. */
function isReplicated(record: DocumentRecord): boolean {
  return record.kind !== 'location'
}

/** Leaves out locations, and places no record before one. */
function replicatedPatches(patches: readonly Patch[], document: Document): Patch[] {
  const told = patches.filter((patch) => !String(patch.path[0]).startsWith('location:'))
  if (!told.some(isPlaced)) return told
  const added = new Set(told.filter(isPlaced).map((patch) => String(patch.path[0])))
  /** For each record, the next replicated one that was there before. */
  const followers = new Map<string, string | undefined>()
  let follower: string | undefined
  for (const record of [...document.values()].reverse()) {
    if (isReplicated(record) && !added.has(record.id)) follower = record.id
    followers.set(record.id, follower)
  }
  return told.map((patch) => {
    if (!isPlaced(patch) || !patch.before.startsWith('location:')) return patch
    const { before, ...last } = patch
    const next = followers.get(before)
    return next === undefined ? last : { ...last, before: next }
  })
}

function isPlaced(patch: Patch): patch is Patch & { op: 'add'; before: string } {
  return 'before' in patch && patch.before !== undefined
}

export function documentProcedures(session: Session, audience: Audience) {
  const isWindow = audience === 'window'
  let recent = new RecentTouches()
  session.onProject((store) => {
    recent = new RecentTouches()
    store?.subscribe((event) => recent.note(event))
  })

  const snapshot = (store: ProjectStore): DocumentEvent => ({
    type: 'snapshot',
    revision: store.revision,
    records: [...store.document.values()]
      .filter(isReplicated)
      .map((record) => (isWindow ? recordForWindow(record) : record)),
    history: store.history(),
  })

  const follow = (channel: Channel<DocumentEvent>, store: ProjectStore): (() => void) => {
    channel.push(snapshot(store))
    return store.subscribe((event) =>
      channel.push({
        type: 'change',
        revision: event.revision,
        patches: replicatedPatches(event.patches, store.document).map((patch) =>
          isWindow ? patchForWindow(patch) : patch,
        ),
        label: event.label,
        gesture: event.gesture,
        history: event.history,
      }),
    )
  }

  return {
    watch: implementer.document.watch.handler(({ signal }) => {
      let unfollow: (() => void) | null = null
      const unlisten = session.onProject((store) => {
        unfollow?.()
        unfollow = store ? follow(channel, store) : null
        if (!store) channel.push({ type: 'closed' })
      })
      const channel: Channel<DocumentEvent> = createChannel(() => {
        unfollow?.()
        unlisten()
      }, signal)
      if (session.project) unfollow = follow(channel, session.project)
      else channel.push({ type: 'closed' })
      return channel
    }),

    commit: implementer.document.commit.handler(({ input }) => {
      const store = session.requireProject()
      const { patches } = input
      const ids = touchedIds(patches)
      for (const id of ids) {
        if (id.startsWith('location:')) throw new AsterismError('bad_input', say('misfit.placesOfFiles'))
      }
      if (recent.conflicts(input.baseRevision, ids)) {
        throw new AsterismError('conflict', say('project.changedElsewhere'), {
          fix: say('project.fix.again'),
        })
      }
      const next = applyClientPatches(store, patches)
      store.commit({ label: input.label, mergeKey: input.mergeKey, gesture: input.gesture }, next)
      return { revision: store.revision }
    }),

    undo: implementer.document.undo.handler(({ input }) => ({ label: session.requireProject().undo(input?.gesture) })),
    redo: implementer.document.redo.handler(({ input }) => ({ label: session.requireProject().redo(input?.gesture) })),
  }
}

/** Patches that do not fit the document are the client's error. */
function applyClientPatches(store: ProjectStore, patches: readonly Patch[]): ReadonlyMap<string, DocumentRecord> {
  try {
    return applyPatches(store.document, patches)
  } catch (error) {
    throw new AsterismError('conflict', say('project.doesNotFit'), {
      fix: say('project.fix.again'),
      cause: error,
    })
  }
}
