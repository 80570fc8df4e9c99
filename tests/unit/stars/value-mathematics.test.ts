import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Matrix } from '../../../shared/stars/algebra/dense.ts'
import { pickRows, rowOf, zeros } from '../../../shared/stars/algebra/dense.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { conformalHalfWidth } from '../../../shared/stars/value/conformal.ts'
import { informationGain, vendiOfRows, vendiOfUnitRows } from '../../../shared/stars/value/diversity.ts'
import { influenceOf } from '../../../shared/stars/value/influence.ts'
import { logisticAccuracy, predictLogistic, trainLogistic } from '../../../shared/stars/value/logistic.ts'
import { monteCarloShapley } from '../../../shared/stars/value/monte-carlo-shapley.ts'
import {
  areaUnderRoc,
  percentiles,
  percentileUnderTable,
  quantileTable,
  spearman,
} from '../../../shared/stars/value/ranks.ts'
import { combineStatistics, ridgeWeights, statisticsOf } from '../../../shared/stars/value/ridge.ts'

const SEED = { seed: 43, numRuns: 50 }
const seed = fc.integer({ min: 1, max: 1e6 })

function randomRows(rows: number, columns: number, s: number, unit = false): Matrix {
  const random = randomStream(s)
  const matrix = zeros(rows, columns)
  for (let i = 0; i < matrix.data.length; i++) matrix.data[i] = random.normal()
  if (unit) {
    for (let i = 0; i < rows; i++) {
      const row = rowOf(matrix, i)
      const length = Math.hypot(...row)
      row.forEach((value, j) => {
        row[j] = value / length
      })
    }
  }
  return matrix
}

function stack(a: Matrix, b: Matrix): Matrix {
  return { rows: a.rows + b.rows, columns: a.columns, data: Float64Array.from([...a.data, ...b.data]) }
}

describe('ridge', () => {
  it('refitted from statistics equals the fit on all samples, both ways', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 30 }), (s, added) => {
        const [x, y, moreX, moreY] = [
          randomRows(40, 6, s),
          randomRows(40, 3, s + 1),
          randomRows(added, 6, s + 2),
          randomRows(added, 3, s + 3),
        ]
        const base = statisticsOf(x, y)
        const extra = statisticsOf(moreX, moreY)
        const full = ridgeWeights(statisticsOf(stack(x, moreX), stack(y, moreY)), 0.7)
        const refit = ridgeWeights(combineStatistics(base, extra), 0.7)
        full.data.forEach((value, i) => expect(Math.abs(value - refit.data[i])).toBeLessThan(1e-6))
        const back = ridgeWeights(combineStatistics(combineStatistics(base, extra), extra, -1), 0.7)
        const alone = ridgeWeights(base, 0.7)
        alone.data.forEach((value, i) => expect(Math.abs(value - back.data[i])).toBeLessThan(1e-6))
      }),
      SEED,
    )
  })

  it('has a zero gradient at its weights', () => {
    const [x, y] = [randomRows(30, 4, 1), randomRows(30, 2, 2)]
    const w = ridgeWeights(statisticsOf(x, y), 2)
    for (let i = 0; i < 4; i++) {
      for (let c = 0; c < 2; c++) {
        let gradient = 2 * w.data[i * 2 + c]
        for (let n = 0; n < 30; n++) {
          let predicted = 0
          for (let j = 0; j < 4; j++) predicted += x.data[n * 4 + j] * w.data[j * 2 + c]
          gradient += x.data[n * 4 + i] * (predicted - y.data[n * 2 + c])
        }
        expect(gradient).toBeCloseTo(0, 8)
      }
    }
  })
})

describe('Vendi score', () => {
  it('lies within 1 and n, does not depend on order, and knows its extremes', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 9 }), (s, n, d) => {
        const rows = randomRows(n, d, s, true)
        for (const score of [vendiOfUnitRows(rows), vendiOfRows(rows, 0.7)]) {
          expect(score).toBeGreaterThanOrEqual(1)
          expect(score).toBeLessThanOrEqual(n)
        }
        const shuffled = pickRows(rows, Array.from(randomStream(s).permutation(n)))
        expect(vendiOfRows(shuffled, 0.7)).toBeCloseTo(vendiOfRows(rows, 0.7), 8)
        expect(vendiOfUnitRows(shuffled)).toBeCloseTo(vendiOfUnitRows(rows), 8)
      }),
      SEED,
    )
    const same = { rows: 7, columns: 3, data: Float64Array.from({ length: 21 }, (_, i) => (i % 3 === 0 ? 1 : 0)) }
    expect(vendiOfUnitRows(same)).toBeCloseTo(1, 9)
    const apart = zeros(5, 5)
    for (let i = 0; i < 5; i++) apart.data[i * 6] = 1
    expect(vendiOfUnitRows(apart)).toBeCloseTo(5, 9)
  })
})

describe('log-determinant gain', () => {
  it('is never negative, and falls as more is known', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const [known, more, added] = [randomRows(10, 5, s), randomRows(10, 5, s + 1), randomRows(4, 5, s + 2)]
        const gain = informationGain([known], added.columns, 1)(added)
        expect(gain).toBeGreaterThan(0)
        expect(informationGain([known, more], added.columns, 1)(added)).toBeLessThanOrEqual(gain + 1e-9)
        expect(informationGain([known, added], added.columns, 1)(added)).toBeLessThan(gain)
      }),
      SEED,
    )
  })
})

describe('logistic regression', () => {
  const x = randomRows(150, 4, 5)
  const y = Int32Array.from({ length: 150 }, (_, n) => (x.data[n * 4] > 0.3 ? 2 : x.data[n * 4 + 1] > 0 ? 1 : 0))
  const options = { penalty: 1, maximumIterations: 300, tolerance: 1e-8 }

  it('finds the optimum, from anywhere', () => {
    const weights = trainLogistic(x, y, 3, options)
    const start = randomRows(3, 5, 8)
    const again = trainLogistic(x, y, 3, options, start)
    // Intercepts are free to shift together: probabilities are what is unique.
    const [a, b] = [predictLogistic(weights, x), predictLogistic(again, x)]
    a.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i], 4))
    expect(logisticAccuracy(weights, x, y)).toBeGreaterThan(0.9)
    // The gradient of the penalised loss, recomputed by hand.
    for (let c = 0; c < 3; c++) {
      for (let j = 0; j < 4; j++) {
        let gradient = weights.data[c * 5 + j]
        for (let n = 0; n < 150; n++) gradient += (a.data[n * 3 + c] - (y[n] === c ? 1 : 0)) * x.data[n * 4 + j]
        expect(Math.abs(gradient)).toBeLessThan(1e-3)
      }
    }
  })

  it('gives the influence that a small step shows', () => {
    const weights = trainLogistic(x, y, 3, options)
    const probe = { x: randomRows(60, 4, 11), y: new Int32Array(60), weights: new Float64Array(60).fill(1 / 60) }
    probe.y.forEach((_, n) => {
      probe.y[n] = probe.x.data[n * 4] > 0.3 ? 2 : probe.x.data[n * 4 + 1] > 0 ? 1 : 0
    })
    const good = { x: pickRows(probe.x, [0, 1, 2, 3, 4]), y: probe.y.slice(0, 5) }
    const bad = { x: good.x, y: good.y.map((label) => (label + 1) % 3) }
    const [helpful, harmful] = influenceOf(weights, probe, { x, y }, [good, bad])
    expect(helpful).toBeGreaterThan(0)
    expect(harmful).toBeLessThan(0)
  })
})

describe('Monte-Carlo Shapley', () => {
  /** v(S) = (sum of strengths)^2: superadditive, with known values a_i * sum(a). */
  const strengths = [1, 2, 3, 4]
  const game = () => {
    let sum = 0
    return {
      reset: () => {
        sum = 0
        return 0
      },
      join: (players: readonly number[]) => {
        for (const player of players) sum += strengths[player]
        return sum * sum
      },
    }
  }

  it('adds up exactly, and antithetic pairs solve a quadratic game outright', () => {
    const values = monteCarloShapley(4, game(), 1, randomStream(3))
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 9)
    values.forEach((value, i) => expect(value).toBeCloseTo(strengths[i] * 10, 9))
  })

  it('adds up exactly when players join in blocks', () => {
    const values = monteCarloShapley(4, game(), 6, randomStream(3), undefined, 3)
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 9)
    expect(values[3]).toBeGreaterThan(values[0])
  })

  it('stops when it is cancelled', () => {
    const abort = new AbortController()
    abort.abort()
    expect(() => monteCarloShapley(4, game(), 1, randomStream(3), abort.signal)).toThrow('Cancelled')
  })
})

describe('ranks', () => {
  it('gives percentiles in order that do not change with a monotone map', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 }), (values) => {
        const p = percentiles(values)
        p.forEach((value) => expect(value > 0 && value < 1).toBe(true))
        expect(percentiles(values.map((value) => Math.atan(value)))).toEqual(p)
        expect(p.reduce((sum, value) => sum + value, 0) / p.length).toBeCloseTo(0.5, 9)
      }),
      SEED,
    )
  })

  it('knows perfect, opposite and tied rankings', () => {
    expect(spearman([1, 2, 3, 4], [10, 20, 30, 99])).toBeCloseTo(1, 12)
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12)
    expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0)
    expect(areaUnderRoc([1, 2, 3, 4], [false, false, true, true])).toBe(1)
    expect(areaUnderRoc([1, 1, 1, 1], [false, true, false, true])).toBe(0.5)
  })

  it('reads quantile tables monotonically, within 0 and 1, inverse to the quantiles', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: -40, max: 40 }),
        (values, at) => {
          const table = quantileTable(values, 11)
          const here = percentileUnderTable(table, at)
          expect(here).toBeGreaterThanOrEqual(0)
          expect(here).toBeLessThanOrEqual(1)
          expect(percentileUnderTable(table, at + 0.5)).toBeGreaterThanOrEqual(here)
        },
      ),
      SEED,
    )
    const table = quantileTable(
      Array.from({ length: 101 }, (_, i) => i * i),
      11,
    )
    table.forEach((value, i) => expect(percentileUnderTable(table, value)).toBeCloseTo(i / 10, 9))
  })
})

describe('conformal width', () => {
  it('covers new draws as often as it says', () => {
    const random = randomStream(12)
    let covered = 0
    const trials = 3000
    for (let trial = 0; trial < trials; trial++) {
      const residuals = Array.from({ length: 40 }, () => Math.abs(random.normal()))
      if (Math.abs(random.normal()) <= conformalHalfWidth(residuals, 0.8)) covered++
    }
    expect(covered / trials).toBeGreaterThan(0.78)
    expect(covered / trials).toBeLessThan(0.83)
  })

  it('is infinite where there are too few residuals for the level', () => {
    expect(conformalHalfWidth([1, 2], 0.8)).toBe(Number.POSITIVE_INFINITY)
  })
})
