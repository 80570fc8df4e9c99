import { describe, expect, it } from 'vitest'
import { AsterismError } from '../../../shared/errors.ts'
import { parseWorld } from '../../../shared/stars/world/parse-world.ts'

function refusal(value: unknown): AsterismError {
  try {
    parseWorld(value)
  } catch (error) {
    if (error instanceof AsterismError) return error
    throw error
  }
  throw new Error('it was taken')
}

describe('parseWorld', () => {
  it('takes ids that are whole numbers and says that they are', () => {
    const ids = (values: readonly unknown[]) => ({ ...world, bundles: values.map((id) => ({ id, ...set })) })
    expect(parseWorld(ids([2, 10]))).toMatchObject({ isNumbered: true, bundles: [{ id: '2' }, { id: '10' }] })
    expect(parseWorld(ids(['2', '10']))).toMatchObject({ isNumbered: false })
  })

  const set = {
    x: [
      [0, 1],
      [1, 0],
    ],
    y: [0, 1],
  }
  const same = {
    x: [
      [3, 3],
      [3, 3],
    ],
    y: [0, 1],
  }
  const pairs = { x: set.x, y: set.x }
  const world = { name: 'w', classes: 2, reference: set, probe: set, bundles: [{ id: 'a', ...set }] }
  const bundle = (change: object) => ({ ...world, bundles: [{ id: 'a', ...set, ...change }] })

  it('takes a good world', () => {
    const parsed = parseWorld(world)
    expect(parsed.dimension).toBe(2)
    expect(Array.from(parsed.bundles[0].x.data)).toEqual([0, 1, 1, 0])
  })

  it.each<[string, unknown, string]>([
    ['no object', [], 'not a JSON object'],
    ['nothing', null, 'not a JSON object'],
    ['no classes', { ...world, classes: undefined }, 'classes'],
    ['one class', { ...world, classes: 1 }, '1 class '],
    ['half a class', { ...world, classes: 2.5 }, 'whole number'],
    ['no reference', { ...world, reference: undefined }, 'reference holds no rows'],
    ['an empty reference', { ...world, reference: { x: [], y: [] } }, 'reference holds no rows'],
    ['no probe', { ...world, probe: undefined }, 'probe is missing'],
    ['an empty probe', { ...world, probe: { x: [], y: [] } }, 'probe is empty'],
    ['a probe of one class', { ...world, probe: { x: set.x, y: [1, 1] } }, 'one class only'],
    ['bundles that are no list', { ...world, bundles: {} }, 'no list of bundles'],
    ['no bundles', { ...world, bundles: [] }, 'no bundle'],
    ['a bundle without an id', { ...world, bundles: [set] }, 'no id'],
    [
      'ids that repeat',
      {
        ...world,
        bundles: [
          { id: 'a', ...set },
          { id: 'a', ...set },
        ],
      },
      'Two bundles',
    ],
    ['an empty bundle', bundle({ x: [], y: [] }), 'is empty'],
    ['an id that is no whole number', { ...world, bundles: [{ id: 7.5, ...set }] }, 'is 7.5, neither text nor'],
    [
      'ids of two kinds',
      {
        ...world,
        bundles: [
          { id: 7, ...set },
          { id: 'a', ...set },
        ],
      },
      'Some ids',
    ],
    ['a list of numbers', Float64Array.of(1, 2), 'not a JSON object'],
    ['rows without numbers', { ...world, reference: { x: [[]], y: [0] } }, 'reference holds no rows'],
    ['a probe of one row many times', { ...world, probe: same }, 'one and the same'],
    [
      'targets of nothing',
      {
        ...world,
        probe: {
          x: set.x,
          y: [
            [0, 0],
            [0, 0],
          ],
        },
        reference: pairs,
        bundles: [{ id: 'a', ...pairs }],
      },
      'all zero',
    ],
    [
      'rows of another width',
      bundle({
        x: [
          [0, 1, 2],
          [1, 0, 2],
        ],
      }),
      '3 numbers, not 2',
    ],
    ['a row that is none', bundle({ x: [[0, 1], 'x'] }), 'not a list'],
    [
      'text for a number',
      bundle({
        x: [
          [0, '1'],
          [1, 0],
        ],
      }),
      'Number 1 in row 0',
    ],
    [
      'null, as NaN is written',
      bundle({
        x: [
          [0, null],
          [1, 0],
        ],
      }),
      'is null',
    ],
    [
      'NaN',
      bundle({
        x: [
          [0, Number.NaN],
          [1, 0],
        ],
      }),
      'Number 1 in row 0',
    ],
    [
      'infinity',
      bundle({
        x: [
          [0, Number.POSITIVE_INFINITY],
          [1, 0],
        ],
      }),
      'Number 1 in row 0 of bundle "a" is Infinity',
    ],
    [
      'huge numbers',
      bundle({
        x: [
          [0, 1e9],
          [1, 0],
        ],
      }),
      'within ±1e6',
    ],
    ['labels that are too few', bundle({ y: [0] }), '2 rows x but 1 labels'],
    ['an unknown label', bundle({ y: [0, 2] }), 'from 0 to 1'],
    ['a negative label', bundle({ y: [0, -1] }), 'from 0 to 1'],
    ['a label with a fraction', bundle({ y: [0, 0.5] }), 'from 0 to 1'],
    ['a name of text', bundle({ y: ['cat', 'dog'] }), '"cat"'],
    ['a name that is no text', { ...world, name: 5 }, 'name'],
  ])('refuses %s', (_name, value, message) => {
    const error = refusal(value)
    expect(error.code).toBe('bad_input')
    expect(error.message).toContain(message)
  })

  it('refuses what is too large before it copies it', () => {
    const wide = { x: [Array.from({ length: 5000 }, () => 0)], y: [0] }
    expect(refusal({ ...world, reference: wide }).code).toBe('too_large')
    const row = [0, 1]
    const many = { x: Array.from({ length: 200_001 }, () => row), y: [] }
    expect(refusal({ ...world, bundles: [{ id: 'a', ...many }] }).code).toBe('too_large')
    expect(refusal({ ...world, classes: 5000 }).code).toBe('too_large')
  })
})
