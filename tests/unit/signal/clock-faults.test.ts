import { describe, expect, test } from 'vitest'
import { alignAudio } from '../../../shared/signal/align-audio.ts'
import type { AlignedAudio, AudioAlignment } from '../../../shared/signal/audio-alignment.ts'
import { clockPath, type PathPoint } from '../../../shared/signal/clock-path.ts'
import { clockRuns } from '../../../shared/signal/clock-runs.ts'
import { nobodys } from '../../../shared/signal/clock-stretches.ts'
import { widenedByWander, wanderOf } from '../../../shared/signal/clock-wander.ts'
import { applyTimeMap, beginningOffset, type ClockMap, sigmaOfTimeMap } from '../../../shared/signal/time-map.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { recordScene, sampleAt, type Scene } from '../../fixtures/time/scene.ts'
import { musicLike, speechLike } from '../../fixtures/time/sources.ts'

const RATE = 16_000

function answer(result: AudioAlignment): AlignedAudio {
  if (!result.aligned) throw new Error(`refused: ${result.reason}`)
  return result
}

const take = (source: Float32Array): Promise<Scene> =>
  recordScene({
    seed: 61,
    sampleRateHz: RATE,
    source,
    aSeconds: 36,
    bStartSeconds: 6.5,
    bSeconds: 36,
    ratePpm: -60,
    snrDb: 15,
    reverberationSeconds: 0.3,
    directToReverberantDb: 3,
  })
const voices = speechLike(44, RATE, 61)
const voiceTake = take(voices)

function without(samples: Float32Array, atSeconds: number, seconds: number, rate = RATE): Float32Array {
  const from = Math.round(atSeconds * rate)
  const count = Math.round(seconds * rate)
  const out = new Float32Array(samples.length - count)
  out.set(samples.subarray(0, from))
  out.set(samples.subarray(from + count), from)
  return out
}

function mapOf(result: AlignedAudio): ClockMap {
  return {
    offsetSeconds: result.offsetSeconds,
    ratePpm: result.ratePpm,
    covariance: result.covariance,
    knots: result.knots?.map((knot) => ({
      clockSeconds: knot.secondsB,
      projectSeconds: knot.secondsA,
      sigmaSeconds: knot.sigmaSeconds,
    })),
  }
}

describe('clocks that are not one straight line', () => {
  test.each([0.02, 0.055, 4])('%d s that B dropped are a step in the map', async (seconds) => {
    const truth = await voiceTake
    const result = answer(await alignAudio(truth.a, without(truth.b, 14.5, seconds), RATE))
    expect(result.knots?.length).toBeGreaterThanOrEqual(3)
    const map = mapOf(result)
    const line = (secondsB: number): number => truth.offsetSeconds + (1 + truth.ratePpm * 1e-6) * secondsB
    for (const secondsB of [4, 9, 13]) expect(Math.abs(applyTimeMap(map, secondsB) - line(secondsB))).toBeLessThan(5e-4)
    for (const secondsB of [17, 21, 24]) {
      expect(Math.abs(applyTimeMap(map, secondsB) - line(secondsB + seconds))).toBeLessThan(5e-4)
    }
    // The one line that is given beside the knots is that of one side of the gap, not a mean of both.
    const beside = [0, seconds].map((step) => Math.abs(result.offsetSeconds - line(step)))
    expect(Math.min(...beside)).toBeLessThan(5e-4)
    // Every knot lies on one side or the other, and the step between them in the pause that the samples are missing from.
    const knots = result.knots ?? []
    for (const { secondsA, secondsB, sigmaSeconds } of knots) {
      // Two microphones' filters are in it, as in that of a line.
      expect(sigmaSeconds).toBeGreaterThanOrEqual(1.2e-5)
      const [before, after] = [line(secondsB), line(secondsB + seconds)].map((truth) => Math.abs(secondsA - truth))
      expect(secondsB < 13.5 ? before : secondsB > 15 ? after : Math.min(before, after)).toBeLessThan(5e-4)
    }
    const step = knots.findIndex(
      (knot, index) =>
        index > 0 &&
        knot.secondsA - knots[index - 1].secondsA - (knot.secondsB - knots[index - 1].secondsB) > seconds / 2,
    )
    expect(knots[step].secondsB).toBeGreaterThan(13.5)
    expect(knots[step].secondsB).toBeLessThan(15)
  })

  test('minutes on clocks whose drift falls between what envelopes can tell, and with lost blocks in them', async () => {
    const rate = 8000
    const { a, b, offsetSeconds, ratePpm } = await recordScene({
      seed: 202,
      sampleRateHz: rate,
      source: speechLike(240, rate, 202),
      aSeconds: 225,
      bStartSeconds: 6.5,
      bSeconds: 225,
      ratePpm: -180,
      snrDb: 15,
      reverberationSeconds: 0.5,
      directToReverberantDb: 1,
    })
    const whole = answer(await alignAudio(a.subarray(0, 156 * rate), b.subarray(0, 150 * rate), rate))
    expect(Math.abs(whole.offsetSeconds - offsetSeconds)).toBeLessThan(5e-5)
    expect(Math.abs(whole.ratePpm - ratePpm)).toBeLessThan(0.1)
    // A small block in the middle leaves two long stretches side by side, and a slanted line between them.
    const map = mapOf(answer(await alignAudio(a, without(without(b, 150, 0.15, rate), 50, 2.6, rate), rate)))
    for (const [secondsB, lost] of [
      [20, 0],
      [100, 2.6],
      [200, 2.75],
    ] as const) {
      const truth = offsetSeconds + (1 + ratePpm * 1e-6) * (secondsB + lost)
      expect(Math.abs(applyTimeMap(map, secondsB) - truth)).toBeLessThan(5e-4)
    }
    // In a minute as well the two lines lie closer than envelopes tell, and a line between them holds nowhere.
    const lost = without(b.subarray(0, 80 * rate), 20, 0.055, rate)
    const short = mapOf(answer(await alignAudio(a.subarray(0, 80 * rate), lost, rate)))
    for (const secondsB of [10, 40, 70]) {
      const truth = offsetSeconds + (1 + ratePpm * 1e-6) * (secondsB + (secondsB > 20 ? 0.055 : 0))
      expect(Math.abs(applyTimeMap(short, secondsB) - truth)).toBeLessThan(5e-4)
    }
  })

  test('where in a long pause samples are missing is part of sigma', async () => {
    const source = voices.slice()
    source.fill(0, 20 * RATE, 27 * RATE)
    const scene = { seed: 61, sampleRateHz: RATE, source, aSeconds: 36, bStartSeconds: 6.5, bSeconds: 36 }
    const sound = { ratePpm: -60, snrDb: 15, reverberationSeconds: 0.3, directToReverberantDb: 3 }
    const { a, b, ...truth } = await recordScene({ ...scene, ...sound })
    const map = mapOf(answer(await alignAudio(a, without(b, 15, 0.5), RATE)))
    const errorAt = (secondsB: number, lost: number): number =>
      applyTimeMap(map, secondsB) - truth.offsetSeconds - (1 + truth.ratePpm * 1e-6) * (secondsB + lost)
    for (const [secondsB, lost] of [
      [8, 0],
      [14.5, 0],
      [16, 0.5],
      [18, 0.5],
      [24, 0.5],
    ] as const) {
      expect(Math.abs(errorAt(secondsB, lost)), `at ${secondsB} s`).toBeLessThan(2.5 * sigmaOfTimeMap(map, secondsB))
    }
    expect(sigmaOfTimeMap(map, 16)).toBeGreaterThan(0.1)
    expect(sigmaOfTimeMap(map, 8)).toBeLessThan(1e-3)
    expect(sigmaOfTimeMap(map, 24)).toBeLessThan(1e-3)
  })

  test('no moment beside a joint is surely wrong', async () => {
    const at = 12.3
    const truth = await voiceTake
    const map = mapOf(answer(await alignAudio(truth.a, without(truth.b, at, 2.5), RATE)))
    let unsure = 0
    for (let secondsB = at - 2; secondsB < at + 2; secondsB += 1e-3) {
      const line = truth.offsetSeconds + (1 + truth.ratePpm * 1e-6) * (secondsB + (secondsB < at ? 0 : 2.5))
      const sigma = sigmaOfTimeMap(map, secondsB)
      expect(Math.abs(applyTimeMap(map, secondsB) - line), `at ${secondsB} s`).toBeLessThan(3 * sigma + 3e-4)
      if (sigma > 5e-3) unsure++
    }
    expect(unsure).toBeLessThan(400)
  })

  test('what is left behind the last cut is too short to be placed, and said to be unsure by seconds', async () => {
    const { a, b } = await voiceTake
    const twice = without(without(b.subarray(0, 29 * RATE), 10, 4), 21, 2)
    const map = mapOf(answer(await alignAudio(a, twice, RATE)))
    expect(sigmaOfTimeMap(map, 17)).toBeLessThan(1e-3)
    expect(sigmaOfTimeMap(map, 22.5)).toBeGreaterThan(1)
  })

  test('where a clock walks by many samples within a group of windows, the group says where it was in its middle', () => {
    const random = seededRandom(5)
    const [count, lagSamples] = [240, 200]
    const width = 2 * lagSamples + 1
    const middles = Float64Array.from({ length: count }, (_, index) => 15 * (index + 0.8 * random.next()))
    const lagAt = (seconds: number): number => 3e-3 * ((seconds / 1800 - 1) ** 2 - 1 / 3)
    const rows = new Float32Array(count * width)
    for (const [index, seconds] of middles.entries()) {
      const at = lagSamples + lagAt(seconds) * RATE
      const height = 4 + 5 * random.next()
      for (let lag = 0; lag < width; lag++)
        rows[index * width + lag] = random.gaussian() + height * Math.max(0, 1 - Math.abs(lag - at) / 2)
    }
    const map = { offsetSeconds: 0, ratePpm: 0 }
    const path = clockPath({ map, sampleRateHz: RATE, lagSamples, middles, rows }, map, 6)
    expect(path).toHaveLength(40)
    for (const { middleSeconds, lagSeconds } of path) {
      expect(Math.abs(lagSeconds - lagAt(middleSeconds))).toBeLessThan(4.5e-5)
    }
  })

  const pathThrough = (points: readonly (readonly [lagSeconds: number, score: number, jumped?: true])[]): PathPoint[] =>
    points.map(([lagSeconds, score, jumped], index) => ({
      fromSeconds: index * 200 - 90,
      toSeconds: index * 200 + 90,
      middleSeconds: index * 200,
      lagSeconds,
      sigmaSeconds: 1e-6,
      score,
      jumped: jumped ?? false,
    }))

  test('a map through a clock that bends is unsure in between its knots by how much it bends', () => {
    const bent = (seconds: number): number => 4e-9 * seconds * seconds
    const path = pathThrough([0, 200, 400, 600, 800].map((seconds) => [bent(seconds), 50]))
    const { runs } = clockRuns(path, { offsetSeconds: 0, ratePpm: 0 }, 2, 0)
    const off = Math.abs((bent(200) + bent(400)) / 2 - bent(300))
    expect(runs).toHaveLength(1)
    for (const { sigmaSeconds } of runs[0].anchors) {
      expect(sigmaSeconds).toBeGreaterThan(0.9 * off)
      expect(sigmaSeconds).toBeLessThan(1.5 * off)
    }
  })

  test('a step at which less agrees than is usual is in doubt: a period of the voice looks like it', () => {
    const stepAt = (score: number) =>
      clockRuns(
        pathThrough([
          [-0.0347, score],
          [-0.0347, score],
          [0, 53, true],
          [0, 55],
          [0, 54],
        ]),
        { offsetSeconds: 0, ratePpm: 0 },
        2,
        0,
      )
    expect(stepAt(22).runs).toHaveLength(2)
    expect(stepAt(22).doubtful).toEqual([stepAt(22).runs[0]])
    expect(stepAt(52).doubtful).toEqual([])
  })

  test('a line keeps a pause before another line that follows it, and nothing behind that', () => {
    const gap = { from: 0, to: 500 }
    const rest = { from: 430, to: 500 }
    expect(nobodys(rest, gap, [{ from: 460, to: 470 }])).toEqual([{ from: 460, to: 500 }])
    expect(nobodys({ from: 0, to: 70 }, gap, [{ from: 20, to: 30 }])).toEqual([{ from: 0, to: 30 }])
    expect(nobodys(rest, gap, [])).toEqual([rest])
    expect(nobodys({ from: 200, to: 230 }, gap, [])).toEqual([])
  })

  test('a step stays one though the group in which it lies bears out neither side', () => {
    const path = pathThrough([
      [0, 50],
      [0, 50],
      [-0.02, 5, true],
      [-0.02, 50],
      [-0.02, 50],
    ])
    const { runs } = clockRuns(path, { offsetSeconds: 0, ratePpm: 0 }, 2, 0)
    expect(runs.map(({ anchors }) => anchors.length)).toEqual([2, 2])
  })

  test('a clock bends in the stretches between lost blocks too', async () => {
    const rate = 8000
    const source = speechLike(190, rate, 63)
    const random = seededRandom(63)
    const lagAt = (seconds: number): number => 2e-7 * (seconds - 85) ** 2
    const recorded = Float32Array.from({ length: 180 * rate }, (_, index) => {
      const place = index + lagAt(index / rate) * rate
      const whole = Math.floor(place)
      const share = place - whole
      return source[whole] * (1 - share) + source[whole + 1] * share + 0.02 * random.gaussian()
    })
    const map = mapOf(answer(await alignAudio(source, without(recorded, 75, 2.6, rate), rate)))
    for (const secondsB of [2, 20, 40, 60, 72, 80, 120, 170]) {
      const own = secondsB + (secondsB > 75 ? 2.6 : 0)
      const error = Math.abs(applyTimeMap(map, secondsB) - own - lagAt(own))
      expect(error, `at ${secondsB} s`).toBeLessThan(1.5e-4)
      expect(error, `at ${secondsB} s`).toBeLessThan(2.5 * sigmaOfTimeMap(map, secondsB))
    }
  })

  test('a clock that warms up is unsure by what it wanders, one that holds its rate by nothing', () => {
    const lags = (bend: number) =>
      Array.from({ length: 40 }, (_, n) => ({
        seconds: n * 15,
        lagSeconds: bend * ((n / 39 - 0.5) ** 2 - 1 / 12) + 4e-6 * Math.sin(n * n),
      }))
    expect(wanderOf([lags(0)])).toEqual({ seconds: 0, ratePpm: 0 })
    const { seconds, ratePpm } = wanderOf([lags(2e-3)])
    expect(seconds).toBeCloseTo(2e-3 * Math.sqrt(1 / 180), 5)
    expect(ratePpm).toBeCloseTo(2e-3 / Math.sqrt(3) / 585 / 1e-6, 0)
    const widened = widenedByWander([1e-10, 0, 1e-4], { seconds, ratePpm }, 300)
    expect(Math.sqrt(widened[0])).toBeGreaterThan(300e-6 * ratePpm)
  })

  test('blocks that B dropped one after another are steps of their own', async () => {
    const truth = await voiceTake
    const isLoud = (from: number, to: number): boolean =>
      Array.from({ length: 8 }, (_, n) => (from + ((to - from) * n) / 8) * RATE).every(
        (first) => Math.hypot(...truth.b.subarray(first, first + 160)) > 2.2,
      )
    let place = 17
    while (!isLoud(place - 0.06, place) || !isLoud(place + 0.3, place + 0.36)) place += 0.01
    expect(place).toBeLessThan(19)
    const result = answer(await alignAudio(truth.a, without(without(truth.b, place, 0.3), 8, 0.12), RATE))
    const line = (secondsB: number): number => truth.offsetSeconds + (1 + truth.ratePpm * 1e-6) * secondsB
    for (const [secondsB, lost] of [
      [3, 0],
      [6, 0],
      [10, 0.12],
      [16, 0.12],
      [20, 0.42],
      [27, 0.42],
    ] as const) {
      const error = applyTimeMap(mapOf(result), secondsB) - line(secondsB + lost)
      expect(Math.abs(error), `at ${secondsB} s`).toBeLessThan(5e-4)
    }
    // A joint between voices, as of a paused recording, is told to a few milliseconds.
    const { knots = [] } = mapOf(result)
    const joint = knots.find(({ clockSeconds, projectSeconds }, index) => {
      const before = knots[Math.max(0, index - 1)]
      return projectSeconds - before.projectSeconds > 0.2 + clockSeconds - before.clockSeconds
    })
    expect(Math.abs(joint!.clockSeconds - (place - 0.12))).toBeLessThan(0.025)
    // What is said of it in one line is where it begins.
    expect(Math.abs(beginningOffset(mapOf(result)) - truth.offsetSeconds)).toBeLessThan(5e-4)
    const turned = mapOf({ ...result, offsetSeconds: truth.offsetSeconds + 0.42 })
    expect(Math.abs(beginningOffset(turned) - truth.offsetSeconds)).toBeLessThan(5e-4)
  })

  // Of long cuts B holds more in between than lies on any line.
  test.each([
    [0.5, 23, 10, 25],
    [9, 15, 5, 20],
  ])('%d s that A dropped are a step back, and the map stays increasing', async (lost, cut, before, after) => {
    const truth = await voiceTake
    const result = answer(await alignAudio(without(truth.a, cut, lost), truth.b, RATE))
    const map = mapOf(result)
    expect(applyTimeMap(map, before)).toBeCloseTo(truth.offsetSeconds + before * (1 - 60e-6), 3)
    expect(applyTimeMap(map, after)).toBeCloseTo(truth.offsetSeconds + after * (1 - 60e-6) - lost, 3)
    const knots = map.knots ?? []
    for (let index = 1; index < knots.length; index++) {
      expect(knots[index].clockSeconds).toBeGreaterThan(knots[index - 1].clockSeconds)
      expect(knots[index].projectSeconds).toBeGreaterThan(knots[index - 1].projectSeconds)
    }
  })

  test.each([
    ['44.1 kHz declared as 48', 48 / 44.1],
    ['48 kHz declared as 44.1', 44.1 / 48],
    ['the 0.1 % of television', 1.001],
  ])('%s', async (_, factor) => {
    const truth = await voiceTake
    const b = sampleAt(truth.b, RATE, Math.floor(truth.b.length / factor), 0, factor)
    const result = answer(await alignAudio(truth.a, b, RATE))
    expect(result.declaredRateFactor).toBeCloseTo(factor, 9)
    const expected = ((1 + truth.ratePpm * 1e-6) * factor - 1) * 1e6
    expect(Math.abs(result.ratePpm - expected)).toBeLessThan(3)
    expect(result.offsetSeconds).toBeCloseTo(truth.offsetSeconds, 3)
  })

  test.each([
    ['a voice over a loop', 6, 0.8],
    ['a voice 12 dB under a loop of many turns', 2.3, 0.25],
  ])('%s says which turn of the loop it is', async (_, seconds, level) => {
    const bar = musicLike(seconds, RATE, 12)
    const source = voices.slice()
    for (let index = 0; index < source.length; index++) source[index] = source[index] * level + bar[index % bar.length]
    const truth = await take(source)
    expect(answer(await alignAudio(truth.a, truth.b, RATE)).offsetSeconds).toBeCloseTo(truth.offsetSeconds, 3)
  })
})
