/** Choosing files to be taken: one, all between two, all of a folder. */
import { expect, test } from 'vitest'
import { loadFromWindow } from './window-modules.ts'

const { withAllOrNone, withOther, withSpan } = await loadFromWindow('library/chosen-entries')

const folder = ['a', 'b', 'c', 'd'].map((name) => ({ token: `token of ${name}`, name }))
const elsewhere = new Map([['token of z', 'z']])
const names = (chosen: ReadonlyMap<string, string>): string[] => [...chosen.values()]

test('one more, one less, and all between two in either direction, in the order of the list', () => {
  const one = withOther(elsewhere, folder, folder[2]!)
  expect(names(one)).toEqual(['z', 'c'])
  expect(names(withOther(one, folder, folder[2]!))).toEqual(['z'])
  expect(names(withOther(one, folder, folder[0]!))).toEqual(['z', 'a', 'c'])
  expect(names(withSpan(one, folder, 2, 0))).toEqual(['z', 'a', 'b', 'c'])
  expect(names(withSpan(one, folder, 2, 3))).toEqual(['z', 'c', 'd'])
})

test('all of a folder, and none of it once all are chosen; what was chosen elsewhere stays', () => {
  const all = withAllOrNone(withOther(elsewhere, folder, folder[1]!), folder)
  expect(names(all)).toEqual(['z', 'a', 'b', 'c', 'd'])
  expect(names(withAllOrNone(all, folder))).toEqual(['z'])
  expect(names(withAllOrNone(elsewhere, []))).toEqual(['z'])
})
