import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asBrokenLink,
  NAMEABLE_SETS,
  namingSet,
  withUnits,
} from '../../../electron/engine/publish/lossless/hevc-units.ts'
import {
  bitsAt,
  exponentialGolomb,
  golombCode,
  withBits,
} from '../../../electron/engine/publish/lossless/parameter-bits.ts'
import { escaped, unescaped } from '../../../shared/h264/bits.ts'

const bits = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 8 }, (_, n) => Number.parseInt(text.slice(8 * n, 8 * n + 8), 2))

describe('numbers inside parameter sets', () => {
  it('are read as they are coded, wherever they stand', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(20), (value, at) => {
        const text = '1'.repeat(at) + golombCode(value)
        const bytes = bytesOf(text.padEnd(8 * Math.ceil(text.length / 8), '0'))
        expect(exponentialGolomb(bytes, at)).toEqual({ value, bits: text.length - at })
      }),
    )
    expect(golombCode(0)).toBe('1')
    expect(golombCode(3)).toBe('00100') // ITU-T H.265, table 9-2
  })

  it('change in place, and what stands behind them follows', () => {
    const plain = bytesOf('1010' + '1' + '1100111' + '1000')
    expect(bits(withBits(plain, 4, 1, '00101'))).toBe('1010' + '00101' + '1100111' + '10000000')
  })
})

describe('escapes', () => {
  const unit = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 255), { maxLength: 60 }).map((all) => Uint8Array.from(all))
  it('keep a unit from looking like a start code, and come off again', () => {
    fc.assert(
      fc.property(unit, (plain) => {
        const coded = escaped(plain)
        expect(unescaped(coded)).toEqual(plain)
        for (let n = 2; n < coded.length; n++) {
          expect(coded[n - 2] === 0 && coded[n - 1] === 0 && coded[n]! < 3).toBe(false)
        }
      }),
    )
  })
})

describe('a slice', () => {
  it('names another set, one byte longer, with the rest and its escapes as they were', () => {
    const types = fc.constantFrom(0, 1, 8, 9, 19, 20, 21)
    const rest = fc.array(fc.constantFrom(0, 0, 1, 3, 128, 200), { minLength: 4, maxLength: 30 })
    fc.assert(
      fc.property(types, fc.nat(255), rest, fc.constantFrom(...NAMEABLE_SETS), (type, first, others, number) => {
        const flags = type >= 16 ? 2 : 1
        const plain = Uint8Array.of(type << 1, 1, first | (0x80 >> flags), ...others)
        const unit = namingSet(escaped(plain), number)
        const after = unescaped(unit)
        expect(unit).toEqual(escaped(after))
        expect(bitsAt(after, 16, flags)).toBe(bitsAt(plain, 16, flags))
        expect(exponentialGolomb(after, 16 + flags)).toEqual({ value: number, bits: 9 })
        expect(bits(after).slice(16 + flags + 9)).toBe(bits(plain).slice(16 + flags + 1))
      }),
    )
  })

  it('is what is renamed: other units stay as they are', () => {
    const message = Uint8Array.of(39 << 1, 1, 5, 0)
    expect(namingSet(message, 16)).toBe(message)
  })
})

describe('a key picture behind a joint', () => {
  it('is renamed where it would go on counting, in every slice, and nowhere else', () => {
    const units = [Uint8Array.of(39 << 1, 1, 7), Uint8Array.of(21 << 1, 1, 0x80, 3), Uint8Array.of(21 << 1, 1, 0x20)]
    const sample = Buffer.concat(units.flatMap((unit) => [Uint8Array.of(0, unit.length), unit]))
    const renamed = withUnits(sample, 2, asBrokenLink)
    const changed = [...sample.keys()].filter((n) => sample[n] !== renamed[n])
    expect(changed.map((n) => renamed[n]! >> 1)).toEqual([18, 18])
    expect(renamed).toHaveLength(sample.length)
    const instant = Uint8Array.of(19 << 1, 1, 0x80)
    expect(asBrokenLink(instant)).toBe(instant)
  })
})
