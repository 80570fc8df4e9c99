/**
 * The document: an immutable map of records, changed by recipes that yield patches both ways. The engine keeps the
 * authoritative copy and the journal; the window keeps a replica that it brings up to date with the same patches.
 */
import { create, current, isDraft } from 'mutative'
import { AsterismError } from '../errors.ts'
import { say } from '../sayings/saying.ts'
import { patchesBetween, type Patch } from './patches.ts'
import {
  recordSchema,
  type Clip,
  type Document,
  type DocumentRecord,
  type RecordKind,
  type RecordOf,
} from './records.ts'

export type { Document } from './records.ts'

/** Gestures with one merge key within this time are one step of undo, as a drag is. */
export const MERGE_WITHIN_MILLISECONDS = 2000

export interface Edit {
  readonly document: Document
  /** Turns the old document into the new one. */
  readonly forward: readonly Patch[]
  /** Turns the new document back into the old one. */
  readonly inverse: readonly Patch[]
}

export type Recipe = (draft: Map<string, DocumentRecord>) => void

/** Runs a recipe on a draft of the document. Records that the recipe leaves alone keep their identity. */
export function edit(document: Document, recipe: Recipe): Edit {
  const next: Document = create(document as Map<string, DocumentRecord>, (draft) => {
    recipe(draft as Map<string, DocumentRecord>)
  })
  return editTo(document, next)
}

/** The edit that leads from one state of the document to another. */
export function editTo(document: Document, next: Document): Edit {
  return { document: next, forward: patchesBetween(document, next), inverse: patchesBetween(next, document) }
}

/**
 * Checks the records that an edit touched against their schemas and against each other.
 *
 * @param before the document before the edit, which was valid: clips that it has too are not checked for their form again
 * @throws AsterismError bad_input naming the record and the field.
 */
export function assertValid(document: Document, ids: Iterable<string>, before?: Document): void {
  for (const id of ids) {
    const record = document.get(id)
    if (!record) continue
    const parsed = recordSchema.safeParse(unchecked(record, before?.get(id)))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      throw new AsterismError(
        'bad_input',
        say('misfit.record', {
          id,
          place: issue?.path.join('.') ?? '',
          fault: issue?.message ?? say('misfit.recordMalformed'),
        }),
      )
    }
    if (record.id !== id) throw new AsterismError('bad_input', say('misfit.recordOtherId', { id, other: record.id }))
    assertReferences(document, record)
  }
}

/** A record with what of it could be wrong. */
function unchecked(record: DocumentRecord, before: DocumentRecord | undefined): unknown {
  if (record.kind !== 'track' || before?.kind !== 'track' || !Array.isArray(record.clips)) return record
  const known = new Set<Clip>(before.clips)
  return { ...record, clips: record.clips.filter((clip) => !known.has(clip)) }
}

function assertReferences(document: Document, record: DocumentRecord): void {
  const need = (id: string, kind: RecordKind): void => {
    if (document.get(id)?.kind !== kind) {
      throw new AsterismError('bad_input', say('misfit.recordRefers', { id: record.id, kind, other: id }))
    }
  }
  if (record.kind === 'stream') {
    need(record.assetId, 'asset')
    need(record.clockId, 'clock')
  } else if (
    record.kind === 'clock' ||
    record.kind === 'transform' ||
    record.kind === 'location' ||
    record.kind === 'pathCorrection' ||
    record.kind === 'commentaryTake'
  ) {
    need(record.assetId, 'asset')
  } else if (record.kind === 'timeMap') {
    need(record.clockId, 'clock')
  } else if (record.kind === 'marker') {
    if (record.labelId !== undefined) need(record.labelId, 'label')
  } else if (record.kind === 'caption') {
    if (record.speakerId !== undefined) need(record.speakerId, 'speaker')
  } else if (record.kind === 'track') {
    assertClips(record, need)
  }
}

function assertClips(track: RecordOf<'track'>, need: (id: string, kind: RecordKind) => void): void {
  let end = Number.NEGATIVE_INFINITY
  for (const clip of track.clips) {
    need(clip.assetId, 'asset')
    if (clip.startTicks < end) {
      throw new AsterismError('bad_input', say('misfit.clipsOverlap', { track: track.title }))
    }
    end = clip.startTicks + clip.durationTicks
  }
}

/**
 * A record or a list as it is now, without the cost of drafting what is only looked at: a search through the clips of a
 * draft would make a draft of each.
 */
export function asRead<T extends object>(value: T): T {
  return isDraft(value) ? current(value) : value
}

/** All records of a kind, in the order they entered the document. */
export function recordsOf<K extends RecordKind>(document: Document, kind: K): RecordOf<K>[] {
  const found: RecordOf<K>[] = []
  for (const record of document.values()) if (record.kind === kind) found.push(record as RecordOf<K>)
  return found
}

/** The record with an id, of the kind it must have. */
export function requireRecord<K extends RecordKind>(document: Document, kind: K, id: string): RecordOf<K> {
  const record = document.get(id)
  if (record?.kind !== kind) throw new AsterismError('not_found', say('misfit.noRecord', { kind, id }))
  return record as RecordOf<K>
}

/** Ids of the streams of an asset in the order of the recording. */
export function streamsOf(document: Document, assetId: string): RecordOf<'stream'>[] {
  return recordsOf(document, 'stream')
    .filter((stream) => stream.assetId === assetId)
    .sort((a, b) => a.index - b.index)
}

export function timeMapId(clockId: string): string {
  return `timeMap:${clockId}`
}

export function transformId(assetId: string): string {
  return `transform:${assetId}`
}

export function reportId(subject: RecordOf<'report'>['subject']): string {
  return `report:${subject}`
}
