import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExif } from '../../../electron/engine/import/media/exif.ts'
import { readPictureHeader } from '../../../electron/engine/import/media/picture-header.ts'
import { mediaSignature } from '../../../electron/engine/import/media/signatures.ts'
import { isCutShort, readDeclaredSize } from '../../../electron/engine/media/declared-size.ts'
import { isUneven } from '../../../electron/engine/media/packet-walk.ts'
import {
  isTimecode,
  parseIsoTime,
  recordedTime,
  timecodeFromSamples,
} from '../../../electron/engine/media/recorded-time.ts'
import { SampleBuffer } from '../../../electron/engine/media/sample-buffer.ts'
import { thumbnailInterval } from '../../../electron/engine/media/thumbnails.ts'
import { withMediaFolder } from '../../fixtures/media/clips.ts'

/** A TIFF structure with these entries in its main and its GPS directory; values of four bytes. */
function tiff(main: readonly number[][], gps: readonly number[][]): Uint8Array {
  const entries = [...main, [0x8825, 4, 1, 8 + 2 + 12 * (main.length + 1) + 4]]
  const bytes = new Uint8Array(8 + 2 + 12 * entries.length + 4 + 2 + 12 * gps.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x49, 0x49, 42, 0, 8])
  let at = 8
  for (const list of [entries, gps]) {
    view.setUint16(at, list.length, true)
    at += 2
    for (const [tag, type, count, value] of list) {
      view.setUint16(at, tag, true)
      view.setUint16(at + 2, type, true)
      view.setUint32(at + 4, count, true)
      view.setUint32(at + 8, value, true)
      at += 12
    }
    at += list === entries ? 4 : 0
  }
  return bytes
}

describe('Exif', () => {
  test('tells the orientation and that there is a place', () => {
    const facts = parseExif(tiff([[0x0112, 3, 1, 6]], [[0x0002, 4, 1, 5]]))
    expect(facts).toMatchObject({ orientation: 6, hasLocation: true })
    expect(parseExif(tiff([[0x0112, 3, 1, 6]], []))?.hasLocation).toBe(false)
  })

  test('damaged in any way gives facts or none, never an exception', () => {
    const whole = tiff(
      [
        [0x0112, 3, 1, 6],
        [0x010f, 2, 900, 4],
        [0x9003, 2, 20, 4_000_000_000],
      ],
      [[0x0002, 5, 3, 8]],
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }),
        fc.nat(whole.length),
        (changes, length) => {
          const bytes = whole.slice(0, length)
          for (const [at, value] of changes) if (at < length) bytes[at] = value
          parseExif(bytes)
        },
      ),
      { seed: 77, numRuns: 1_000 },
    )
  })
})

describe('first bytes', () => {
  test('of random data are no media, nearly always, and never throw', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        if (mediaSignature(bytes)) taken++
      }),
      { seed: 3, numRuns: 500 },
    )
    expect(taken).toBeLessThanOrEqual(1)
  })

  test.each([
    ['\x00\x00\x00\x18ftypheic', 'heic', 'image'],
    ['\x00\x00\x00\x18ftypM4A ', 'mp4', 'audio'],
    ['\x00\x00\x00\x18ftypisom', 'mp4', 'container'],
    ['RIFF\x00\x00\x00\x00WEBP', 'webp', 'image'],
    ['RIFF\x00\x00\x00\x00WAVE', 'wav', 'audio'],
    ['RIFF\x00\x00\x00\x00AVI ', 'avi', 'container'],
    ['OggS............................OpusHead', 'ogg', 'audio'],
    ['OggS............................\x80theora', 'ogg', 'container'],
    ['YUV4MPEG2 W320 H240', 'y4m', 'container'],
    [`\x0b\x77\0\0\0\x40${'.'.repeat(122)}`.repeat(4), 'ac3', 'audio'],
    [`\x0b\x77\0\0\0\x80${'.'.repeat(122)}`.repeat(4), 'eac3', 'audio'],
  ])('%j', (text, name, family) => {
    expect(mediaSignature(Buffer.from(text, 'latin1'))).toMatchObject({ name, family })
  })
})

describe('the size a container declares', () => {
  const cases: readonly (readonly [string, string, number | null])[] = [
    ['riff', 'RIFF\x64\x00\x00\x00WAVEfmt ', 108],
    ['riff still being written', 'RIFF\xff\xff\xff\xffWAVEfmt ', null],
    ['boxes', '\x00\x00\x00\x10ftypisom\x00\x00\x00\x00\x00\x00\x10\x00mdat', 16 + 4_096],
    ['aiff', 'FORM\x00\x00\x01\x00AIFFCOMM', 264],
  ]
  test.each(cases)('%s', async (_, text, declaredBytes) => {
    await withMediaFolder(async (folder) => {
      const path = join(folder, 'x')
      await writeFile(path, Buffer.from(text, 'latin1'))
      const size = await readDeclaredSize(path)
      expect(size.declaredBytes).toBe(declaredBytes)
      expect(isCutShort(size)).toBe(declaredBytes !== null)
    })
  })

  test.each([
    ['a recorder that died before it wrote its lengths', 1_000, 191_000],
    ['one that had begun', 0, 0],
    ['one that wrote them', 192_000, 0],
  ])('what lies behind the last chunk of a wave file: %s', async (_, dataBytes, beyond) => {
    await withMediaFolder(async (folder) => {
      const bytes = Buffer.alloc(44 + 192_000)
      bytes.write('RIFF\xdc\xee\x02\0WAVEfmt \x10', 'latin1')
      bytes.write('data', 36)
      bytes.writeUInt32LE(dataBytes, 40)
      await writeFile(join(folder, 'x'), bytes)
      expect((await readDeclaredSize(join(folder, 'x'))).bytesBeyond).toBe(beyond)
    })
  })

  test('any bytes can be looked at', async () => {
    await withMediaFolder(async (folder) => {
      const path = join(folder, 'x')
      const starts = fc.constantFrom(
        '',
        'RIFF',
        '\x00\x00\x00\x01ftyp',
        '\x1a\x45\xdf\xa3',
        '\x00\x00\x00\x08moov',
        '\xff\xd8',
      )
      await fc.assert(
        fc.asyncProperty(starts, fc.uint8Array({ maxLength: 120 }), async (start, rest) => {
          await writeFile(path, Buffer.concat([Buffer.from(start, 'latin1'), rest]))
          await readDeclaredSize(path)
          for (const format of ['jpeg', 'png', 'gif', 'webp', 'bmp', 'tiff', 'heic'])
            await readPictureHeader(path, format)
        }),
        { seed: 12, numRuns: 150 },
      )
    })
  })
})

describe('recorded times', () => {
  test('in UTC, with zones and fractions', () => {
    expect(parseIsoTime('2019-12-20T20:08:34.000000Z')).toEqual({
      utcNanoseconds: '1576872514000000000',
      hasZone: false,
    })
    expect(parseIsoTime('2021-05-01T10:11:12.25+0200')?.utcNanoseconds).toBe('1619856672250000000')
    expect(
      recordedTime({
        creation_time: '2021-05-01T00:00:00Z',
        'com.apple.quicktime.creationdate': '2021-05-01T10:11:12+02:00',
      }),
    ).toEqual({
      utcNanoseconds: '1619856672000000000',
      hasZone: true,
    })
  })

  test.each([
    '1904-01-01T00:00:00.000000Z',
    '1970-01-01T00:00:00Z',
    '2021-02-31T00:00:00Z',
    '10:11:12',
    '2021',
    '',
    undefined,
  ])('%j is none', (value) => {
    expect(parseIsoTime(value)).toBeNull()
  })

  test('samples since midnight as an exact timecode', () => {
    const seconds = 3_723
    expect(timecodeFromSamples(seconds * 48_000 + 12_345, 48_000)).toEqual({ start: '01:02:03:12345', rate: '48000/1' })
    expect(timecodeFromSamples(90_000 * 48_000, 48_000)).toBeNull()
    expect(timecodeFromSamples(Number.NaN, 48_000)).toBeNull()
  })

  test('timecodes', () => {
    expect(['01:02:03:04', '01:02:03;04', '10:00:00.00'].every(isTimecode)).toBe(true)
    expect(['1:2:3:4', '01:99:03:04', 'x', undefined].some(isTimecode)).toBe(false)
  })
})

describe('frame times', () => {
  const even = Array.from({ length: 500 }, (_, index) => index / 29.97)

  test('rounded to milliseconds are still even', () => {
    expect(isUneven(even)).toBe(false)
    expect(isUneven(even.map((time) => Math.round(time * 1000) / 1000))).toBe(false)
    expect(isUneven(even.map((time) => Math.round(time * 2 * 1000) / 2000))).toBe(false)
  })

  test('with a missing frame or another rate in the middle are not', () => {
    expect(isUneven(even.filter((_, index) => index !== 250))).toBe(true)
    expect(isUneven(even.map((time, index) => (index < 250 ? time : time + (index - 250) * 0.01)))).toBe(true)
  })
})

describe('decoded samples', () => {
  test('come out as they went in, whatever the chunks, and always finite', () => {
    const values = fc.array(
      fc.oneof(
        fc.float({ noDefaultInfinity: true, noNaN: true, min: -1, max: 1 }),
        fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e30),
      ),
      { maxLength: 2_000 },
    )
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 999 }), (list, step) => {
        const floats = Float32Array.from(list)
        const bytes = new Uint8Array(floats.buffer)
        const buffer = new SampleBuffer(0, 1_000_000)
        for (let at = 0; at < bytes.length; at += step) expect(buffer.push(bytes.subarray(at, at + step))).toBe(true)
        const { samples, repaired } = buffer.finish()
        const expected = floats.map((value) => (Math.abs(value) <= 64 ? value : 0))
        expect(samples).toEqual(expected)
        expect(repaired).toBe(floats.filter((value) => !(Math.abs(value) <= 64)).length)
      }),
      { seed: 8, numRuns: 200 },
    )
  })

  test('beyond the limit are refused before memory is taken', () => {
    const buffer = new SampleBuffer(1e12, 100)
    expect(buffer.push(new Uint8Array(400))).toBe(true)
    expect(buffer.push(new Uint8Array(1))).toBe(false)
  })
})

test('a recording of any length has at most 400 thumbnails, and a short one enough', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 400_000, noNaN: true }), (seconds) => {
      const interval = thumbnailInterval(seconds)
      expect(Math.ceil(seconds / interval)).toBeLessThanOrEqual(400)
      expect(interval === 0.5 || seconds / interval > 100).toBe(true)
    }),
    { seed: 4, numRuns: 500 },
  )
})
