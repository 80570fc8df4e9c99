/** Gaps that are closed, over time lines that are made up. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertValid, edit, recordsOf, type Document } from '../../shared/document/document.ts'
import type { Clip, DocumentRecord, Track } from '../../shared/document/records.ts'
import { closeGap, closeGaps, gapAt, gapsOn } from '../../shared/document/timeline-gaps.ts'

fc.configureGlobal({ seed: 20_261_129, numRuns: 200 })

const newId = (): string => crypto.randomUUID()

function clip(id: string, from: number, to: number, linkId: string | null = null): Clip {
  const source = { assetId: 'asset', streamId: 'stream', sourceStartTicks: 0 }
  return { id, ...source, startTicks: from, durationTicks: to - from, linkId }
}

function documentOf(tracks: readonly (readonly [locked: boolean, ...clips: Clip[]])[]): Document {
  const all = tracks.map(([locked, ...clips], order): DocumentRecord => {
    const id = `t${order}`
    return { kind: 'track', id, title: id, sensor: 'video', order, muted: false, locked, clips }
  })
  return new Map(all.map((record) => [record.id, record]))
}

function spans(document: Document): number[][][] {
  return recordsOf(document, 'track').map(({ clips }) =>
    clips.map(({ startTicks, durationTicks }) => [startTicks, startTicks + durationTicks]),
  )
}

function close(document: Document, trackIds: readonly string[] | null, at: number): number[][][] {
  const gap = gapAt(document, trackIds && new Set(trackIds), at)
  return spans(gap ? edit(document, (draft) => closeGap(draft, gap, newId)).document : document)
}

describe('a gap', () => {
  const beside = documentOf([
    [false, clip('a', 0, 10), clip('b', 20, 30), clip('c', 35, 40)],
    [false, clip('music', 5, 50)],
  ])

  test('where nothing lies beside it is closed on the whole time line, words and markers with it', () => {
    const tracks = documentOf([
      [false, clip('a', 0, 10), clip('b', 20, 30)],
      [false, clip('d', 2, 8), clip('e', 25, 28)],
    ])
    const marker = { kind: 'marker', id: 'm', atTicks: 26, durationTicks: 0, title: '', color: '', note: '' } as const
    const document = new Map<string, DocumentRecord>([...tracks, ['m', marker]])
    const gap = gapAt(document, null, 15)!
    const { document: after } = edit(document, (draft) => closeGap(draft, gap, newId))
    expect(spans(after)).toEqual([
      [
        [0, 10],
        [10, 20],
      ],
      [
        [2, 8],
        [15, 18],
      ],
    ])
    expect(after.get('m')).toMatchObject({ atTicks: 16 })
  })

  test('beside others is closed on its own track', () => {
    expect(close(beside, ['t0'], 12)).toEqual([
      [
        [0, 10],
        [10, 20],
        [25, 30],
      ],
      [[5, 50]],
    ])
    expect(gapAt(beside, null, 12)).toBeNull()
  })

  test('takes along what is linked with what follows, as far as both have room', () => {
    const linked = documentOf([
      [false, clip('a', 0, 10), clip('b', 20, 30, 'link')],
      [false, clip('d', 0, 14), clip('e', 22, 30, 'link')],
      [false, clip('music', 5, 50)],
    ])
    expect(close(linked, ['t0'], 16)).toEqual([
      [
        [0, 10],
        [14, 24],
      ],
      [
        [0, 14],
        [16, 24],
      ],
      [[5, 50]],
    ])
  })

  test('is held where what follows is linked with what cannot come along', () => {
    const video = [false, clip('a', 0, 10), clip('b', 20, 30, 'link')] as const
    const heldBy = (isLocked: boolean, ...clips: Clip[]): boolean | undefined =>
      gapAt(documentOf([video, [isLocked, ...clips]]), new Set(['t0']), 15)?.isOutOfStep
    expect(heldBy(false, clip('sound', 20, 30, 'link'))).toBe(false)
    expect(heldBy(true, clip('sound', 20, 30, 'link'))).toBe(true)
    expect(heldBy(false, clip('other', 0, 20), clip('sound', 20, 30, 'link'))).toBe(true)
    expect(heldBy(false, clip('sound', 12, 30, 'link'))).toBe(true)
    expect(heldBy(false, clip('sound', 0, 8, 'link'), clip('other', 8, 30))).toBe(false)
  })

  test('is held, as all gaps of a track are, by what is linked on a locked one', () => {
    const video = [false, clip('a', 0, 10), clip('b', 20, 30, 'link')] as const
    const heldBy = (...clips: Clip[]): boolean =>
      gapsOn(documentOf([video, [true, ...clips]]), new Set(['t0'])).isOutOfStep
    expect(heldBy(clip('sound', 20, 30, 'link'))).toBe(true)
    expect(heldBy(clip('sound', 20, 30))).toBe(false)
    expect(heldBy(clip('sound', 0, 10, 'link'))).toBe(false)
  })

  test('is none on a locked track, before the first clip, behind the last, and where something lies', () => {
    for (const at of [-1, 5, 10 - 1, 40, 100]) expect(gapAt(beside, new Set(['t0']), at)).toBeNull()
    const locked = documentOf([[true, clip('a', 0, 10), clip('b', 20, 30)]])
    expect(gapAt(locked, new Set(['t0']), 15)).toBeNull()
  })
})

const made = fc
  .array(
    fc.record({
      locked: fc.boolean(),
      clips: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 9 }), length: fc.integer({ min: 1, max: 9 }) }), {
        maxLength: 6,
      }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((tracks) =>
    documentOf(
      tracks.map(({ locked, clips }, order) => {
        let end = 0
        return [
          locked,
          ...clips.map(({ gap, length }, n) => {
            const from = end + gap
            end = from + length
            return clip(`${order} ${n}`, from, end, `link ${n}`)
          }),
        ] as const
      }),
    ),
  )

/** The lengths of the clips of each track, in order. */
const lengths = (document: Document): string[][] =>
  recordsOf(document, 'track').map((track) => track.clips.map(({ id, durationTicks }) => `${id}: ${durationTicks}`))
const locked = (document: Document): Track[] => recordsOf(document, 'track').filter((track) => track.locked)

describe('closing gaps', () => {
  const withAssets = (document: Document): Document =>
    new Map([...document, ['asset', { kind: 'asset', id: 'asset' } as DocumentRecord]])

  test('cuts nothing, reorders nothing, overlaps nothing and moves no locked track', () => {
    fc.assert(
      fc.property(made, fc.option(fc.subarray(['t0', 't1', 't2', 't3'])), (document, chosen) => {
        const trackIds = chosen && new Set(chosen)
        const { document: after } = edit(document, (draft) => closeGaps(draft, gapsOn(document, trackIds), newId))
        expect(lengths(after)).toEqual(lengths(document))
        expect(locked(after)).toEqual(locked(document))
        assertValid(withAssets(after), [...after.keys()])
      }),
    )
  })

  test('keeps what is linked in step, where it is not held', () => {
    const trackIds = fc.subarray(['t0', 't1', 't2', 't3'], { minLength: 1 })
    fc.assert(
      fc.property(made, trackIds, fc.integer({ min: 0, max: 60 }), (document, chosen, at) => {
        const gap = gapAt(document, new Set(chosen), at)
        fc.pre(gap !== null && !gap.isOutOfStep)
        const { document: after } = edit(document, (draft) => closeGap(draft, gap!, newId))
        const moved = new Map(recordsOf(after, 'track').flatMap(({ clips }) => clips.map((each) => [each.id, each])))
        const behind = recordsOf(document, 'track')
          .flatMap(({ clips }) => clips)
          .filter(({ startTicks, durationTicks }) => startTicks + durationTicks > gap!.span.startTicks)
        for (const clips of Map.groupBy(behind, ({ linkId }) => linkId).values())
          expect(new Set(clips.map(({ id, startTicks }) => startTicks - moved.get(id)!.startTicks)).size).toBe(1)
      }),
    )
  })

  test('leaves none in which nothing of any track lies, where none is locked', () => {
    fc.assert(
      fc.property(made, (document) => {
        fc.pre(locked(document).length === 0)
        const { document: after } = edit(document, (draft) => closeGaps(draft, gapsOn(document, null), newId))
        expect(gapsOn(after, null).spans).toEqual([])
      }),
    )
  })

  test('on one track that is linked with none leaves none there', () => {
    const alone = documentOf([
      [false, clip('a', 0, 10), clip('b', 20, 30), clip('c', 35, 40), clip('d', 40, 41)],
      [false, clip('music', 5, 50)],
    ])
    const { document: after } = edit(alone, (draft) => closeGaps(draft, gapsOn(alone, new Set(['t0'])), newId))
    expect(spans(after)[0]).toEqual([
      [0, 10],
      [10, 20],
      [20, 25],
      [25, 26],
    ])
  })
})
