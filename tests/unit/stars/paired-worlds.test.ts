/** Worlds whose targets are vectors, and what no world may be fooled by: rows of the probe, the same bundle twice, size. */
import { beforeAll, describe, expect, it } from 'vitest'
import { builtInCalibration } from '../../../electron/engine/stars/built-in-pack.ts'
import { coalitionChunks } from '../../../shared/stars/world/coalition-features.ts'
import type { AnyWorld } from '../../../shared/stars/world/parse-world.ts'
import { isPaired, parseWorld } from '../../../shared/stars/world/parse-world.ts'
import { thinBundles, thinJudges } from '../../../shared/stars/world/thin-world.ts'
import type { ValuedBundle } from '../../../shared/stars/world/value-world.ts'
import { valueWorld } from '../../../shared/stars/world/value-world.ts'
import { samplingPlan } from '../../../shared/stars/world/work-budget.ts'
import { spearman } from '../../../shared/stars/value/ranks.ts'
import { madeUpConcepts } from '../../fixtures/stars/made-up-concepts.ts'
import { makePairsWorld } from '../../fixtures/stars/pairs-recipe.ts'

const RECIPE = {
  creators: 14,
  smallest: 4,
  largest: 16,
  referenceCount: 20,
  probeCount: 60,
  testCount: 150,
  mismatches: [0, 0, 0.6, 1],
  permutationPairs: 2,
  baseResamples: 4,
  refits: 2,
}

const made = makePairsWorld('made-up', madeUpConcepts(500, 8), RECIPE, 3)

describe('a world of pairs', () => {
  const { probe, bundles } = made.world
  const cheat = { id: 'cheat', x: probe.x, y: probe.y }
  const mixed = {
    id: 'mixed',
    x: [...bundles[0].x, ...probe.x.slice(0, 7)],
    y: [...bundles[0].y, ...probe.y.slice(0, 7)],
  }
  const twin = { id: 'twin', x: [...bundles[2].x].reverse(), y: [...bundles[2].y].reverse() }
  let answer: ReadonlyMap<string, ValuedBundle>
  beforeAll(() => {
    const world = parseWorld({ ...made.world, bundles: [...bundles, cheat, mixed, twin] })
    const report = valueWorld(world, builtInCalibration())
    answer = new Map(report.bundles.map((bundle) => [bundle.id, bundle]))
  }, 60_000)

  it('ranks bundles as refitted models do', () => {
    const all = [...answer.values()]
    const shares = all.slice(0, bundles.length).map((bundle) => bundle.contribution_percent)
    const gains = all.slice(0, bundles.length).map((bundle) => bundle.gain)
    expect(spearman(shares, made.truth.shapley)).toBeGreaterThan(0.6)
    expect(spearman(gains, made.truth.gain)).toBeGreaterThan(0.6)
    expect(all.reduce((sum, bundle) => sum + bundle.contribution_percent, 0)).toBeCloseTo(100, 1)
  })

  it('gives rows of the probe nothing, and says how many there are', () => {
    expect(answer.get('cheat')).toMatchObject({
      stars: 0,
      gain: 0,
      contribution_percent: 0,
      probe_rows: probe.x.length,
    })
    expect(answer.get('mixed')).toMatchObject({ probe_rows: 7, same_as: 'c00' })
    expect(answer.get('mixed')?.contribution_percent).toBe(answer.get('c00')?.contribution_percent)
  })

  it('gives the same rows in another order the same value', () => {
    const { id: _id, same_as, ...rest } = answer.get('twin') ?? { id: '', same_as: '' }
    const { id: _other, same_as: first, ...original } = answer.get('c02') ?? { id: '', same_as: '' }
    expect([same_as, first]).toEqual(['c02', null])
    expect(rest).toEqual(original)
  })

  it.each<[string, (world: typeof made.world) => unknown, RegExp]>([
    [
      'rows y of another length',
      (world) => ({ ...world, probe: { ...world.probe, y: world.probe.y.map((row, at) => (at === 3 ? [1] : row)) } }),
      /Row 3 of y of the probe has 1 numbers, not 6/,
    ],
    [
      'more rows x than y',
      (world) => ({ ...world, probe: { x: world.probe.x, y: world.probe.y.slice(1) } }),
      /60 rows x but 59 rows y/,
    ],
    [
      'a label among vectors',
      (world) => ({ ...world, reference: { ...world.reference, y: world.reference.y.map(() => 1) } }),
      /Row 0 of y of the reference is not a list/,
    ],
    [
      'targets of one number',
      (world) => ({ ...world, probe: { ...world.probe, y: world.probe.y.map(() => [1]) } }),
      /no direction/,
    ],
    [
      'what is no number',
      (world) => ({ ...world, bundles: [{ id: 'a', x: [[null]], y: [[0]] }] }),
      /has 1 numbers|null/,
    ],
  ])('refuses %s', (_what, change, message) => {
    expect(() => parseWorld(change(made.world))).toThrow(message)
  })
})

describe('a large world', () => {
  const rows = (count: number) => ({
    x: Array.from({ length: count }, (_, n) => [n % 7, n % 11]),
    y: Array.from({ length: count }, (_, n) => n % 3),
  })

  it('is thinned to what can be valued in minutes, every bundle keeping a row', () => {
    const bundles = Array.from({ length: 1500 }, (_, at) => ({ id: `b${at}`, ...rows(at % 5 === 0 ? 1 : 60) }))
    const world = parseWorld({ classes: 3, reference: rows(5000), probe: rows(5000), bundles })
    const thin: AnyWorld = thinBundles(thinJudges(world))
    const total = thin.bundles.reduce((sum, bundle) => sum + bundle.x.rows, 0)
    expect(total).toBeLessThan(32_000)
    expect(Math.min(...thin.bundles.map((bundle) => bundle.x.rows))).toBe(1)
    expect(thin.reference.x.rows).toBeLessThan(1000)
    expect(thin.probe.x.rows).toBeLessThan(1000)
    expect(thinBundles(thinJudges(world))).toEqual(thin)
  })

  it('of very many classes has fewer rows still, and is refused at once where even those are more than minutes', () => {
    const wide = (count: number) => ({
      x: Array.from({ length: count }, (_, n) => Array.from({ length: 64 }, (_v, j) => (n * 7 + j * 3) % 11)),
      y: Array.from({ length: count }, (_, n) => n),
    })
    const world = (bundles: number): AnyWorld =>
      parseWorld({
        classes: 1000,
        reference: wide(900),
        probe: wide(400),
        bundles: Array.from({ length: bundles }, (_, at) => ({ id: `b${at}`, ...wide(1) })),
      })
    expect(thinJudges(world(20)).reference.x.rows).toBe(900)
    expect(thinJudges(world(200)).reference.x.rows).toBe(300)
    expect(() => thinJudges(world(1200))).toThrow('1200 bundles of 1000 classes are more work than is done at once')
  })

  it('has its permutations counted by the exponentials of its classes as well', () => {
    const two = (count: number) => ({
      x: Array.from({ length: count }, (_, n) => [n % 7, n % 11]),
      y: Array.from({ length: count }, (_, n) => n % 500),
    })
    const bundles = Array.from({ length: 40 }, (_, at) => ({ id: `b${at}`, ...two(20) }))
    const world = parseWorld({ classes: 500, reference: two(300), probe: two(300), bundles })
    // Twenty pairs, five chunks, by products alone.
    if (!isPaired(world)) expect(coalitionChunks(world)).toBe(2)
    expect(isPaired(world)).toBe(false)
  })

  it('lets players join together where even one pair of permutations is too much', () => {
    expect(samplingPlan(1, 60)).toEqual({ pairs: 20, block: 1 })
    expect(samplingPlan(1e10, 60).pairs).toBe(1)
    expect(samplingPlan(1.6e11, 60)).toEqual({ pairs: 1, block: 10 })
    expect(samplingPlan(1e20, 60)).toEqual({ pairs: 1, block: 60 })
  })
})
