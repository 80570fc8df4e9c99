/** Where something is said, and saying something else there. Signs do not count, and neither do capitals unless asked. */
import type { Caption } from './records.ts'
import { replaceWords, wordsOf } from './spoken-words.ts'
import { between, wordsIn } from './word-texts.ts'

export interface SearchWay {
  readonly matchCase: boolean
  /** Not inside of longer words. */
  readonly wholeWords: boolean
}

/** Words and the letters of them one behind the other, made once for many searches. */
export interface WordIndex {
  readonly letters: string
  /** Of each word that has letters: where they begin, where they end, and its place among all words. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly places: readonly number[]
}

export interface Found {
  /** First and last word by their places. */
  readonly from: number
  readonly to: number
  /** Letters of the first word before what was found, and of the last word up to its end. */
  readonly head: number
  readonly tail: number
}

const SIGN = /[^\p{L}\p{N}\p{M}]/u
const SIGNS = new RegExp(SIGN, 'gu')

function lettersOf(text: string, matchCase: boolean): string {
  const letters = text.normalize('NFC').replaceAll(SIGNS, '')
  return matchCase ? letters : letters.toLowerCase()
}

export function indexWords(texts: readonly string[], matchCase: boolean): WordIndex {
  const parts: string[] = []
  const [starts, ends, places]: [number[], number[], number[]] = [[], [], []]
  let length = 0
  let before = ''
  for (const [place, text] of texts.entries()) {
    const letters = lettersOf(text, matchCase)
    if (letters === '') continue
    const space = before === '' ? '' : between(before, letters)
    parts.push(space, letters)
    starts.push(length + space.length)
    length += space.length + letters.length
    ends.push(length)
    places.push(place)
    before = letters
  }
  return { letters: parts.join(''), starts, ends, places }
}

/** Every place in order; none overlaps another. */
export function findPhrase(index: WordIndex, phrase: string, way: SearchWay): Found[] {
  const wanted = phrase
    .split(/\s+/)
    .map((part) => lettersOf(part, way.matchCase))
    .filter(Boolean)
    .join(' ')
  if (wanted === '') return []
  const found: Found[] = []
  let at = index.letters.indexOf(wanted)
  while (at >= 0) {
    const end = at + wanted.length
    const [first, last] = [wordAt(index, at), wordAt(index, end - 1)]
    const isWhole = at === index.starts[first] && end === index.ends[last]
    const counts = isWhole || !way.wholeWords
    if (counts) {
      found.push({
        from: index.places[first]!,
        to: index.places[last]!,
        head: at - index.starts[first]!,
        tail: end - index.starts[last]!,
      })
    }
    at = index.letters.indexOf(wanted, counts ? end : at + 1)
  }
  return found
}

/** The last word that begins at or before an offset, by bisection. */
function wordAt({ starts }: WordIndex, offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** A word of a caption by its place among all words. */
interface Placed {
  readonly captionId: string
  readonly index: number
}

/**
 * What captions become when what was found is said otherwise: signs around it stay, words that stay keep their times,
 * new ones have the time of those that they replace. Null where nothing is left of one.
 */
export function replaceFound(
  captionOf: (id: string) => Caption | undefined,
  words: readonly Placed[],
  found: readonly Found[],
  replacement: string,
): Map<string, Caption | null> {
  const changed = new Map<string, Caption>()
  // From the last to the first: the words before keep their numbers.
  for (const { from, to, head, tail } of found.toReversed()) {
    for (let place = to; place >= from;) {
      const { captionId, index: lastIndex } = words[place]!
      let first = place
      while (first > from && words[first - 1]!.captionId === captionId) first -= 1
      const caption = changed.get(captionId) ?? captionOf(captionId)
      const firstIndex = words[first]!.index
      if (caption) {
        const said = wordsOf(caption)
        const before = first === from ? upTo(said[firstIndex]?.text ?? '', head) : ''
        const behind = place === to ? behindLetters(said[lastIndex]?.text ?? '', tail) : ''
        const text = before + (first === from ? replacement : '') + behind
        changed.set(captionId, replaceWords(caption, firstIndex, lastIndex + 1, wordsIn(text)))
      }
      place = first - 1
    }
  }
  return new Map([...changed].map(([id, caption]) => [id, wordsOf(caption).length > 0 ? caption : null] as const))
}

/** A word before its nth letter, with the signs there. */
function upTo(text: string, letters: number): string {
  const plain = text.normalize('NFC')
  let seen = 0
  for (const [offset, sign] of offsetsOf(plain)) {
    if (!SIGN.test(sign) && seen >= letters) return plain.slice(0, offset)
    if (!SIGN.test(sign)) seen += sign.toLowerCase().length
  }
  return plain
}

/** A word behind its first n letters. */
function behindLetters(text: string, letters: number): string {
  const plain = text.normalize('NFC')
  let seen = 0
  for (const [offset, sign] of offsetsOf(plain)) {
    if (seen >= letters) return plain.slice(offset)
    if (!SIGN.test(sign)) seen += sign.toLowerCase().length
  }
  return ''
}

function* offsetsOf(text: string): Generator<readonly [number, string]> {
  let offset = 0
  for (const sign of text) {
    yield [offset, sign]
    offset += sign.length
  }
}
