/** Putting captions that came from elsewhere onto the timeline. */
import { ticksFromSeconds } from '../units.ts'
import type { DocumentRecord } from './records.ts'
import { speakerNamed } from './speakers.ts'

interface ForeignWords {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly text: string
}

export interface ForeignCaption extends ForeignWords {
  /** Who speaks, by name: somebody of that name who is there already is the one. */
  readonly speaker?: string
  readonly words?: readonly ForeignWords[]
}

const timesOf = ({ startSeconds, endSeconds }: ForeignWords) => ({
  startTicks: ticksFromSeconds(startSeconds),
  endTicks: ticksFromSeconds(endSeconds),
})

/** Adds captions to those that are there. Returns how many. */
export function placeCaptions(
  draft: Map<string, DocumentRecord>,
  captions: readonly ForeignCaption[],
  newId: () => string,
): number {
  const speakerIds = new Map<string, string | undefined>()
  for (const caption of captions) {
    const { text, speaker, words } = caption
    if (speaker !== undefined && !speakerIds.has(speaker))
      speakerIds.set(speaker, speakerNamed(draft, speaker, () => `speaker:${newId()}`)?.id)
    const speakerId = speaker === undefined ? undefined : speakerIds.get(speaker)
    const id = `caption:${newId()}`
    draft.set(id, {
      kind: 'caption',
      id,
      assetId: null,
      ...timesOf(caption),
      text,
      source: 'imported',
      ...(speakerId === undefined ? {} : { speakerId }),
      ...(words ? { words: words.map((word) => ({ text: word.text, ...timesOf(word) })) } : {}),
    })
  }
  return captions.length
}
