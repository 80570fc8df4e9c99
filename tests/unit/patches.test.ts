import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyPatches, patchesBetween, type Patch } from '../../shared/document/patches.ts'
import type { Document, DocumentRecord } from '../../shared/document/records.ts'

/** Records of any form: patches look at fields, not at what they mean. */
const record = fc.record(
  {
    kind: fc.constantFrom('marker', 'track'),
    title: fc.string(),
    clips: fc.array(fc.record({ id: fc.nat({ max: 3 }), at: fc.nat({ max: 2 }) }), { maxLength: 6 }),
    data: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  },
  { requiredKeys: ['kind'] },
)
const document: fc.Arbitrary<Document> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), record)
  .chain((records) => fc.shuffledSubarray(Object.entries(records), { minLength: Object.keys(records).length }))
  .map((records) => new Map(records as unknown as [string, DocumentRecord][]))

const clips = (count: number): unknown[] => Array.from({ length: count }, (_, n) => ({ id: `c${n}`, at: n }))
const track = (list: readonly unknown[]): Document =>
  new Map([['t', { kind: 'track', id: 't', clips: list } as unknown as DocumentRecord]])

describe('patches', () => {
  test('lead from any document to any other, also after a way through JSON', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const patches = JSON.parse(JSON.stringify(patchesBetween(before, after))) as Patch[]
        expect([...applyPatches(before, patches)]).toEqual([...after])
        expect(patchesBetween(after, structuredClone(after))).toEqual([])
      }),
      { seed: 7 },
    )
  })

  test('a record whose neighbour is gone meanwhile comes last', () => {
    const patches: Patch[] = [{ op: 'add', path: ['n'], value: { kind: 'marker', id: 'n' }, before: 'gone' }]
    expect([...applyPatches(track([]), patches).keys()]).toEqual(['t', 'n'])
  })

  test('one clip put in among thousands is one small patch, and what is not touched keeps its identity', () => {
    const list = clips(5000)
    const before: Document = new Map([...track(list), ['other', { kind: 'marker', id: 'other' } as never]])
    const after = new Map(before)
    const longer = [...list.slice(0, 2000), { id: 'new', at: 0 }, ...list.slice(2000)]
    after.set('t', { ...before.get('t')!, clips: longer } as never)
    const patches = patchesBetween(before, after)
    expect(patches).toEqual([
      { op: 'splice', path: ['t', 'clips'], at: 2000, removed: 0, value: [{ id: 'new', at: 0 }] },
    ])
    const applied = applyPatches(before, patches)
    expect(applied.get('other')).toBe(before.get('other'))
    expect((applied.get('t') as never as { clips: unknown[] }).clips[4000]).toBe(list[3999])
  })

  test('journals of earlier versions, which lead into lists and cut them by their length, are still read', () => {
    const after = applyPatches(track(clips(4)), [
      { op: 'replace', path: ['t', 'clips', 1, 'at'], value: 9 },
      { op: 'add', path: ['t', 'clips', 0], value: { id: 'first', at: 0 } },
      { op: 'replace', path: ['t', 'clips', 'length'], value: 3 },
    ])
    expect((after.get('t') as never as { clips: unknown[] }).clips).toEqual([
      { id: 'first', at: 0 },
      { id: 'c0', at: 0 },
      { id: 'c1', at: 9 },
    ])
  })

  test('what does not fit is refused, and nothing is reached through a prototype', () => {
    const before = track(clips(2))
    const misfits: Patch[] = [
      { op: 'splice', path: ['t', 'clips'], at: 2, removed: 1, value: [] },
      { op: 'splice', path: ['t', 'id'], at: 0, removed: 0, value: [] },
      { op: 'replace', path: ['none', 'title'], value: 1 },
      { op: 'replace', path: ['t', '__proto__', 'polluted'], value: 1 },
      { op: 'add', path: ['t', 'clips', 7], value: 1 },
      { op: 'replace', path: ['t', 'clips', 'length'], value: 1e9 },
    ]
    for (const patch of misfits) expect(() => applyPatches(before, [patch]), JSON.stringify(patch)).toThrow(RangeError)
  })
})
