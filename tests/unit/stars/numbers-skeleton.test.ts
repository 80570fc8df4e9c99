import { describe, expect, it } from 'vitest'
import { NumbersSkeleton } from '../../../electron/engine/stars/numbers-skeleton.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { parseWorld } from '../../../shared/stars/world/parse-world.ts'

const WORLD = {
  name: 'a "world" of [1, 2] \\ {ü}',
  classes: 2,
  reference: {
    x: [
      [1, -2.5e-3],
      [3, 4],
    ],
    y: [0, 1],
  },
  probe: {
    x: [
      [5, 6],
      [7, 8.25],
    ],
    y: [1, 0],
  },
  bundles: [{ id: '[9]', x: [[9, 10]], y: [1], more: [], nested: [['a', 1], [null], [[]], {}] }],
}

/** The value of a text that comes in pieces. */
function read(text: string, sizes: () => number): unknown {
  const bytes = Buffer.from(text)
  const skeleton = new NumbersSkeleton(1000)
  for (let at = 0; at < bytes.length;) {
    const size = sizes()
    skeleton.add(bytes.subarray(at, at + size))
    at += size
  }
  return skeleton.value()
}

describe('a file that is read row by row', () => {
  it('is the same value however it is cut, but for rows of numbers, which are doubles', () => {
    const random = randomStream(5)
    for (const text of [JSON.stringify(WORLD), JSON.stringify(WORLD, null, 2)])
      for (const most of [1, 3, 17, 1e6]) {
        const value = read(text, () => 1 + random.below(most))
        const plain = JSON.parse(
          JSON.stringify(value, (_, each: unknown) => (each instanceof Float64Array ? Array.from(each) : each)),
        ) as unknown
        expect(plain).toEqual(WORLD)
        const world = parseWorld(value)
        expect(world).toEqual(parseWorld(WORLD))
        // Nothing is copied: all rows stay in the one memory that they were read into.
        expect(new Set([world.reference, world.probe, ...world.bundles].map(({ x }) => x.data.buffer)).size).toBe(1)
      }
  })

  it('leaves what is no row of numbers to whoever reads it, and what is no JSON is refused', () => {
    expect(read('{"x": [[1, null], [true], [1, 2]]}', () => 4)).toEqual({
      x: [[1, null], [true], Float64Array.of(1, 2)],
    })
    for (const broken of ['{"x": [1, NaN]}', '{"x": [1, 2', '[1, 2]]', '[01, 2]', '']) {
      expect(() => read(broken, () => 3)).toThrow(SyntaxError)
    }
  })
})
