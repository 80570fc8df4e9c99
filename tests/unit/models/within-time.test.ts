import { Tokenizer } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { piecesOf } from '../../../electron/engine/models/picture-text-model.ts'
import { withinTime } from '../../../electron/engine/models/within-time.ts'

/** Pieces are cut by an expression that tries every way to part a row of letters before it gives up. */
const HOSTILE = {
  model: { type: 'BPE', vocab: { a: 0, b: 1 }, merges: [] },
  normalizer: null,
  post_processor: null,
  decoder: null,
  added_tokens: [],
  pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false },
}
/** Seconds of backtracking: without a limit these tests fail, and the run still ends. */
const ENDLESS = `${'a'.repeat(25)}b`
const LIMIT_MILLISECONDS = 50

describe('withinTime', () => {
  it('stops a tokenizer whose expression backtracks without end, and the process goes on', () => {
    const tokenizer = new Tokenizer(HOSTILE, {})
    const cut = (text: string) => (): number[] => tokenizer.encode(text).ids
    expect(() => withinTime(LIMIT_MILLISECONDS, 'It has no end.', cut(ENDLESS))).toThrow(
      expect.objectContaining({ code: 'timeout', message: 'It has no end.' }),
    )
    expect(withinTime(60_000, 'It has no end.', cut('aab'))).toEqual(tokenizer.encode('aab').ids)
  })

  it('is what brought tokenizers are called in', () => {
    const tokenizer = new Tokenizer(HOSTILE, {})
    expect(() => piecesOf(tokenizer, ENDLESS, LIMIT_MILLISECONDS)).toThrow(expect.objectContaining({ code: 'timeout' }))
    expect(piecesOf(tokenizer, 'ab')).toEqual(tokenizer.encode('ab').ids)
  })

  it('answers and throws what the work does', () => {
    const error = new RangeError('its own')
    expect(withinTime(60_000, '', () => 7)).toBe(7)
    expect(() =>
      withinTime(60_000, '', () => {
        throw error
      }),
    ).toThrow(error)
  })
})
