/** Choosing files to be taken: one, all between two, all of a folder. */
import { expect, test } from 'vitest'
import { loadFromWindow } from './window-modules.ts'

const { withAllOrNone, withOther, withSpan } = await loadFromWindow('library/chosen-entries')

const folder = ['a', 'b', 'c', 'd'].map((name) => ({ token: `token of ${name}`, name }))
const elsewhere = new Map([['token of z', 'z']])
const names = (chosen: ReadonlyMap<string, string>): string[] => [...chosen.values()]

test('one more, one less, and all between two in either direction', () => {
  const one = withOther(elsewhere, folder[2]!)
  expect(names(one)).toEqual(['z', 'c'])
  expect(names(withOther(one, folder[2]!))).toEqual(['z'])
  expect(names(withSpan(one, folder, 2, 0)).toSorted()).toEqual(['a', 'b', 'c', 'z'])
  expect(names(withSpan(one, folder, 2, 3)).toSorted()).toEqual(['c', 'd', 'z'])
})

test('all of a folder, and none of it once all are chosen; what was chosen elsewhere stays', () => {
  const all = withAllOrNone(withOther(elsewhere, folder[1]!), folder)
  expect(names(all).toSorted()).toEqual(['a', 'b', 'c', 'd', 'z'])
  expect(names(withAllOrNone(all, folder))).toEqual(['z'])
  expect(names(withAllOrNone(elsewhere, []))).toEqual(['z'])
})
