/** Cuts a sentence into the pieces that a unigram model of words finds likeliest (Kudo 2018), by Viterbi's search. */

/** Pieces with the logarithm of their probability; the place in the list is the number of the piece. */
export type PieceList = readonly (readonly [piece: string, score: number])[]

/** The first places stand for what is unknown, for begin and end, and for nothing. */
const RESERVED = 6
const UNKNOWN = 0
const UNKNOWN_SCORE = -20
const WORD_START = '▁'
/** The encoder has been taught nothing longer. */
const MOST_PIECES = 128
const MOST_CHARACTERS = 2000

export interface SentencePieces {
  readonly scores: ReadonlyMap<string, { readonly number: number; readonly score: number }>
  readonly longest: number
}

/** The list, ready to be looked up in. */
export function sentencePieces(list: PieceList): SentencePieces {
  const scores = new Map<string, { number: number; score: number }>()
  let longest = 1
  list.forEach(([piece, score], number) => {
    if (number < RESERVED) return
    scores.set(piece, { number, score })
    longest = Math.max(longest, Array.from(piece).length)
  })
  return { scores, longest }
}

/** The numbers of the pieces of a sentence, at most 128; characters that no piece has become one "unknown" a run. */
export function piecesOf({ scores, longest }: SentencePieces, sentence: string): number[] {
  const text = sentence.slice(0, MOST_CHARACTERS).normalize('NFKC').trim().replaceAll(/\s+/gu, ' ')
  if (text === '') return []
  const characters = Array.from(WORD_START + text.replaceAll(' ', WORD_START))
  const best = new Float64Array(characters.length + 1).fill(-Infinity)
  const from = new Int32Array(characters.length + 1)
  const number = new Int32Array(characters.length + 1)
  best[0] = 0
  for (let start = 0; start < characters.length; start++) {
    const offer = (end: number, piece: number, score: number): void => {
      if (best[start] + score <= best[end]) return
      best[end] = best[start] + score
      from[end] = start
      number[end] = piece
    }
    offer(start + 1, UNKNOWN, UNKNOWN_SCORE)
    let piece = ''
    for (let end = start; end < Math.min(characters.length, start + longest); end++) {
      piece += characters[end]
      const known = scores.get(piece)
      if (known) offer(end + 1, known.number, known.score)
    }
  }
  const numbers: number[] = []
  for (let end = characters.length; end > 0; end = from[end]) {
    if (number[end] !== UNKNOWN || numbers.at(-1) !== UNKNOWN) numbers.push(number[end])
  }
  return numbers.reverse().slice(0, MOST_PIECES)
}
