/** A stretch of the whole time line taken along and put in elsewhere: what is said there goes with its pictures and sounds. */
import { captionOfWords } from './caption-parts.ts'
import { sourceTicksAt } from './clip-clock.ts'
import { partFades } from './clip-sound.ts'
import { lockedBehind } from './cut-spans.ts'
import { asRead, recordsOf, type Document } from './document.ts'
import type { Caption, Clip, DocumentRecord } from './records.ts'
import type { Span } from './spoken-words.ts'
import { withSpeaker } from './speakers.ts'
import { splitAt } from './timeline.ts'

type Draft = Map<string, DocumentRecord>

const NONE: ReadonlySet<string> = new Set()

/** Clips and words of a stretch where they lay. */
export interface Stretch extends Span {
  readonly clips: readonly { readonly trackId: string; readonly clip: Clip }[]
  readonly captions: readonly Caption[]
}

export function copyStretch(document: Document, span: Span): Stretch {
  const clips = recordsOf(document, 'track').flatMap((track) =>
    track.clips.flatMap((clip) => {
      const part = partOf(document, clip, span)
      return part ? [{ trackId: track.id, clip: part }] : []
    }),
  )
  const captions = recordsOf(document, 'caption').flatMap((caption) => {
    const part = captionOfWords(caption, (word) => word.startTicks >= span.startTicks && word.endTicks <= span.endTicks)
    return part ? [part] : []
  })
  return { ...span, clips, captions }
}

function partOf(document: Document, clip: Clip, span: Span): Clip | null {
  const clipEnd = clip.startTicks + clip.durationTicks
  const startTicks = Math.max(clip.startTicks, span.startTicks)
  const endTicks = Math.min(clipEnd, span.endTicks)
  if (endTicks <= startTicks) return null
  const part: Clip = { ...clip, startTicks, durationTicks: endTicks - startTicks }
  if (startTicks > clip.startTicks) {
    part.sourceStartTicks = sourceTicksAt(document, clip, startTicks)
    partFades({ ...clip }, part)
  }
  if (endTicks < clipEnd) partFades(part, { ...clip })
  return part
}

/**
 * Puts a stretch in at a moment: on every track what lies behind it makes room, words and markers with it. Clips of
 * tracks and recordings that are gone are left out. Where a locked track would have to move, nothing is done.
 *
 * @returns whether it was put in
 */
export function insertStretch(draft: Draft, stretch: Stretch, atTicks: number, newId: () => string): boolean {
  const byTicks = stretch.endTicks - stretch.startTicks
  if (byTicks <= 0 || lockedBehind(asRead(draft), [{ startTicks: atTicks, endTicks: atTicks + 1 }])) return false
  makeRoom(draft, atTicks, byTicks, newId)
  const shift = atTicks - stretch.startTicks
  const links = new Map<string, string>()
  for (const { trackId, clip } of stretch.clips) {
    const track = draft.get(trackId)
    if (track?.kind !== 'track' || track.locked || !draft.has(clip.assetId)) continue
    const linkId = clip.linkId === null ? null : (links.get(clip.linkId) ?? newId())
    if (clip.linkId !== null && linkId !== null) links.set(clip.linkId, linkId)
    const copy: Clip = { ...clip, id: newId(), startTicks: clip.startTicks + shift, linkId }
    track.clips = [...asRead(track.clips), copy].sort((a, b) => a.startTicks - b.startTicks)
  }
  for (const caption of stretch.captions) {
    const id = newId()
    const isKnown = caption.speakerId !== undefined && draft.has(caption.speakerId)
    draft.set(id, { ...withSpeaker(later(caption, shift), isKnown ? caption.speakerId! : null), id })
  }
  return true
}

/**
 * Makes room in the whole time line: what begins at a moment or later, or goes on there, lies later on every track that
 * is not locked, words and markers with it.
 *
 * @param opened tracks that have the room already
 */
export function makeRoom(
  draft: Draft,
  atTicks: number,
  byTicks: number,
  newId: () => string,
  opened: ReadonlySet<string> = NONE,
): void {
  const trackIds = recordsOf(asRead(draft), 'track').flatMap((track) =>
    track.locked || opened.has(track.id) ? [] : [track.id],
  )
  splitAt(draft, atTicks, trackIds, newId)
  for (const id of trackIds) {
    const track = draft.get(id)
    if (track?.kind !== 'track') continue
    track.clips = asRead(track.clips).map((clip) =>
      clip.startTicks >= atTicks ? { ...clip, startTicks: clip.startTicks + byTicks } : clip,
    )
  }
  const before = asRead(draft)
  for (const caption of recordsOf(before, 'caption')) {
    if (caption.endTicks <= atTicks) continue
    // Words go where their middle lies: a cut between two words seldom falls on its very tick.
    const isBefore = (word: Span): boolean => word.startTicks + word.endTicks <= 2 * atTicks
    const head = captionOfWords(caption, isBefore)
    const tail = captionOfWords(caption, (word) => !isBefore(word))
    if (head) draft.set(caption.id, head)
    if (!tail) continue
    const id = head ? newId() : caption.id
    draft.set(id, { ...later(tail, byTicks), id })
  }
  for (const marker of recordsOf(before, 'marker')) {
    if (marker.atTicks >= atTicks) draft.set(marker.id, { ...marker, atTicks: marker.atTicks + byTicks })
    else if (marker.atTicks + marker.durationTicks > atTicks)
      draft.set(marker.id, { ...marker, durationTicks: marker.durationTicks + byTicks })
  }
}

/** A caption at another time; its words keep when they were spoken. */
function later(caption: Caption, byTicks: number): Caption {
  const moved = { startTicks: caption.startTicks + byTicks, endTicks: caption.endTicks + byTicks }
  if (!caption.words) return { ...caption, ...moved }
  const words = caption.words.map((word) => {
    const { earlierByTicks = 0, ...rest } = word
    const earlier = earlierByTicks - byTicks
    const at = { ...rest, startTicks: word.startTicks + byTicks, endTicks: word.endTicks + byTicks }
    return earlier === 0 ? at : { ...at, earlierByTicks: earlier }
  })
  return { ...caption, ...moved, words }
}
