/** Texts and the words in them, in scripts with spaces between words and in those without. */

/** Scripts that write words one behind the other, with the signs that go with them. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\u3000-\\u303f\\u30fc\\uff00-\\uffef'
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'u')
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'u')
const BEGINS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u')
const OPENS = /^[\p{Ps}\p{Pi}]+$/u

let segmenter: Intl.Segmenter | undefined

/** The words of a text, signs with the word that they belong to. */
export function wordsIn(text: string): string[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((piece) => (HAS_UNSPACED.test(piece) ? unspacedWords(piece) : [piece]))
}

function unspacedWords(piece: string): string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' })
  const words: string[] = []
  let opening = ''
  for (const { segment, isWordLike } of segmenter.segment(piece)) {
    if (isWordLike || words.length === 0) {
      words.push(opening + segment)
      opening = ''
    } else if (OPENS.test(segment)) opening += segment
    else words[words.length - 1] += opening + segment
  }
  if (opening) words[words.length - 1] += opening
  return words
}

/** No such script begins before Thai. */
const FIRST_UNSPACED = 0x0e00

/** What stands between two words: nothing where neither side is written with spaces. */
export function between(before: string, behind: string): '' | ' ' {
  if (behind.charCodeAt(0) < FIRST_UNSPACED) return ' '
  return ENDS_UNSPACED.test(before) && BEGINS_UNSPACED.test(behind) ? '' : ' '
}

export function joinWords(texts: readonly string[]): string {
  return texts.reduce((text, word) => (text === '' ? word : text + between(text, word) + word), '')
}
