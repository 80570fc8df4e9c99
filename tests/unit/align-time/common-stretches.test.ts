import { expect, test } from 'vitest'
import type { GraphEdge } from '../../../electron/engine/align/time/graph-model.ts'
import { solveSyncGraph } from '../../../electron/engine/align/time/solver.ts'
import { clocksOf } from '../../fixtures/time/sync-graph.ts'

const LOST_SECONDS = 0.4
const CUT = 20

/** Where each clock's zero lies on the first one's; the third lost a block at its twentieth second. */
const ZEROS = [0, 12, 25]

/** @param main which of its two lines a pair with the third clock is measured on */
function edge(a: number, b: number, main?: 'before' | 'behind'): GraphEdge {
  const before = ZEROS[b]! - ZEROS[a]!
  const at = (secondsB: number) => ({
    secondsA: before + secondsB + (secondsB < CUT ? 0 : LOST_SECONDS),
    secondsB,
    sigmaSeconds: Math.abs(secondsB - CUT) < 1 ? 0.2 : 2e-5,
  })
  return {
    id: `${a}-${b}`,
    clockA: `c${a}`,
    clockB: `c${b}`,
    method: 'audio',
    offsetSeconds: before + (main === 'behind' ? LOST_SECONDS : 0),
    ratePpm: 0,
    covariance: [1e-10, 0, 0.01],
    confidence: 0.999,
    overlapSeconds: 30,
    manual: false,
    ...(main && { knots: [0, 5, 10, 15, 19.95, 20.05, 25, 30, 35, 40].map(at) }),
  }
}

const solved = (...edges: readonly GraphEdge[]) => solvedOn('c0', ...edges)
const solvedOn = (reference: string, ...edges: readonly GraphEdge[]) => solveSyncGraph(clocksOf(3), edges, reference)

test('pairs that were measured before and behind a lost block do not contradict each other', () => {
  for (const [one, other] of [
    ['before', 'behind'],
    ['behind', 'before'],
  ] as const) {
    const { maps, edges, unsynced } = solved(edge(0, 1), edge(0, 2, one), edge(1, 2, other))
    expect(unsynced).toEqual([])
    expect(edges.every(({ accepted }) => accepted)).toBe(true)
    expect(maps.find(({ clockId }) => clockId === 'c1')!.offsetSeconds).toBeCloseTo(ZEROS[1]!, 4)
    const knots = maps.find(({ clockId }) => clockId === 'c2')!.knots!
    expect(knots.find(({ clockSeconds }) => clockSeconds === 5)!.projectSeconds).toBeCloseTo(ZEROS[2]! + 5, 4)
    const behind = knots.find(({ clockSeconds }) => clockSeconds === 30)!
    expect(behind.projectSeconds).toBeCloseTo(ZEROS[2]! + 30 + LOST_SECONDS, 4)
  }
})

test('who was heard only behind the cut is placed by what was lost as well', () => {
  // Its zero is the thirtieth second of the third recording; told either way round.
  const late = { ...edge(1, 2), offsetSeconds: -30 }
  const round = { ...edge(1, 2), id: '2-1', clockA: 'c2', clockB: 'c1', offsetSeconds: 30 }
  for (const heard of [late, round]) {
    const { maps } = solved(edge(0, 2, 'before'), heard)
    const map = maps.find(({ clockId }) => clockId === 'c1')!
    expect(map.offsetSeconds).toBeCloseTo(ZEROS[2]! + 30 + LOST_SECONDS, 4)
    expect(map.knots).toBeUndefined()
  }
})

test('who was heard on both sides of the cut runs on one line, whichever side the pair is measured on', () => {
  for (const side of ['before', 'behind'] as const) {
    const { maps } = solved(edge(0, 2, 'before'), edge(1, 2, side))
    const map = maps.find(({ clockId }) => clockId === 'c1')!
    expect(map.offsetSeconds).toBeCloseTo(ZEROS[1]!, 4)
    for (const { clockSeconds, projectSeconds, sigmaSeconds } of map.knots!)
      if (sigmaSeconds < 0.1) expect(projectSeconds - clockSeconds).toBeCloseTo(ZEROS[1]!, 3)
  }
})

test('any of the three may be the reference', () => {
  const heard = { ...edge(1, 2), offsetSeconds: -30 }
  const edges = [edge(0, 2, 'before'), heard]
  const onLost = solvedOn('c2', ...edges).maps
  expect(onLost.find(({ clockId }) => clockId === 'c1')!.offsetSeconds).toBeCloseTo(30, 4)
  const onLate = solvedOn('c1', ...edges).maps
  const knots = onLate.find(({ clockId }) => clockId === 'c2')!.knots!
  expect(knots.find(({ clockSeconds }) => clockSeconds === 30)!.projectSeconds).toBeCloseTo(0, 4)
  expect(knots.find(({ clockSeconds }) => clockSeconds === 5)!.projectSeconds).toBeCloseTo(-25 - LOST_SECONDS, 4)
  const first = onLate.find(({ clockId }) => clockId === 'c0')!
  expect(first.offsetSeconds).toBeCloseTo(-ZEROS[2]! - 30 - LOST_SECONDS, 4)
})

test('what no stretch explains is a contradiction still', () => {
  const wrong = { ...edge(0, 1), offsetSeconds: ZEROS[1]! + 0.25 }
  const { edges } = solved(wrong, edge(0, 2, 'before'), edge(1, 2, 'behind'))
  expect(edges.some(({ accepted, reason }) => !accepted && reason?.includes('contradicts'))).toBe(true)
})
