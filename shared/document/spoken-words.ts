/** Words on the time line: where each lies, what an edited text does to them, and which spans are not worth keeping. */
import { ticksFromSeconds } from '../units.ts'
import { recordsOf, type Document } from './document.ts'
import type { Caption } from './records.ts'

/** A stretch of the time line, in ticks of the project. */
export interface Span {
  readonly startTicks: number
  readonly endTicks: number
}

export interface SpokenWord extends Span {
  readonly text: string
  /** How much earlier it lies than its recording says, by what was cut out before it. */
  readonly earlierByTicks?: number | undefined
}

/** Sounds that fill a pause, in English and German, without signs. */
const FILLERS: ReadonlySet<string> = new Set('um umm uh uhm uhh er erm hm hmm mm mhm äh ähm öh öhm eh ehm'.split(' '))

export function captionsInOrder(document: Document): Caption[] {
  return recordsOf(document, 'caption').sort((a, b) => a.startTicks - b.startTicks || a.endTicks - b.endTicks)
}

const wordsIn = (text: string): string[] => text.split(/\s+/).filter(Boolean)

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
  const trimmed = wordsIn(text).join(' ')
  if (!caption.words) return { ...caption, text: trimmed }
  const before = caption.words
  const after = wordsIn(text)
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head]!.text === after[head]) head++
  let tail = 0
  while (tail < most - head && before[before.length - 1 - tail]!.text === after[after.length - 1 - tail]) tail++
  const gap: Span = {
    startTicks: before[head]?.startTicks ?? before.at(-1)?.endTicks ?? caption.startTicks,
    endTicks: before[before.length - 1 - tail]?.endTicks ?? caption.endTicks,
  }
  const replaced: Span = gap.endTicks > gap.startTicks ? gap : { startTicks: gap.endTicks, endTicks: gap.startTicks }
  const earlierByTicks = before[head]?.earlierByTicks ?? before.at(-1)?.earlierByTicks
  return {
    ...caption,
    text: trimmed,
    words: [
      ...before.slice(0, head),
      ...spread(after.slice(head, after.length - tail), replaced).map((word) =>
        earlierByTicks === undefined ? word : { ...word, earlierByTicks },
      ),
      ...before.slice(before.length - tail),
    ],
  }
}

/** Filler words: each from where it begins to where it ends. */
export function findFillers(captions: readonly Caption[]): SpokenWord[] {
  return captions.flatMap((caption) =>
    (caption.words ?? []).filter(
      (word) => word.endTicks > word.startTicks && FILLERS.has(word.text.toLowerCase().replaceAll(/[^\p{L}]/gu, '')),
    ),
  )
}

/**
 * Stretches between two words in which nobody speaks, in any transcript.
 *
 * @param longerThanSeconds Shorter pauses are how people speak.
 * @param keepSeconds Left at either end, so that a cut does not sound like one.
 */
export function findPauses(captions: readonly Caption[], longerThanSeconds: number, keepSeconds = 0.15): Span[] {
  const spoken = mergeSpans(captions.flatMap((caption) => [...(caption.words ?? [])]))
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
