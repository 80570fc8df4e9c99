/** Who speaks: named once, given to captions or to some of their words, renamed everywhere. */
import { captionOfWords } from './caption-parts.ts'
import { asRead, recordsOf, type Document } from './document.ts'
import { LABEL_COLORS } from './place-labels.ts'
import type { Caption, DocumentRecord } from './records.ts'
import { MOST_NAME_LETTERS, type Speaker } from './speaker-records.ts'

type Draft = Map<string, DocumentRecord>

/** As a name is kept: one line without what a cue could not hold. */
export function speakerName(text: string): string {
  return text
    .replaceAll(/[\s<>]+/g, ' ')
    .trim()
    .slice(0, MOST_NAME_LETTERS)
    .trim()
}

export function speakersInOrder(document: Document): Speaker[] {
  return recordsOf(document, 'speaker').sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

/** The speaker of a name, made where there is none. Null for a name without letters. */
export function speakerNamed(draft: Draft, text: string, newId: () => string): Speaker | null {
  const name = speakerName(text)
  if (name === '') return null
  const speakers = speakersInOrder(asRead(draft))
  const known = speakers.find((speaker) => speaker.name === name)
  if (known) return known
  const order = (speakers.at(-1)?.order ?? -1) + 1
  const color = LABEL_COLORS[order % LABEL_COLORS.length]!
  const speaker: Speaker = { kind: 'speaker', id: newId(), name, color, order }
  draft.set(speaker.id, speaker)
  return speaker
}

/** Says who speaks a caption; nobody with null. */
export function withSpeaker(caption: Caption, speakerId: string | null): Caption {
  const { speakerId: _, ...rest } = caption
  return speakerId === null ? rest : { ...rest, speakerId }
}

/** Words of a caption, first and last. */
export interface WordRange {
  readonly captionId: string
  readonly from: number
  readonly to: number
}

/** Says who speaks some words: a caption of which others speak the rest is taken apart. */
export function giveSpeaker(
  draft: Draft,
  ranges: readonly WordRange[],
  speakerId: string | null,
  newId: () => string,
): void {
  for (const { captionId, from, to } of ranges) {
    const record = draft.get(captionId)
    if (record?.kind !== 'caption') continue
    const caption = asRead(record)
    if ((caption.speakerId ?? null) === speakerId) continue
    const own = captionOfWords(caption, (_, index) => index >= from && index <= to)
    if (!own) continue
    const rest = [
      captionOfWords(caption, (_, index) => index < from),
      captionOfWords(caption, (_, index) => index > to),
    ].filter((part) => part !== null)
    // What comes first keeps the id.
    const parts = [...rest, withSpeaker(own, speakerId)].sort((a, b) => a.startTicks - b.startTicks)
    for (const [n, part] of parts.entries()) {
      const id = n === 0 ? captionId : newId()
      draft.set(id, { ...part, id })
    }
  }
}

/** Renames a speaker everywhere. One who is then called as another is: the two become one. */
export function renameSpeaker(draft: Draft, speakerId: string, text: string): void {
  const name = speakerName(text)
  const speaker = draft.get(speakerId)
  if (name === '' || speaker?.kind !== 'speaker' || speaker.name === name) return
  const other = speakersInOrder(asRead(draft)).find((each) => each.name === name)
  if (!other) {
    draft.set(speakerId, { ...speaker, name })
    return
  }
  changeSpeaker(draft, speakerId, other.id)
  draft.delete(speakerId)
}

/** Takes a speaker away; nobody is said to speak what was theirs. */
export function removeSpeaker(draft: Draft, speakerId: string): void {
  changeSpeaker(draft, speakerId, null)
  draft.delete(speakerId)
}

function changeSpeaker(draft: Draft, fromId: string, toId: string | null): void {
  for (const caption of recordsOf(asRead(draft), 'caption'))
    if (caption.speakerId === fromId) draft.set(caption.id, withSpeaker(caption, toId))
}
