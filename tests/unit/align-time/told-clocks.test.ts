import { describe, expect, test } from 'vitest'
import { mostBelieved } from '../../../electron/engine/align/time/agreement.ts'
import type { MeasuredTimeMap, TimedSource } from '../../../electron/engine/align/time/gatherer.ts'
import type { GraphEdge } from '../../../electron/engine/align/time/graph-model.ts'
import { solveSyncGraph } from '../../../electron/engine/align/time/solver.ts'
import { timecodeGatherer } from '../../../electron/engine/align/time/timecode.ts'

const DAY = 86_400
const NOON = Date.UTC(2025, 5, 14, 12) / 1000
const context = { signal: new AbortController().signal, isSure: false }

interface Said {
  readonly timecode?: string
  readonly rate?: string
  readonly mayCountHalf?: boolean
  /** Seconds since 1970. */
  readonly utc?: number
  readonly by?: TimedSource['epochSource']
  readonly lasts?: number
}

const recording = (
  clockId: string,
  { timecode, rate = '25/1', mayCountHalf, utc, by, lasts = 60 }: Said,
): TimedSource => ({
  clockId,
  title: clockId,
  epochUtcNanoseconds: utc === undefined ? null : String(BigInt(Math.round(utc * 1e6)) * 1000n),
  epochSource: by,
  timecode: timecode === undefined ? null : { start: timecode, rate, mayCountHalf },
  startSeconds: 0,
  durationSeconds: lasts,
})

const compare = async (a: Said, b: Said) => await timecodeGatherer.gather(recording('a', a), recording('b', b), context)

/** Where the second lies, and its stated standard deviation; throws where it was refused. */
async function placed(a: Said, b: Said): Promise<MeasuredTimeMap & { sigma: number }> {
  const answer = await compare(a, b)
  if (!answer.found) throw new Error(answer.reason)
  return { ...answer, sigma: Math.sqrt(answer.covariance[0]) }
}

async function refusal(a: Said, b: Said): Promise<string> {
  const answer = await compare(a, b)
  if (answer.found) throw new Error(`placed at ${answer.offsetSeconds} with ${answer.confidence}`)
  return answer.reason
}

describe('dates', () => {
  test('who says them decides how surely they are believed', async () => {
    const at = async (by: TimedSource['epochSource']) => await placed({ utc: NOON, by }, { utc: NOON + 12.25, by })
    const [tag, zoned, satellite] = [await at('container'), await at('zoned'), await at('satellite')]
    for (const each of [tag, zoned, satellite]) expect(each.offsetSeconds).toBeCloseTo(12.25, 6)
    expect(tag.sigma).toBeGreaterThan(zoned.sigma)
    expect(zoned.sigma).toBeGreaterThan(satellite.sigma)
    expect(tag.confidence).toBeLessThan(0.65)
    expect(satellite.confidence).toBeGreaterThan(0.85)
  })

  test('a camera that is an hour off is refused, and the hour is named', async () => {
    expect(await refusal({ utc: NOON }, { utc: NOON + 3600 + 5 })).toMatch(/1 h off/)
    expect(await refusal({ utc: NOON }, { utc: NOON - 9 * 3600 })).toMatch(/9 h off/)
    expect(await refusal({ utc: NOON, by: 'satellite' }, { utc: NOON + 3600, by: 'satellite' })).not.toMatch(/h off/)
  })

  test('of recordings so long that the next hour fits as well, dates without a zone are no evidence', async () => {
    const long = { lasts: 3 * 3600 }
    expect(await refusal({ utc: NOON, ...long }, { utc: NOON + 30, ...long })).toMatch(/no time zone/)
    const zoned = await placed({ utc: NOON, by: 'zoned', ...long }, { utc: NOON + 30, by: 'zoned', ...long })
    expect(zoned.offsetSeconds).toBeCloseTo(30, 6)
  })

  test('clocks that were never set prove nothing', async () => {
    const reset = Date.UTC(2016, 0, 1, 0, 4) / 1000
    expect(await refusal({ utc: reset }, { utc: reset + 3 })).toMatch(/first of January/)
  })
})

describe('timecode of files', () => {
  test.each([
    ['at midnight', '23:59:50:00', '00:00:02:00', '25/1', 12],
    ['at midnight, drop frame', '23:59:50;00', '00:00:02;00', '30000/1001', 12.012],
    ['at midnight, 29.97 without drop frame', '23:59:50:00', '00:00:02:00', '30000/1001', 12.012],
    ['over a minute that drops', '10:00:59;28', '10:01:00;02', '30000/1001', 2 * (1001 / 30_000)],
    ['at an average that is not quite the rate', '10:00:00;00', '10:10:00;00', '2997/100', 599.9994],
  ])('%s', async (_, first, second, rate, seconds) => {
    const map = await placed({ timecode: first, rate, lasts: 700 }, { timecode: second, rate, lasts: 700 })
    expect(map.offsetSeconds).toBeCloseTo(seconds, 5)
    expect(map.sigma).toBeLessThan(0.03)
    expect(map.sigma).toBeGreaterThan(0.01)
  })

  test('a camera of 50 pictures may count every other one, and nobody knows: both lie within two sigma', async () => {
    const code = { timecode: '10:00:05:24', rate: '50/1', mayCountHalf: true }
    const map = await placed({ timecode: '10:00:00:00', rate: '25/1', lasts: 60 }, { ...code, lasts: 60 })
    for (const seconds of [5 + 24 / 50, 5 + 24 / 25]) {
      expect(Math.abs(map.offsetSeconds - seconds)).toBeLessThan(2 * map.sigma)
    }
    expect(map.sigma).toBeLessThan(0.3)
  })

  test('29.97 without drop frame and 25 do not count alike, drop frame does within a frame or two', async () => {
    const at25 = { timecode: '10:00:00:00', lasts: 600 }
    expect(await refusal(at25, { timecode: '10:00:05:00', rate: '30000/1001' })).toMatch(/different speeds/)
    const mixed = await placed(at25, { timecode: '10:00:05;00', rate: '30000/1001' })
    expect(Math.abs(mixed.offsetSeconds - 5)).toBeLessThan(2.5 * mixed.sigma)
  })

  test('a generator that was set on another day is refused by the date', async () => {
    const a = { timecode: '10:00:00:10', utc: NOON }
    const reason = await refusal(a, { timecode: '10:00:20:00', utc: NOON + DAY + 20 })
    expect(reason).toMatch(/ 24 h/)
    expect((await placed(a, { timecode: '10:00:20:00', utc: NOON + 21 })).offsetSeconds).toBeCloseTo(19.6, 6)
    // The date of one is local time.
    expect((await placed(a, { timecode: '10:00:20:00', utc: NOON + 7200 + 21 })).offsetSeconds).toBeCloseTo(19.6, 6)
  })

  test('codes that count only while a camera records are no evidence against the time of day', async () => {
    const reason = await refusal({ timecode: '00:01:10:00', utc: NOON }, { timecode: '00:01:40:03', utc: NOON + 1100 })
    expect(reason).toMatch(/counts only while it records/)
    // Each began at its own first hour: nothing is said but by the date.
    const unset = { timecode: '01:00:00:00' }
    expect(await refusal(unset, unset)).toMatch(/same whole hour/)
    expect(await refusal(unset, { timecode: '01:00:00;00', rate: '30000/1001' })).toMatch(/same whole hour/)
    expect((await placed({ ...unset, utc: NOON }, { ...unset, utc: NOON + 9 })).offsetSeconds).toBeCloseTo(9, 6)
    // By their codes they never ran at once, by their dates they did.
    expect(await refusal({ timecode: '01:00:00:05', utc: NOON }, { timecode: '03:00:00:00', utc: NOON + 9 })).toMatch(
      /not recording at the same time/,
    )
  })
})

test('timecode in the sound that begins at the same whole hour as another proves as little', async () => {
  const heard = (clockId: string, offsetSeconds: number, numerator: number): TimedSource => ({
    ...recording(clockId, {}),
    loadLinearTimecode: () =>
      Promise.resolve({
        rate: { numerator, denominator: 1 },
        isDropFrame: false,
        offsetSeconds,
        ratePpm: 0,
        covariance: [1e-12, 0, 1e-4],
        fromSeconds: 0,
        toSeconds: 60,
        agreeing: 1500,
        read: 1500,
      }),
  })
  const reset = await timecodeGatherer.gather(heard('a', 36_000.001, 25), heard('b', 36_000, 24), context)
  expect(reset).toMatchObject({ found: false, reason: expect.stringMatching(/same whole hour/) as string })
  const file = recording('c', { timecode: '10:00:00:00' })
  expect(await timecodeGatherer.gather(heard('a', 36_000, 25), file, context)).toMatchObject({ found: false })
  const later = await timecodeGatherer.gather(heard('a', 36_000, 25), heard('b', 36_000.08, 25), context)
  expect(later).toMatchObject({ found: true })
})

describe('what clocks say in the graph of a take', () => {
  const clocks = ['a', 'b', 'c', 'd'].map((clockId) => ({ clockId, durationSeconds: 600 }))
  const measured = (clockA: string, clockB: string, offsetSeconds: number): GraphEdge => ({
    id: `${clockA}${clockB} heard`,
    clockA,
    clockB,
    method: 'audio',
    offsetSeconds,
    ratePpm: 0,
    covariance: [1e-9, 0, 0.01],
    confidence: 0.99,
    overlapSeconds: 500,
    manual: false,
  })

  /** All pairs by dates, each right but for what its camera's clock is off. */
  async function dated(said: Readonly<Record<string, number>>): Promise<GraphEdge[]> {
    const names = Object.keys(said)
    const pairs = names.flatMap((one, n) => names.slice(n + 1).map((two) => [one, two] as const))
    const found = await Promise.all(
      pairs.map(async ([one, two]) => {
        const at = (name: string) => recording(name, { utc: NOON + said[name]!, lasts: 600 })
        const map = await timecodeGatherer.gather(at(one), at(two), context)
        return map.found
          ? [{ ...map, id: `${one}${two} dated`, clockA: one, clockB: two, method: 'timecode', manual: false }]
          : []
      }),
    )
    return found.flat()
  }

  const of = (solution: ReturnType<typeof solveSyncGraph>, clockId: string) =>
    solution.maps.find((map) => map.clockId === clockId)

  test('four dates are one statement each: they do not make each other more certain', async () => {
    const solution = solveSyncGraph(clocks, await dated({ a: 0, b: 20, c: 45, d: 100 }), 'a')
    expect(of(solution, 'd')?.offsetSeconds).toBeCloseTo(100, 6)
    expect(of(solution, 'd')?.confidence).toBeCloseTo(0.6, 2)
    // Both ends say it to about a second, however many others there are.
    expect(Math.sqrt(of(solution, 'd')!.covariance[0])).toBeGreaterThan(1.4)
  })

  test('a camera whose clock is minutes off is outvoted by what was heard, with all its pairs', async () => {
    const dates = await dated({ a: 0, b: 20 + 180, c: 45, d: 100 })
    const heard = [measured('a', 'b', 20), measured('a', 'c', 45)]
    const solution = solveSyncGraph(clocks, [...heard, ...dates], 'a')
    expect(of(solution, 'b')?.offsetSeconds).toBeCloseTo(20, 3)
    expect(of(solution, 'c')?.offsetSeconds).toBeCloseTo(45, 3)
    expect(Math.abs(of(solution, 'd')!.offsetSeconds - 100)).toBeLessThan(3)
    const refused = solution.edges.filter((edge) => !edge.accepted)
    expect(refused.map(({ id }) => id).sort()).toEqual(['ab dated', 'bc dated', 'bd dated'])
    for (const { reason } of refused) expect(reason).toMatch(/contradicts the way round by .*the time of day/)
  })

  test('where nothing tells whose clock is wrong, what depends on it is not placed', async () => {
    const dates = await dated({ a: 0, b: 20 + 180, c: 45 })
    const solution = solveSyncGraph(clocks.slice(0, 3), [measured('a', 'b', 20), ...dates], 'a')
    expect(of(solution, 'b')?.offsetSeconds).toBeCloseTo(20, 3)
    expect(of(solution, 'c')).toBeUndefined()
    expect(solution.unsynced).toMatchObject([{ clockId: 'c', reason: expect.stringMatching(/contradict/) }])
  })
})

test('two ways that contradict each other leave little of the belief in the better one', async () => {
  const dated = await placed({ utc: NOON }, { utc: NOON + 12 })
  const heard = (offsetSeconds: number, confidence: number): MeasuredTimeMap => ({
    ...dated,
    told: undefined,
    offsetSeconds,
    confidence,
    covariance: [1e-9, 0, 0.01],
  })
  const believed = (map: MeasuredTimeMap) =>
    mostBelieved([
      { method: 'timecode', map: dated },
      { method: 'audio', map },
    ])
  expect(believed(heard(11, 0.95))).toMatchObject({ method: 'audio', map: { confidence: 0.95 } })
  const outvoting = believed(heard(40, 0.97))
  expect(outvoting?.method).toBe('audio')
  expect(outvoting?.map.confidence).toBeGreaterThan(0.9)
  expect(believed(heard(40, 0.62))!.map.confidence).toBeLessThan(0.5)
  expect(mostBelieved([])).toBeUndefined()
})
