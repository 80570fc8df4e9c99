import { expect, test, vi } from 'vitest'
import { edit } from '../../../shared/document/document.ts'
import { followClock, nudgeClock, releaseClock } from '../../../shared/document/place-clock.ts'
import type { DocumentRecord, TimeMap } from '../../../shared/document/records.ts'
import { applyTimeMap } from '../../../shared/signal/time-map.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'

const MAP: TimeMap = {
  kind: 'timeMap',
  id: 'timeMap:c',
  clockId: 'c',
  offsetSeconds: 3.7,
  ratePpm: 38,
  sigmaOffsetSeconds: 1e-4,
  sigmaRatePpm: 0.4,
  covariance: [1e-8, 0, 0.16],
  confidence: 0.98,
  method: 'audio',
  evidenceIds: ['e'],
  manual: false,
  knots: [
    { clockSeconds: 0, projectSeconds: 3.7, sigmaSeconds: 1e-4 },
    { clockSeconds: 10, projectSeconds: 13.8, sigmaSeconds: 1e-4 },
  ],
}

function project(map?: TimeMap): Map<string, DocumentRecord> {
  const start = ticksFromSeconds(3.7)
  const records = [
    {
      kind: 'clock',
      id: 'c',
      assetId: 'a',
      title: 'a',
      source: 'container',
      epochUtcNanoseconds: null,
      timecode: null,
    },
    {
      kind: 'stream',
      id: 's',
      assetId: 'a',
      clockId: 'c',
      index: 0,
      sensor: 'audio',
      startSeconds: 0,
      durationSeconds: 10,
    },
    {
      kind: 'track',
      id: 't',
      title: 't',
      sensor: 'audio',
      order: 0,
      muted: false,
      locked: false,
      clips: [
        {
          id: 'clip',
          assetId: 'a',
          streamId: 's',
          startTicks: start,
          durationTicks: ticksFromSeconds(10.1),
          sourceStartTicks: 0,
          linkId: null,
        },
      ],
    },
    ...(map ? [map] : []),
  ] as unknown as DocumentRecord[]
  return new Map(records.map((record) => [record.id, record]))
}

function startOfClip(document: ReadonlyMap<string, DocumentRecord>): number {
  const track = document.get('t')
  return track?.kind === 'track' ? secondsFromTicks(track.clips[0]!.startTicks) : Number.NaN
}

test('a nudge moves map, knots and clip alike, is the hand’s from then on, and can be given back', () => {
  const before = project(MAP)
  const after = edit(before, (draft) => nudgeClock(draft, 'c', -0.001)).document
  const map = after.get(MAP.id) as TimeMap
  expect(map).toMatchObject({ manual: true, method: 'hand', ratePpm: 38, confidence: 1 })
  for (const at of [0, 4, 10, 12]) expect(applyTimeMap(map, at)).toBeCloseTo(applyTimeMap(MAP, at) - 0.001, 9)
  expect(startOfClip(after)).toBeCloseTo(3.699, 6)
  expect(startOfClip(before)).toBeCloseTo(3.7, 6)
  const released = edit(after, (draft) => releaseClock(draft, 'c')).document
  expect(released.get(MAP.id)).toMatchObject({ manual: false, offsetSeconds: map.offsetSeconds })
})

test('what nothing has placed is placed by the first nudge', () => {
  const after = edit(project(), (draft) => nudgeClock(draft, 'c', 0.04)).document
  expect(after.get('timeMap:c')).toMatchObject({ manual: true, offsetSeconds: 0.04, ratePpm: 0 })
  expect(startOfClip(after)).toBeCloseTo(3.74, 6)
})

test('of a clock that no map places, before or after, nothing is looked through', () => {
  const records = project()
  const clock = records.get('c')
  if (clock?.kind !== 'clock') throw new Error('there is a clock')
  const values = vi.spyOn(records, 'values')
  followClock(records, clock)
  expect(values).not.toHaveBeenCalled()
  followClock(records, clock, undefined, MAP)
  expect(values).toHaveBeenCalled()
})
