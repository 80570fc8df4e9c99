import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import type { KnnShapleyProblem } from '../../../shared/stars/value/knn-shapley.ts'
import { chunkCount, combineChunks, knnShapley, knnShapleySolver } from '../../../shared/stars/value/knn-shapley.ts'
import { type AddedPoints, knnShapleyAdded } from '../../../shared/stars/value/knn-shapley-added.ts'

const SEED = { seed: 42, numRuns: 60 }

interface Game {
  problem: KnnShapleyProblem
  n: number
  utility(probe: number, point: number): number
}

function classGame(n: number, probes: number, k: number, seed: number): Game {
  const random = randomStream(seed)
  const dimension = 3
  const points = Float64Array.from({ length: n * dimension }, () => random.normal())
  const labels = Int32Array.from({ length: n }, () => random.below(3))
  const judged = Float64Array.from({ length: probes * dimension }, () => random.normal())
  const wanted = Int32Array.from({ length: probes }, () => random.below(3))
  return {
    problem: { dimension, points, probes: judged, k, targets: { kind: 'classes', points: labels, probes: wanted } },
    n,
    utility: (probe, point) => (labels[point] === wanted[probe] ? 1 : 0),
  }
}

function vectorGame(n: number, probes: number, k: number, seed: number): Game {
  const { problem } = classGame(n, probes, k, seed)
  const random = randomStream(seed + 1)
  const unit = (count: number): Float64Array => {
    const rows = new Float64Array(count * 2)
    for (let i = 0; i < count; i++) {
      const turn = random.next() * 2 * Math.PI
      rows.set([Math.cos(turn), Math.sin(turn)], 2 * i)
    }
    return rows
  }
  const own = unit(n)
  const wanted = unit(probes)
  return {
    problem: { ...problem, targets: { kind: 'vectors', dimension: 2, points: own, probes: wanted } },
    n,
    utility: (probe, point) =>
      (1 + own[2 * point] * wanted[2 * probe] + own[2 * point + 1] * wanted[2 * probe + 1]) / 2,
  }
}

/** v(S) by its definition, meaned over the probes. */
function worth(game: Game, members: readonly number[]): number {
  const { dimension, points, probes, k } = game.problem
  const count = probes.length / dimension
  let sum = 0
  for (let probe = 0; probe < count; probe++) {
    const distance = (point: number): number => {
      let square = 0
      for (let j = 0; j < dimension; j++) square += (points[point * dimension + j] - probes[probe * dimension + j]) ** 2
      return square
    }
    const near = [...members].sort((a, b) => distance(a) - distance(b)).slice(0, k)
    sum += near.reduce((total, point) => total + game.utility(probe, point), 0) / k
  }
  return sum / count
}

function bruteForce(game: Game): number[] {
  const { n } = game
  const factorial = (value: number): number => (value <= 1 ? 1 : value * factorial(value - 1))
  const worths = Array.from({ length: 1 << n }, (_, set) =>
    worth(
      game,
      Array.from({ length: n }, (_v, i) => i).filter((i) => set & (1 << i)),
    ),
  )
  return Array.from({ length: n }, (_, player) => {
    let value = 0
    for (let set = 0; set < 1 << n; set++) {
      if (set & (1 << player)) continue
      const size = Array.from({ length: n }, (_v, i) => (set >> i) & 1).reduce((sum, bit) => sum + bit, 0)
      const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n)
      value += weight * (worths[set | (1 << player)] - worths[set])
    }
    return value
  })
}

const count = fc.integer({ min: 1, max: 8 })
const probes = fc.integer({ min: 1, max: 6 })
const k = fc.integer({ min: 1, max: 6 })
const seed = fc.integer({ min: 1, max: 1e6 })

describe('knnShapley', () => {
  it.each([
    ['class labels', classGame],
    ['soft targets', vectorGame],
  ])('equals brute force over all coalitions: %s', (_name, make) => {
    fc.assert(
      fc.property(count, probes, k, seed, (n, v, neighbours, s) => {
        const game = make(n, v, neighbours, s)
        const expected = bruteForce(game)
        knnShapley(game.problem).forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-9))
      }),
      SEED,
    )
  })

  it('adds up to the worth of everyone (efficiency)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), probes, k, seed, (n, v, neighbours, s) => {
        const game = classGame(n, v, neighbours, s)
        const total = knnShapley(game.problem).reduce((sum, value) => sum + value, 0)
        expect(total).toBeCloseTo(
          worth(
            game,
            Array.from({ length: n }, (_, i) => i),
          ),
          9,
        )
      }),
      SEED,
    )
  })

  it('gives the same to points that are the same (symmetry)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), probes, k, seed, (n, v, neighbours, s) => {
        const { problem } = classGame(n, v, neighbours, s)
        const [from, to] = randomStream(s).permutation(n)
        const { points, targets, dimension } = problem
        points.copyWithin(to * dimension, from * dimension, (from + 1) * dimension)
        targets.points[to] = targets.points[from]
        const values = knnShapley(problem)
        expect(values[to]).toBeCloseTo(values[from], 12)
      }),
      SEED,
    )
  })

  it('gives nothing to a point that changes no coalition, and the others what they have without it (null player)', () => {
    const none = 2
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), probes, k, seed, fc.boolean(), (n, v, neighbours, s, crowded) => {
        // Useless to every probe, and pushing no point out: farther than all others, or where all of them may vote.
        const { problem } = classGame(n, v, crowded ? neighbours : n + neighbours, s)
        const { points, targets, dimension } = problem
        if (targets.kind !== 'classes') throw new Error('classes expected')
        const idle = randomStream(s + 7).below(n)
        if (crowded) points.fill(1e3, idle * dimension, (idle + 1) * dimension)
        targets.points[idle] = none
        targets.probes.forEach((wanted, at) => (targets.probes[at] = wanted % none))
        const values = knnShapley(problem)
        expect(values[idle]).toBe(0)
        const others = knnShapley({
          ...problem,
          points: points.filter((_, at) => Math.floor(at / dimension) !== idle),
          targets: { ...targets, points: targets.points.filter((_, at) => at !== idle) },
        })
        others.forEach((value, at) => expect(values[at < idle ? at : at + 1]).toBeCloseTo(value, 12))
      }),
      SEED,
    )
  })

  it('of a mix of two games is the same mix of their values (linearity)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), probes, k, seed, (n, v, neighbours, s) => {
        // The same points before the same probes, which want something else in each game: worth is linear in what is wanted.
        const [first, second] = [vectorGame(n, v, neighbours, s), vectorGame(n, v, neighbours, s)].map((g) => g.problem)
        if (first.targets.kind !== 'vectors' || second.targets.kind !== 'vectors') throw new Error('vectors expected')
        const random = randomStream(s + 3)
        second.targets.probes.forEach((_, at, wanted) => (wanted[at] = random.normal()))
        const share = random.next()
        const mixed = first.targets.probes.map((one, at) => share * one + (1 - share) * second.targets.probes[at])
        const values = knnShapley({ ...first, targets: { ...first.targets, probes: mixed } })
        const [a, b] = [knnShapley(first), knnShapley(second)]
        values.forEach((value, at) => expect(value).toBeCloseTo(share * a[at] + (1 - share) * b[at], 12))
      }),
      SEED,
    )
  })

  it('adds over probes (linearity)', () => {
    const game = classGame(20, 6, 3, 5)
    const { problem } = game
    const part = (from: number, to: number): Float64Array => {
      if (problem.targets.kind !== 'classes') throw new Error('classes expected')
      return knnShapley({
        ...problem,
        probes: problem.probes.slice(from * 3, to * 3),
        targets: { ...problem.targets, probes: problem.targets.probes.slice(from, to) },
      })
    }
    const [first, second] = [part(0, 2), part(2, 6)]
    knnShapley(problem).forEach((value, i) => expect(value).toBeCloseTo((2 * first[i] + 4 * second[i]) / 6, 12))
  })

  it('does not depend on the order of points, ties included', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const game = classGame(14, 5, 3, s)
        const { points, targets, dimension } = game.problem
        if (targets.kind !== 'classes') throw new Error('classes expected')
        // Two points in one place with different labels.
        points.copyWithin(0, dimension, 2 * dimension)
        const order = randomStream(s).permutation(14)
        const moved = {
          ...game.problem,
          points: Float64Array.from(Array.from(order).flatMap((i) => Array.from(points.subarray(i * 3, i * 3 + 3)))),
          targets: { ...targets, points: Int32Array.from(order, (i) => targets.points[i]) },
        }
        const values = knnShapley(game.problem)
        const again = knnShapley(moved)
        order.forEach((from, to) => expect(again[to]).toBeCloseTo(values[from], 12))
      }),
      SEED,
    )
  })

  it('is the same to the last digit however its chunks are spread', () => {
    const { problem } = classGame(50, 100, 5, 3)
    const whole = knnShapley(problem)
    const chunks = Array.from({ length: chunkCount(problem) }, (_, chunk) => knnShapleySolver(problem)(chunk))
    expect(chunks.length).toBeGreaterThan(2)
    expect(combineChunks(chunks, 50, 100)).toEqual(whole)
  })

  it('answers for no points', () => {
    const { problem } = classGame(1, 3, 2, 1)
    const none = {
      ...problem,
      points: new Float64Array(0),
      targets: { kind: 'classes', points: new Int32Array(0), probes: new Int32Array(3) } as const,
    }
    expect(knnShapley(none)).toHaveLength(0)
  })
})

describe('knnShapleyAdded', () => {
  type Rows = Float64Array | Int32Array
  const joined = <T extends Rows>(a: T, b: T): T =>
    (a instanceof Int32Array ? Int32Array.from([...a, ...b]) : Float64Array.from([...a, ...b])) as T

  it.each([
    ['classes', classGame],
    ['vectors', vectorGame],
  ] as const)('gives the very digits of base and set together, with %s', (_kind, game) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 70 }), k, fc.nat(1e6), (n, m, near, s) => {
        const { problem } = game(n, 37, near, s)
        const sizes = [m, 0, 3]
        const sets = sizes.map((size, at): AddedPoints => {
          const own = game(Math.max(1, size), 1, near, s + 2 + at).problem
          const points = own.points.slice(0, size * own.dimension)
          // Half of them lie where points of the base lie: ties of distance, and of usefulness as well.
          for (let row = 0; row < Math.min(size, n); row += 2)
            points.set(problem.points.subarray(3 * row, 3 * row + 3), 3 * row)
          const width = own.targets.kind === 'vectors' ? own.targets.dimension : 1
          return { points, targets: own.targets.points.slice(0, size * width) }
        })
        const values = knnShapleyAdded(problem, sets)
        sets.forEach((set, at) => {
          const targets = { ...problem.targets, points: joined(problem.targets.points as Rows, set.targets as Rows) }
          const together = { ...problem, points: joined(problem.points, set.points), targets } as KnnShapleyProblem
          expect([...values[at]]).toEqual([...knnShapley(together).subarray(n)])
        })
      }),
      { ...SEED, numRuns: 25 },
    )
  })
})
