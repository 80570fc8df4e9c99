import { describe, expect, it } from 'vitest'
import { matchText, textPrint, type SpokenText } from '../../../shared/originality/match-text.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'

/** Sentences of six to fourteen made-up words, three seconds each. */
function speech(seed: number, sentences: number): SpokenText[] {
  const random = seededRandom(seed)
  return Array.from({ length: sentences }, (_, n) => ({
    startSeconds: 3 * n,
    text: Array.from({ length: 6 + random.integer(9) }, () => `w${random.integer(900)}`).join(' '),
  }))
}

const print = (parts: SpokenText[]): Uint32Array => textPrint(parts)!

describe('words', () => {
  const original = speech(1, 40)

  it('are known again as they are, cut, and in other letters, with where they stand', () => {
    const spoken = print(original)
    expect(matchText(spoken, spoken)).toMatchObject({ similarity: 1, startSeconds: 0 })
    const written = original
      .slice(10, 25)
      .map(({ text, startSeconds }) => ({ text: `${text.toUpperCase()}!`, startSeconds: startSeconds - 20 }))
    const match = matchText(print([...speech(2, 10), ...written]), spoken)
    // Runs of words begin where a word of the part stands; the last sentence is long enough for one of its own.
    expect(match).toMatchObject({ startSeconds: 10, endSeconds: 52, otherStartSeconds: 30, otherEndSeconds: 72 })
    expect(match?.similarity).toBeGreaterThan(0.5)
  })

  it('that are others are none, nor what everybody says, nor too few to tell', () => {
    const phrases = 'so let us have a look at this thank you very much for being here'
    const one = [{ text: phrases, startSeconds: 0 }, ...original]
    const two = [...speech(3, 40), { text: phrases, startSeconds: 9 }]
    expect(matchText(print(one), print(two))).toBeNull()
    expect(textPrint([{ text: 'Hello, is this on?', startSeconds: 0 }])).toBeNull()
    expect(textPrint([])).toBeNull()
  })
})
