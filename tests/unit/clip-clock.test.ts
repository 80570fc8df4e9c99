import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { projectSecondsAt, sourceSecondsAt } from '../../shared/document/clip-clock.ts'
import { timeMapId, type Document } from '../../shared/document/document.ts'
import type { DocumentRecord, Track } from '../../shared/document/records.ts'
import { retimeClips, splitAt } from '../../shared/document/timeline.ts'
import { trimClips } from '../../shared/document/timeline-trims.ts'
import type { MomentMap } from '../../shared/signal/time-map.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../shared/units.ts'

fc.configureGlobal({ seed: 20_261_125, numRuns: 200 })

const HOUR = 3600

/** A recording of an hour whose clock has a map, on one track, where the map says. */
function projectWith(map: MomentMap): Map<string, DocumentRecord> {
  const records = [
    {
      kind: 'stream',
      id: 's',
      assetId: 'a',
      clockId: 'c',
      index: 0,
      sensor: 'audio',
      startSeconds: 0,
      durationSeconds: HOUR,
    },
    {
      kind: 'timeMap',
      id: timeMapId('c'),
      clockId: 'c',
      ...map,
      sigmaOffsetSeconds: 0,
      sigmaRatePpm: 0,
      covariance: [0, 0, 0],
      confidence: 1,
      method: 'audio',
      evidenceIds: [],
      manual: false,
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
          startTicks: 0,
          durationTicks: ticksFromSeconds(HOUR),
          sourceStartTicks: 0,
          linkId: null,
        },
      ],
    },
  ] as unknown as DocumentRecord[]
  const draft = new Map(records.map((record) => [record.id, record]))
  retimeClips(draft, new Set(['s']), undefined, map)
  return draft
}

const trackOf = (document: Document): Track => document.get('t') as Track

const knotted: fc.Arbitrary<MomentMap> = fc
  .record({
    offsetSeconds: fc.double({ min: -100, max: 100, noNaN: true }),
    ratePpm: fc.double({ min: -400, max: 400, noNaN: true }),
    jumps: fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { maxLength: 4 }),
  })
  .map(({ offsetSeconds, ratePpm, jumps }) => {
    if (jumps.length === 0) return { offsetSeconds, ratePpm }
    let lost = 0
    const knots = [0, ...jumps].flatMap((jump, n) => {
      const at = 500 * n
      const end = at + 499.9
      lost += jump
      return [at, end].map((clockSeconds) => ({
        clockSeconds,
        projectSeconds: offsetSeconds + lost + clockSeconds * (1 + ratePpm * 1e-6),
        sigmaSeconds: 0,
      }))
    })
    return { offsetSeconds, ratePpm, knots }
  })

describe('clips on the clocks of their recordings', () => {
  test('a moment found in the recording is found again on the time line', () => {
    fc.assert(
      fc.property(
        knotted,
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0, max: HOUR, noNaN: true }),
        (map, moved, at) => {
          const clip = { startTicks: ticksFromSeconds(moved), sourceStartTicks: 0 }
          expect(sourceSecondsAt(clip, map, projectSecondsAt(clip, map, at))).toBeCloseTo(at, 6)
        },
      ),
    )
  })

  test('cutting shows what was shown before, however the clock runs', () => {
    fc.assert(
      fc.property(
        knotted,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (map, cutAt, lookAt) => {
          const draft = projectWith(map)
          const [whole] = trackOf(draft).clips.map((clip) => ({ ...clip }))
          const end = whole!.startTicks + whole!.durationTicks
          const cut = Math.round(whole!.startTicks + cutAt * whole!.durationTicks)
          expect(splitAt(draft, cut, ['t'], () => 'tail')).toBe(1)
          const [, tail] = trackOf(draft).clips
          const seconds = secondsFromTicks(cut + lookAt * (end - cut))
          expect(sourceSecondsAt(tail!, map, seconds)).toBeCloseTo(sourceSecondsAt(whole!, map, seconds), 6)
        },
      ),
    )
  })

  test('a recording ends on the time line where its last sample lies, and is not trimmed beyond it', () => {
    fc.assert(
      fc.property(knotted, (map) => {
        const draft = projectWith(map)
        const [clip] = trackOf(draft).clips
        const end = projectSecondsAt(clip!, map, HOUR)
        expect(secondsFromTicks(clip!.startTicks + clip!.durationTicks)).toBeCloseTo(end, 6)
        trimClips(draft, new Set(['clip']), 'end', -ticksFromSeconds(10))
        trimClips(draft, new Set(['clip']), 'end', ticksFromSeconds(99))
        const again = trackOf(draft).clips[0]!
        expect(secondsFromTicks(again.startTicks + again.durationTicks)).toBeCloseTo(end, 6)
      }),
    )
  })
})
