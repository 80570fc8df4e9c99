import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ImportAnswer } from '../../../shared/contract/answers.ts'
import { requireRecord, streamsOf } from '../../../shared/document/document.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { placeAsset } from '../../../shared/document/timeline.ts'
import { inEnglish, say, type Saying } from '../../../shared/sayings/saying.ts'
import { locationId, recordsIn, type NewAsset } from '../assets/new-asset.ts'
import { streamAnswer } from './answers.ts'
import { companionsOf, type Companion } from './beside.ts'
import { readEdit } from './import-edit.ts'
import { Intake } from './intake.ts'
import { recordingsAt } from './plain-folder.ts'
import type { Work } from './registry.ts'

interface Prepared {
  paths: string[]
  /** Brings what lies beside films and belongs to them, too. */
  beside?: boolean
}

/** Adds recordings to the project: one gesture for all that came in together. */
export const importWork: Work<'import', Prepared> = {
  kind: 'import',
  lane: 'main',
  resumesByItself: true,
  prepare: (input, session) => ({
    paths: input.files.map((token) => session.files.resolve(token)),
    ...(input.beside && { beside: true }),
  }),
  title: (prepared) =>
    prepared.paths.length === 1
      ? `Import ${basename(prepared.paths[0]!)}`
      : `Import ${prepared.paths.length} recordings`,
  about: ({ paths: [first, ...others] }) => ({
    subject: [basename(first!), ...(others.length > 0 ? [others.length] : [])].join(' + '),
  }),
  async run({ paths, beside = false }, session, context) {
    const store = session.requireProject()
    const intake = new Intake(session, await session.tools(), context)
    await intake.bringAll(await recordingsAt(paths, context.signal, intake.refuse))
    const companions = await companionsOf(intake.films, intake.known)
    const taken = beside ? await recordingsOf(companions) : []
    await intake.bringAll(taken.map(({ path }) => path))
    const { entered, fresh, edits, refused } = intake
    if (entered.length > 0)
      store.commit({ label: inEnglish(stepOf(fresh)) }, (draft) => {
        for (const made of fresh) enter(draft, made)
        for (const { path, assetId, already } of entered) if (already) relink(draft, assetId, path)
      })
    // After the recordings, which they may name.
    const edited: ImportAnswer['edits'] = []
    for (const { path, edit } of edits) {
      try {
        store.commit({ label: edit.label }, (draft) => void edited.push(edit.apply(draft)))
      } catch (error) {
        intake.refuse(error, path)
      }
    }
    const seen = fresh.filter(({ asset }) => asset.assetKind !== 'data')
    for (const { asset } of seen) await session.jobs.start('derive', { assetId: asset.id })
    const document = session.document
    return {
      assets: entered.map(({ path, assetId, already }) => {
        const asset = requireRecord(document, 'asset', assetId)
        return {
          id: asset.id,
          path,
          format: asset.format,
          kind: asset.assetKind,
          duration_s: asset.durationSeconds,
          sha256: asset.sha256,
          streams: streamsOf(document, assetId).map((stream) => streamAnswer(stream, stream.id)),
          warnings: asset.warnings,
          already_imported: already,
        }
      }),
      refused,
      edits: edited,
      beside: companions.filter((each) => !taken.includes(each)),
    }
  },
}

/** Without captions and edits: they change the timeline, where the film may lie anywhere. */
async function recordingsOf(companions: readonly Companion[]): Promise<Companion[]> {
  const isRecording = await Promise.all(
    companions.map(({ path }) =>
      readEdit(path).then(
        (edit) => edit === null,
        () => false,
      ),
    ),
  )
  return companions.filter((_, index) => isRecording[index])
}

function stepOf(fresh: readonly NewAsset[]): Saying {
  return fresh.length === 1
    ? say('step.import', { title: fresh[0]!.asset.title })
    : say('step.importSeveral', { count: fresh.length })
}

/** A file that was imported before and lies elsewhere now is found again. */
function relink(draft: Map<string, DocumentRecord>, assetId: string, path: string): void {
  const asset = draft.get(assetId)
  const location = draft.get(locationId(assetId))
  if (asset?.kind !== 'asset' || location?.kind !== 'location' || !asset.missing) return
  asset.missing = false
  delete asset.changed
  location.path = path
  location.modifiedAtMilliseconds = statSync(path).mtimeMs
}

function enter(draft: Map<string, DocumentRecord>, made: NewAsset): void {
  for (const record of recordsIn(made)) draft.set(record.id, record)
  placeAsset(draft, made.asset, made.streams)
}
