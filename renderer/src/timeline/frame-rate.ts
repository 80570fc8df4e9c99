import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { FrameRate } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'

const FALLBACK_RATE: FrameRate = { numerator: 30, denominator: 1 }

/** The frame rate that the ruler counts in: that of the first video. */
export function projectFrameRate(document: Document): FrameRate {
  return (
    recordsOf(document, 'stream').find((stream) => stream.sensor === 'video' && stream.frameRate)?.frameRate ??
    FALLBACK_RATE
  )
}

export function useProjectFrameRate(): FrameRate {
  return useDocument(({ document }) => projectFrameRate(document))
}
