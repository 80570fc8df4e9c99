/** Which sensors an edit drops beside what it keeps of a recording. */
import { expect, test } from 'vitest'
import { leftOutBeside, leftOutOf } from '../../shared/document/left-out.ts'
import type { Clip, DocumentRecord, Track } from '../../shared/document/records.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { streamRecord } from '../fixtures/publish/project.ts'

const clip = (streamId: string, from: number, to: number): Clip => ({
  id: `${streamId} ${from}`,
  assetId: 'phone',
  streamId,
  startTicks: ticksFromSeconds(from),
  durationTicks: ticksFromSeconds(to - from),
  sourceStartTicks: ticksFromSeconds(from),
  linkId: null,
})
const track = (sensor: Track['sensor'], order: number, ...clips: Clip[]): Track => ({
  kind: 'track',
  id: `track ${order}`,
  title: sensor,
  sensor,
  order,
  muted: false,
  locked: false,
  clips,
})

/** A phone with picture, sound, an IMU and a still; the sound ends at 3 s of 4. */
function edit(...tracks: Track[]): Map<string, DocumentRecord> {
  const streams = [
    streamRecord('phone', { sensor: 'video', index: 0 }),
    streamRecord('phone', { sensor: 'audio', index: 1, durationSeconds: 3 }),
    streamRecord('phone', { sensor: 'imu', index: 2 }),
    streamRecord('phone', { sensor: 'image', index: 3, durationSeconds: null }),
  ]
  return new Map([...streams, ...tracks].map((record) => [record.id, record]))
}
const leftOut = (document: Map<string, DocumentRecord>) => leftOutOf(document).map(({ sensor }) => sensor)

test('sound that is cut away beside its picture is left out; what was not recorded then is not', () => {
  const picture = clip('phone/s0', 0, 4)
  expect(leftOut(edit(track('video', 0, picture)))).toEqual(['audio'])
  expect(leftOut(edit(track('video', 0, picture), track('audio', 1, clip('phone/s1', 0, 3))))).toEqual([])
  expect(leftOut(edit(track('video', 0, picture), track('audio', 1, clip('phone/s1', 0, 2.5))))).toEqual(['audio'])
  // A frame or so is nobody's loss.
  expect(leftOut(edit(track('video', 0, picture), track('audio', 1, clip('phone/s1', 0, 2.95))))).toEqual([])
})

test('motion goes along with the picture unless it has clips of its own that do not', () => {
  const tracks = [track('video', 0, clip('phone/s0', 1, 2)), track('audio', 1, clip('phone/s1', 1, 2))]
  expect(leftOut(edit(...tracks))).toEqual([])
  expect(leftOut(edit(...tracks, track('imu', 2, clip('phone/s2', 2, 4))))).toEqual(['video', 'audio', 'imu'])
})

test('one clip is told what lies beside it alone', () => {
  const document = edit(
    track('video', 0, clip('phone/s0', 0, 1), clip('phone/s0', 2, 3)),
    track('audio', 1, clip('phone/s1', 0, 1)),
  )
  const beside = (from: number, to: number) =>
    leftOutBeside(document, clip('phone/s0', from, to)).map(({ sensor }) => sensor)
  expect(beside(0, 1)).toEqual([])
  expect(beside(2, 3)).toEqual(['audio'])
})
