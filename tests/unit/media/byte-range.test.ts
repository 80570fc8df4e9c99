import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseByteRange } from '../../../electron/engine/media/byte-range.ts'

const size = fc.integer({ min: 0, max: 10_000 })
const runs = { seed: 2206, numRuns: 500 }

describe('the Range header', () => {
  test('gives the bytes that slicing gives', () => {
    fc.assert(
      fc.property(size, fc.nat(12_000), fc.nat(12_000), (bytes, a, b) => {
        const [from, to] = a <= b ? [a, b] : [b, a]
        const file = Array.from({ length: bytes }, (_, index) => index)
        const expected = file.slice(from, to + 1)
        const answer = parseByteRange(`bytes=${from}-${to}`, bytes)
        if (expected.length === 0) expect(answer).toEqual({ kind: 'unsatisfiable' })
        else expect(answer).toEqual({ kind: 'part', first: expected[0], last: expected.at(-1) })
      }),
      runs,
    )
  })

  test('takes a suffix from the end, as slicing with a negative start does', () => {
    fc.assert(
      fc.property(size, fc.nat(12_000), (bytes, length) => {
        const answer = parseByteRange(`bytes=-${length}`, bytes)
        if (length === 0 || bytes === 0) expect(answer).toEqual({ kind: 'unsatisfiable' })
        else expect(answer).toEqual({ kind: 'part', first: Math.max(0, bytes - length), last: bytes - 1 })
      }),
      runs,
    )
  })

  test('runs to the end where no end is given', () => {
    fc.assert(
      fc.property(size, fc.nat(12_000), (bytes, from) => {
        const answer = parseByteRange(`bytes=${from}-`, bytes)
        if (from >= bytes) expect(answer).toEqual({ kind: 'unsatisfiable' })
        else expect(answer).toEqual({ kind: 'part', first: from, last: bytes - 1 })
      }),
      runs,
    )
  })

  test('never leaves the file, whatever the header says', () => {
    const soup = fc.string({ unit: fc.constantFrom(...'bytes=-, 0123456789abc'), maxLength: 30 })
    fc.assert(
      fc.property(size, soup, (bytes, header) => {
        const answer = parseByteRange(header, bytes)
        if (answer.kind !== 'part') return
        expect(answer.first).toBeGreaterThanOrEqual(0)
        expect(answer.last).toBeGreaterThanOrEqual(answer.first)
        expect(answer.last).toBeLessThan(bytes)
      }),
      runs,
    )
  })

  test.each([null, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'items=0-1', 'bytes=0-1,4-5', 'bytes=a-b', 'bytes=1.5-3'])(
    'ignores %j',
    (header) => {
      expect(parseByteRange(header, 100)).toEqual({ kind: 'whole' })
    },
  )
})
