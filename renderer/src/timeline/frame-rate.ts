import { useShallow } from 'zustand/react/shallow'
import type { Document } from '../../../shared/document/document.ts'
import { sequenceRate } from '../../../shared/document/edit-rates.ts'
import { tracksInOrder } from '../../../shared/document/timeline.ts'
import type { FrameRate } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'

/** The frame rate that the ruler counts in, and with it the playhead's steps and what is exported. */
export function projectFrameRate(document: Document): FrameRate {
  return sequenceRate({
    tracks: tracksInOrder(document),
    stream: (id) => {
      const record = document.get(id)
      return record?.kind === 'stream' ? record : undefined
    },
  })
}

export function useProjectFrameRate(): FrameRate {
  return useDocument(useShallow(({ document }) => projectFrameRate(document)))
}
