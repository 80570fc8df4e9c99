import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Document } from '../../../shared/document/document.ts'
import type { RecordKind } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'

const IN_WORLD: ReadonlySet<RecordKind> = new Set([
  'project',
  'asset',
  'clock',
  'stream',
  'timeMap',
  'transform',
  'spaceEvidence',
])

/** What the world is drawn from of the document. Another one only when some of that changed: cutting a clip draws no scan again. */
export function useWorldDocument(): Document {
  const records = useDocument(
    useShallow(({ document }) => [...document.values()].filter(({ kind }) => IN_WORLD.has(kind))),
  )
  return useMemo(() => new Map(records.map((record) => [record.id, record])), [records])
}
