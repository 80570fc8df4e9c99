/** The keys of the transcript: from word to word, and what is done with the chosen ones. */
import type { KeyboardEvent } from 'react'
import type { Caption } from '../../../shared/document/records.ts'
import { useGiveSpeaker } from './speakers.tsx'
import { choose, chosenSpan, useWordChoice, type PlacedWord, type WordLine } from './transcript-order.ts'
import type { WordEdits } from './word-edits.ts'

interface TranscriptKeys {
  readonly captions: readonly Caption[]
  readonly line: WordLine
  /** Place of the focused word on the line, and index of its caption; -1 without one. */
  readonly focus: number
  readonly focused: number
  readonly edits: WordEdits
  /** @param captionId of the caption to be edited as text */
  readonly onEdit: (captionId: string | null) => void
}

export function useTranscriptKeys(keys: TranscriptKeys): (event: KeyboardEvent) => void {
  const { line, edits, onEdit } = keys
  const giveSpeaker = useGiveSpeaker(line)

  /** What is done with what is chosen; false for any other key. */
  const act = (event: KeyboardEvent): boolean => {
    const key = event.ctrlKey || event.metaKey ? `Ctrl+${event.key.toLowerCase()}` : event.key
    const span = chosenSpan(line)
    if (key === 'Ctrl+a' && line.words.length > 0) {
      const [first, last] = [line.words[0]!, line.words.at(-1)!]
      useWordChoice.setState({ anchor: first, focus: last })
    } else if (key === 'Ctrl+v') edits.paste()
    else if (!span) return false
    else if (key === 'Delete' || key === 'Backspace') edits.cut([span])
    else if (key === 'Ctrl+c') edits.copyChosen()
    else if (key === 'Ctrl+x') edits.takeChosen()
    else if (key === 'Escape') choose(null)
    else if (/^\d$/.test(key) && !event.altKey) giveSpeaker(Number(key))
    else if (key === 'F2') onEdit(useWordChoice.getState().focus?.captionId ?? null)
    else return false
    return true
  }

  return (event) => {
    if ((event.target as HTMLElement).tagName === 'TEXTAREA') return
    const next = wordBy(event, keys)
    if (next) choose(next, event.shiftKey)
    if (next || act(event)) event.preventDefault()
  }
}

/** The word that a key leads to from the focused one: along the line, or to the caption above or below. */
function wordBy(event: KeyboardEvent, { captions, line, focus, focused }: TranscriptKeys): PlacedWord | undefined {
  const { words, firstPlaces } = line
  const isAll = event.ctrlKey || event.metaKey
  const own = captions[Math.max(0, focused)]
  const first = (own && firstPlaces.get(own.id)) ?? 0
  if (event.key === 'Home') return words[isAll ? 0 : first]
  if (event.key === 'End') return isAll ? words.at(-1) : words.findLast((word) => word.captionId === own?.id)
  if (isAll || event.altKey) return undefined
  // Where text runs from right to left, so do the keys.
  const isRightToLeft = event.target instanceof HTMLElement && getComputedStyle(event.target).direction === 'rtl'
  const by = { ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 }[event.key]
  if (by !== undefined) return words[focus + by]
  const rows = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const caption = rows === undefined ? undefined : captions[Math.max(0, focused) + rows]
  return caption && words[firstPlaces.get(caption.id) ?? -1]
}
