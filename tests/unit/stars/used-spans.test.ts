import { describe, expect, test } from 'vitest'
import type { Document } from '../../../shared/document/document.ts'
import type { Clip, DocumentRecord, Sensor, Stream } from '../../../shared/document/records.ts'
import { isUsed, usedSpans } from '../../../shared/document/used-spans.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'

function stream(id: string, sensor: Sensor, clockId = 'clock'): Stream {
  return { kind: 'stream', id, assetId: 'asset', clockId, index: 0, sensor, startSeconds: 0, durationSeconds: 10 }
}

function clip(id: string, streamId: string, from: number, to: number): Clip {
  return {
    id,
    assetId: 'asset',
    streamId,
    startTicks: ticksFromSeconds(from),
    durationTicks: ticksFromSeconds(to - from),
    sourceStartTicks: ticksFromSeconds(from),
    linkId: null,
  }
}

const [camera, sound, poses, elsewhere] = [
  stream('camera', 'video'),
  stream('sound', 'audio'),
  stream('poses', 'pose'),
  stream('elsewhere', 'imu', 'another clock'),
]

function edit(...clips: Clip[]): Document {
  const track = { kind: 'track', id: 'track', title: '', sensor: 'video', order: 0, muted: false, locked: false, clips }
  const records = [camera, sound, poses, elsewhere, track] as DocumentRecord[]
  return new Map(records.map((record) => [record.id, record]))
}

describe('what an edit uses', () => {
  test('everything, while nothing lies on the time line', () => {
    expect(usedSpans(edit()).of(camera!)).toBeNull()
  })

  test('a stream where its clips lie, pieces that touch as one', () => {
    const used = usedSpans(edit(clip('a', 'camera', 0, 2), clip('b', 'camera', 2, 4), clip('c', 'camera', 7, 8)))
    expect(used.of(camera!)).toEqual([
      { startSeconds: 0, endSeconds: 4 },
      { startSeconds: 7, endSeconds: 8 },
    ])
    expect(used.clips).toBe(3)
  })

  test('it is as long as it plays, however many tracks play at once and wherever it begins', () => {
    const used = usedSpans(edit(clip('a', 'camera', 1, 4), clip('b', 'sound', 2, 6)))
    expect(used.seconds).toBeCloseTo(5)
    expect(usedSpans(edit()).seconds).toBe(0)
  })

  test('sound without clips is cut away; poses follow their clock; what lies on no clock of the edit is out', () => {
    const used = usedSpans(edit(clip('a', 'camera', 1, 3)))
    expect(used.of(sound!)).toEqual([])
    expect(used.of(poses!)).toEqual([{ startSeconds: 1, endSeconds: 3 }])
    expect(used.of(elsewhere!)).toEqual([])
  })

  test('the key names the moments, not the clips', () => {
    const whole = usedSpans(edit(clip('a', 'camera', 0, 4))).key
    expect(usedSpans(edit(clip('b', 'camera', 0, 1), clip('c', 'camera', 1, 4))).key).toBe(whole)
    expect(usedSpans(edit(clip('a', 'camera', 0, 4.1))).key).not.toBe(whole)
    expect(usedSpans(edit(clip('a', 'sound', 0, 4))).key).not.toBe(whole)
  })

  test('a bin counts from half of it on, and the last one by what of it there is', () => {
    const spans = [{ startSeconds: 0, endSeconds: 2.5 }]
    expect(isUsed(spans, 2, 1, 10)).toBe(true)
    expect(isUsed([{ startSeconds: 0, endSeconds: 2.4 }], 2, 1, 10)).toBe(false)
    expect(isUsed([{ startSeconds: 0, endSeconds: 2.3 }], 2, 1, 2.3)).toBe(true)
    expect(isUsed([], 2, 1, 10)).toBe(false)
  })
})
