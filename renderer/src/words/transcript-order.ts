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

interface WordChoice {
  /** Where the choice began, and where it has been led to. */
  readonly anchor: WordAt | null
  readonly focus: WordAt | null
}

export const useWordChoice = create<WordChoice>(() => ({ anchor: null, focus: null }))

export function inOneLine(captions: readonly Caption[]): PlacedWord[] {
  return captions.flatMap((caption) =>
    wordsOf(caption).map((word, index) => ({ ...word, captionId: caption.id, index })),
  )
}

export function placeOf(words: readonly PlacedWord[], at: WordAt | null): number {
  return at === null ? -1 : words.findIndex((word) => word.captionId === at.captionId && word.index === at.index)
}

/** First and last chosen word by their place in the line; null where none is, or one has gone meanwhile. */
export function chosenRange(words: readonly PlacedWord[], choice: WordChoice): readonly [number, number] | null {
  const [from, to] = [placeOf(words, choice.anchor), placeOf(words, choice.focus)]
  return from < 0 || to < 0 ? null : [Math.min(from, to), Math.max(from, to)]
}

/** The stretch of the time line that words take, pauses between them included. */
export function spanOfWords(words: readonly PlacedWord[]): Span {
  return {
    startTicks: Math.min(...words.map((word) => word.startTicks)),
    endTicks: Math.max(...words.map((word) => word.endTicks)),
  }
}

export function choose(word: WordAt, extend: boolean): void {
  const { captionId, index } = word
  useWordChoice.setState(({ anchor }) => ({
    anchor: extend && anchor ? anchor : { captionId, index },
    focus: { captionId, index },
  }))
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')

/** Where a phrase is said, as first and last place in the line; its last word may be a beginning. */
export function findPhrase(words: readonly PlacedWord[], phrase: string): (readonly [number, number])[] {
  const wanted = phrase.split(/\s+/).map(plain).filter(Boolean)
  if (wanted.length === 0) return []
  const said = words.map((word) => plain(word.text))
  const found: (readonly [number, number])[] = []
  for (let from = 0; from + wanted.length <= said.length; from++) {
    const isHere = wanted.every((part, n) =>
      n === wanted.length - 1 ? said[from + n]!.startsWith(part) : said[from + n] === part,
    )
    if (isHere) found.push([from, from + wanted.length - 1])
  }
  return found
}
