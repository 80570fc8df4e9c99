import { beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { areaUnderRoc, spearman } from '../../../shared/stars/value/ranks.ts'
import { fitCalibration } from '../../../shared/stars/world/fit-calibration.ts'
import { judgeAcrossDatasets } from '../../../shared/stars/world/judge-calibration.ts'
import type { MeasuredWorld } from '../../../shared/stars/world/calibration.ts'
import { isPaired, parseWorld } from '../../../shared/stars/world/parse-world.ts'
import { isShifted } from '../../../shared/stars/world/shift.ts'
import { twinsOf } from '../../../shared/stars/world/twins.ts'
import type { PreparedWorld, WorldReport } from '../../../shared/stars/world/value-world.ts'
import { reportOf, valueWorld, worldInOrder } from '../../../shared/stars/world/value-world.ts'
import type { WorldFeatures } from '../../../shared/stars/world/world-features.ts'
import { worldFeatures } from '../../../shared/stars/world/world-features.ts'
import { builtInCalibration } from '../../../electron/engine/stars/built-in-pack.ts'
import { syntheticImages } from '../../fixtures/stars/synthetic-images.ts'
import type { MadeWorld } from '../../fixtures/stars/world-recipe.ts'
import { makeWorld } from '../../fixtures/stars/world-recipe.ts'

const RECIPE = {
  creators: 24,
  smallest: 4,
  largest: 24,
  referenceCount: 60,
  probeCount: 240,
  testCount: 1000,
  features: 12,
  permutationPairs: 12,
  baseResamples: 12,
}

describe('valueWorld', () => {
  /** Features are what costs: they are computed once for all that is asked of a world. */
  const made: (MadeWorld & { prepared: PreparedWorld; features: WorldFeatures })[] = []
  beforeAll(() => {
    for (const seed of [1, 2]) {
      const own = makeWorld(`synthetic-${seed}`, syntheticImages(4000, 6, seed), RECIPE, seed)
      const prepared = worldInOrder(parseWorld(own.world))
      made.push({ ...own, prepared, features: worldFeatures(prepared) })
    }
    // Thousands of small models are retrained here: seconds, and more of them on a machine that has other work.
  }, 120_000)
  const valued = ({ prepared, features }: (typeof made)[number]): WorldReport =>
    reportOf(prepared, features, builtInCalibration())

  it('ranks works as retrained models do, on data that the calibration never saw', () => {
    for (const own of made) {
      const { world, truth } = own
      const { bundles, score } = valued(own)
      expect(bundles.map((bundle) => bundle.id)).toEqual(world.bundles.map((bundle) => bundle.id))
      const gains = bundles.map((bundle) => bundle.gain)
      expect(spearman(gains, truth.gain)).toBeGreaterThan(0.8)
      const shares = bundles.map((bundle) => bundle.contribution_percent)
      expect(spearman(shares, truth.shapley)).toBeGreaterThan(0.75)
      const harmful = truth.gain.map((gain) => gain < 0)
      const ownScores = gains.map((gain) => -gain)
      expect(harmful).toContain(true)
      expect(areaUnderRoc(ownScores, harmful)).toBeGreaterThan(0.85)
      const total = shares.reduce((sum, share) => sum + share, 0)
      expect(total).toBeCloseTo(100, 8)
      // Percent of the improvement and percent of the score share out the same thing.
      expect(score.none).toBeCloseTo(1 / world.classes, 5)
      expect(score.all).toBeGreaterThan(score.none + 0.1)
      expect(score.all).toBeLessThanOrEqual(1)
      const ofScore = bundles.reduce((sum, bundle) => sum + bundle.contribution_percent_of_score, 0)
      expect(ofScore).toBeCloseTo((100 * (score.all - score.none)) / score.all, 1)
      for (const { stars, low, high } of bundles.flatMap((each) => [each, each.of_share!, each.of_gain!])) {
        expect(low).toBeGreaterThanOrEqual(0)
        expect(stars).toBeGreaterThanOrEqual(low)
        expect(high).toBeGreaterThanOrEqual(stars)
        expect(high).toBeLessThanOrEqual(5)
      }
    }
  })

  it('does not depend on the order of bundles and rows, nor on units and rotation of the embedding', () => {
    const [{ world }] = made
    const calibration = builtInCalibration()
    const plain = valued(made[0]).bundles
    const order = Array.from(randomStream(3).permutation(world.bundles.length))
    const backwards = ({ x, y }: { x: number[][]; y: number[] }) => ({ x: x.toReversed(), y: y.toReversed() })
    const shuffled = valueWorld(
      parseWorld({
        ...world,
        reference: backwards(world.reference),
        probe: backwards(world.probe),
        bundles: order.map((at) => ({ ...world.bundles[at], ...backwards(world.bundles[at]) })),
      }),
      calibration,
    ).bundles
    expect(shuffled).toEqual(order.map((at) => plain[at]))
    // Twice as large, shifted, two axes turned into one another.
    const turn = (x: number[][]): number[][] =>
      x.map(([a, b, ...rest]) => [0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b, ...rest].map((value) => 2 * value + 5))
    const moved = parseWorld({
      ...world,
      reference: { ...world.reference, x: turn(world.reference.x) },
      probe: { ...world.probe, x: turn(world.probe.x) },
      bundles: world.bundles.map((bundle) => ({ ...bundle, x: turn(bundle.x) })),
    })
    valueWorld(moved, calibration).bundles.forEach((bundle, at) => expect(bundle.stars).toBeCloseTo(plain[at].stars, 1))
    // So small that its squares are nothing, so that one row lies farther out than can be squared.
    const tiny = (x: number[][]): number[][] => x.map((row) => row.map((value) => value * 2 ** -560))
    const small = {
      ...world,
      reference: { ...world.reference, x: tiny(world.reference.x) },
      probe: { ...world.probe, x: tiny(world.probe.x) },
      bundles: world.bundles.map((bundle) => ({ ...bundle, x: tiny(bundle.x) })),
    }
    expect(worldInOrder(parseWorld(small))).toEqual(made[0].prepared)
    small.bundles[0].x[0] = small.bundles[0].x[0].map(() => 1)
    const [{ x: far }] = worldInOrder(parseWorld(small)).bundles
    expect(far.data.every((value) => Number.isFinite(value ** 2))).toBe(true)
  })

  it('brings an axis that runs wild to the size of the others', () => {
    const [{ world }] = made
    const random = randomStream(4)
    const widened = (times: number): typeof world => {
      const wide = <S extends { x: number[][] }>(set: S): S => ({
        ...set,
        x: set.x.map((row) => [...row, times * random.normal()]),
      })
      return {
        ...world,
        reference: wide(world.reference),
        probe: wide(world.probe),
        bundles: world.bundles.map((bundle) => wide(bundle)),
      }
    }
    const spreads = (times: number): number[] => {
      const { x } = worldInOrder(parseWorld(widened(times))).probe
      const square = new Float64Array(x.columns)
      x.data.forEach((value, i) => (square[i % x.columns] += value ** 2 / x.rows))
      return Array.from(square, Math.sqrt)
    }
    const wild = spreads(300)
    expect(wild.at(-1)).toBeLessThan(2.5 * Math.max(...wild.slice(0, -1)))
    expect(Math.max(...wild.slice(0, -1))).toBeGreaterThan(0.1)
  })

  it('thins bundles of the same rows alike, in whatever order these are', () => {
    const rows = Array.from({ length: 16_000 }, (_, at) => [at % 7, Math.sin(at)])
    const labels = rows.map((_, at) => at % 2)
    const few = { x: rows.slice(0, 4), y: labels.slice(0, 4) }
    const bundles = [
      { id: 'a', x: rows, y: labels },
      { id: 'b', x: rows.toReversed(), y: labels.toReversed() },
      { id: 'c', x: rows.slice(1), y: labels.slice(1) },
    ]
    const prepared = worldInOrder(parseWorld({ classes: 2, reference: few, probe: few, bundles }))
    expect(prepared.bundles[0].x.rows).toBeLessThan(16_000)
    expect(twinsOf(prepared)).toEqual([0, 0, 2])
  })

  it('lets no reference judge whose labels are not those of the probe', () => {
    const [{ world, truth, prepared }] = made
    const { reference } = world
    const misnamed = { ...reference, y: reference.y.map((label) => (label + 1) % world.classes) }
    const strange = worldInOrder(parseWorld({ ...world, reference: misnamed }))
    expect([prepared, strange].map((each) => !isPaired(each) && isShifted(each))).toEqual([false, true])
    const { bundles } = reportOf(strange, worldFeatures(strange), builtInCalibration())
    const shares = bundles.map((bundle) => bundle.contribution_percent)
    expect(spearman(shares, truth.shapley)).toBeGreaterThan(0.7)
  })

  it('gives a bundle of wrong labels at most one star, and less than its honest twin', () => {
    const [{ world }] = made
    const honest = world.bundles.reduce((most, bundle) => (bundle.x.length > most.x.length ? bundle : most))
    const { probe } = world
    // Between two rows of one class, which is no copy of either.
    const mates = probe.y.slice(0, 20).map((label, at) => probe.y.indexOf(label, at + 1))
    const twin = {
      id: 'honest',
      x: mates.map((mate, at) => probe.x[mate].map((value, axis) => (value + probe.x[at][axis]) / 2)),
      y: probe.y.slice(0, 20),
    }
    const liar = { ...twin, id: 'liar', y: twin.y.map((label) => (label + 1) % world.classes) }
    const { bundles } = valueWorld(
      parseWorld({ ...world, bundles: [...world.bundles, twin, liar] }),
      builtInCalibration(),
    )
    const of = (id: string) => bundles.find((bundle) => bundle.id === id)
    expect(of('liar')?.stars).toBeLessThanOrEqual(1)
    expect(of('liar')?.gain).toBeLessThan(0)
    expect(of('honest')?.stars).toBeGreaterThan(2.5)
    expect(honest.x.length).toBeGreaterThan(0)
  })

  it('answers for one bundle, for identical rows of a bundle, and for long rows', () => {
    const [{ world }] = made
    const calibration = builtInCalibration()
    const [alone] = valueWorld(parseWorld({ ...world, bundles: world.bundles.slice(0, 1) }), calibration).bundles
    expect(alone.high - alone.low).toBeGreaterThan(2)
    const flat = (count: number) => ({ x: Array.from({ length: count }, () => [1, 1]), y: [0, 1].slice(0, count) })
    const apart = {
      x: [
        [0, 1],
        [1, 0],
      ],
      y: [0, 1],
    }
    const same = valueWorld(
      parseWorld({ classes: 2, reference: flat(2), probe: apart, bundles: [{ id: 'a', ...flat(2) }] }),
      calibration,
    )
    expect(Number.isFinite(same.bundles[0].stars)).toBe(true)
    const random = randomStream(6)
    const rows = (count: number) => ({
      x: Array.from({ length: count }, () => Array.from({ length: 500 }, () => random.normal())),
      y: Array.from({ length: count }, (_, n) => n % 2),
    })
    const long = valueWorld(
      parseWorld({ classes: 2, reference: rows(8), probe: rows(8), bundles: [{ id: 'a', ...rows(4) }] }),
      calibration,
    )
    expect(Number.isFinite(long.bundles[0].gain)).toBe(true)
  })

  it('calls nobody harmless for standing above others who harm', () => {
    const [{ world }] = made
    const wrong = world.bundles.map((bundle) => ({
      ...bundle,
      y: bundle.y.map((label) => (label + 1) % world.classes),
    }))
    const { bundles } = valueWorld(parseWorld({ ...world, bundles: wrong }), builtInCalibration())
    const harmful = bundles.filter(({ gain }) => gain < -0.02)
    expect(harmful.length).toBeGreaterThan(12)
    expect(Math.max(...harmful.map(({ stars }) => stars))).toBeLessThanOrEqual(1)
  })

  it('stops when it is cancelled', () => {
    const abort = new AbortController()
    abort.abort()
    expect(() => valueWorld(parseWorld(made[0].world), builtInCalibration(), abort.signal)).toThrow('Cancelled')
  })

  it('can be fitted anew and judged across data sets', () => {
    const worlds = made.map(({ features, truth }, at): MeasuredWorld => ({
      dataset: `set-${at}`,
      features,
      shapley: truth.shapley,
      gain: truth.gain,
    }))
    const { share, halfWidths, ownHalfWidths } = fitCalibration(worlds)
    expect(share.intercept).toBe(0.5)
    expect(Math.min(...halfWidths, ...ownHalfWidths!.share, ...ownHalfWidths!.gain)).toBeGreaterThan(0)
    for (const { figures } of judgeAcrossDatasets(worlds))
      expect(Math.min(figures.spearmanGain, figures.coverageOwnShare, figures.coverageOwnGain)).toBeGreaterThan(0.6)
  })
})
