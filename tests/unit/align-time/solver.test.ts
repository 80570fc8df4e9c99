import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GraphEdge } from '../../../electron/engine/align/time/graph-model.ts'
import { solveSyncGraph } from '../../../electron/engine/align/time/solver.ts'
import {
  clocksOf,
  edgesOf,
  heardTake,
  normals,
  plantedTake,
  SIGMA_PPM,
  SIGMA_S,
  sigmasOff,
  truthsOf,
} from '../../fixtures/time/sync-graph.ts'

describe('sync graph', () => {
  test('twelve devices with three broken edges: all right, the three named', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { truths, planted, broken } = plantedTake(seed)
      const solution = solveSyncGraph(clocksOf(12), planted, 'c0')
      expect(new Set(solution.edges.filter((edge) => !edge.accepted).map((edge) => edge.id))).toEqual(broken)
      for (const edge of solution.edges) if (!edge.accepted) expect(edge.reason).toMatch(/contradicts/)
      for (const [n, truth] of truths.entries()) {
        const map = solution.maps.find((each) => each.clockId === `c${n}`)!
        expect(Math.abs(map.offsetSeconds - truth.offsetSeconds)).toBeLessThan(2e-3)
        expect(Math.abs(map.ratePpm - truth.ratePpm)).toBeLessThan(4)
      }
      expect(solution.unsynced).toEqual([])
    }
  })

  test('the stated uncertainty holds: 2 sigma in about 95 of 100', () => {
    let inside = 0
    let cases = 0
    for (let seed = 10; seed < 90; seed++) {
      const noise = normals(seed)
      const truths = truthsOf(4, noise)
      const solution = solveSyncGraph(
        clocksOf(4),
        edgesOf(truths, noise, () => true),
        'c0',
      )
      for (const map of solution.maps) {
        if (map.clockId === 'c0') continue
        const truth = truths[Number(map.clockId.slice(1))]!
        cases += 1
        if (Math.abs(map.offsetSeconds - truth.offsetSeconds) <= 2 * Math.sqrt(map.covariance[0])) inside += 1
      }
    }
    expect(inside / cases).toBeGreaterThan(0.93)
  })

  test('what a microphone or its encoder delays does not average out: six devices, 2 sigma in about 95 of 100', () => {
    const off = Array.from({ length: 60 }, (_, seed) => {
      const { truths, edges } = heardTake(300 + seed, 6)
      return sigmasOff(truths, solveSyncGraph(clocksOf(6), edges, 'c0').maps)
    }).flat()
    const inside = off.filter((each) => Math.abs(each) <= 2).length / off.length
    // As independent edges they hold 83 %.
    expect(inside).toBeGreaterThan(0.92)
    expect(inside).toBeLessThan(0.99)
    // One encoder whose delay nothing tells: five others know no more of it than one.
    const { edges } = heardTake(9, 6, [1e-5, 0.032, 1e-5, 1e-5, 1e-5, 1e-5])
    const sigmas = solveSyncGraph(clocksOf(6), edges, 'c0').maps.map((map) => Math.sqrt(map.covariance[0]))
    expect(sigmas.filter((sigma) => sigma > 1e-4)).toEqual([expect.closeTo(0.032, 3)])
  })

  test('the order and the direction of the evidence do not matter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const noise = normals(seed)
        const truths = truthsOf(5, noise)
        const edges = edgesOf(truths, noise, (i, j) => j - i < 3)
        const turned = [...edges].reverse().map((edge): GraphEdge => {
          const rate = 1 + edge.ratePpm * 1e-6
          const [oo, or, rr] = edge.covariance
          // Of the inverse map, by its derivatives with respect to offset and rate.
          const byOffset = -1 / rate
          const byRate = (edge.offsetSeconds * 1e-6) / rate ** 2
          const turn = -1 / rate ** 2
          return {
            ...edge,
            clockA: edge.clockB,
            clockB: edge.clockA,
            offsetSeconds: -edge.offsetSeconds / rate,
            ratePpm: (1 / rate - 1) * 1e6,
            covariance: [
              byOffset ** 2 * oo + 2 * byOffset * byRate * or + byRate ** 2 * rr,
              turn * (byOffset * or + byRate * rr),
              turn ** 2 * rr,
            ],
          }
        })
        const one = solveSyncGraph(clocksOf(5), edges, 'c0')
        const other = solveSyncGraph(clocksOf(5), turned, 'c0')
        for (const map of one.maps) {
          const twin = other.maps.find((each) => each.clockId === map.clockId)!
          expect(Math.abs(map.offsetSeconds - twin.offsetSeconds)).toBeLessThan(SIGMA_S)
          expect(Math.abs(map.ratePpm - twin.ratePpm)).toBeLessThan(SIGMA_PPM / 2)
        }
      }),
      { seed: 3, numRuns: 40 },
    )
  })

  test('a clock that nothing trustworthy reaches is named with the reason', () => {
    const noise = normals(7)
    const edges = edgesOf(truthsOf(3, noise), noise, (i, j) => i === 0 && j === 1)
    const weak = { ...edges[0]!, id: 'weak', clockB: 'c2', confidence: 0.3 }
    const solution = solveSyncGraph(clocksOf(4), [...edges, weak], null)
    expect(solution.unsynced.map((each) => each.clockId).sort()).toEqual(['c2', 'c3'])
    expect(solution.unsynced.find((each) => each.clockId === 'c2')?.reason).toMatch(/30 %/)
    expect(solution.unsynced.find((each) => each.clockId === 'c3')?.reason).toMatch(/clap/)
  })

  test("the person's word is never rejected", () => {
    const noise = normals(8)
    const edges = edgesOf(truthsOf(3, noise), noise, () => true)
    const hand: GraphEdge = {
      ...edges[0]!,
      id: 'hand',
      method: 'hand',
      offsetSeconds: edges[0]!.offsetSeconds + 2,
      manual: true,
      confidence: 1,
    }
    const solution = solveSyncGraph(clocksOf(3), [...edges, hand], 'c0')
    expect(solution.edges.find((edge) => edge.id === 'hand')?.accepted).toBe(true)
    expect(solution.maps.find((map) => map.clockId === 'c1')?.offsetSeconds).toBeCloseTo(hand.offsetSeconds, 2)
  })

  test('the reference is the clock with most evidence and keeps identity', () => {
    const noise = normals(9)
    const star = edgesOf(truthsOf(5, noise), noise, (i, j) => i === 2 || j === 2)
    const solution = solveSyncGraph(clocksOf(5), star, null)
    expect(solution.referenceClockId).toBe('c2')
    expect(solution.maps.find((map) => map.clockId === 'c2')).toMatchObject({
      offsetSeconds: 0,
      ratePpm: 0,
      confidence: 1,
      method: 'reference',
    })
  })

  test('no clocks, no evidence, one clock', () => {
    expect(solveSyncGraph([], [], null)).toMatchObject({ referenceClockId: null, maps: [] })
    expect(solveSyncGraph(clocksOf(1), [], null).maps).toHaveLength(1)
    expect(() => solveSyncGraph(clocksOf(1), [], 'nobody')).toThrow(/not among/)
  })
})
