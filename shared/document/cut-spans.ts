/** Cutting stretches out of the whole time line: what follows moves up, on every track alike. */
import { recordsOf, type Document } from './document.ts'
import type { Caption, Clip, DocumentRecord, Track } from './records.ts'
import { splitAt } from './timeline.ts'
import { mergeSpans, type Span, type SpokenWord } from './spoken-words.ts'

type Draft = Map<string, DocumentRecord>

/**
 * Takes spans out of all tracks, with the words in them; markers inside move to the cut. Everything that was in step
 * stays so, since every track loses the same stretch. Where a locked track would have to move, nothing is cut.
 *
 * @returns how many ticks went
 */
export function cutSpans(draft: Draft, spans: readonly Span[], newId: () => string): number {
  if (lockedBehind(draft, spans)) return 0
  let cut = 0
  // From the last to the first: what is still to be cut stays where it is.
  for (const span of mergeSpans(spans).toReversed()) {
    if (span.endTicks <= span.startTicks) continue
    cutTracks(draft, span, newId)
    cutWords(draft, span)
    cutMarkers(draft, span)
    cut += span.endTicks - span.startTicks
  }
  return cut
}

/** A locked track that a cut would have to bring up; null where none lies behind the first of the spans. */
export function lockedBehind(document: Document, spans: readonly Span[]): Track | null {
  const [first] = mergeSpans(spans)
  const reaches = (clip: Clip): boolean => clip.startTicks + clip.durationTicks > first!.startTicks
  if (!first) return null
  return recordsOf(document, 'track').find((track) => track.locked && track.clips.some(reaches)) ?? null
}

/** Where a moment is once the span is gone. */
function afterCut(ticks: number, { startTicks, endTicks }: Span): number {
  return ticks <= startTicks ? ticks : Math.max(startTicks, ticks - (endTicks - startTicks))
}

function cutTracks(draft: Draft, span: Span, newId: () => string): void {
  const trackIds = recordsOf(draft, 'track')
    .filter((track) => !track.locked)
    .map((track) => track.id)
  splitAt(draft, span.startTicks, trackIds, newId)
  splitAt(draft, span.endTicks, trackIds, newId)
  for (const id of trackIds) {
    const track = draft.get(id)
    if (track?.kind !== 'track') continue
    const isInside = (clip: { startTicks: number; durationTicks: number }): boolean =>
      clip.startTicks >= span.startTicks && clip.startTicks + clip.durationTicks <= span.endTicks
    track.clips = track.clips
      .filter((clip) => !isInside(clip))
      .map((clip) => ({ ...clip, startTicks: afterCut(clip.startTicks, span) }))
  }
}

function cutWords(draft: Draft, span: Span): void {
  for (const caption of recordsOf(draft, 'caption')) {
    if (caption.endTicks <= span.startTicks) continue
    const left = withoutSpan(caption, span)
    if (left) draft.set(caption.id, left)
    else draft.delete(caption.id)
  }
}

/** What of a caption is left; null where nothing is. A word goes when most of it does. */
function withoutSpan(caption: Caption, span: Span): Caption | null {
  const startTicks = afterCut(caption.startTicks, span)
  const endTicks = afterCut(caption.endTicks, span)
  if (endTicks <= startTicks) return null
  if (!caption.words) return { ...caption, startTicks, endTicks }
  const words = caption.words
    .filter((word) => {
      const gone = Math.min(word.endTicks, span.endTicks) - Math.max(word.startTicks, span.startTicks)
      return gone <= (word.endTicks - word.startTicks) / 2
    })
    .map((word) => movedUp(word, span))
  if (words.length === 0) return null
  const text = words.length === caption.words.length ? caption.text : words.map((word) => word.text).join(' ')
  return { ...caption, startTicks, endTicks, text, words }
}

/** A word once the span is gone; one behind it keeps when it was spoken, which is evidence of time. */
function movedUp(word: SpokenWord, span: Span): SpokenWord {
  const moved = { ...word, startTicks: afterCut(word.startTicks, span), endTicks: afterCut(word.endTicks, span) }
  const by = word.startTicks - moved.startTicks
  return by === 0 ? moved : { ...moved, earlierByTicks: (word.earlierByTicks ?? 0) + by }
}

function cutMarkers(draft: Draft, span: Span): void {
  for (const marker of recordsOf(draft, 'marker')) {
    const atTicks = afterCut(marker.atTicks, span)
    const durationTicks = afterCut(marker.atTicks + marker.durationTicks, span) - atTicks
    if (atTicks !== marker.atTicks || durationTicks !== marker.durationTicks)
      draft.set(marker.id, { ...marker, atTicks, durationTicks })
  }
}
