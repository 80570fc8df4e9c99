import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { momentsOfStream, sourceSecondsAt } from '../../shared/document/clip-clock.ts'
import { assertValid, edit, recordsOf, type Document, type Edit } from '../../shared/document/document.ts'
import { applyPatches } from '../../shared/document/patches.ts'
import type { Clip, DocumentRecord, Track } from '../../shared/document/records.ts'
import { copyClips, linkClips, pasteClips } from '../../shared/document/timeline-clipboard.ts'
import { cameraTracks, cutToCamera, PROGRAM_TRACK_ID } from '../../shared/document/timeline-multicam.ts'
import {
  rippleTrim,
  rollCut,
  slideClips,
  slipClips,
  trimClips,
  type Edge,
} from '../../shared/document/timeline-trims.ts'
import { liftClips, moveClips, rippleDeleteClips, sourceSpan, splitAt } from '../../shared/document/timeline.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../shared/units.ts'

const SECOND = ticksFromSeconds(1)
const CAMERAS = 3
/** Clocks of recordings drift: 40 ppm are 2.4 ms in a minute. */
const RATES_PPM = [0, 40, -85]

/** Three cameras with sound, each a recording of 60 s that starts elsewhere and runs at its own rate. */
function take(): Document {
  const records: DocumentRecord[] = []
  for (let camera = 0; camera < CAMERAS; camera++) {
    const assetId = `asset-${camera}`
    const clockId = `clock-${camera}`
    const offsetSeconds = camera * 2.5
    records.push(
      {
        kind: 'asset',
        id: assetId,
        title: assetId,
        fileName: 'a.mp4',
        format: 'mp4',
        assetKind: 'recording',
        byteLength: 1,
        sha256: '0'.repeat(64),
        durationSeconds: 60,
        importedAt: '2026-01-01T00:00:00Z',
        take: null,
        warnings: [],
        metadata: {},
        missing: false,
      },
      { kind: 'clock', id: clockId, assetId, title: 'c', source: 'device', epochUtcNanoseconds: null, timecode: null },
      {
        kind: 'timeMap',
        id: `timeMap:${clockId}`,
        clockId,
        offsetSeconds,
        ratePpm: RATES_PPM[camera]!,
        sigmaOffsetSeconds: 0,
        sigmaRatePpm: 0,
        covariance: [0, 0, 0],
        confidence: 1,
        method: 'audio',
        evidenceIds: [],
        manual: false,
      },
    )
    for (const [index, sensor] of (['video', 'audio'] as const).entries()) {
      const streamId = `stream-${camera}-${sensor}`
      records.push(
        { kind: 'stream', id: streamId, assetId, clockId, index, sensor, startSeconds: 0, durationSeconds: 60 },
        {
          kind: 'track',
          id: `track-${camera}-${sensor}`,
          title: assetId,
          sensor,
          order: camera * 2 + index,
          muted: false,
          locked: false,
          clips: [
            {
              id: `clip-${camera}-${sensor}`,
              assetId,
              streamId,
              startTicks: ticksFromSeconds(offsetSeconds),
              durationTicks: ticksFromSeconds(60 * (1 + RATES_PPM[camera]! * 1e-6)),
              sourceStartTicks: 0,
              linkId: assetId,
            },
          ],
        },
      )
    }
  }
  return new Map(records.map((record) => [record.id, record]))
}

const tracksOf = (document: Document): Track[] => recordsOf(document, 'track')
const clipsOf = (document: Document): Clip[] => tracksOf(document).flatMap((track) => track.clips)
const endOf = (clip: Clip): number => clip.startTicks + clip.durationTicks
const clipIn = (document: Document, id: string): Clip => clipsOf(document).find((clip) => clip.id === id)!
const linkedWith = (document: Document, clip: Clip): Set<string> =>
  new Set(
    clipsOf(document)
      .filter((each) => each.id === clip.id || (clip.linkId !== null && each.linkId === clip.linkId))
      .map((each) => each.id),
  )

/** Valid records, and no clip shows what its recording does not have (a tick of rounding a cut is allowed). */
function expectSound(document: Document): void {
  assertValid(
    document,
    tracksOf(document).map((track) => track.id),
  )
  for (const clip of clipsOf(document)) {
    const span = sourceSpan(document, clip)
    expect(clip.sourceStartTicks).toBeGreaterThanOrEqual(span.startTicks - 500)
    const end = sourceSecondsAt(clip, momentsOfStream(document, clip.streamId), secondsFromTicks(endOf(clip)))
    expect(ticksFromSeconds(end)).toBeLessThanOrEqual(span.endTicks! + 500)
  }
}

let named = 0
const newId = (): string => `named-${named++}`

/** Cuts the first camera at 20 s and 40 s: three clips a track, linked by piece. */
function inThree(): Document {
  let made = 0
  let document = take()
  for (const at of [20, 40]) {
    document = edit(document, (draft) => {
      splitAt(draft, at * SECOND, ['track-0-video', 'track-0-audio'], () => `new-${made++}`)
    }).document
  }
  return document
}

const run = (document: Document, recipe: (draft: Map<string, DocumentRecord>) => unknown): Document => {
  const { document: after, inverse } = edit(document, (draft) => void recipe(draft))
  expectSound(after)
  expect(applyPatches(after, inverse)).toEqual(document)
  return after
}

const seconds = (document: Document, trackId: string): number[][] => {
  const track = document.get(trackId) as Track
  return track.clips.map((clip) => [clip.startTicks, endOf(clip), clip.sourceStartTicks].map((at) => at / SECOND))
}

describe('trims of an editing room', () => {
  const middle = (document: Document): Set<string> =>
    linkedWith(document, (document.get('track-0-video') as Track).clips[1]!)

  test('a cut links the pieces on each side of it, and no longer across it', () => {
    const document = inThree()
    const [head, body, tail] = (document.get('track-0-video') as Track).clips
    expect(new Set([head!.linkId, body!.linkId, tail!.linkId]).size).toBe(3)
    const sound = (document.get('track-0-audio') as Track).clips
    expect(sound.map((clip) => clip.linkId)).toEqual([head!.linkId, body!.linkId, tail!.linkId])
  })

  test.each(['track-0-video', 'track-0-audio'])('ripple takes what follows along (%s)', (trackId) => {
    const document = inThree()
    const shorter = run(document, (draft) => rippleTrim(draft, middle(document), 'end', -5 * SECOND, newId))
    expect(seconds(shorter, trackId)).toEqual([
      [0, 20, 0],
      [20, 35, 20],
      [35, 55, 40],
    ])
    const later = run(document, (draft) => rippleTrim(draft, middle(document), 'start', 5 * SECOND, newId))
    expect(seconds(later, trackId)).toEqual([
      [0, 20, 0],
      [20, 35, 25],
      [35, 55, 40],
    ])
  })

  test('ripple takes the whole time line along where nothing lies beside, words and markers with it', () => {
    // Camera 0 in three, the others lie behind it; of the second the sound lies under its picture.
    const looks = { kind: 'marker', title: '', color: '', note: '', durationTicks: 0 } as const
    const behind = (at: number): Document => {
      const document = new Map(inThree())
      for (const track of tracksOf(document).filter(({ id }) => !id.startsWith('track-0')))
        document.set(track.id, { ...track, clips: track.clips.map((clip) => ({ ...clip, startTicks: at * SECOND })) })
      document.set('marker', { ...looks, id: 'marker', atTicks: 50 * SECOND })
      const word = { text: 'here', startTicks: 45 * SECOND, endTicks: 46 * SECOND }
      const times = { startTicks: word.startTicks, endTicks: word.endTicks }
      const from = { assetId: null, source: 'typed' as const, words: [word] }
      document.set('caption', { kind: 'caption', id: 'caption', text: word.text, ...times, ...from })
      return document
    }
    const places = (document: Document): number[] => {
      const caption = document.get('caption')
      const marker = document.get('marker')
      const other = document.get('track-1-video')
      if (caption?.kind !== 'caption' || marker?.kind !== 'marker' || other?.kind !== 'track') throw new Error('gone')
      return [caption.startTicks, marker.atTicks, other.clips[0]!.startTicks].map((ticks) => ticks / SECOND)
    }
    const alone = behind(70)
    for (const [edge, by, growth] of [
      ['end', -5, -5],
      ['start', 5, -5],
      ['end', 5, 5],
      ['start', -5, 5],
    ] as const) {
      const after = run(alone, (draft) => rippleTrim(draft, middle(alone), edge, by * SECOND, newId))
      expect(places(after), `${edge} by ${by}`).toEqual([45 + growth, 50 + growth, 70 + growth])
      expect(seconds(after, 'track-0-audio').map(([start, end]) => [start, end])).toEqual([
        [0, 20],
        [20, 40 + growth],
        [40 + growth, 60 + growth],
      ])
    }
    // Beside a camera that runs on, and at a moment within one, the gesture moves its own tracks alone.
    const beside = behind(30)
    for (const by of [-5, 5])
      expect(places(run(beside, (draft) => rippleTrim(draft, middle(beside), 'end', by * SECOND, newId)))).toEqual([
        45, 50, 30,
      ])
    // So it does where what is trimmed together does not end together.
    const apart = run(alone, (draft) =>
      trimClips(
        draft,
        new Set(['track-0-audio'].flatMap((id) => [(draft.get(id) as Track).clips[1]!.id])),
        'end',
        -SECOND,
      ),
    )
    expect(places(run(apart, (draft) => rippleTrim(draft, middle(apart), 'end', -5 * SECOND, newId)))).toEqual([
      45, 50, 70,
    ])
  })

  test('roll moves the cut and nothing else', () => {
    const document = inThree()
    const rolled = run(document, (draft) => rollCut(draft, middle(document), 'end', 3 * SECOND))
    expect(seconds(rolled, 'track-0-video')).toEqual([
      [0, 20, 0],
      [20, 43, 20],
      [43, 60, 43],
    ])
    const back = run(document, (draft) => rollCut(draft, middle(document), 'start', -30 * SECOND))
    // One tick of the clip before is left.
    expect((back.get('track-0-video') as Track).clips[0]!.durationTicks).toBe(1)
  })

  test('slip shows other moments in the same place, slide moves between the neighbours', () => {
    const document = inThree()
    const slipped = run(document, (draft) => slipClips(draft, middle(document), 6 * SECOND))
    expect(seconds(slipped, 'track-0-video')).toEqual([
      [0, 20, 0],
      [20, 40, 26],
      [40, 60, 40],
    ])
    const slid = run(document, (draft) => slideClips(draft, middle(document), -4 * SECOND))
    expect(seconds(slid, 'track-0-video')).toEqual([
      [0, 16, 0],
      [16, 36, 20],
      [36, 60, 36],
    ])
  })

  test('each goes as far as the recordings allow and says so', () => {
    const document = inThree()
    edit(document, (draft) => {
      expect(slipClips(draft, middle(document), 500 * SECOND)).toBe(20 * SECOND)
      expect(slipClips(draft, middle(document), -500 * SECOND)).toBe(-40 * SECOND)
      expect(rippleTrim(draft, middle(document), 'end', 500 * SECOND, newId)).toBe(40 * SECOND)
      expect(rippleTrim(draft, new Set(['nothing']), 'end', SECOND, newId)).toBe(0)
    })
  })

  test('a locked track keeps all that are linked to it', () => {
    const document = edit(inThree(), (draft) => {
      const track = draft.get('track-0-audio')
      if (track?.kind === 'track') track.locked = true
    }).document
    expect(edit(document, (draft) => void slipClips(draft, middle(document), SECOND)).forward).toEqual([])
  })

  test('what is pasted overwrites, is linked among itself, and keeps to the moments it showed', () => {
    const document = inThree()
    const clipboard = copyClips(document, middle(document))
    let pasted: string[] = []
    let made = 0
    const after = run(document, (draft) => (pasted = pasteClips(draft, clipboard, 50 * SECOND, () => `p-${made++}`)))
    expect(seconds(after, 'track-0-video')).toEqual([
      [0, 20, 0],
      [20, 40, 20],
      [40, 50, 40],
      [50, 70, 20],
    ])
    expect(pasted).toHaveLength(2)
    expect(clipIn(after, pasted[0]!).linkId).toBe(clipIn(after, pasted[1]!).linkId)
    const inside = run(document, (draft) => pasteClips(draft, clipboard, 5 * SECOND, () => `q-${made++}`))
    expect(seconds(inside, 'track-0-video')).toEqual([
      [0, 5, 0],
      [5, 25, 20],
      [25, 40, 25],
      [40, 60, 40],
    ])
  })

  test('cutting between cameras leaves them alone and shows what they show', () => {
    const document = take()
    const cut = (from: Document, trackId: string, at: number): Document =>
      run(from, (draft) =>
        cutToCamera(draft, { trackId, atTicks: at * SECOND, shownTrackId: 'track-0-video', title: 'Cut' }, newId),
      )
    const starts = (from: Document): number[] =>
      (from.get(PROGRAM_TRACK_ID) as Track).clips.map((clip) => clip.startTicks / SECOND)
    let now = cut(document, 'track-1-video', 10)
    now = cut(now, 'track-2-video', 20)
    now = cut(now, 'track-0-video', 15)
    const program = (now.get(PROGRAM_TRACK_ID) as Track).clips
    expect(program.map((clip) => [clip.streamId, clip.startTicks / SECOND])).toEqual([
      ['stream-0-video', 0],
      ['stream-1-video', 10],
      ['stream-0-video', 15],
      ['stream-2-video', 20],
    ])
    // The moment that the cut shows is the one that the camera's own clip shows.
    for (const clip of program) {
      const own = cameraTracks(now).find((track) => track.clips[0]!.streamId === clip.streamId)!.clips[0]!
      const map = momentsOfStream(now, clip.streamId)
      const at = secondsFromTicks(clip.startTicks) + 1
      expect(sourceSecondsAt(clip, map, at)).toBeCloseTo(sourceSecondsAt(own, map, at), 7)
    }
    // Back to the camera that was left, nothing of the way there remains.
    let back = cut(cut(document, 'track-1-video', 10), 'track-0-video', 15)
    expect(starts(back)).toEqual([0, 10, 15])
    back = cut(back, 'track-0-video', 10)
    expect(starts(back)).toEqual([0])
    for (const drifting of ['track-1-video', 'track-2-video']) {
      const there = cut(cut(document, drifting, 10), 'track-0-video', 17)
      expect(starts(cut(cut(there, drifting, 17), 'track-0-video', 40))).toEqual([0, 10, 40])
    }
    const afterSplit = cut(inThree(), 'track-1-video', 50)
    expect((afterSplit.get(PROGRAM_TRACK_ID) as Track).clips.map((clip) => clip.startTicks / SECOND)).toEqual([0, 50])
    for (const track of cameraTracks(document)) expect(now.get(track.id)).toEqual(track)
    expect(cut(now, 'track-2-video', 21)).toEqual(now)
    expect(cut(now, 'track-2-video', 70)).toEqual(now)
  })
})

describe('500 edits in a row', () => {
  test('keep the tracks sound; undoing all gives the first document byte for byte, redoing all the last', () => {
    const step = fc.record({
      kind: fc.nat({ max: 12 }),
      clip: fc.nat(),
      by: fc.integer({ min: -20 * SECOND, max: 20 * SECOND }),
      at: fc.integer({ min: 0, max: 70 * SECOND }),
      edge: fc.constantFrom<Edge>('start', 'end'),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 500, maxLength: 500 }), (steps) => {
        const first = take()
        let now = first
        let made = 0
        const newId = (): string => `made-${made++}`
        const done: Edit[] = []
        for (const { kind, clip: n, by, at, edge } of steps) {
          const clips = clipsOf(now)
          const clip = clips[n % Math.max(1, clips.length)]
          const ids = clip ? linkedWith(now, clip) : new Set<string>()
          const one = edit(now, (draft) => {
            if (kind === 0) splitAt(draft, at, n % 2 ? tracksOf(draft).map((track) => track.id) : [], newId)
            else if (kind === 1) moveClips(draft, ids, by)
            // Where few are left nothing is taken away, so that there is something to edit.
            else if (kind === 2 && clips.length > 30) liftClips(draft, ids)
            else if (kind === 3 && clips.length > 30) rippleDeleteClips(draft, ids, newId)
            else if (kind === 4) trimClips(draft, ids, edge, by)
            else if (kind === 5) rippleTrim(draft, ids, edge, by, newId)
            else if (kind === 6) rollCut(draft, ids, edge, by)
            else if (kind === 7) slipClips(draft, ids, by)
            else if (kind === 8) slideClips(draft, ids, by)
            else if (kind === 9) pasteClips(draft, copyClips(draft, ids), at, newId)
            else if (kind === 10) linkClips(draft, ids, n % 2 ? newId() : null)
            else if (kind === 11) {
              const camera = cameraTracks(draft)[n % CAMERAS]!
              cutToCamera(draft, { trackId: camera.id, atTicks: at, shownTrackId: null, title: 'Cut' }, newId)
            }
          })
          done.push(one)
          now = one.document
        }
        expectSound(now)
        expect(done.filter(({ forward }) => forward.length > 0).length).toBeGreaterThan(200)
        const last = JSON.stringify([...now])
        let back: Document = now
        for (const { inverse } of done.toReversed()) back = applyPatches(back, inverse)
        expect(JSON.stringify([...back].sort())).toBe(JSON.stringify([...first].sort()))
        for (const { forward } of done) back = applyPatches(back, forward)
        expect(JSON.stringify([...back].sort())).toBe(JSON.stringify(JSON.parse(last).sort()))
      }),
      { numRuns: 5, seed: 20_261_125, endOnFailure: true },
    )
  })
})
