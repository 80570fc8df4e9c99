import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Asset } from '../../../shared/document/records.ts'
import { annotationLines } from '../../../electron/engine/publish/formats/annotations.ts'
import { croissantJson } from '../../../electron/engine/publish/formats/croissant.ts'
import { croissantFaults } from '../../../electron/engine/publish/formats/croissant-rules.ts'
import { otioColor } from '../../../electron/engine/publish/formats/marker-color.ts'
import { otioTimeline } from '../../../electron/engine/publish/formats/otio.ts'
import { Double, writeOtio, type OtioValue } from '../../../electron/engine/publish/formats/otio-json.ts'
import { vttText, vttTime } from '../../../electron/engine/publish/formats/vtt.ts'
import { canonicalJson, readableJson, type Json } from '../../../electron/engine/publish/package/canonical-json.ts'
import { safeName, uniqueNames } from '../../../electron/engine/publish/package/file-names.ts'
import { viewProject } from '../../../electron/engine/publish/package/project-view.ts'
import {
  captionRecord,
  clockRecord,
  markerRecord,
  projectRecord,
  streamRecord,
  timeMapRecord,
  trackRecord,
} from '../../fixtures/publish/project.ts'

const goldenOtio = readFileSync(new URL('../../fixtures/publish/golden/golden.otio', import.meta.url), 'utf8')
const goldenCroissant = readFileSync(
  new URL('../../fixtures/publish/golden/croissant-1.1-ok.json', import.meta.url),
  'utf8',
)

type Node = { [key: string]: unknown }

/** Every object of a document that names its schema. */
function* schemas(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return
  if ('OTIO_SCHEMA' in value) yield value as Node
  for (const member of Object.values(value)) yield* schemas(member)
}

function sampleTimeline(): string {
  const video = streamRecord('cam', {
    sensor: 'video',
    frameRate: { numerator: 30_000, denominator: 1001 },
    durationSeconds: 1001 / 30,
  })
  const audio = streamRecord('mic', { sensor: 'audio', sampleRateHz: 48_000, startSeconds: 0.5 })
  const imu = streamRecord('cam', { sensor: 'imu', index: 1, sampleRateHz: 200 })
  const view = viewProject([
    projectRecord({ title: 'Take "1" ü' }),
    { ...assetFields('cam'), title: 'A cam' },
    { ...assetFields('mic'), title: 'Mic' },
    video,
    audio,
    imu,
    clockRecord('cam'),
    clockRecord('mic'),
    timeMapRecord('mic', -0.25),
    trackRecord(video, 0, 0),
    trackRecord(audio, 1, -0.25),
    { ...trackRecord(imu, 2, 1), muted: true },
    markerRecord('m', 1, 'clap', '#00ff11'),
  ])
  return otioTimeline(view, (id) => (id === 'cam' ? 'media/cam%20A.mp4' : null))
}

function assetFields(id: string): Asset {
  return {
    kind: 'asset',
    id,
    title: id,
    fileName: id,
    format: 'mp4',
    assetKind: 'recording',
    byteLength: 1,
    sha256: '0'.repeat(64),
    durationSeconds: null,
    importedAt: '',
    take: null,
    warnings: [],
    metadata: {},
    missing: false,
  }
}

describe('OpenTimelineIO', () => {
  it('is written as the library writes it, byte for byte', () => {
    const withDoubles = (_: string, value: unknown): unknown => (typeof value === 'number' ? new Double(value) : value)
    const parsed = JSON.parse(goldenOtio, withDoubles) as OtioValue
    expect(`${writeOtio(parsed)}\n`).toBe(goldenOtio)
  })

  it('has the library’s members in the library’s order, and no schema that a reader refuses', () => {
    const orders = new Map<string, string>()
    for (const node of schemas(JSON.parse(goldenOtio))) orders.set(String(node.OTIO_SCHEMA), Object.keys(node).join())
    const text = sampleTimeline()
    expect(text.charCodeAt(0)).toBe('{'.charCodeAt(0))
    const seen = new Set<string>()
    for (const node of schemas(JSON.parse(text))) {
      const schema = String(node.OTIO_SCHEMA)
      seen.add(schema)
      // MissingReference is not in the golden file; it is ExternalReference without its URL.
      const known =
        schema === 'MissingReference.1'
          ? orders.get('ExternalReference.1')?.replace(',target_url', '')
          : orders.get(schema)
      expect(Object.keys(node).join(), schema).toBe(known)
    }
    expect([...seen].sort()).toEqual([
      'Clip.2',
      'ExternalReference.1',
      'Gap.1',
      'Marker.2',
      'MissingReference.1',
      'RationalTime.1',
      'Stack.1',
      'TimeRange.1',
      'Timeline.1',
      'Track.1',
    ])
  })

  it('places clips by frames, samples and gaps, and keeps what is ours under one key', () => {
    const timeline = JSON.parse(sampleTimeline()) as { tracks: { children: Node[]; markers: Node[] }; metadata: Node }
    const [video, audio, imu] = timeline.tracks.children
    expect([video, audio, imu].map((track) => track.kind)).toEqual(['Video', 'Audio', 'imu'])
    expect(imu.enabled).toBe(false)
    const times = (node: unknown): unknown => (node as { source_range: unknown }).source_range
    const range = (start: number, duration: number, rate: number) => ({
      OTIO_SCHEMA: 'TimeRange.1',
      duration: { OTIO_SCHEMA: 'RationalTime.1', rate, value: duration },
      start_time: { OTIO_SCHEMA: 'RationalTime.1', rate, value: start },
    })
    // Every track begins at the earliest clip, 0.25 s before zero.
    const [videoGap, videoClip] = video.children as Node[]
    expect((times(videoGap) as { duration: { value: number } }).duration.value).toBeCloseTo(0.25 * (30_000 / 1001), 6)
    expect(times(videoClip)).toEqual(range(0, 1000, 30_000 / 1001))
    expect(times((audio.children as Node[])[0])).toEqual(range(24_000, 192_000, 48_000))
    expect(times((imu.children as Node[])[0])).toEqual(range(0, 250, 200))
    const metadata = (audio.children as { metadata: Node }[])[0].metadata
    expect(Object.keys(metadata)).toEqual(['asterism'])
    expect(metadata.asterism).toMatchObject({ offset_s: -0.25, rate_ppm: 12.5, epoch_utc_ns: '1772407800123456789' })
    expect(timeline.metadata).toMatchObject({ asterism: { project_start_s: -0.25 } })
    expect(timeline.tracks.markers[0]).toMatchObject({ name: 'clap', color: 'GREEN', comment: 'by hand' })
  })

  it('refuses times that are not finite', () => {
    expect(() => writeOtio(new Double(Number.NaN))).toThrow(RangeError)
  })

  it.each([
    ['#ff0000', 'RED'],
    ['#fe0102', 'RED'],
    ['cyan', 'CYAN'],
    ['#fff', 'RED'],
    ['#f5f5f5', 'WHITE'],
  ])('calls the colour %s %s', (color, name) => expect(otioColor(color)).toBe(name))
})

describe('WebVTT', () => {
  it('writes cues that nothing in their text can end', () => {
    const text = vttText([
      captionRecord('a', 0.5, 1.25, 'Hello <b> & --> you'),
      captionRecord('b', 3661.0004, 3662, 'two\n\nlines\r\nof text'),
      captionRecord('c', 5, 5.0001, 'too short'),
      captionRecord('d', 6, 7, '  '),
    ])
    expect(text).toBe(
      'WEBVTT\n\n00:00:00.500 --> 00:00:01.250\nHello &lt;b&gt; &amp; --&gt; you\n\n01:01:01.000 --> 01:01:02.000\ntwo\nlines\nof text\n',
    )
  })

  it('rounds to milliseconds without ever writing 1000 of them', () => {
    expect(vttTime(59.9996)).toBe('00:01:00.000')
    expect(vttTime(-1)).toBe('00:00:00.000')
    expect(vttTime(360_000)).toBe('100:00:00.000')
  })
})

describe('annotations', () => {
  it('are lines of JSON in order of time', () => {
    const view = viewProject([projectRecord(), captionRecord('b', 2, 3, 'later'), markerRecord('m', 1, 'clap')])
    const lines = annotationLines(view).trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { start_s: number }).start_s)).toEqual([1, 2])
    const keys = lines.map((line) => Object.keys(JSON.parse(line) as Node).sort())
    expect(keys[0]).toEqual(keys[1])
  })
})

describe('Croissant', () => {
  const good = (): Node => JSON.parse(goldenCroissant) as Node

  it('finds nothing wrong with a file that the reference validator accepts', () => {
    expect(croissantFaults(good())).toEqual([])
  })

  it('writes what satisfies its own rules, with the validator’s context', () => {
    const file = (path: string) => ({ path, bytes: 3, sha256: 'f'.repeat(64), mediaType: 'video/mp4' })
    const many = Array.from({ length: 300 }, (_, n) => file(`media/room/depth/${n}.png`))
    const document = croissantJson({
      name: 'x',
      description: 'y',
      licence: 'https://creativecommons.org/licenses/by/4.0/',
      url: 'ipfs://x',
      creatorName: 'Ada',
      datePublished: '2026-03-01',
      files: [file('media/cam ü.mp4'), { ...file('annotations.jsonl'), mediaType: 'application/jsonlines' }],
      folders: [
        { path: 'media/room', files: [...many, file('media/room/notes')] },
        { path: 'media/b', files: [file('media/b/1.ply')] },
      ],
      annotationsPath: 'annotations.jsonl',
    }) as Node
    expect(croissantFaults(document)).toEqual([])
    const distribution = document.distribution as Node[]
    expect(distribution.filter((each) => each['@type'] === 'cr:FileSet').map((each) => each.includes)).toEqual([
      'media/room/depth/*.png',
      'media/room/notes',
    ])
    expect(document['@context']).toEqual(good()['@context'])
  })

  type Change = (document: Node) => void
  const first = (document: Node): Node => (document.distribution as Node[])[0]
  const field = (document: Node): Node => ((document.recordSet as Node[])[0].field as Node[])[0]
  const changes: [string, Change, RegExp][] = [
    ['the http context', (d) => Object.assign(d['@context'] as Node, { '@vocab': 'http://schema.org/' }), /@context/],
    ['no digest', (d) => delete first(d).sha256, /sha256 or md5/],
    ['no format', (d) => delete first(d).encodingFormat, /encodingFormat/],
    ['a short digest', (d) => Object.assign(first(d), { sha256: 'abc' }), /malformed/],
    ['no licence', (d) => delete d.license, /license is required/],
    ['no creator', (d) => delete d.creator, /creator is required/],
    ['no url', (d) => delete d.url, /url is required/],
    ['no date', (d) => delete d.datePublished, /datePublished is required/],
    [
      'another version of the format',
      (d) => Object.assign(d, { conformsTo: 'http://mlcommons.org/croissant/0.8' }),
      /conformsTo/,
    ],
    ['a dangling id', (d) => Object.assign(first(d), { '@id': 'elsewhere' }), /meta\.jsonl is referred to/],
    ['a field without a type', (d) => delete field(d).dataType, /dataType/],
    ['an id given twice', (d) => (d.distribution as Node[]).push({ ...first(d) }), /given twice/],
    [
      'a path into lines of JSON',
      (d) => Object.assign(field(d).source as Node, { extract: { jsonPath: '$.x' } }),
      /by column/,
    ],
    ['an array without a shape', (d) => Object.assign(field(d), { isArray: true }), /arrayShape/],
    ['nothing in it', (d) => Object.assign(d, { distribution: [] }), /distribution is required/],
  ]
  it.each(changes)('finds %s', (_, change, fault) => {
    const document = good()
    change(document)
    expect(croissantFaults(document).join('\n')).toMatch(fault)
  })

  it('accepts md5 for sha256, and both lists and single values of conformsTo', () => {
    const document = good()
    first(document).md5 = 'd41d8cd98f00b204e9800998ecf8427e'
    delete first(document).sha256
    document.conformsTo = ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0']
    expect(croissantFaults(document)).toEqual([])
    expect(croissantFaults('text')).toEqual(['the document is not a JSON object'])
  })
})

describe('canonical JSON', () => {
  it('sorts by UTF-16, writes numbers as ECMAScript does and drops what is undefined', () => {
    const value = {
      b: [1e21, 0.1, -0, 1e-7],
      '\u20ac': 1,
      '\ud83d\ude00': 2,
      '\ufb33': 3,
      a: undefined,
      10: 'x',
      9: null,
    }
    expect(canonicalJson(value)).toBe(
      '{"10":"x","9":null,"b":[1e+21,0.1,0,1e-7],"\u20ac":1,"\ud83d\ude00":2,"\ufb33":3}',
    )
  })

  it('has one form for a value, whatever the order of its members, and keeps the value', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, shuffled(item)]),
      )
    }
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value as Json)
        expect(canonicalJson(shuffled(value) as Json)).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(JSON.parse(readableJson(value as Json))).toEqual(JSON.parse(text))
      }),
      { seed: 5, numRuns: 100 },
    )
  })

  it('refuses numbers that JSON has not, and halves of characters', () => {
    expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(/finite/)
    expect(() => canonicalJson(['\ud800'])).toThrow(/half a character/)
  })
})

describe('names in a package', () => {
  it.each([
    ['GX010042.MP4', 'GX010042.MP4'],
    ['my clip (1).mp4', 'my-clip-1-.mp4'],
    ['../../etc/passwd', 'etc-passwd'],
    ['CON.wav', '_CON.wav'],
    ['caf\u0065\u0301.wav', 'caf\u00e9.wav'],
    ['日本語.mp4', '日本語.mp4'],
    ['...', 'file'],
    ['a\u0000b\\c:d', 'a-b-c-d'],
  ])('%j becomes %j', (name, safe) => expect(safeName(name)).toBe(safe))

  it('are short, safe, stable and different where capitals do not count', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a.mp4', 'A.MP4', 'a-2.mp4'))),
        (names) => {
          const give = uniqueNames()
          const given = names.map(give)
          expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(names.length)
          for (const name of given) {
            expect(name).toMatch(/^[\p{L}\p{M}\p{N}_-][\p{L}\p{M}\p{N}._-]*$/u)
            expect(Buffer.byteLength(name)).toBeLessThanOrEqual(110)
          }
          for (const name of names) expect(safeName(safeName(name))).toBe(safeName(name))
        },
      ),
      { seed: 6, numRuns: 200 },
    )
  })
})
