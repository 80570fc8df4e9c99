/** How far presses that are one gesture have gone together. */
import { MERGE_WITHIN_MILLISECONDS, timeMapId, type Document } from '../../../shared/document/document.ts'
import type { Clip, Marker } from '../../../shared/document/records.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { extentIn, readoutWords, shiftWords } from '../timeline/drag-readout.ts'
import { projectFrameRate } from '../timeline/frame-rate.ts'

/** The presses of now: what they are one gesture by, and the document before the first of them. */
interface Run {
  readonly mergeKey: string
  readonly from: Document
  readonly atMilliseconds: number
  /** As the last of them left it, once that is done. */
  left: Document | null
}

let run: Run | null = null

/** To be asked before the press is done, with the document that it finds. */
function beforeTheFirst(mergeKey: string): Document {
  const atMilliseconds = performance.now()
  const { document } = useDocument.getState()
  const isOne =
    run?.mergeKey === mergeKey &&
    atMilliseconds - run.atMilliseconds < MERGE_WITHIN_MILLISECONDS &&
    // Something else was done in between.
    (run.left ?? document) === document
  const from = isOne ? run!.from : document
  run = { mergeKey, from, atMilliseconds, left: null }
  return from
}

function leftBy(mergeKey: string): Document {
  const { document } = useDocument.getState()
  if (run?.mergeKey === mergeKey) run.left = document
  return document
}

/** What a press that moves or trims something is told as, once it is done: by how much, and where that is. */
export function nudgeWords(mergeKey: string, label: string, record: Clip | Marker): () => string {
  const before = extentIn(beforeTheFirst(mergeKey), record)
  return () => {
    const document = leftBy(mergeKey)
    const after = extentIn(document, record)
    if (!before || !after) return label
    return `${label}: ${readoutWords(before, after, useSession.getState().ruler, projectFrameRate(document))}`
  }
}

/** The same of a recording whose clock is moved. */
export function clockNudgeWords(mergeKey: string, name: string, clockId: string): () => string {
  const before = offsetOf(beforeTheFirst(mergeKey), clockId)
  return () => {
    const document = leftBy(mergeKey)
    const { ruler } = useSession.getState()
    const offset = offsetOf(document, clockId)
    return t('align.nudged', {
      name,
      shift: shiftWords(offset - before, ruler, projectFrameRate(document)),
      offset: decimalWords(offset, 5),
    })
  }
}

function offsetOf(document: Document, clockId: string): number {
  const map = document.get(timeMapId(clockId))
  return map?.kind === 'timeMap' ? map.offsetSeconds : 0
}
