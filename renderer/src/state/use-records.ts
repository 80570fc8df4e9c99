import type { Document } from '../../../shared/document/document.ts'
import { recordsOf } from '../../../shared/document/document.ts'
import type { RecordKind, RecordOf } from '../../../shared/document/records.ts'
import { useDocument } from './document-store.ts'

interface Kept {
  readonly document: Document
  readonly records: readonly { readonly id: string }[]
}

const kept = new Map<RecordKind, Kept>()

/**
 * The records of a kind: the same list as long as none of them changed, so that what shows recordings is not drawn anew
 * whenever a clip was cut.
 */
export function useRecords<K extends RecordKind>(kind: K): readonly RecordOf<K>[] {
  return useDocument(({ document }) => recordsKept(document, kind))
}

function recordsKept<K extends RecordKind>(document: Document, kind: K): readonly RecordOf<K>[] {
  const last = kept.get(kind)
  if (last?.document === document) return last.records as readonly RecordOf<K>[]
  const found = recordsOf(document, kind)
  const isAsBefore =
    last !== undefined && last.records.length === found.length && found.every((each, n) => each === last.records[n])
  const records = isAsBefore ? (last.records as readonly RecordOf<K>[]) : found
  kept.set(kind, { document, records })
  return records
}

/** Whether the file of a recording is missing, as far as known. */
export function useIsMissing(assetId: string): boolean {
  return useDocument(({ document }) => {
    const asset = document.get(assetId)
    return asset?.kind === 'asset' && asset.missing
  })
}
