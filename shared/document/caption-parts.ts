/** Captions taken apart at their words. */
import type { Caption } from './records.ts'
import { wordsOf, type SpokenWord } from './spoken-words.ts'
import { joinWords } from './word-texts.ts'

/** A caption with the words of it that are wanted, as long as they are; null where none is. */
export function captionOfWords(caption: Caption, wanted: (word: SpokenWord, index: number) => boolean): Caption | null {
  const all = wordsOf(caption)
  const words = all.filter(wanted)
  if (words.length === 0) return null
  if (words.length === all.length) return caption
  const part: Caption = {
    ...caption,
    startTicks: words[0]!.startTicks,
    endTicks: Math.max(words[0]!.startTicks + 1, words.at(-1)!.endTicks),
    text: joinWords(words.map(({ text }) => text)),
  }
  return caption.words ? { ...part, words: [...words] } : part
}
