/** Cutting the time line by its words: what was chosen as text leaves the text too. */
import { captionOfWords } from './caption-parts.ts'
import { cutSpans, lockedBehind } from './cut-spans.ts'
import { asRead, recordsOf } from './document.ts'
import type { DocumentRecord } from './records.ts'
import { mergeSpans, type Span } from './spoken-words.ts'

/**
 * Cuts stretches that begin and end at words. Of captions whose words nobody measured no cut in time alone could say
 * which words it takes; here those were chosen that lie in the stretches.
 *
 * @returns how many ticks went; 0 where a locked track is in the way, and then nothing is cut
 */
export function cutWords(draft: Map<string, DocumentRecord>, spans: readonly Span[], newId: () => string): number {
  const before = asRead(draft)
  if (lockedBehind(before, spans)) return 0
  const merged = mergeSpans(spans)
  const stays = ({ startTicks, endTicks }: Span): boolean => {
    const middle = (startTicks + endTicks) / 2
    return !merged.some((span) => middle >= span.startTicks && middle < span.endTicks)
  }
  for (const caption of recordsOf(before, 'caption')) {
    if (caption.words) continue
    const left = captionOfWords(caption, stays)
    if (!left) draft.delete(caption.id)
    else if (left !== caption) draft.set(caption.id, left)
  }
  return cutSpans(draft, spans, newId)
}
