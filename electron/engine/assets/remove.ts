/** Recordings that leave the project. Their files, and the copies that a browser brought, stay where they are: undo needs them. */
import { GOES_THROUGH_RECORDINGS } from '../../../shared/contract/media.ts'
import { requireRecord } from '../../../shared/document/document.ts'
import { removeRecordings, trackThatHolds } from '../../../shared/document/remove-recordings.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { ProjectStore } from '../project/store.ts'
import type { Session } from '../session.ts'

/** @returns what takes recordings out as one gesture, with its name in the history */
export function removeFromProject(session: Session): (
  assetIds: ReadonlySet<string>,
  label: string,
) => {
  removed: number
} {
  /** Recordings that went before what the window shows of them was made: it is made once they are back. */
  let unfinished = new Set<string>()
  session.onProject((store) => {
    unfinished = new Set()
    store?.subscribe(() => void finishWhatCameBack(session, store, unfinished))
  })
  return (assetIds, label) => {
    const store = session.requireProject()
    for (const id of assetIds) requireRecord(store.document, 'asset', id)
    const held = trackThatHolds(store.document, assetIds)
    if (held)
      throw new AsterismError('conflict', say('media.held', { track: held.title }), { fix: say('media.fix.unlock') })
    const underWay = session.jobs.list().filter((job) => job.state === 'running' || job.state === 'queued')
    const busy = underWay.find(({ kind }) => GOES_THROUGH_RECORDINGS.includes(kind))
    if (busy)
      throw new AsterismError('conflict', say('media.underWay', { work: busy.title }), {
        fix: say('media.fix.waitOrCancel'),
      })
    store.commit({ label }, (draft) => removeRecordings(draft, assetIds))
    for (const { id, kind, about } of session.jobs.list()) {
      if (kind !== 'derive' || about?.assetId === undefined || !assetIds.has(about.assetId)) continue
      if (session.jobs.cancel(id)) unfinished.add(about.assetId)
    }
    return { removed: assetIds.size }
  }
}

async function finishWhatCameBack(session: Session, store: ProjectStore, unfinished: Set<string>): Promise<void> {
  for (const assetId of unfinished) {
    if (!store.document.has(assetId)) continue
    unfinished.delete(assetId)
    await session.jobs.start('derive', { assetId }).catch(() => null)
  }
}
