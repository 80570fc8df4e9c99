/** Tokens of Whisper as text: pieces of bytes, each byte written as a letter of its own. */

/** The letters that stand for bytes: printable ones for themselves, the rest from U+0100 on, in order. */
function byteOfLetter(): Map<string, number> {
  const isPrintable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  const letters = new Map<string, number>()
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) letters.set(String.fromCharCode(isPrintable(byte) ? byte : next++), byte)
  return letters
}

const BYTES = byteOfLetter()

/** The text of tokens; what is no whole character stands as U+FFFD. */
function textOfTokens(tokens: readonly number[], pieces: ReadonlyMap<number, string>): string {
  const bytes = tokens.flatMap((token) => [...(pieces.get(token) ?? '')].map((letter) => BYTES.get(letter) ?? 0x3f))
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

export interface TimedPhrase {
  readonly tokens: readonly number[]
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface WordInPhrase {
  readonly text: string
  readonly startSeconds: number
  readonly endSeconds: number
}

/**
 * The words of a phrase. The model says when a phrase begins and ends; where in it each word lies is shared out by the
 * letters, which is right to a few tenths of a second.
 */
export function wordsOfPhrase(phrase: TimedPhrase, pieces: ReadonlyMap<number, string>): WordInPhrase[] {
  const texts = textOfTokens(phrase.tokens, pieces).trim().split(/\s+/).filter(Boolean)
  const letters = texts.reduce((sum, text) => sum + text.length + 1, 0)
  const length = phrase.endSeconds - phrase.startSeconds
  let before = 0
  return texts.map((text) => {
    const startSeconds = phrase.startSeconds + (length * before) / letters
    before += text.length + 1
    return { text, startSeconds, endSeconds: phrase.startSeconds + (length * (before - 0.5)) / letters }
  })
}
