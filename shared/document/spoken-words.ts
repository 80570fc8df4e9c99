/** Words on the time line: where each lies, what an edited text does to them, and which spans are not worth keeping. */
import { ticksFromSeconds } from '../units.ts'
import { recordsOf, type Document } from './document.ts'
import type { Caption } from './records.ts'
import { joinWords, wordsIn } from './word-texts.ts'

/** A stretch of the time line, in ticks of the project. */
export interface Span {
  readonly startTicks: number
  readonly endTicks: number
}

export interface SpokenWord extends Span {
  readonly text: string
  /** How much earlier it lies than its recording says, by what was cut out before it; below 0: later. */
  readonly earlierByTicks?: number | undefined
}

/** Sounds that fill a pause, in English and German, without signs. */
const FILLERS: ReadonlySet<string> = new Set('um umm uh uhm uhh er erm hm hmm mm mhm äh ähm öh öhm eh ehm'.split(' '))

export function inTimeOrder(captions: readonly Caption[]): Caption[] {
  return captions.toSorted((a, b) => a.startTicks - b.startTicks || a.endTicks - b.endTicks)
}

export function captionsInOrder(document: Document): Caption[] {
  return inTimeOrder(recordsOf(document, 'caption'))
}

/** The words of a caption; where nobody measured them, each lasts as its letters take of the whole. */
export function wordsOf(caption: Caption): readonly SpokenWord[] {
  return caption.words ?? spread(wordsIn(caption.text), caption)
}

/** Lays words over a span, each as long as it is in letters. */
function spread(texts: readonly string[], { startTicks, endTicks }: Span): SpokenWord[] {
  const letters = texts.reduce((sum, text) => sum + text.length, 0)
  let before = 0
  return texts.map((text) => {
    const from = before
    before += text.length
    return {
      text,
      startTicks: startTicks + Math.round((from / letters) * (endTicks - startTicks)),
      endTicks: startTicks + Math.round((before / letters) * (endTicks - startTicks)),
    }
  })
}

/**
 * What a caption becomes when its text is edited: words that stay keep their times, those between them share the time of
 * what they replace.
 */
export function withText(caption: Caption, text: string): Caption {
  const before = wordsOf(caption)
  const after = wordsIn(text)
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head]!.text === after[head]) head++
  let tail = 0
  while (tail < most - head && before[before.length - 1 - tail]!.text === after[after.length - 1 - tail]) tail++
  const edited = replaceWords(caption, head, before.length - tail, after.slice(head, after.length - tail))
  return { ...edited, text: text.trim().replaceAll(/\s+/g, ' ') }
}

/** A caption with other words where some of its words were: these share the time of what they replace. */
export function replaceWords(caption: Caption, from: number, to: number, texts: readonly string[]): Caption {
  const before = wordsOf(caption)
  const said = [...before.slice(0, from).map(({ text }) => text), ...texts, ...before.slice(to).map(({ text }) => text)]
  const text = joinWords(said)
  if (!caption.words) return { ...caption, text }
  // Words that replace none have the pause in which they were put.
  const startTicks = (to > from ? before[from]?.startTicks : before[from - 1]?.endTicks) ?? caption.startTicks
  const endTicks = (to > from ? before[to - 1]?.endTicks : before[from]?.startTicks) ?? caption.endTicks
  const replaced: Span = { startTicks: Math.min(startTicks, endTicks), endTicks: Math.max(startTicks, endTicks) }
  const earlierByTicks = before[from]?.earlierByTicks ?? before.at(-1)?.earlierByTicks
  const laid = spread(texts, replaced).map((word) =>
    earlierByTicks === undefined ? word : { ...word, earlierByTicks },
  )
  return { ...caption, text, words: [...before.slice(0, from), ...laid, ...before.slice(to)] }
}

const isFiller = (text: string): boolean => FILLERS.has(text.toLowerCase().replaceAll(/[^\p{L}]/gu, ''))

/** How many filler words stand in captions that do not say when each of their words is said. */
export function untimedFillers(captions: readonly Caption[]): number {
  return captions.reduce((sum, { words, text }) => sum + (words ? 0 : wordsIn(text).filter(isFiller).length), 0)
}

/** Filler words: each from where it begins to where it ends. */
export function findFillers(captions: readonly Caption[]): SpokenWord[] {
  return captions.flatMap((caption) =>
    (caption.words ?? []).filter((word) => word.endTicks > word.startTicks && isFiller(word.text)),
  )
}

/**
 * Stretches between two words in which nobody speaks, in any transcript.
 *
 * @param longerThanSeconds Shorter pauses are how people speak.
 * @param keepSeconds Left at either end, so that a cut does not sound like one.
 */
export function findPauses(captions: readonly Caption[], longerThanSeconds: number, keepSeconds = 0.15): Span[] {
  // Where nobody measured words, a caption is spoken from its start to its end.
  const spoken = mergeSpans(captions.flatMap((caption): readonly Span[] => caption.words ?? [caption]))
  const keep = ticksFromSeconds(keepSeconds)
  return spoken.slice(1).flatMap((next, n) => {
    const startTicks = spoken[n]!.endTicks
    const isLong = next.startTicks - startTicks > ticksFromSeconds(longerThanSeconds)
    const pause = { startTicks: startTicks + keep, endTicks: next.startTicks - keep }
    return isLong && pause.endTicks > pause.startTicks ? [pause] : []
  })
}

/** Spans in order, those that touch joined. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: { startTicks: number; endTicks: number }[] = []
  for (const { startTicks, endTicks } of spans.toSorted((a, b) => a.startTicks - b.startTicks)) {
    const last = merged.at(-1)
    if (last && startTicks <= last.endTicks) last.endTicks = Math.max(last.endTicks, endTicks)
    else merged.push({ startTicks, endTicks })
  }
  return merged
}
