import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edit, recordsOf, type Document, type Recipe } from '../../shared/document/document.ts'
import { applyPatches } from '../../shared/document/patches.ts'
import { captionsAsRecorded } from '../../shared/document/recorded-captions.ts'
import type { Asset, Caption, Clip, DocumentRecord, Marker, Stream, Track } from '../../shared/document/records.ts'
import {
  liftClips,
  moveClips,
  placeAsset,
  retimeClips,
  rippleDeleteClips,
  splitAt,
  timelineExtent,
} from '../../shared/document/timeline.ts'
import { trimClips } from '../../shared/document/timeline-trims.ts'
import { TICKS_PER_SECOND, ticksFromSeconds } from '../../shared/units.ts'

fc.configureGlobal({ seed: 20_260_731, numRuns: 150 })

const SOURCE = { startTicks: 0, endTicks: 1_000_000 }

interface Spec {
  readonly locked: boolean
  readonly clips: readonly { gap: number; length: number; source: number }[]
}

function trackOf({ locked, clips: specs }: Spec, order: number): Track {
  const clips: Clip[] = []
  let end = -500
  for (const [n, { gap, length, source }] of specs.entries()) {
    clips.push({
      id: `clip-${order}-${n}`,
      assetId: 'asset',
      streamId: `stream-${order}`,
      startTicks: end + gap,
      durationTicks: length,
      sourceStartTicks: source,
      linkId: null,
    })
    end += gap + length
  }
  return { kind: 'track', id: `track-${order}`, title: 't', sensor: 'video', order, muted: false, locked, clips }
}

const spec: fc.Arbitrary<Spec> = fc.record({
  locked: fc.boolean(),
  clips: fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 400 }),
      length: fc.integer({ min: 1, max: 900 }),
      source: fc.integer({ min: 0, max: 5000 }),
    }),
    { maxLength: 6 },
  ),
})

const timeline: fc.Arbitrary<Document> = fc
  .array(spec, { minLength: 1, maxLength: 4 })
  .map((specs) => new Map(specs.map(trackOf).map((track) => [track.id, track])))

const clipsOf = (document: Document): Clip[] => recordsOf(document, 'track').flatMap((track) => track.clips)

/** Picks some of the clips of a document by a list of booleans. */
function chosen(document: Document, picks: readonly boolean[]): Set<string> {
  return new Set(
    clipsOf(document)
      .filter((_, n) => picks[n % picks.length])
      .map((clip) => clip.id),
  )
}

function expectSound(document: Document): void {
  for (const track of recordsOf(document, 'track')) {
    let end = -Infinity
    for (const clip of track.clips) {
      expect(clip.durationTicks).toBeGreaterThan(0)
      expect(clip.startTicks).toBeGreaterThanOrEqual(end)
      end = clip.startTicks + clip.durationTicks
    }
    expect(new Set(track.clips.map((clip) => clip.id)).size).toBe(track.clips.length)
  }
}

/** Runs a gesture: the tracks stay sound, locked ones stay as they were, and undoing gives back what was. */
function gesture(document: Document, recipe: Recipe, touchesLocked = false): Document {
  const { document: after, inverse } = edit(document, recipe)
  expectSound(after)
  if (!touchesLocked) {
    for (const track of recordsOf(document, 'track')) if (track.locked) expect(after.get(track.id)).toBe(track)
  }
  expect(applyPatches(after, inverse)).toEqual(document)
  return after
}

let made = 0
const newId = (): string => `new-${made++}`
const picks = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 })
const shift = fc.integer({ min: -1500, max: 1500 })

describe('gestures on the timeline', () => {
  test('split cuts what lies under the tick and shows the same moments', () => {
    fc.assert(
      fc.property(timeline, fc.integer({ min: -500, max: 4000 }), (document, at) => {
        const tracks = recordsOf(document, 'track')
        let cut = 0
        const after = gesture(document, (draft) => {
          cut = splitAt(
            draft,
            at,
            tracks.map((track) => track.id),
            newId,
          )
        })
        const inside = tracks
          .filter((track) => !track.locked)
          .filter((track) =>
            track.clips.some((clip) => at > clip.startTicks && at < clip.startTicks + clip.durationTicks),
          )
        expect(cut).toBe(inside.length)
        expect(clipsOf(after)).toHaveLength(clipsOf(document).length + cut)
        const shown = (each: Document): Set<string> =>
          new Set(clipsOf(each).map((clip) => `${clip.streamId} ${clip.startTicks - clip.sourceStartTicks}`))
        expect(shown(after)).toEqual(shown(document))
        const total = (each: Document): number => clipsOf(each).reduce((sum, clip) => sum + clip.durationTicks, 0)
        expect(total(after)).toBe(total(document))
      }),
    )
  })

  test('lift leaves every other clip where it was', () => {
    fc.assert(
      fc.property(timeline, picks, (document, pick) => {
        const ids = chosen(document, pick)
        const after = gesture(document, (draft) => liftClips(draft, ids))
        const locked = new Set(
          recordsOf(document, 'track')
            .filter((track) => track.locked)
            .flatMap((track) => track.clips.map((clip) => clip.id)),
        )
        expect(clipsOf(after)).toEqual(clipsOf(document).filter((clip) => !ids.has(clip.id) || locked.has(clip.id)))
      }),
    )
  })

  test('ripple delete moves what follows by what went before it: on its own track where others lie beside, else on all', () => {
    const seen = new Set<boolean>()
    const endOf = (clip: Clip): number => clip.startTicks + clip.durationTicks
    fc.assert(
      fc.property(timeline, picks, (document, pick) => {
        const ids = chosen(document, pick)
        const after = gesture(document, (draft) => rippleDeleteClips(draft, ids, newId))
        const tracks = recordsOf(document, 'track')
        const going = tracks
          .filter(({ locked }) => !locked)
          .flatMap(({ clips }) => clips.filter(({ id }) => ids.has(id)))
        const isLeft = (clip: Clip): boolean => !going.includes(clip)
        const meets = (clip: Clip): boolean =>
          going.some((each) => clip.startTicks < endOf(each) && each.startTicks < endOf(clip))
        const first = Math.min(...going.map(({ startTicks }) => startTicks))
        const isHeld = tracks.some(({ locked, clips }) => locked && clips.some((clip) => endOf(clip) > first))
        const isAlone = !isHeld && !clipsOf(document).some((clip) => isLeft(clip) && meets(clip))
        seen.add(isAlone)
        for (const track of tracks.filter(({ locked }) => !locked))
          for (const clip of track.clips.filter(isLeft)) {
            const gone = new Set<number>()
            for (const each of isAlone ? going : going.filter((one) => track.clips.includes(one)))
              for (let at = each.startTicks; at < Math.min(endOf(each), clip.startTicks); at++) gone.add(at)
            expect(clipsOf(after).find(({ id }) => id === clip.id)?.startTicks).toBe(clip.startTicks - gone.size)
          }
      }),
    )
    expect([...seen].toSorted()).toEqual([false, true])
  })

  test('words and markers behind what is taken out of all tracks go with their pictures', () => {
    const second = TICKS_PER_SECOND
    const lengths = [1, 2, 4].map((seconds) => ({ gap: 0, length: seconds * second, source: 0 }))
    const tracks = [0, 1].map((order) => trackOf({ locked: false, clips: lengths }, order))
    // Each clip where the identity, the map of a clock that has none yet, puts it.
    for (const { clips } of tracks) for (const clip of clips) clip.sourceStartTicks = clip.startTicks
    const [, middle, last] = tracks[0]!.clips as [Clip, Clip, Clip]
    const words = { kind: 'caption', assetId: null, text: 'there', source: 'typed' } as const
    const caption: Caption = {
      ...words,
      id: 'caption',
      startTicks: last.startTicks,
      endTicks: last.startTicks + second,
    }
    const looks = { kind: 'marker', title: '', color: '', note: '' } as const
    const marker: Marker = { ...looks, id: 'marker', atTicks: last.startTicks + 10, durationTicks: 0 }
    const document: Document = new Map([...tracks, caption, marker].map((record) => [record.id, record]))
    const whole = gesture(document, (draft) => rippleDeleteClips(draft, new Set(['clip-0-1', 'clip-1-1']), newId))
    expect(whole.get('caption')).toMatchObject({ startTicks: middle.startTicks, endTicks: middle.startTicks + second })
    expect(whole.get('marker')).toMatchObject({ atTicks: middle.startTicks + 10 })
    // Whoever counts moments as they were recorded finds the words beside what they were said over.
    expect(captionsAsRecorded(whole)).toEqual([caption])
    // Beside a camera that goes on there the words stay with it.
    const one = gesture(document, (draft) => rippleDeleteClips(draft, new Set(['clip-0-1']), newId))
    expect([one.get('caption'), one.get('marker')]).toEqual([caption, marker])
  })

  test('move shifts all or, where there is no room, nothing', () => {
    fc.assert(
      fc.property(timeline, picks, shift, (document, pick, by) => {
        const ids = chosen(document, pick)
        let done = false
        const after = gesture(document, (draft) => {
          done = moveClips(draft, ids, by)
        })
        if (!done) expect(after).toEqual(document)
        else {
          for (const clip of clipsOf(document)) {
            const now = clipsOf(after).find((each) => each.id === clip.id)
            expect(now?.startTicks).toBe(clip.startTicks + (ids.has(clip.id) ? by : 0))
          }
        }
      }),
    )
  })

  test('trim moves one edge, stays inside the source and tells how far it went', () => {
    fc.assert(
      fc.property(
        timeline,
        fc.nat(),
        fc.constantFrom('start' as const, 'end' as const),
        shift,
        (document, n, edge, by) => {
          const clips = clipsOf(document)
          if (clips.length === 0) return
          const clip = clips[n % clips.length]!
          let went = 0
          const after = gesture(document, (draft) => {
            went = trimClips(draft, new Set([clip.id]), edge, by)
          })
          const now = clipsOf(after).find((each) => each.id === clip.id)!
          expect(Math.abs(went)).toBeLessThanOrEqual(Math.abs(by))
          expect(now.sourceStartTicks).toBeGreaterThanOrEqual(SOURCE.startTicks)
          expect(now.sourceStartTicks + now.durationTicks).toBeLessThanOrEqual(SOURCE.endTicks)
          // What is shown at a moment does not change by trimming.
          expect(now.startTicks - now.sourceStartTicks).toBe(clip.startTicks - clip.sourceStartTicks)
          expect(edge === 'start' ? now.startTicks - clip.startTicks : now.durationTicks - clip.durationTicks).toBe(
            went,
          )
        },
      ),
    )
  })

  test('retime shifts clips by what their map moved, pushing later those that would overlap', () => {
    const map = fc.record({
      offsetSeconds: fc.double({ min: -5, max: 5, noNaN: true }),
      ratePpm: fc.double({ min: -300, max: 300, noNaN: true }),
    })
    fc.assert(
      fc.property(timeline, map, map, (document, before, after) => {
        const streams = new Set(['stream-0', 'stream-1'])
        const retimed = gesture(document, (draft) => retimeClips(draft, streams, before, after), true)
        for (const track of recordsOf(document, 'track')) {
          if (!streams.has(`stream-${track.order}`) || track.clips.length === 0) {
            expect(retimed.get(track.id)).toBe(track)
            continue
          }
          const wanted = track.clips.map((clip) => {
            const at = clip.sourceStartTicks / TICKS_PER_SECOND
            const by = after.offsetSeconds - before.offsetSeconds + (after.ratePpm - before.ratePpm) * 1e-6 * at
            return clip.startTicks + by * TICKS_PER_SECOND
          })
          const first = clipsOf(retimed).find((clip) => clip.streamId === `stream-${track.order}`)!
          expect(Math.abs(first.startTicks - Math.min(...wanted))).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('moved onto another track, clips leave theirs and lie there, or nothing changes at all', () => {
    const to = fc.record({ from: fc.nat({ max: 3 }), onto: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(timeline, picks, shift, to, (document, pick, by, { from, onto }) => {
        const change = { fromTrackId: `track-${from}`, toTrackId: `track-${onto}` }
        fc.pre(from !== onto && document.has(change.fromTrackId) && document.has(change.toTrackId))
        const ids = chosen(document, pick)
        let done = false
        const after = gesture(document, (draft) => {
          done = moveClips(draft, ids, by, change)
        })
        expect(clipsOf(after).length).toBe(clipsOf(document).length)
        if (!done) expect(after).toBe(document)
        for (const track of done ? recordsOf(document, 'track') : []) {
          const id = track.id === change.fromTrackId ? change.toTrackId : track.id
          const there = after.get(id) as Track
          for (const clip of track.clips.filter((each) => ids.has(each.id)))
            expect(there.clips).toContainEqual({ ...clip, startTicks: clip.startTicks + by })
        }
      }),
    )
  })

  test('any row of gestures keeps the tracks sound and undoes to the first document', () => {
    const step = fc.record({ kind: fc.nat({ max: 4 }), picks, by: shift, n: fc.nat() })
    fc.assert(
      fc.property(timeline, fc.array(step, { maxLength: 12 }), (document, steps) => {
        let now = document
        const undo: (readonly Parameters<typeof applyPatches>[1][number][])[] = []
        for (const { kind, picks: pick, by, n } of steps) {
          const ids = chosen(now, pick)
          const clip = clipsOf(now)[n % Math.max(1, clipsOf(now).length)]
          const { document: next, inverse } = edit(now, (draft) => {
            if (kind === 0) {
              splitAt(
                draft,
                by,
                recordsOf(draft, 'track').map((track) => track.id),
                newId,
              )
            } else if (kind === 1) moveClips(draft, ids, by)
            else if (kind === 2) liftClips(draft, new Set([...ids].slice(0, 1)))
            else if (kind === 3) rippleDeleteClips(draft, new Set([...ids].slice(0, 1)), newId)
            else if (clip) trimClips(draft, new Set([clip.id]), n % 2 === 0 ? 'start' : 'end', by)
          })
          expectSound(next)
          undo.push(inverse)
          now = next
        }
        for (const inverse of undo.toReversed()) now = applyPatches(now, inverse)
        expect(now).toEqual(document)
      }),
    )
  })
})

describe('placing recordings', () => {
  const stream = (assetId: string, index: number, sensor: Stream['sensor']): Stream => ({
    kind: 'stream',
    id: `${assetId}-${index}`,
    assetId,
    clockId: `clock-${assetId}`,
    index,
    sensor,
    startSeconds: 0.5,
    durationSeconds: 3,
  })
  const asset = (id: string): Asset => ({
    kind: 'asset',
    id,
    title: id,
    fileName: `${id}.mp4`,
    format: 'mp4',
    assetKind: 'recording',
    byteLength: 1,
    sha256: '0'.repeat(64),
    durationSeconds: 3,
    importedAt: '2026-01-01T00:00:00Z',
    take: null,
    warnings: [],
    metadata: {},
    missing: false,
  })

  test('one audio track is heard at first, and no picture is switched off', () => {
    const draft = new Map<string, DocumentRecord>()
    placeAsset(draft, asset('a'), [stream('a', 0, 'video'), stream('a', 1, 'audio'), stream('a', 2, 'audio')])
    placeAsset(draft, asset('b'), [stream('b', 0, 'audio'), stream('b', 1, 'video')])
    const muted = recordsOf(draft, 'track').map((track) => [track.id, track.muted])
    expect(Object.fromEntries(muted)).toEqual({
      'track:a-0': false,
      'track:a-1': false,
      'track:a-2': true,
      'track:b-0': true,
      'track:b-1': false,
    })
  })

  test('a new recording is heard where every other was muted by hand', () => {
    const draft = new Map<string, DocumentRecord>()
    placeAsset(draft, asset('a'), [stream('a', 0, 'audio')])
    const first = draft.get('track:a-0')
    if (first?.kind === 'track') first.muted = true
    placeAsset(draft, asset('b'), [stream('b', 0, 'audio')])
    const second = draft.get('track:b-0')
    expect(second?.kind === 'track' && second.muted).toBe(false)
  })

  test('tracks come below those that are there, with the clip where the stream starts', () => {
    const draft = new Map<string, DocumentRecord>()
    placeAsset(draft, asset('a'), [stream('a', 0, 'video'), stream('a', 1, 'points')])
    placeAsset(draft, asset('b'), [stream('b', 0, 'audio')])
    expect(recordsOf(draft, 'track').map((track) => track.order)).toEqual([0, 1])
    expect(timelineExtent(draft)).toEqual([ticksFromSeconds(0.5), ticksFromSeconds(3.5)])
    expect(timelineExtent(new Map())).toEqual([0, 0])
  })
})
