/** Comparing edits: which is best, and why. */
import { expect, test } from 'vitest'
import type { Judged } from '../../../renderer/src/stars/cut-difference.ts'
import { bestFirst, differenceOf, judgeOf } from '../../../renderer/src/stars/cut-difference.ts'
import { starsAnswer } from '../../../shared/contract/stars.ts'

/** An edit with its reasons, judged by a pack. */
function judged(id: string, reasons: Readonly<Record<string, number>>, pack = 'own'): Judged {
  const stars = Object.values(reasons).reduce((sum, value) => sum + value, 0)
  const answer = starsAnswer.parse({
    stars,
    low: stars - 0.5,
    high: stars + 0.5,
    pack: { id: pack, digest: pack, kind: 'lab', note: '' },
    signals: Object.entries(reasons).map(([reason, value]) => ({
      id: reason,
      value: null,
      contribution_stars: value,
      why: '',
    })),
    assets: [],
    segments: [],
    suggestions: [],
    originality: { status: 'original', matches: [] },
    contribution: { benchmark: '', percent: 0, low: 0, high: 0 },
  })
  const cut = { kind: 'cut', id, title: id, editKey: id, stars: answer, createdAt: '2026-11-28T00:00:00Z' } as const
  return { cut: cut as unknown as Judged['cut'], answer }
}

const long = judged('long', { base: 0.25, picture: 0.5, sound: 0.3, rights: -0.1 })
const short = judged('short', { base: 0.25, picture: 0.2, sound: 0.38, words: 0.002 })
const other = judged('other', { base: 4 }, 'a lab')

test('the best comes first, after it what another pack judged, however many stars that gave', () => {
  const cuts = [other, short, long]
  expect(bestFirst(cuts, judgeOf(long.answer)).map(({ cut }) => cut.id)).toEqual(['long', 'short', 'other'])
  expect(bestFirst(cuts, judgeOf(other.answer)).map(({ cut }) => cut.id)).toEqual(['other', 'long', 'short'])
})

test('reasons that differ are shown, the largest first, whichever edit is named first; what only one has counts', () => {
  const difference = differenceOf(short, long)
  expect(differenceOf(long, short)).toEqual(difference)
  expect(difference.more.cut.id).toBe('long')
  expect(difference.rows).toEqual([
    { id: 'picture', more: 0.5, less: 0.2 },
    { id: 'rights', more: -0.1, less: 0 },
    { id: 'sound', more: 0.3, less: 0.38 },
  ])
  const sum = difference.rows.reduce((total, row) => total + row.more - row.less, 0)
  // All but what is too little to be seen.
  expect(Math.abs(sum - (long.answer.stars - short.answer.stars))).toBeLessThan(0.005)
})

test('edits of two judges, and edits whose intervals overlap, are told apart from others', () => {
  expect(differenceOf(long, short)).toMatchObject({ sameJudge: true, overlap: true })
  expect(differenceOf(other, long)).toMatchObject({ sameJudge: false, overlap: false })
})
