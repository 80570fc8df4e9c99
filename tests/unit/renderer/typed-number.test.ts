import { describe, expect, onTestFinished, test } from 'vitest'
import { loadFromWindow } from './window-modules.ts'

const { fieldFigure, typedNumber } = await loadFromWindow('ui/typed-number')
const { shortFigure } = await loadFromWindow('ui/format')
const { useLanguage } = await loadFromWindow('i18n/text')
const { syncPointOf } = await loadFromWindow('align/typed-sync-point')

describe('a number that a person types', () => {
  test.each([
    ['3.25', 3.25],
    ['3,25', 3.25],
    [' -0,5 ', -0.5],
    ['−2', -2],
    ['0', 0],
  ])('%j is %d', (text, value) => expect(typedNumber(text)).toBe(value))

  test.each(['', ' ', 'much', '1,000.5', '3 s', '1e999', 'NaN'])('%j is none', (text) =>
    expect(typedNumber(text)).toBeNull(),
  )
})

test('a sync point is of two recordings, at the moments as they were typed, or is none yet', () => {
  const a = { clockId: 'one', seconds: '12,5' }
  const b = { clockId: 'two', seconds: '0.75' }
  expect(syncPointOf(a, b)).toEqual({ clockA: 'one', secondsA: 12.5, clockB: 'two', secondsB: 0.75 })
  expect(syncPointOf(a, { ...b, clockId: 'one' })).toBeNull()
  expect(syncPointOf(a, { ...b, clockId: '' })).toBeNull()
  expect(syncPointOf({ ...a, seconds: '12 s' }, b)).toBeNull()
  expect(syncPointOf({ ...a, seconds: '' }, b)).toBeNull()
})

test.each([
  ['en', '-1.5', '0.0123'],
  ['de', '-1,5', '0,0123'],
] as const)(
  'figures of fields and of axes are those of the language (%s), and are read as they stand',
  (language, field, axis) => {
    useLanguage.setState({ language })
    onTestFinished(() => useLanguage.setState({ language: 'en' }))
    expect(fieldFigure(-1.500_04, 3)).toBe(field)
    expect(typedNumber(fieldFigure(-1.500_04, 3))).toBe(-1.5)
    expect(fieldFigure(3, 4)).toBe('3')
    expect([shortFigure(0.012_34), shortFigure(204.4)]).toEqual([axis, '204'])
  },
)
