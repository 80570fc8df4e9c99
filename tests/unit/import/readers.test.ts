import fc from 'fast-check'
import { encode } from 'fast-png'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe as suite, expect, test } from 'vitest'
import { decompressLzf } from '../../../electron/engine/import/reading/lzf.ts'
import { decodeGrayPng } from '../../../electron/engine/import/reading/png-gray.ts'
import { asciiText, forEachLine, NumberRow } from '../../../electron/engine/import/reading/text-lines.ts'
import { exactNanoseconds } from '../../../electron/engine/import/reading/time-table.ts'
import { VertexWelder } from '../../../electron/engine/import/scans/vertex-welder.ts'
import { withFolder } from '../../fixtures/import/context.ts'
import { compressLzf } from '../../fixtures/import/pcd-fixtures.ts'

const SEED = { seed: 20_26 }
const signal = new AbortController().signal

function parse(line: string, separator: ConstructorParameters<typeof NumberRow>[1] = 'blank', decimalComma = false) {
  const row = new NumberRow(64, separator, decimalComma)
  const bytes = Buffer.from(line, 'latin1')
  row.parse(bytes, 0, bytes.length)
  return { values: Array.from(row.values.subarray(0, row.count)), text: row.textCount }
}

suite('numbers in lines of text', () => {
  test('are the same as those of the language', () => {
    const notations = [
      String,
      (v: number) => v.toExponential(),
      (v: number) => v.toPrecision(17),
      (v: number) => v.toFixed(6),
    ]
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
        (numbers) => {
          for (const write of notations) {
            const words = numbers.map(write)
            expect(parse(words.join(' \t')).values).toEqual(words.map(Number))
            expect(parse(words.join(';'), ';').values).toEqual(words.map(Number))
          }
        },
      ),
      SEED,
    )
  })

  test('other words are counted; values that are not finite and empty ones are not', () => {
    expect(parse('1 two 3')).toEqual({ values: [1, Number.NaN, 3], text: 1 })
    expect(parse('nan -inf 1.#QNAN +2. .5 1e3 -4E-2')).toEqual({
      values: [NaN, NaN, NaN, 2, 0.5, 1000, -0.04],
      text: 0,
    })
    expect(parse('1,,3', ',')).toEqual({ values: [1, Number.NaN, 3], text: 0 })
    expect(parse('1,5;2,25', ';', true)).toEqual({ values: [1.5, 2.25], text: 0 })
    for (const word of ['1e', '--1', '1.2.3', '0x10', '1_000', '-']) expect(parse(word).text, word).toBe(1)
  })

  test('lines come whole, whatever their endings and however long the file', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'lines.txt')
      const lines = Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? '' : `line ${i} ${'x'.repeat(i % 90)}`))
      for (const ending of ['\n', '\r\n', '\r']) {
        await writeFile(path, lines.join(ending))
        const seen: string[] = []
        await forEachLine(
          path,
          { chunkBytes: 64 },
          signal,
          (bytes, from, to) => void seen.push(asciiText(bytes, from, to)),
        )
        expect(seen).toEqual(lines)
      }
    })
  })
})

suite('times', () => {
  test('are exact to the nanosecond', () => {
    expect(exactNanoseconds('1403636579.763555527', 'seconds')).toBe(1_403_636_579_763_555_527n)
    expect(exactNanoseconds('1403636579763555584', 'nanoseconds')).toBe(1_403_636_579_763_555_584n)
    expect(exactNanoseconds('-0.0000000015', 'seconds')).toBe(-2n)
    expect(exactNanoseconds('12.5', 'milliseconds')).toBe(12_500_000n)
    expect(exactNanoseconds('1.5e3', 'microseconds')).toBe(1_500_000n)
    for (const text of ['', 'abc', '1e30', 'nan', '99999999999999999999'])
      expect(exactNanoseconds(text, 'seconds'), text).toBeUndefined()
  })

  test('agree with arithmetic on whole numbers', () => {
    const parts = fc.tuple(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }))
    fc.assert(
      fc.property(parts, ([seconds, nanoseconds]) => {
        const text = `${seconds}.${String(nanoseconds).padStart(9, '0')}`
        expect(exactNanoseconds(text, 'seconds')).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds))
      }),
      SEED,
    )
  })
})

suite('LZF', () => {
  test('gives back what was compressed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3000 }), (values) => {
        const bytes = Uint8Array.from(values)
        expect(decompressLzf(compressLzf(bytes), bytes.length)).toEqual(bytes)
      }),
      SEED,
    )
  })

  test('never writes or reads outside, whatever the input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 0, max: 5000 }), (bytes, length) => {
        const output = decompressLzf(bytes, length)
        expect(output === undefined || output.length === length).toBe(true)
      }),
      SEED,
    )
  })
})

suite('pictures of depth', () => {
  test.each([8, 16] as const)('%i bits come back as they were written', (depth) => {
    const limit = depth === 16 ? 65_535 : 255
    const pixels = fc.array(fc.integer({ min: 0, max: limit }), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(pixels, fc.integer({ min: 1, max: 20 }), (values, width) => {
        const height = Math.ceil(values.length / width)
        const data = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height)
        data.set(values)
        const image = decodeGrayPng('x.png', encode({ width, height, channels: 1, depth, data }))
        expect(image).toEqual({ width, height, bitDepth: depth, data })
      }),
      SEED,
    )
  })

  test('a small file cannot ask for more memory than its pixels need', () => {
    const bomb = Buffer.from(encode({ width: 4, height: 4, channels: 1, depth: 8, data: new Uint8Array(16) }))
    const at = bomb.indexOf('IDAT')
    const data = deflateSync(Buffer.alloc(200 << 20), { level: 1 })
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const grown = Buffer.concat([
      bomb.subarray(0, at - 4),
      length,
      Buffer.from('IDAT'),
      data,
      bomb.subarray(bomb.indexOf('IEND') - 8),
    ])
    expect(() => decodeGrayPng('x.png', grown)).toThrow(expect.objectContaining({ code: 'corrupt_file' }))
    bomb.writeUInt32BE(2_000_000, 16)
    bomb.writeUInt32BE(2_000_000, 20)
    expect(() => decodeGrayPng('x.png', bomb)).toThrow(expect.objectContaining({ code: 'too_large' }))
  })
})

suite('joining vertices', () => {
  test('gives equal coordinates equal numbers, and only those', () => {
    const coordinate = fc.constantFrom(0, -0, 1, 1.5, -2, 1e-30)
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate, coordinate), { maxLength: 4000 }), (vertices) => {
        const welder = new VertexWelder()
        const known = new Map<string, number>()
        for (const [x, y, z] of vertices) {
          const key = [x, y, z].map((value) => value + 0).join(' ')
          const index = welder.indexOf(x, y, z)
          expect(index).toBe(known.get(key) ?? known.size)
          known.set(key, index)
        }
      }),
      { ...SEED, numRuns: 20 },
    )
    const welder = new VertexWelder()
    for (let i = 0; i < 20_000; i++) expect(welder.indexOf(i, i / 3, -i)).toBe(i)
    for (let i = 0; i < 20_000; i++) expect(welder.indexOf(i, i / 3, -i)).toBe(i)
  })
})
