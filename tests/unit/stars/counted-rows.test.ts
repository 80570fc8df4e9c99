/** What is said again must not pay: copies within a bundle, copies of the reference, in worlds of classes and of pairs. */
import { describe, expect, it } from 'vitest'
import { builtInCalibration } from '../../../electron/engine/stars/built-in-pack.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { parseWorld } from '../../../shared/stars/world/parse-world.ts'
import type { PreparedWorld } from '../../../shared/stars/world/value-world.ts'
import { valueWorld, worldInOrder } from '../../../shared/stars/world/value-world.ts'
import { madeUpConcepts } from '../../fixtures/stars/made-up-concepts.ts'
import { drawPairsWorld } from '../../fixtures/stars/pairs-recipe.ts'
import { syntheticImages } from '../../fixtures/stars/synthetic-images.ts'
import { drawWorld } from '../../fixtures/stars/world-recipe.ts'

const MEASURED_LEAST = { testCount: 10, permutationPairs: 1, baseResamples: 1 }

interface Rows {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly unknown[]
}
interface Given {
  readonly reference: Rows
  readonly probe: Rows
  readonly bundles: readonly (Rows & { readonly id: string })[]
}

const classes: Given = drawWorld(
  'classes',
  syntheticImages(1500, 4, 31),
  { ...MEASURED_LEAST, creators: 6, smallest: 8, largest: 16, referenceCount: 30, probeCount: 60, features: 10 },
  31,
).world
const pairs: Given = drawPairsWorld(
  'pairs',
  madeUpConcepts(500, 32),
  {
    ...MEASURED_LEAST,
    creators: 6,
    smallest: 8,
    largest: 16,
    referenceCount: 20,
    probeCount: 60,
    mismatches: [0, 0.6],
    refits: 1,
  },
  32,
).world

/** A world in which the first bundle holds more. */
function more<G extends Given>(world: G, rows: Rows): G {
  const [first, ...others] = world.bundles
  return { ...world, bundles: [{ ...first, x: [...first.x, ...rows.x], y: [...first.y, ...rows.y] }, ...others] }
}

function some({ x, y }: Rows, isTaken: (at: number) => boolean): Rows {
  return { x: x.filter((_, at) => isTaken(at)), y: y.filter((_, at) => isTaken(at)) }
}

const prepared = (world: Given): PreparedWorld => worldInOrder(parseWorld(structuredClone(world)))

function times({ x, y }: Rows, count: number): Rows {
  const many = Array.from({ length: count })
  return { x: many.flatMap(() => x), y: many.flatMap(() => y) }
}

function leftOutOf({ probe_rows, reference_rows, repeated_rows }: PreparedWorld['told'][number]): number {
  return probe_rows + reference_rows + repeated_rows
}

/** How far the middle row lies from its nearest other, shared among the numbers of a row. */
function nearestOthers(x: Rows['x']): number {
  const apart = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((value, j) => value - b[j]))
  const nearest = x.map((row) => Math.min(...x.filter((other) => other !== row).map((other) => apart(row, other))))
  return nearest.sort((a, b) => a - b)[x.length >> 1] / Math.sqrt(x[0].length)
}

/** Each number a little off, far less than rows differ by. */
function shaken({ x, y }: Rows, by: number): Rows {
  const random = randomStream(5)
  return { x: x.map((row) => row.map((value) => value + by * random.normal())), y }
}

describe.each([
  ['classes', classes],
  ['pairs', pairs],
])('a bundle of a world of %s', (_name, world) => {
  const [first] = world.bundles
  const plain = prepared(world)

  it.each<[string, Rows, keyof PreparedWorld['told'][number]]>([
    ['all of its rows twice', first, 'repeated_rows'],
    ['all of its rows five times', times(first, 4), 'repeated_rows'],
    ['some of its rows twice', some(first, (at) => at % 3 === 0), 'repeated_rows'],
    ['rows of the reference', some(world.reference, (at) => at < 15), 'reference_rows'],
  ])('that holds %s is valued as the one that does not', (_what, rows, member) => {
    const { bundles, told, ...rest } = prepared(more(world, rows))
    // Everything that a value is made of is the same to the last digit.
    expect({ bundles, ...rest }).toEqual({ bundles: plain.bundles, ...rest })
    expect(told[0][member]).toBeGreaterThan(plain.told[0][member])
    expect(leftOutOf(told[0])).toBe(leftOutOf(plain.told[0]) + rows.x.length)
    expect(told.slice(1)).toEqual(plain.told.slice(1))
  })

  it('that holds rows of the lab, encoded anew, is valued as the one that does not', () => {
    // A tenth of what parts rows: pictures that were compressed once more lie as far off.
    const by = 0.1 * nearestOthers(world.probe.x)
    const { bundles, told } = prepared(more(more(world, shaken(world.probe, by)), shaken(world.reference, by)))
    expect(bundles).toEqual(plain.bundles)
    const [{ probe_rows, reference_rows }] = told
    expect(probe_rows + reference_rows).toBe(
      plain.told[0].probe_rows + plain.told[0].reference_rows + world.probe.x.length + world.reference.x.length,
    )
  })

  it('says nothing more with copies that are a little off', () => {
    const { bundles } = prepared(more(world, shaken(first, 0.003)))
    const [own, known] = [bundles[0].x, plain.bundles[0].x]
    expect(own.rows).toBe(known.rows)
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
    expect(sum(own.data)).toBeCloseTo(sum(known.data), 0)
  })

  it('may say another thing of a row', () => {
    const turned = { ...first, y: [...first.y.slice(1), first.y[0]] }
    const different = turned.y.filter((what, at) => JSON.stringify(what) !== JSON.stringify(first.y[at])).length
    expect(different).toBeGreaterThan(0)
    expect(prepared(more(world, turned)).bundles[0].x.rows).toBeGreaterThan(plain.bundles[0].x.rows)
  })
})

describe.each([
  ['classes', classes],
  ['pairs', pairs],
])('what bundles of a world of %s have in common', (_name, world) => {
  it('is told of both, and counts', () => {
    const { bundles } = prepared(world)
    const other = world.bundles[1]
    const { told, bundles: own } = prepared(more(world, shaken(other, 1e-6)))
    expect(own[0].x.rows).toBe(bundles[0].x.rows + bundles[1].x.rows)
    expect(told[1].shared_rows).toBe(bundles[1].x.rows)
    expect(told[0].shared_rows).toBeGreaterThanOrEqual(bundles[1].x.rows)
  })
})

describe('rows that count', () => {
  it('get the same stars whether they are there once or twice', () => {
    const calibration = builtInCalibration()
    const once = valueWorld(parseWorld(structuredClone(classes)), calibration).bundles
    const twice = valueWorld(parseWorld(structuredClone(more(classes, classes.bundles[0]))), calibration).bundles
    const { repeated_rows, ...value } = twice[0]
    expect(once[0]).toMatchObject(value)
    expect(repeated_rows).toBe(once[0].repeated_rows + classes.bundles[0].x.length)
    expect(twice.slice(1)).toEqual(once.slice(1))
  })

  it('are told before a large world is thinned, so that copies take no room of others', () => {
    // Four numbers of a lattice that no two rows share.
    const rows = (count: number, from: number): Rows => ({
      x: Array.from({ length: count }, (_, at) => [7, 11, 13, 17].map((step) => ((from + at) * step) % 36_007)),
      y: Array.from({ length: count }, (_, at) => at % 2),
    })
    const filler = rows(27_000, 0)
    const own = rows(4000, 27_000)
    const world = {
      classes: 2,
      reference: rows(20, 31_000),
      probe: rows(20, 31_020),
      bundles: [
        { id: 'a', ...own },
        { id: 'b', ...filler },
      ],
    }
    const [once, twice] = [prepared(world), prepared(more(world, own))]
    expect(once.bundles[0].x.rows).toBeLessThan(4000)
    expect(twice.bundles).toEqual(once.bundles)
  })

  it('are nearly all of many honest rows on few axes', () => {
    const random = randomStream(9)
    const rows = (count: number): Rows => ({
      x: Array.from({ length: count }, () => [random.normal(), random.normal()]),
      y: Array.from({ length: count }, (_, at) => at % 2),
    })
    const { bundles } = prepared({
      classes: 2,
      reference: rows(100),
      probe: rows(200),
      bundles: [{ id: 'a', ...rows(1000) }],
    } as Given)
    expect(bundles[0].x.rows).toBeGreaterThan(950)
  })

  it('may lie on rows of the reference where the probe does so as well', () => {
    const random = randomStream(10)
    const rows = (count: number): Rows => ({
      x: Array.from({ length: count }, () => [random.below(3), random.below(3), random.below(3)]),
      y: Array.from({ length: count }, (_, at) => at % 2),
    })
    const world = { classes: 2, reference: rows(60), probe: rows(60), bundles: [{ id: 'a', ...rows(10) }] } as Given
    const { bundles, told } = prepared(world)
    expect(told[0]).toMatchObject({ probe_rows: 0, reference_rows: 0 })
    expect(bundles[0].x.rows).toBeGreaterThan(5)
  })
})
