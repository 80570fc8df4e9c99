import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { FrameRate } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'

const FALLBACK_RATE: FrameRate = { numerator: 30, denominator: 1 }

/** The frame rate that the ruler counts in: that of the first video, but of none with less than a picture a second. */
export function projectFrameRate(document: Document): FrameRate {
  for (const { sensor, frameRate } of recordsOf(document, 'stream')) {
    if (sensor === 'video' && frameRate && frameRate.numerator >= frameRate.denominator) return frameRate
  }
  return FALLBACK_RATE
}

export function useProjectFrameRate(): FrameRate {
  return useDocument(({ document }) => projectFrameRate(document))
}
