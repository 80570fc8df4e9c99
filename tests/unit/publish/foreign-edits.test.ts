/** Edits that other programs wrote, and ours brought back through their forms. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edlText } from '../../../electron/engine/publish/formats/edl.ts'
import { editOfEdl, readEdl } from '../../../electron/engine/publish/formats/edl-read.ts'
import { fcpxmlText } from '../../../electron/engine/publish/formats/fcpxml.ts'
import { readFcpxml } from '../../../electron/engine/publish/formats/fcpxml-read.ts'
import { editOfLlc, readLlc } from '../../../electron/engine/publish/formats/llc-read.ts'
import type { ReadTimeline } from '../../../electron/engine/publish/formats/otio-read.ts'
import { viewProject } from '../../../electron/engine/publish/package/project-view.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { ticksFromSeconds, type FrameRate } from '../../../shared/units.ts'
import { inEnglish } from '../../../shared/sayings/saying.ts'
import { clockRecord, markerRecord, projectRecord, streamRecord, trackRecord } from '../../fixtures/publish/project.ts'

const RATES: readonly FrameRate[] = [
  { numerator: 25, denominator: 1 },
  { numerator: 30_000, denominator: 1001 },
  { numerator: 24_000, denominator: 1001 },
  { numerator: 60, denominator: 1 },
]

const cuts = (edit: ReadTimeline) =>
  edit.tracks.map(({ kind, clips }) => ({
    kind,
    clips: clips.map((clip) =>
      [clip.startSeconds, clip.durationSeconds, clip.sourceStartSeconds].map((s) => +s.toFixed(6)),
    ),
  }))

/** One camera, cut at whole frames: each cut a hole, a length and a place in the recording. */
const spans = fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 500 }), fc.nat(5000)), {
  minLength: 1,
  maxLength: 12,
})

function project(rate: FrameRate, frames: readonly (readonly [number, number, number])[]): DocumentRecord[] {
  const frame = rate.denominator / rate.numerator
  const video = streamRecord('cam', { sensor: 'video', frameRate: rate, durationSeconds: 6000 * frame })
  const track = trackRecord(video, 0, 0)
  let at = 0
  const clips = frames.map(([hole, length, source], n) => {
    const start = at + hole
    at = start + length
    return {
      ...track.clips[0]!,
      id: `c${n}`,
      startTicks: ticksFromSeconds(start * frame),
      durationTicks: ticksFromSeconds(length * frame),
      sourceStartTicks: ticksFromSeconds(source * frame),
    }
  })
  const asset = {
    kind: 'asset' as const,
    id: 'cam',
    title: 'cam A',
    fileName: 'cam A.mp4',
    format: 'mp4',
    assetKind: 'recording' as const,
    byteLength: 1,
    sha256: 'a'.repeat(64),
    durationSeconds: null,
    importedAt: '',
    take: null,
    warnings: [],
    metadata: {},
    missing: false,
  }
  return [projectRecord({ title: 'T' }), asset, video, clockRecord('cam'), { ...track, clips }]
}

function expected(rate: FrameRate, frames: readonly (readonly [number, number, number])[]): number[][] {
  const frame = rate.denominator / rate.numerator
  let at = 0
  return frames.map(([hole, length, source]) => {
    const start = at + hole
    at = start + length
    return [start, length, source].map((count) => +(count * frame).toFixed(6))
  })
}

describe('what went out comes back', () => {
  it('through an edit decision list, to the frame', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RATES), spans, (rate, frames) => {
        const view = viewProject(project(rate, frames))
        const text = edlText(view, view.tracks[0]!, { rate, startTicks: 0, markers: [] })
        const edit = editOfEdl(readEdl(text), () => ({ rate, timecodeStart: undefined }))
        expect(cuts(edit)).toEqual([{ kind: 'Video', clips: expected(rate, frames) }])
        expect(edit.warnings).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('through FCPXML, to the frame', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RATES), spans, (rate, frames) => {
        const options = { rate, width: 640, height: 360, urlOf: () => 'file:///m/cam%20A.mp4' }
        const edit = readFcpxml(fcpxmlText(viewProject(project(rate, frames)), options))
        expect(cuts(edit)).toEqual([{ kind: 'Video', clips: expected(rate, frames) }])
      }),
      { numRuns: 60 },
    )
  })
})

it('notes keep their lines through FCPXML, and what XML cannot hold does no harm', () => {
  const note = 'Line 1\r\nline "2" & <3>\tend &#10; ü'
  const marker = { ...markerRecord('clap', 0.4, 'clap'), note, title: 'a\u0001b' }
  const options = { rate: RATES[0]!, width: 640, height: 360, urlOf: () => 'file:///m/cam%20A.mp4' }
  const text = fcpxmlText(viewProject([...project(RATES[0]!, [[0, 100, 0]]), marker]), options)
  expect(text).toContain('Line 1&#13;&#10;line &quot;2&quot; &amp; &lt;3&gt;&#9;end &amp;#10; ü')
  expect(readFcpxml(text).markers).toMatchObject([{ name: 'a\ufffdb', comment: note }])
})

describe('how loud a sound is', () => {
  it('goes out in FCPXML and comes back, and is read from others', () => {
    const records = project({ numerator: 25, denominator: 1 }, [[0, 100, 0]])
    const sound = streamRecord('cam', { index: 1, sensor: 'audio', sampleRateHz: 48_000, durationSeconds: 60 })
    const track = trackRecord(sound, 1, 0)
    const loudness = { gainDb: -7.5, fadeInTicks: ticksFromSeconds(0.5), fadeOutTicks: ticksFromSeconds(1.25) }
    track.clips = [{ ...track.clips[0]!, ...loudness }]
    const options = { rate: RATES[0]!, width: 640, height: 360, urlOf: () => 'file:///m/cam%20A.mp4' }
    const text = fcpxmlText(viewProject([...records, sound, track]), options)
    const heard = (xml: string) => readFcpxml(xml).tracks.find(({ kind }) => kind === 'Audio')?.clips[0]?.sound
    expect(heard(text)).toEqual(loudness)
    expect(heard(text.replaceAll('-7.5dB', '-inf dB'))).toMatchObject({ gainDb: -60 })
  })
})

describe('edit decision lists of others', () => {
  const list = `TITLE: Night shoot
FCM: NON-DROP FRAME

001  A001C003 V     C        10:00:05:00 10:00:07:12 01:00:00:00 01:00:02:12
* FROM CLIP NAME: A001C003.mov
002  A001C003 V     C        10:00:09:00 10:00:09:00 01:00:02:12 01:00:02:12
002  B002     V     D    024 00:00:01:00 00:00:03:00 01:00:02:12 01:00:04:12
* FROM CLIP NAME: A001C003.mov
* TO CLIP NAME: B002.MOV
M2   B002     050.0          00:00:01:00
003  MIC      A2    C        00:00:00:00 00:00:04:12 01:00:00:00 01:00:04:12
004  BL       V     C        00:00:00:00 00:00:01:00 01:00:04:12 01:00:05:12
005  AX       B     C        00:00:00:00 00:00:01:00 01:00:05:12 01:00:06:12
* LOC: 01:00:01:00 RED     LOOK HERE
6    broken   V     C        00:00:00:00
`
  it('are read with dissolves, sounds, black and locators', () => {
    const timecodes = new Map([['A001C003.mov', '10:00:00:00']])
    const edit = editOfEdl(readEdl(list), (names) => ({
      rate: { numerator: 24, denominator: 1 },
      timecodeStart: names.map((name) => timecodes.get(name)).find(Boolean),
    }))
    expect(cuts(edit)).toEqual([
      {
        kind: 'Video',
        clips: [
          [0, 2.5, 5],
          [2.5, 2, 1],
          [5.5, 1, 0],
        ],
      },
      { kind: 'Audio', clips: [[5.5, 1, 0]] },
      { kind: 'Audio', clips: [[0, 4.5, 0]] },
    ])
    expect(edit.tracks[0]!.clips.map(({ name }) => name)).toEqual(['A001C003.mov', 'B002.MOV', 'AX'])
    expect(edit.markers).toMatchObject([{ name: 'LOOK HERE', color: 'RED', atSeconds: 1 }])
    expect(edit.warnings).toHaveLength(3)
    // Without a project that knows the camera, its own hours stay.
    expect(cuts(editOfEdl(readEdl(list), () => undefined))[0]!.clips[0]![2]).toBe(36_005)
  })
})

describe('FCPXML of others', () => {
  const document = (spine: string, resources = '', version = '1.10') => `<?xml version="1.0"?>
<!DOCTYPE fcpxml>
<fcpxml version="${version}"><resources>
<format id="r1" frameDuration="1/25s"/>
<asset id="r2" name="cam A" start="3600s" duration="100s" hasVideo="1" hasAudio="1"><media-rep kind="original-media" src="file:///x/cam%20A.mp4"/></asset>
<asset id="r3" name="voice" start="0s" duration="90s" hasAudio="1" src="file:///x/voice.wav"/>${resources}
</resources><library><event><project name="P"><sequence format="r1" tcStart="3600s"><spine>${spine}</spine></sequence></project></event></library></fcpxml>`

  it('has connected clips where their parents put them', () => {
    const edit = readFcpxml(
      document(`<asset-clip ref="r2" offset="3600s" start="3610s" duration="5s" name="a &amp; b">
        <asset-clip ref="r3" lane="-1" offset="3612s" start="4s" duration="10s" srcEnable="audio"/>
        <marker start="3611s" duration="1/25s" value="here" note="n"/></asset-clip>
        <transition offset="3604s" duration="2s"/>
        <gap offset="3605s" duration="2s"/>
        <asset-clip ref="r2" offset="3607s" start="3600s" duration="1/2s" enabled="0"/>
        <clip offset="3608s" duration="2s" start="20s"><video ref="r2" offset="0s" start="3600s" duration="100s"><audio ref="r2" lane="-1" offset="3600s" start="3600s" duration="100s"/></video></clip>`),
    )
    expect(cuts(edit)).toEqual([
      {
        kind: 'Video',
        clips: [
          [0, 5, 10],
          [8, 2, 20],
        ],
      },
      { kind: 'Audio', clips: [[0, 5, 10]] },
      { kind: 'Audio', clips: [[2, 10, 4]] },
      // It would cover the voice on its lane.
      { kind: 'Audio', clips: [[8, 2, 20]] },
    ])
    expect(edit.markers).toMatchObject([{ name: 'here', comment: 'n', atSeconds: 1 }])
    expect(edit.warnings).toHaveLength(2)
  })

  it('takes synchronized, compound and multicam clips apart', () => {
    const resources = `<media id="r4"><sequence format="r1"><spine><asset-clip ref="r2" offset="0s" start="3600s" duration="10s"/></spine></sequence></media>
      <media id="r5"><multicam format="r1"><mc-angle name="A" angleID="x"><gap offset="0s" duration="2s"/><asset-clip ref="r2" offset="2s" duration="50s"/></mc-angle>
      <mc-angle name="B" angleID="y"><asset-clip ref="r3" offset="0s" duration="50s"/></mc-angle></multicam></media>`
    const edit = readFcpxml(
      document(
        `<ref-clip ref="r4" offset="3600s" start="1s" duration="2s"/>
        <mc-clip ref="r5" offset="3602s" start="3s" duration="4s"><mc-source angleID="x" srcEnable="video"/><mc-source angleID="y" srcEnable="audio"/></mc-clip>
        <sync-clip offset="3606s" start="0s" duration="3s"><asset-clip ref="r2" offset="0s" duration="9s" srcEnable="video"><asset-clip ref="r3" lane="-1" offset="3601s" start="5s" duration="2s"/></asset-clip></sync-clip>`,
        resources,
      ),
    )
    expect(cuts(edit)).toEqual([
      {
        kind: 'Video',
        clips: [
          [0, 2, 1],
          [2, 4, 1],
          [6, 3, 0],
        ],
      },
      {
        kind: 'Audio',
        clips: [
          [0, 2, 1],
          [2, 4, 3],
        ],
      },
      { kind: 'Audio', clips: [[7, 2, 5]] },
    ])
  })

  it('is refused when it goes in circles, defines entities, is cut off or holds no project', () => {
    const circle =
      '<media id="r6"><sequence><spine><ref-clip ref="r6" offset="0s" duration="9s"/></spine></sequence></media>'
    const whole = document('<ref-clip ref="r6" offset="3600s" duration="9s"/>', circle)
    const entities = document('').replace('<!DOCTYPE fcpxml>', '<!DOCTYPE fcpxml [<!ENTITY a "aaaa">]>')
    for (const text of [whole, entities, whole.slice(0, 400), '<a/>', '<fcpxml version="1.9"><resources/></fcpxml>'])
      expect(() => readFcpxml(text)).toThrow(AsterismError)
  })
})

describe('projects of LosslessCut', () => {
  const both = { durationSeconds: 60, kinds: ['Video', 'Audio'] as const }
  it('are their segments, one behind the other', () => {
    const text = `{ version: 1, mediaFileName: 'cam A.mp4', cutSegments: [ { start: 1.5, end: 3, name: 'a', }, { end: 0.5, name: '' }, { start: 50 } ], }`
    const lanes = [
      [0, 1.5, 1.5],
      [1.5, 0.5, 0],
      [2, 10, 50],
    ]
    expect(cuts(editOfLlc(readLlc(text), both))).toEqual([
      { kind: 'Video', clips: lanes },
      { kind: 'Audio', clips: lanes },
    ])
    const second = `{"version":2,"mediaFileName":"cam A.mp4","cutSegments":[{"start":1,"end":2,"selected":false},{"start":4},{"start":5,"end":4},{"start":7,"end":8}]}`
    const edit = editOfLlc(readLlc(second), { ...both, kinds: ['Video'] })
    expect(cuts(edit)).toEqual([{ kind: 'Video', clips: [[0, 1, 7]] }])
    expect(edit.markers).toHaveLength(1)
    expect(edit.warnings.map(inEnglish)).toEqual([
      '2 segments are not selected or end before they begin, and are left out.',
    ])
  })

  it('are refused when they are none', () => {
    for (const text of [
      '',
      '{',
      '{}',
      '[1]',
      '{version:9,mediaFileName:"a",cutSegments:[]}',
      '{version:1,mediaFileName:"a",cutSegments:[{start:"1"}]}',
    ])
      expect(() => readLlc(text), text).toThrow(AsterismError)
  })
})

it('no text makes a reader hang or fail in its own way', () => {
  const words = [
    '001',
    'V',
    'C',
    '01:00:00:00',
    '\n',
    ' ',
    '* FROM CLIP NAME: x',
    '<fcpxml>',
    '<spine/>',
    '{',
    '}',
    'a:1',
    ']',
    'FCM: DROP FRAME',
  ]
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 60 }), (parts) => {
      const text = parts.join(' ')
      for (const read of [readEdl, readFcpxml, readLlc]) {
        try {
          read(text)
        } catch (error) {
          expect(error).toBeInstanceOf(AsterismError)
        }
      }
    }),
    { numRuns: 150 },
  )
})

describe('edits that were made to keep a reader busy', () => {
  const sequence = (inner: string): string => `<sequence><spine>${inner}</spine></sequence>`
  const fcpxml = (resources: string, spine: string): string =>
    `<fcpxml version="1.10"><resources>${resources}</resources><project name="x">${sequence(spine)}</project></fcpxml>`

  it('are refused: lines of spaces, clips that hold each other many times over, and hundreds at one moment', () => {
    const spaces = `1${' '.repeat(900)}x\n`.repeat(200)
    expect(() => readEdl(spaces)).toThrow('no events')
    const level = (n: number): string => {
      const refs = `<ref-clip ref="m${n + 1}" offset="0s" duration="10s"/>`.repeat(3)
      return `<media id="m${n}">${sequence(refs)}</media>`
    }
    const levels = Array.from({ length: 22 }, (_, n) => level(n)).join('')
    const multiplying = fcpxml(levels, '<ref-clip ref="m0" offset="0s" duration="10s"/>')
    expect(() => readFcpxml(multiplying)).toThrow('without end')
    const clip = '<asset-clip ref="r1" offset="0s" duration="10s" name="a"/>'
    const heaped = fcpxml('<asset id="r1" src="a.mp4" hasVideo="1"/>', clip.repeat(20_000))
    expect(() => readFcpxml(heaped)).toThrow('over each other')
  })
})
