import { basename } from 'node:path'
import { recordsOf } from '../../../shared/document/document.ts'
import type { ListEntry, ListsAnswer, SignedList } from '../../../shared/contract/lists.ts'
import { missingFor, type OfferedWork } from '../../../shared/lists/match-need.ts'
import { because } from '../../../shared/sayings/saying.ts'
import { keptLists, readList, removeList, takeList } from '../lists/list-store.ts'
import { listId } from '../lists/signed-list.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

/** The open project as a lab sees it; null without one. */
function offered(session: Session): OfferedWork | null {
  if (!session.project) return null
  const { document } = session
  const rights = document.get('rights')
  return {
    sensors: new Set(recordsOf(document, 'stream').map((stream) => stream.sensor)),
    longestSeconds: Math.max(0, ...recordsOf(document, 'asset').map((asset) => asset.durationSeconds ?? 0)),
    licence: rights?.kind === 'rights' ? rights.licence : null,
    trainingUse: rights?.kind === 'rights' ? rights.trainingUse : 'notAllowed',
  }
}

function entryOf(list: SignedList, work: OfferedWork | null): ListEntry {
  const until = list.kind === 'wanted' ? list.content.until : null
  const needs = list.kind === 'wanted' ? list.content.needs : []
  return {
    id: listId(list),
    kind: list.kind,
    title: list.content.title,
    issuer: list.issuer,
    issued_at: list.issued_at,
    until,
    over: until !== null && until * 1000 < Date.now(),
    works: list.kind === 'fingerprints' ? list.content.works.length : 0,
    needs: needs.map((need) => {
      const missing = work === null ? [because('list.noProject')] : missingFor(need, work)
      return {
        ...need,
        missing: missing.map(({ reason }) => reason),
        missing_said: missing.map(({ said }) => said),
        fits: missing.length === 0,
      }
    }),
  }
}

/** Signed lists; wanted lists are compared with the open project without any network. */
export function listsProcedures(session: Session) {
  const home = session.options.home
  const all = async (): Promise<ListsAnswer> => {
    const { lists, refused } = await keptLists(home)
    const work = offered(session)
    return {
      lists: lists.map((list) => entryOf(list, work)),
      refused: refused.map(({ path, ...rest }) => ({ path: basename(path), ...rest })),
    }
  }
  return {
    all: implementer.lists.all.handler(all),
    take: implementer.lists.take.handler(async ({ input }) => {
      await takeList(home, await readList(session.files.resolve(input.file)))
      return await all()
    }),
    remove: implementer.lists.remove.handler(async ({ input }) => {
      await removeList(home, input.id)
      return await all()
    }),
  }
}
