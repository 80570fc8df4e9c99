/** Tracks are put in another order: all of them stay, and what did not move is not touched. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edit, type Document } from '../../shared/document/document.ts'
import type { Track } from '../../shared/document/records.ts'
import { canStepTracks, placeTrack, stepTracks } from '../../shared/document/track-order.ts'
import { tracksInOrder } from '../../shared/document/timeline.ts'

function tracks(orders: readonly number[]): Document {
  const made = orders.map((order, n): Track => {
    return {
      kind: 'track',
      id: 'abcdefgh'[n]!,
      title: '',
      sensor: 'video',
      order,
      muted: false,
      locked: false,
      clips: [],
    }
  })
  return new Map(made.map((track) => [track.id, track]))
}
const names = (document: Document): string =>
  tracksInOrder(document)
    .map(({ id }) => id)
    .join('')

describe('the order of tracks', () => {
  test('one is put before another or below all; where it stands already nothing changes', () => {
    const document = tracks([-1, 0, 4, 9])
    const placed = (id: string, before: string | null): string =>
      names(edit(document, (draft) => void placeTrack(draft, id, before)).document)
    expect([placed('d', 'a'), placed('a', 'd'), placed('a', null), placed('b', 'a')]).toEqual([
      'dabc',
      'bcad',
      'bcda',
      'bacd',
    ])
    for (const before of ['a', 'b', 'gone'])
      expect(edit(document, (draft) => expect(placeTrack(draft, 'a', before)).toBe(false)).document).toBe(document)
  })

  test('several go one place, keep their order among each other and stop at the edge', () => {
    const document = tracks([0, 1, 2, 3, 4])
    const stepped = (ids: string, by: -1 | 1): string =>
      names(edit(document, (draft) => stepTracks(draft, new Set(ids), by)).document)
    expect([stepped('cd', -1), stepped('cd', 1), stepped('ac', -1), stepped('de', 1)]).toEqual([
      'acdbe',
      'abecd',
      'acbde',
      'abcde',
    ])
    expect([canStepTracks(document, new Set('ac'), -1), canStepTracks(document, new Set('ab'), -1)]).toEqual([
      true,
      false,
    ])
  })

  test('whatever the numbers were, each track is there once and only those between the two places are touched', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 8 }),
        fc.nat(7),
        fc.nat(8),
        (orders, from, to) => {
          const document = tracks(orders)
          const before = [...names(document)]
          const id = before[from % before.length]!
          const target = before[to] ?? null
          const after = edit(document, (draft) => void placeTrack(draft, id, target)).document
          const others = before.filter((each) => each !== id)
          const at = target === null ? others.length : target === id ? from % before.length : others.indexOf(target)
          expect([...names(after)]).toEqual(others.toSpliced(at, 0, id))
        },
      ),
    )
  })
})
