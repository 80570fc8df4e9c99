/** Captions that can be read, out of what was said: as many letters and seconds as the rules allow, broken where speech is. */
import { ticksFromSeconds } from '../units.ts'
import type { Caption } from './records.ts'
import { wordsOf, type SpokenWord } from './spoken-words.ts'
import { between, joinWords } from './word-texts.ts'

export interface CaptionRules {
  readonly lettersPerLine: number
  readonly lines: number
  readonly secondsAtMost: number
  /** A pause as long as this ends a caption. */
  readonly pauseSeconds: number
  /** Shorter ones stay until the next begins, as do those with more letters than can be read meanwhile. */
  readonly secondsAtLeast: number
  readonly lettersPerSecond: number
}

/** What broadcasters and platforms agree on: two lines of 42 letters, one to six seconds, 20 letters a second. */
export const CAPTION_RULES: CaptionRules = {
  lettersPerLine: 42,
  lines: 2,
  secondsAtMost: 6,
  pauseSeconds: 1,
  secondsAtLeast: 1,
  lettersPerSecond: 20,
}

/** What is read as prose: one paragraph until somebody else speaks or nobody does for a while. */
export const PARAGRAPH_RULES: CaptionRules = {
  lettersPerLine: 600,
  lines: 1,
  secondsAtMost: 120,
  pauseSeconds: 2,
  secondsAtLeast: 0,
  lettersPerSecond: Infinity,
}

const ENDS_SENTENCE = /[.!?…。！？]["'”’»)\]]*$/u
const ENDS_CLAUSE = /[,;:،、，；：–—]["'”’»)\]]*$/u

/**
 * Captions anew by the rules. Words of one recording and one speaker that follow each other are taken together; a caption
 * whose words nobody measured is only taken apart. The first of what was taken together keeps its id.
 */
export function captionsByRules(captions: readonly Caption[], rules: CaptionRules, newId: () => string): Caption[] {
  const made = runsOf(captions, rules).flatMap((run) => {
    const parts = partsOf(run.flatMap(wordsOf), rules)
    return parts.map((words, n) => captionOf(run[0]!, n === 0 ? run[0]!.id : newId(), words, rules))
  })
  return lengthened(made, rules)
}

/** Captions of one voice that follow each other without a pause. */
function runsOf(captions: readonly Caption[], { pauseSeconds }: CaptionRules): Caption[][] {
  const open = new Map<string, Caption[]>()
  const runs: Caption[][] = []
  for (const caption of captions) {
    const voice = JSON.stringify([caption.assetId, caption.source, caption.speakerId])
    const run = caption.words && open.get(voice)
    if (run && caption.startTicks - run.at(-1)!.endTicks < ticksFromSeconds(pauseSeconds)) {
      run.push(caption)
      continue
    }
    const next = [caption]
    runs.push(next)
    if (caption.words) open.set(voice, next)
  }
  return runs
}

function partsOf(words: readonly SpokenWord[], rules: CaptionRules): SpokenWord[][] {
  const parts: SpokenWord[][] = []
  let part: SpokenWord[] = []
  for (const word of words) {
    const last = part.at(-1)
    if (last && endsBefore(part, last, word, rules)) {
      const rest = isTooMuch([...part, word], rules) ? behindClause(part) : []
      parts.push(part.slice(0, part.length - rest.length))
      part = rest
    }
    part.push(word)
  }
  return part.length > 0 ? [...parts, part] : parts
}

function endsBefore(part: readonly SpokenWord[], last: SpokenWord, word: SpokenWord, rules: CaptionRules): boolean {
  if (word.startTicks - last.endTicks >= ticksFromSeconds(rules.pauseSeconds)) return true
  if (isTooMuch([...part, word], rules)) return true
  const isHalfFull = 2 * lengthOf(textsOf(part)) >= rules.lettersPerLine * rules.lines
  return isHalfFull && ENDS_SENTENCE.test(last.text)
}

function isTooMuch(words: readonly SpokenWord[], { lettersPerLine, lines, secondsAtMost }: CaptionRules): boolean {
  const lasts = words.at(-1)!.endTicks - words[0]!.startTicks
  return lasts > ticksFromSeconds(secondsAtMost) || filledLines(textsOf(words), lettersPerLine).length > lines
}

/** The words behind the last end of a clause, where it lies in the second half: better broken there than anywhere. */
function behindClause(part: readonly SpokenWord[]): SpokenWord[] {
  const at = part.findLastIndex((word, n) => n < part.length - 1 && ENDS_CLAUSE.test(word.text))
  return at + 1 >= part.length / 2 ? part.slice(at + 1) : []
}

const textsOf = (words: readonly SpokenWord[]): string[] => words.map(({ text }) => text)
/** Of `joinWords`. */
function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text, n) => sum + text.length + (n > 0 ? between(texts[n - 1]!, text).length : 0), 0)
}

/** Lines filled one after the other; a word longer than a line has one to itself. */
function filledLines(texts: readonly string[], lettersPerLine: number): string[][] {
  const lines: string[][] = []
  let length = 0
  for (const [n, text] of texts.entries()) {
    const longer = n > 0 ? length + between(texts[n - 1]!, text).length + text.length : Infinity
    if (longer <= lettersPerLine) lines.at(-1)!.push(text)
    else lines.push([text])
    length = longer <= lettersPerLine ? longer : text.length
  }
  return lines
}

/** As few lines as will do, of about the same length: as narrow as the same number of lines allows. */
function evenLines(texts: readonly string[], lettersPerLine: number): string {
  const count = filledLines(texts, lettersPerLine).length
  if (count < 2) return joinWords(texts)
  let width = Math.ceil(lengthOf(texts) / count)
  while (width < lettersPerLine && filledLines(texts, width).length > count) width += 1
  return filledLines(texts, Math.min(width, lettersPerLine)).map(joinWords).join('\n')
}

function captionOf(first: Caption, id: string, words: readonly SpokenWord[], rules: CaptionRules): Caption {
  const startTicks = words[0]!.startTicks
  const caption: Caption = {
    ...first,
    id,
    startTicks,
    endTicks: Math.max(startTicks + 1, words.at(-1)!.endTicks),
    text: evenLines(textsOf(words), rules.lettersPerLine),
  }
  return first.words ? { ...caption, words: [...words] } : caption
}

/** Captions stay as long as it takes to read them, never into the next. */
function lengthened(captions: readonly Caption[], rules: CaptionRules): Caption[] {
  const inOrder = captions.toSorted((a, b) => a.startTicks - b.startTicks || a.endTicks - b.endTicks)
  return inOrder.map((caption, n) => {
    const seconds = Math.max(rules.secondsAtLeast, caption.text.length / rules.lettersPerSecond)
    const next = inOrder[n + 1]?.startTicks ?? Infinity
    const wanted = caption.startTicks + ticksFromSeconds(Math.min(seconds, rules.secondsAtMost))
    return { ...caption, endTicks: Math.max(caption.endTicks, Math.min(wanted, next)) }
  })
}
