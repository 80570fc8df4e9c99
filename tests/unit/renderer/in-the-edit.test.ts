import { expect, test } from 'vitest'
import type { Document } from '../../../shared/document/document.ts'
import type { Clip, DocumentRecord } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { secondsInEdit, spansInEdit, streamSecondsInEdit } from '../../../renderer/src/stars/in-the-edit.ts'

/** A camera of ten seconds whose clock is two seconds late; clips as [moment of the recording, how long, where on the line]. */
function edit(...clips: [from: number, seconds: number, at: number][]): Document {
  const placed = clips.map(([from, seconds, at], n): Clip => ({
    id: `clip-${n}`,
    assetId: 'asset',
    streamId: 'camera',
    startTicks: ticksFromSeconds(at),
    durationTicks: ticksFromSeconds(seconds),
    sourceStartTicks: ticksFromSeconds(from),
    linkId: null,
  }))
  const records = [
    { kind: 'stream', id: 'camera', assetId: 'asset', clockId: 'clock', index: 0, sensor: 'video' },
    { kind: 'timeMap', id: 'timeMap:clock', clockId: 'clock', offsetSeconds: 2, ratePpm: 0 },
    { kind: 'track', id: 'track', title: '', sensor: 'video', order: 0, muted: false, locked: false, clips: placed },
  ] as unknown as DocumentRecord[]
  return new Map(records.map((record) => [record.id, record]))
}

const windows = [0, 2, 4, 6, 8, 10].map((start) => ({ start_s: start, end_s: start + 2, stars: start }))

test('where no clip was moved, moments lie where they were judged', () => {
  expect(spansInEdit(edit([0, 10, 2]), windows)).toBe(windows)
  expect(secondsInEdit(edit([0, 10, 2]), 5)).toBe(5)
})

test('where nothing was judged, no edit is looked through', () => {
  const unread = new Proxy(edit([0, 10, 2]), {
    get: (): never => {
      throw new Error('looked through')
    },
  })
  expect(spansInEdit(unread, [])).toEqual([])
})

test('what a ripple closed up is closed up in the strip, and what was cut away is gone', () => {
  // Moments 4 to 7 of the line were taken out, and the rest came forward.
  const cut = edit([0, 2, 2], [5, 5, 4])
  expect(spansInEdit(cut, windows)).toEqual([
    { start_s: 2, end_s: 4, stars: 2 },
    { start_s: 4, end_s: 5, stars: 6 },
    { start_s: 5, end_s: 7, stars: 8 },
    { start_s: 7, end_s: 9, stars: 10 },
  ])
  expect(secondsInEdit(cut, 8.5)).toBeCloseTo(5.5)
  expect(secondsInEdit(cut, 5)).toBe(5)
  expect(streamSecondsInEdit(cut, 'camera', 9)).toBeCloseTo(8)
  expect(streamSecondsInEdit(cut, 'camera', 3)).toBe(5)
})
