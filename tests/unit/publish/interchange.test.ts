/** Edits and captions as other programs read and write them. */
import { readFileSync } from 'node:fs'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCaptions } from '../../../electron/engine/publish/formats/captions-read.ts'
import { edlText } from '../../../electron/engine/publish/formats/edl.ts'
import { fcpxmlText } from '../../../electron/engine/publish/formats/fcpxml.ts'
import { otioTimeline } from '../../../electron/engine/publish/formats/otio.ts'
import { readOtio } from '../../../electron/engine/publish/formats/otio-read.ts'
import { srtText, vttText } from '../../../electron/engine/publish/formats/vtt.ts'
import { viewProject } from '../../../electron/engine/publish/package/project-view.ts'
import { placeEdit } from '../../../shared/document/place-edit.ts'
import type { Asset, DocumentRecord, Track } from '../../../shared/document/records.ts'
import { frameOfTimecode, timecodeOfFrame } from '../../../shared/timecode.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { inEnglish } from '../../../shared/sayings/saying.ts'
import {
  captionRecord,
  clockRecord,
  markerRecord,
  projectRecord,
  streamRecord,
  timeMapRecord,
  trackRecord,
} from '../../fixtures/publish/project.ts'

const golden = readFileSync(new URL('../../fixtures/publish/golden/golden.otio', import.meta.url), 'utf8')

function asset(id: string, fileName: string): Asset {
  return {
    kind: 'asset',
    id,
    title: fileName.replace(/\.\w+$/, ''),
    fileName,
    format: 'mp4',
    assetKind: 'recording',
    byteLength: 1,
    sha256: (id.codePointAt(0) ?? 0).toString(16).padStart(64, '0'),
    durationSeconds: null,
    importedAt: '',
    take: null,
    warnings: [],
    metadata: {},
    missing: false,
  }
}

/** A camera at 29.97, a microphone 0.25 s behind the project, an inertial sensor; the camera cut in two. */
function take(): DocumentRecord[] {
  const rate = { numerator: 30_000, denominator: 1001 }
  const video = streamRecord('cam', {
    sensor: 'video',
    frameRate: rate,
    durationSeconds: 1001 / 30,
    width: 1920,
    height: 1080,
  })
  const audio = streamRecord('mic', { sensor: 'audio', sampleRateHz: 48_000, startSeconds: 0.5 })
  const imu = streamRecord('cam', { sensor: 'imu', index: 1, sampleRateHz: 200 })
  const frame = 1001 / 30_000
  const track = trackRecord(video, 0, 0)
  const [clip] = track.clips
  const cut: Track = {
    ...track,
    title: 'Cam & <A>',
    clips: [
      { ...clip!, durationTicks: ticksFromSeconds(90 * frame) },
      {
        ...clip!,
        id: 'second',
        startTicks: ticksFromSeconds(120 * frame),
        durationTicks: ticksFromSeconds(30 * frame),
        sourceStartTicks: ticksFromSeconds(300 * frame),
      },
    ],
  }
  return [
    projectRecord({ title: 'Take "1" ü & co' }),
    asset('cam', 'cam A.mp4'),
    asset('mic', 'voice.wav'),
    video,
    audio,
    imu,
    { ...clockRecord('cam'), timecode: { start: '01:00:00;00', rate: '30000/1001' } },
    clockRecord('mic'),
    timeMapRecord('mic', -0.25),
    cut,
    trackRecord(audio, 1, -0.25),
    { ...trackRecord(imu, 2, 1), muted: true },
    markerRecord('m', 1, 'clap', '#00ff11'),
  ]
}

describe('OpenTimelineIO', () => {
  it('reads what the library writes, with the times of the golden file', () => {
    const edit = readOtio(golden)
    expect(edit.tracks.map((track) => [track.name, track.kind, track.clips.length])).toEqual([
      ['V1', 'Video', 2],
      ['A1', 'Audio', 1],
    ])
    // The dissolve lies over its neighbours: 120 + 90 + 15 frames, the second clip at frame 120.
    expect(
      edit.tracks[0]!.clips.map((clip) => [clip.startSeconds, clip.durationSeconds, clip.sourceStartSeconds]),
    ).toEqual([
      [0, 4, 1],
      [4, 3, 2],
    ])
    expect(edit.tracks[1]!.clips[0]).toMatchObject({
      startSeconds: 0.5,
      durationSeconds: 2,
      targetUrl: 'media/voice.wav',
    })
    expect(edit.markers).toMatchObject([{ name: 'sync clap', color: 'RED', atSeconds: 0.5 }])
    expect(edit.warnings.map(inEnglish).join(' ')).toMatch(/effect.*Transitions/)
  })

  it('refuses and takes the same files as the library', () => {
    const without = (key: string): string =>
      JSON.stringify(JSON.parse(golden), (name, value: unknown) => (name === key ? undefined : value))
    const taken: Record<string, string> = {
      'integers for doubles': golden.replace(/\.0\b/g, ''),
      'a line end at the end': `${golden}\n`,
      'a kind of our own': golden.replace('"kind": "Audio"', '"kind": "IMU"'),
      'an unknown schema inside metadata': golden.replace('"project_id": "p1"', '"s": {"OTIO_SCHEMA": "Unheard.9"}'),
      'no colour, effects or enabled': without('color').replace(/"effects":\[\],/g, ''),
      'Clip.1': golden
        .replace(/"Clip\.2"/g, '"Clip.1"')
        .replace(
          /"media_references": \{\s*"DEFAULT_MEDIA": (\{[\s\S]*?"target_url": "[^"]*"\s*\})\s*\},\s*"active_media_reference_key": "DEFAULT_MEDIA"/g,
          '"media_reference": $1',
        ),
      '29.97': golden.replace(/"rate": 30\.0/g, '"rate": 29.97002997002997'),
    }
    for (const [what, text] of Object.entries(taken)) expect(readOtio(text).tracks.length, what).toBe(2)
    expect(readOtio(taken['Clip.1']!)).toEqual(readOtio(golden))
    const refused: Record<string, string> = {
      'a byte order mark': `\uFEFF${golden}`,
      'an unknown schema on a track': golden.replace('"OTIO_SCHEMA": "Gap.1"', '"OTIO_SCHEMA": "Sensor.1"'),
      'Marker.3': golden.replace('Marker.2', 'Marker.3'),
      'a track without a kind': without('kind'),
      'half a file': golden.slice(0, golden.length / 2),
      'another document': '{"OTIO_SCHEMA": "Clip.2"}',
      'a time that is none': golden.replace('"value": 120.0', '"value": NaN'),
    }
    for (const [what, text] of Object.entries(refused)) {
      expect(() => readOtio(text), what).toThrow(expect.objectContaining({ code: 'corrupt_file' }))
    }
  })

  it('comes back as it went, tick by tick', () => {
    const records = take().map((record) =>
      record.kind === 'track' && record.sensor === 'audio'
        ? { ...record, clips: record.clips.map((clip) => ({ ...clip, gainDb: 3, fadeInTicks: 7056 })) }
        : record,
    )
    const text = otioTimeline(viewProject(records), (id) => `file:///media/${id}`)
    const draft = new Map(records.map((record) => [record.id, record]))
    let n = 0
    const placed = placeEdit(draft, readOtio(text), () => `n${n++}`)
    expect(placed).toEqual({ tracks: 3, clips: 4, markers: 1, unmatched: [] })
    const shape = (all: Iterable<DocumentRecord>) =>
      [...all]
        .filter((record) => record.kind === 'track')
        .sort((a, b) => a.order - b.order)
        // The cut between cameras is known by its id.
        .map((track) => ({ ...track, clips: track.clips.map((clip) => ({ ...clip, id: '' })) }))
    expect(shape(draft.values())).toEqual(shape(records))
    const markers = [...draft.values()].filter((record) => record.kind === 'marker')
    expect(markers).toMatchObject([{ atTicks: ticksFromSeconds(1), title: 'clap', color: '#00ff11', note: 'by hand' }])
  })

  it('finds media by their names where the ids are not ours, and names what it does not have', () => {
    const draft = new Map<string, DocumentRecord>(take().map((record) => [record.id, record]))
    const placed = placeEdit(draft, readOtio(golden), () => Math.random().toString())
    // "cam A.mp4" and "voice.wav" are there, "b.mp4" is not.
    expect(placed).toMatchObject({ tracks: 2, clips: 2, unmatched: ['b.mp4'] })
  })
})

describe('FCPXML', () => {
  const text = fcpxmlText(viewProject(take()), {
    rate: { numerator: 30_000, denominator: 1001 },
    width: 1920,
    height: 1080,
    urlOf: (id) => `file:///media/${id}%20x.mp4`,
  })
  const parsed = new XMLParser({
    ignoreAttributes: false,
    isArray: (name) => name === 'asset-clip' || name === 'mc-angle',
  }).parse(text) as { fcpxml: Record<string, never> }

  it('is well formed and names every reference', () => {
    expect(XMLValidator.validate(text)).toBe(true)
    const ids = new Set([...text.matchAll(/ id="(r\d+)"/g)].map((match) => match[1]))
    const refs = [...text.matchAll(/ (?:ref|format)="(r\d+)"/g)].map((match) => match[1])
    expect(refs.length).toBeGreaterThan(5)
    for (const ref of refs) expect(ids).toContain(ref)
    expect(text).toContain('version="1.9"')
    expect(text).toContain('Take &quot;1&quot; ü &amp; co')
  })

  it('has the cuts on whole frames, sounds on samples, and an angle a recording', () => {
    const seconds = (time: string): number => {
      const [, a, b = '1'] = /^(-?\d+)(?:\/(\d+))?s$/.exec(time)!
      return Number(a) / Number(b)
    }
    const clips = [
      ...text.matchAll(
        /<asset-clip ref="(r\d)" lane="(-?\d)" offset="([^"]+)" name="[^"]*" start="([^"]+)" duration="([^"]+)"/g,
      ),
    ]
    const [first, second, sound] = clips.map((match) => match.slice(3).map(seconds))
    const frame = 1001 / 30_000
    // The project starts 0.25 s before zero, which is 7.49 frames: 7.
    expect(first![0]! / frame).toBeCloseTo(7, 9)
    expect(second!.map((time) => time / frame).map(Math.round)).toEqual([127, 300, 30])
    for (const time of second!) expect(Math.abs(time / frame - Math.round(time / frame))).toBeLessThan(1e-9)
    expect(sound).toEqual([0, 0, 4])
    const resources = parsed.fcpxml['resources'] as unknown as { media: { multicam: { 'mc-angle': unknown[] } } }
    expect(resources.media.multicam['mc-angle']).toHaveLength(2)
  })
})

describe('EDL', () => {
  const rate = { numerator: 30_000, denominator: 1001 }
  it('says the cuts in drop frame, from the source’s own timecode', () => {
    const view = viewProject(take())
    const text = edlText(view, view.tracks[0]!, { rate, startTicks: 0, markers: view.markers })
    expect(text.split('\n').slice(0, 8)).toEqual([
      'TITLE: Take "1" ü & co Cam & <A>',
      'FCM: DROP FRAME',
      '',
      '001  CAMA     V     C        01:00:00;00 01:00:03;00 01:00:00;00 01:00:03;00',
      '* FROM CLIP NAME:  cam A.mp4',
      '002  CAMA     V     C        01:00:10;00 01:00:11;00 01:00:04;00 01:00:05;00',
      '* FROM CLIP NAME:  cam A.mp4',
      '* LOC: 01:00:01;00 GREEN   clap',
    ])
  })

  it('counts drop frames as ST 12-1 does, there and back', () => {
    expect(timecodeOfFrame(1799, rate)).toBe('00:00:59;29')
    expect(timecodeOfFrame(1800, rate)).toBe('00:01:00;02')
    expect(timecodeOfFrame(17_982, rate)).toBe('00:10:00;00')
    const rates = [rate, { numerator: 60_000, denominator: 1001 }, { numerator: 25, denominator: 1 }]
    fc.assert(
      fc.property(fc.constantFrom(...rates), fc.nat(5_000_000), (each, frame) => {
        expect(frameOfTimecode(timecodeOfFrame(frame, each), each)).toBe(frame)
      }),
    )
  })
})

describe('captions', () => {
  const captions = [
    captionRecord('a', 0.5, 1.25, 'Hello'),
    captionRecord('b', 3661.0004, 3662, 'x < y & z --> w\n\nsecond'),
  ]
  it('come back from WebVTT and SubRip', () => {
    const expected = (arrow: string) => [
      { startSeconds: 0.5, endSeconds: 1.25, text: 'Hello' },
      { startSeconds: 3661, endSeconds: 3662, text: `x < y & z ${arrow} w\nsecond` },
    ]
    expect(readCaptions(vttText(captions)).cues).toEqual(expected('-->'))
    expect(readCaptions(srtText(captions)).cues).toEqual(expected('→'))
    expect(srtText(captions)).toContain('2\n01:01:01,000 --> 01:01:02,000\n')
  })

  it('read what others write', () => {
    const text =
      '\uFEFFWEBVTT - a title\r\n\r\nNOTE not this\r\n\r\nid\r\n00:01.000 --> 00:02.500 align:start\r\n<v Ann>Hi &amp; <b>bye</b>\r\n\r\n00:09.000 --> 00:08.000\r\nbackwards\r\n'
    expect(readCaptions(text)).toEqual({
      cues: [{ startSeconds: 1, endSeconds: 2.5, text: 'Hi & bye', speaker: 'Ann' }],
      broken: 1,
    })
    expect(readCaptions('WEBVTT\n').cues).toEqual([])
    expect(() => readCaptions('this is a letter')).toThrow(expect.objectContaining({ code: 'corrupt_file' }))
  })
})
