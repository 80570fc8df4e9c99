/** The asking side: which jobs go to other machines, and how their answers are applied. */
import { jobKinds } from '../../../shared/contract/jobs.ts'
import type { Document } from '../../../shared/document/document.ts'
import { isSame } from '../../../shared/document/patches.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { firstOutside, type Answer } from '../jobs/farm/job-folder.ts'
import type { FarmSettings } from '../jobs/farm/settings.ts'
import type { AwayContext, Place } from '../jobs/queue.ts'
import type { Session } from '../session.ts'
import type { AnyElsewhere, AnyWork } from './registry.ts'

const NAMED = 5

/** Elsewhere if the studio has other machines, the kind may go there, and they see all its files. */
export function placeOf(entry: AnyWork, prepared: unknown, session: Session): Place {
  const { farm } = session.options
  const { elsewhere } = entry
  if (!farm || !elsewhere || !session.project) return {}
  try {
    const files = filesOf(elsewhere, prepared, session)
    const outside = firstOutside(farm.sharedFolder, files)
    if (outside === null) return { away: (context) => handOver(entry, elsewhere, prepared, session, farm, context) }
    return { hereBecause: `Done on this machine: ${outside} is not in the shared folder ${farm.sharedFolder}.` }
  } catch (error) {
    return { hereBecause: `Done on this machine: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** Every path that a job reads or writes, including those of the project. */
export function filesOf(elsewhere: AnyElsewhere, prepared: unknown, session: Session): string[] {
  const { path } = session.requireProject()
  return [path, `${path}.cache`, ...elsewhere.files(prepared as never, session)]
}

async function handOver(
  { kind, lane }: AnyWork,
  elsewhere: AnyElsewhere,
  prepared: unknown,
  session: Session,
  farm: FarmSettings,
  context: AwayContext,
): Promise<unknown> {
  const store = session.requireProject()
  const before = store.document
  const { version } = session.options
  const input = JSON.parse(JSON.stringify(prepared)) as never
  const order = { version, kind, project: store.path, input, records: [...before.values()] }
  const { askFarm } = await import('../jobs/farm/ask.ts')
  const answer = await askFarm(farm, order, lane !== 'background', context)
  if (answer.version !== version) {
    throw new AsterismError('conflict', say('work.failed.otherVersion', { other: answer.version, own: version }), {
      fix: say('work.fix.sameVersion'),
    })
  }
  if (answer.outcome === 'failed') {
    const { code, message, ...details } = answer.failure
    throw new AsterismError(code, message, details)
  }
  const parsed = jobKinds[kind].output.safeParse(answer.result)
  if (!parsed.success) throw notBelieved(`its result is malformed (${parsed.error.issues[0]?.path.join('.')})`)
  const outside = firstOutside(farm.sharedFolder, pathsIn(parsed.data))
  if (outside !== null) throw notBelieved(`it names ${outside}, which is not in the shared folder`)
  const changes = changesOf(answer, before, elsewhere)
  refuseConflicts(changes, before, store.document)
  if (changes.size > 0) {
    store.commit({ label: answer.label }, (draft) => {
      for (const [id, record] of changes) {
        if (record) draft.set(id, record)
        else draft.delete(id)
      }
    })
  }
  return parsed.data
}

type Changes = ReadonlyMap<string, DocumentRecord | null>

function changesOf(
  { changed, removed }: Answer & { outcome: 'done' },
  before: Document,
  { changes }: AnyElsewhere,
): Changes {
  const all = new Map<string, DocumentRecord | null>([
    ...changed.map((record) => [record.id, record] as const),
    ...removed.map((id) => [id, null] as const),
  ])
  for (const [id, record] of all) {
    const kinds = [record?.kind, before.get(id)?.kind].filter((kind) => kind !== undefined)
    const stray = kinds.find((kind) => !changes.includes(kind))
    if (stray) throw notBelieved(`it changes records of kind ${stray}`)
  }
  return all
}

/** @throws AsterismError `conflict` if records that it changed were changed here too. */
function refuseConflicts(changes: Changes, before: Document, now: Document): void {
  const both = [...changes.keys()].filter((id) => !isSame(before.get(id), now.get(id)))
  if (both.length === 0) return
  const names = [...new Set(both.map((id) => nameOf(now.get(id) ?? before.get(id), id)))]
  const named = names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '')
  throw new AsterismError('conflict', say('work.failed.changed', { what: named }), {
    kept: say('work.kept.asLeft'),
    fix: say('work.fix.takeJobUp'),
  })
}

function nameOf(record: DocumentRecord | undefined, id: string): string {
  return record && 'title' in record && typeof record.title === 'string' ? `"${record.title}"` : id
}

function pathsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'path' && typeof each === 'string' ? [each] : pathsIn(each),
  )
}

function notBelieved(why: string): AsterismError {
  return new AsterismError('corrupt_file', say('work.failed.answer', { why }), {
    kept: say('work.kept.nothingTaken'),
  })
}
