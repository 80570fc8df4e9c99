import { say } from '../../../shared/sayings/saying.ts'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ImportAnswer } from '../../../shared/contract/answers.ts'
import { recordsOf, streamsOf } from '../../../shared/document/document.ts'
import type { Asset, DocumentRecord } from '../../../shared/document/records.ts'
import { placeAsset } from '../../../shared/document/timeline.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import { hashSource } from '../import/content-hash.ts'
import { describe } from '../import/describe.ts'
import { locationId, recordsFor, recordsIn, type NewAsset } from '../assets/new-asset.ts'
import type { Session } from '../session.ts'
import { refusalOf, streamAnswer } from './answers.ts'
import { companionsOf, type Companion } from './beside.ts'
import { readEdit, type ReadEdit } from './import-edit.ts'
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
  async run({ paths, beside = false }, session, { signal, progress, log }) {
    const store = session.requireProject()
    const tools = await session.tools()
    const refused: ImportAnswer['refused'] = []
    const entered: { path: string; assetId: string; already: boolean }[] = []
    const fresh: NewAsset[] = []
    const titles = new Set(recordsOf(store.document, 'asset').map(({ title }) => title))
    const edits: { path: string; edit: ReadEdit }[] = []
    const refuse = (error: unknown, path: string) => {
      const refusal = refusalOf(error, path)
      log(`Refused: ${refusal.reason} (${basename(path)})`)
      refused.push(refusal)
    }
    const recordings = await recordingsAt(paths, signal, refuse)
    const films: string[] = []
    const known = new Set<string>(recordings)
    const bring = async (path: string, n: number, count: number): Promise<void> => {
      throwIfCancelled(signal)
      progress(n / count, say('work.reading', { name: basename(path) }))
      try {
        const edit = await readEdit(path)
        if (edit) {
          edits.push({ path, edit })
          return
        }
        const { source, asset: imported } = await describe(path, { tools, signal })
        known.add(source.path)
        if (!source.isDirectory && imported.streams.some(({ sensor }) => sensor === 'video')) films.push(source.path)
        progress((n + 0.5) / count, say('work.fingerprinting', { name: basename(path) }))
        const sha256 = await hashSource(source, signal)
        const knownId = findByHash(session, sha256) ?? fresh.find((each) => each.asset.sha256 === sha256)?.asset.id
        if (knownId) {
          log(`${basename(path)} is in the project already.`)
          entered.push({ path, assetId: knownId, already: true })
          return
        }
        const made = recordsFor(imported, { path: source.path, byteLength: source.byteLength, sha256 }, titles)
        titles.add(made.asset.title)
        fresh.push(made)
        entered.push({ path, assetId: made.asset.id, already: false })
      } catch (error) {
        refuse(error, path)
      }
    }
    for (const [n, path] of recordings.entries()) await bring(path, n, recordings.length)
    const companions = await companionsOf(films, known)
    const taken = beside ? await recordingsOf(companions) : []
    for (const [n, { path }] of taken.entries()) await bring(path, n, taken.length)
    if (entered.length > 0)
      store.commit(
        { label: fresh.length === 1 ? `Import ${fresh[0]!.asset.title}` : `Import ${fresh.length} recordings` },
        (draft) => {
          for (const made of fresh) enter(draft, made)
          for (const { path, assetId, already } of entered) if (already) relink(draft, assetId, path)
        },
      )
    // After the recordings, which they may name.
    const edited: ImportAnswer['edits'] = []
    for (const { path, edit } of edits) {
      try {
        store.commit({ label: edit.label }, (draft) => void edited.push(edit.apply(draft)))
      } catch (error) {
        refuse(error, path)
      }
    }
    const seen = fresh.filter(({ asset }) => asset.assetKind !== 'data')
    for (const { asset } of seen) await session.jobs.start('derive', { assetId: asset.id })
    const document = session.document
    return {
      assets: entered.map(({ path, assetId, already }) => {
        const asset = document.get(assetId) as Asset
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

function findByHash(session: Session, sha256: string): string | undefined {
  return recordsOf(session.document, 'asset').find((asset) => asset.sha256 === sha256)?.id
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
