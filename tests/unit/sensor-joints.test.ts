/** Where a sensor parts from the picture at a joint of the timeline. */
import { expect, test } from 'vitest'
import type { Clip, DocumentRecord, Track } from '../../shared/document/records.ts'
import { sensorJoints } from '../../shared/document/sensor-joints.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { streamRecord } from '../fixtures/publish/project.ts'

/** Seconds on the timeline, from and to, and where in the recording it begins: where it lay at first, unless said. */
type Span = readonly [from: number, to: number, source?: number]

function track(streamId: string, sensor: Track['sensor'], ...spans: Span[]): Track {
  const clips = spans.map(([from, to, source = from]): Clip => ({
    id: `${sensor} ${from}`,
    assetId: streamId.split('/')[0]!,
    streamId,
    startTicks: ticksFromSeconds(from),
    durationTicks: ticksFromSeconds(to - from),
    sourceStartTicks: ticksFromSeconds(source),
    linkId: null,
  }))
  return {
    kind: 'track',
    id: `track of ${streamId}`,
    title: sensor,
    sensor,
    order: 0,
    muted: false,
    locked: false,
    clips,
  }
}

const STREAMS = [
  streamRecord('phone', { sensor: 'video', index: 0, durationSeconds: 10 }),
  streamRecord('phone', { sensor: 'imu', index: 1, durationSeconds: 10 }),
  streamRecord('band', { sensor: 'imu', index: 0, durationSeconds: 10 }),
]
const picture = (...spans: Span[]): Track => track('phone/s0', 'video', ...spans)
const imu = (...spans: Span[]): Track => track('phone/s1', 'imu', ...spans)

function joints(...tracks: Track[]): unknown[] {
  const document = new Map<string, DocumentRecord>([...STREAMS, ...tracks].map((record) => [record.id, record]))
  return Array.from(sensorJoints(document).values(), (found) =>
    found.map(({ what, atTicks, seconds }) => [what, atTicks / ticksFromSeconds(1), Number(seconds.toFixed(3))]),
  ).flat()
}

test('a sensor that is cut, jumps or goes back while the picture runs on', () => {
  expect(joints(picture([0, 10]), imu([0, 10]))).toEqual([])
  expect(joints(picture([0, 10]), imu([0, 3], [5, 10]))).toEqual([['missing', 3, 2]])
  expect(joints(picture([0, 8]), imu([0, 3], [3, 8, 5]))).toEqual([['skips', 3, 2]])
  expect(joints(picture([0, 10]), imu([0, 3], [3, 10, 2.5]))).toEqual([['repeats', 3, 0.5]])
  expect(joints(picture([0, 10]), imu([2, 7]))).toEqual([
    ['begins', 2, 2],
    ['ends', 7, 3],
  ])
})

test('where the picture is cut or jumps along with it, nothing parts', () => {
  expect(joints(picture([0, 3], [3, 8, 5]), imu([0, 3], [3, 8, 5]))).toEqual([])
  expect(joints(picture([0, 3], [5, 10]), imu([0, 3], [5, 10]))).toEqual([])
  expect(joints(picture([2, 7]), imu([2, 7]))).toEqual([])
  // Both are split and the picture goes on: only the sensor skips.
  expect(joints(picture([0, 3], [3, 10]), imu([0, 3], [3, 8, 5]))).toEqual([['skips', 3, 2]])
  // A joint at which nothing is missing, and less than a picture.
  expect(joints(picture([0, 10]), imu([0, 3], [3, 10]), track('band/s0', 'imu', [0, 3], [3.01, 10]))).toEqual([])
})

test('a sensor of its own stands beside any picture; no picture, no joint', () => {
  const band = track('band/s0', 'imu', [0, 3], [5, 10])
  expect(joints(band)).toEqual([])
  expect(joints(picture([0, 10]), band)).toEqual([['missing', 3, 2]])
})

test('after an edit of another track the same joints are given, after one of the picture other ones', () => {
  const own = imu([0, 3], [5, 10])
  const of = (...tracks: Track[]) =>
    sensorJoints(new Map<string, DocumentRecord>([...STREAMS, ...tracks].map((each) => [each.id, each]))).get(own.id)
  const film = picture([0, 10])
  expect(of(film, own)).toBe(of(film, own, track('band/s0', 'imu', [0, 1])))
  expect(of(picture([0, 3], [5, 10]), own)).toBeUndefined()
})
