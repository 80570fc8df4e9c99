/** The words of all captions in one line, and which of them are chosen. */
import { create } from 'zustand'
import type { Caption } from '../../../shared/document/records.ts'
import { wordsOf, type Span, type SpokenWord } from '../../../shared/document/spoken-words.ts'

/** A word in its caption. */
export interface WordAt {
  readonly captionId: string
  readonly index: number
}

export interface PlacedWord extends SpokenWord, WordAt {}

export interface WordLine {
  readonly words: readonly PlacedWord[]
  /** Of the first word of each caption that has any. */
  readonly firstPlaces: ReadonlyMap<string, number>
}

interface WordChoice {
  /** Where the choice began, and where it has been led to. */
  readonly anchor: WordAt | null
  readonly focus: WordAt | null
}

export const useWordChoice = create<WordChoice>(() => ({ anchor: null, focus: null }))

/** Captions are never changed, only replaced: their words are placed once. */
const placedWords = new WeakMap<Caption, readonly PlacedWord[]>()

export function placedWordsOf(caption: Caption): readonly PlacedWord[] {
  const known = placedWords.get(caption)
  if (known) return known
  const words = wordsOf(caption).map((word, index) => ({ ...word, captionId: caption.id, index }))
  placedWords.set(caption, words)
  return words
}

export function inOneLine(captions: readonly Caption[]): WordLine {
  const firstPlaces = new Map<string, number>()
  const words: PlacedWord[] = []
  for (const caption of captions) {
    const own = placedWordsOf(caption)
    if (own.length > 0) firstPlaces.set(caption.id, words.length)
    for (const word of own) words.push(word)
  }
  return { words, firstPlaces }
}

/** -1 where there is no such word, or no longer. */
export function placeOf({ words, firstPlaces }: WordLine, at: WordAt | null): number {
  const first = at === null ? undefined : firstPlaces.get(at.captionId)
  if (at === null || first === undefined) return -1
  return words[first + at.index]?.captionId === at.captionId ? first + at.index : -1
}

/** First and last chosen word by their place in the line; null where none is, or one has gone meanwhile. */
export function chosenRange(line: WordLine, choice: WordChoice): readonly [number, number] | null {
  const [from, to] = [placeOf(line, choice.anchor), placeOf(line, choice.focus)]
  return from < 0 || to < 0 ? null : [Math.min(from, to), Math.max(from, to)]
}

/** The stretch of the time line that words take, pauses between them included. */
export function spanOfWords(words: readonly PlacedWord[]): Span {
  return words.reduce<Span>(
    (span, word) => ({
      startTicks: Math.min(span.startTicks, word.startTicks),
      endTicks: Math.max(span.endTicks, word.endTicks),
    }),
    { startTicks: Infinity, endTicks: -Infinity },
  )
}

/** The chosen words caption by caption. */
export function chosenCaptions(line: WordLine, choice: WordChoice): { captionId: string; from: number; to: number }[] {
  const range = chosenRange(line, choice)
  const parts: { captionId: string; from: number; to: number }[] = []
  for (const { captionId, index } of range ? line.words.slice(range[0], range[1] + 1) : []) {
    const last = parts.at(-1)
    if (last?.captionId === captionId) last.to = index
    else parts.push({ captionId, from: index, to: index })
  }
  return parts
}

/** What is chosen now; null where nothing is. */
export function chosenSpan(line: WordLine): Span | null {
  const range = chosenRange(line, useWordChoice.getState())
  return range ? spanOfWords(line.words.slice(range[0], range[1] + 1)) : null
}

export function choose(word: WordAt | null, extend = false): void {
  if (word === null) {
    useWordChoice.setState({ anchor: null, focus: null })
    return
  }
  const { captionId, index } = word
  useWordChoice.setState(({ anchor }) => ({
    anchor: extend && anchor ? anchor : { captionId, index },
    focus: { captionId, index },
  }))
}
