/** The words of H.264 that pictures are restored with; whole films are judged in `tests/e2e/exact-pictures`. */
import { expect, test } from 'vitest'
import { BitReader, BitWriter, escaped, unescaped } from '../../shared/h264/bits.ts'
import { readParameterSets } from '../../shared/h264/parameter-sets.ts'
import { leantOn } from '../../shared/h264/reference-lists.ts'
import { after, type HeldPicture, type References } from '../../shared/h264/reference-pictures.ts'
import { needsMotionOf, planRestoring } from '../../shared/h264/restoring.ts'
import type { PictureHeader, SliceLists } from '../../shared/h264/slice-header.ts'
import { partByCodes, withCodes } from '../../shared/h264/start-codes.ts'

/** Two pictures leant on, numbers to 15, orders to 63, 320 x 192. */
const SEQUENCE = { frameNumBits: 4, orderBits: 6, mostReferences: 2, blocksAcross: 20, blocksDown: 12 }
const SETS = { sequence: SEQUENCE, pictures: new Map(), units: [], told: [], restoringId: 1 }

function picture(frameNum: number, order: number, more: Partial<PictureHeader> = {}): PictureHeader {
  const plain = { bottomOrder: 0, isKey: false, isReference: true, isBetween: false, reordersSecond: false }
  return { ...plain, forgets: null, slices: [], frameNum, order, ...more }
}

function held(...pictures: PictureHeader[]): References | null {
  return pictures.reduce<References | null>((state, each, n) => after(state, each, SEQUENCE, n * 1000), null)
}

test('numbers come back as they were written', () => {
  const writer = new BitWriter()
  for (const value of [0, 1, 2, 7, 25, 1000]) writer.unsigned(value)
  for (const value of [0, 1, -1, 5, -31]) writer.signed(value)
  writer.bits(0xabc, 12)
  writer.end()
  const reader = new BitReader(writer.bytes())
  expect([0, 1, 2, 3, 4, 5].map(() => reader.unsigned())).toEqual([0, 1, 2, 7, 25, 1000])
  expect([0, 1, 2, 3, 4].map(() => reader.signed())).toEqual([0, 1, -1, 5, -31])
  expect(reader.bits(12)).toBe(0xabc)
})

test('no zeros look like a start code, and all bytes come back', () => {
  const plain = Uint8Array.of(0, 0, 0, 0, 0, 1, 7, 0, 0, 3, 0, 0, 2, 0, 0)
  const unit = escaped(plain)
  expect(Array.from(unit)).toEqual([0, 0, 3, 0, 0, 3, 0, 1, 7, 0, 0, 3, 3, 0, 0, 3, 2, 0, 0])
  expect(Array.from(unescaped(unit))).toEqual(Array.from(plain))
})

test('the oldest picture goes, or those that are named; what is not known begins at the next key picture', () => {
  const key = picture(0, 0, { isKey: true })
  const numbers = (state: References | null): unknown => state?.held.map(({ frameNum }) => frameNum)
  expect(numbers(held(key, picture(1, 8), picture(2, 4), picture(3, 16)))).toEqual([2, 3])
  expect(numbers(held(key, picture(1, 8), picture(2, 4, { forgets: [1] })))).toEqual([0, 2])
  expect(numbers(held(key, picture(1, 8), picture(1 + 2, 4)))).toBeUndefined()
  expect(numbers(held(picture(4, 8)))).toBeUndefined()
})

test('places are filled with nothing, and nothing is what is forgotten, until the same pictures are held', () => {
  const state = held(
    picture(0, 0, { isKey: true }),
    ...Array.from({ length: 20 }, (_, n) => picture((n + 1) % 16, ((n + 1) * 8) % 64)),
  )!
  const written = planRestoring(state, SETS)!
  expect(written.map(({ header }) => [header.isKey, header.frameNum, header.order])).toEqual([
    [true, 0, 0],
    [false, 3, 24],
    [false, 4, 32],
  ])
  // One picture where two have room: the key picture that it begins with, and what fills places, are forgotten.
  const alone = held(picture(0, 0, { isKey: true }), picture(1, 8), picture(2, 16, { forgets: [1, 2] }))!
  expect(planRestoring(alone, SETS)!.at(-1)!.header.forgets).toEqual([2, 1])
})

test('pictures between others need one of the film after them', () => {
  const restored = new Set([1000, 2000])
  const before = { frameNum: 1, shownAt: 8, order: 8, bottomOrder: 0, microseconds: 1000 }
  const own = { frameNum: 2, shownAt: 16, order: 16, bottomOrder: 0, microseconds: 9000 }
  const between = picture(3, 12, { isBetween: true })
  expect(needsMotionOf(restored, [before, own], between, 12)).toBe(false)
  expect(needsMotionOf(restored, [before], between, 12)).toBe(true)
  expect(needsMotionOf(restored, [before, own], between, 4)).toBe(true)
  expect(needsMotionOf(restored, [before, own], { ...between, reordersSecond: true }, 12)).toBe(true)
})

test('what is no description of such a film is none', () => {
  for (const bytes of [[], [1, 100, 0, 40], [1, 100, 0, 40, 255, 225, 0, 3, 0x67, 100, 0]])
    expect(readParameterSets(Uint8Array.from(bytes))).toBeNull()
})

test('units behind lengths are the same units behind start codes, and what is told stands before them', () => {
  // Somewhere in a larger memory, as packets of a film are.
  const film = Uint8Array.of(9, 9, 0, 0, 0, 3, 0x65, 1, 2, 0, 0, 0, 1, 0x41).subarray(2)
  const parted = partByCodes(film)
  expect(Array.from(parted)).toEqual([0, 0, 0, 1, 0x65, 1, 2, 0, 0, 0, 1, 0x41])
  const told = [Uint8Array.of(0x67, 100), Uint8Array.of(0x68)]
  expect(Array.from(withCodes(told, parted.subarray(7)))).toEqual([
    0, 0, 0, 1, 0x67, 100, 0, 0, 0, 1, 0x68, 0, 0, 0, 1, 0x41,
  ])
})

test('a picture leans on those that its slices name: by their numbers, by when they are shown, or as they say', () => {
  const at = (frameNum: number, shownAt: number): HeldPicture => ({
    frameNum,
    shownAt,
    order: shownAt,
    bottomOrder: 0,
    microseconds: shownAt * 1000,
  })
  // Numbers go round at 16: 15 is the one before 0.
  const pictures = [at(14, 0), at(15, 16), at(0, 8)]
  const standing = { frameNum: 1, shownAt: 12, size: 16 }
  const moments = (...slices: SliceLists[]): number[] =>
    Array.from(leantOn(pictures, slices, standing), ({ shownAt }) => shownAt).toSorted((a, b) => a - b)
  const usual = (count: number): SliceLists[number] => ({ count, steps: [] })
  expect(moments([])).toEqual([])
  expect(moments([usual(1)])).toEqual([8])
  expect(moments([usual(2)])).toEqual([8, 16])
  expect(moments([{ count: 1, steps: [-3] }])).toEqual([0])
  expect(moments([{ count: 2, steps: [-3] }])).toEqual([0, 8])
  expect(moments([usual(1), usual(1)])).toEqual([8, 16])
  expect(moments([usual(2), usual(1)])).toEqual([0, 8, 16])
  // Several slices together, and all where one is not understood.
  expect(moments([usual(1)], [{ count: 1, steps: [-2] }])).toEqual([8, 16])
  expect(moments([{ count: 1, steps: null }])).toEqual([0, 8, 16])
  expect(moments([{ count: 1, steps: [-9] }])).toEqual([0, 8, 16])
})
