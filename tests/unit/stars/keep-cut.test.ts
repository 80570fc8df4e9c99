/** Which judged edits a project keeps, so that two can be held side by side. */
import { describe, expect, test } from 'vitest'
import { keepCut } from '../../../electron/engine/work/keep-cut.ts'
import { recordsOf } from '../../../shared/document/document.ts'
import type { Cut, DocumentRecord } from '../../../shared/document/records.ts'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { estimateStars } from '../../../shared/stars/estimate/estimate-stars.ts'
import { madeUpTake, TEST_PACK } from '../../fixtures/stars/stars-inputs.ts'

const report = estimateStars(madeUpTake(1), TEST_PACK)

function judged(digest: string, list: string | null = null): StarsAnswer {
  const wanted = list === null ? null : { id: list, title: list, by: null, match: 0.5, needs: [] }
  return JSON.parse(JSON.stringify({ ...report, pack: { ...report.pack, digest }, wanted })) as StarsAnswer
}

const draft = (): Map<string, DocumentRecord> => new Map()
const cutsOf = (of: Map<string, DocumentRecord>): Cut[] => recordsOf(of, 'cut')

describe('the edits that are kept with their stars', () => {
  test('the same edit under the same pack is kept once, under another pack or list beside it and by the same name', () => {
    const kept = draft()
    keepCut(kept, judged('a'), 'edit')
    keepCut(kept, judged('a'), 'edit')
    expect(cutsOf(kept)).toHaveLength(1)
    keepCut(kept, judged('b'), 'edit')
    keepCut(kept, judged('b', 'dogs'), 'edit')
    keepCut(kept, judged('b'), 'edit')
    expect(cutsOf(kept).map(({ number }) => number)).toEqual([1, 1, 1])
    expect(cutsOf(kept).map(({ stars }) => (stars as { pack: { digest: string } }).pack.digest)).toEqual([
      'a',
      'b',
      'b',
    ])
    keepCut(kept, judged('a'), 'another edit')
    expect(cutsOf(kept).at(-1)).toMatchObject({ title: 'Cut 2', number: 2, editKey: 'another edit' })
  })

  test('a name that somebody gave stays with the edit', () => {
    const kept = draft()
    keepCut(kept, judged('a'), 'edit')
    const [named] = cutsOf(kept)
    kept.set(named!.id, { ...named!, title: 'The short one', number: undefined })
    keepCut(kept, judged('a'), 'edit')
    keepCut(kept, judged('b'), 'edit')
    expect(cutsOf(kept).map(({ title, number }) => [title, number])).toEqual([
      ['The short one', undefined],
      ['The short one', undefined],
    ])
  })
})
