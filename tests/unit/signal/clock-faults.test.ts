import { describe, expect, test } from 'vitest'
import { alignAudio } from '../../../shared/signal/align-audio.ts'
import type { AlignedAudio, AudioAlignment } from '../../../shared/signal/audio-alignment.ts'
import { applyTimeMap, type ClockMap } from '../../../shared/signal/time-map.ts'
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
const voices = speechLike(60, RATE, 61)
const voiceTake = take(voices)

function without(samples: Float32Array, atSeconds: number, seconds: number): Float32Array {
  const from = Math.round(atSeconds * RATE)
  const count = Math.round(seconds * RATE)
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
  test.each([0.02, 0.5, 4])('%d s that B dropped are a step in the map', async (seconds) => {
    const truth = await voiceTake
    const result = answer(await alignAudio(truth.a, without(truth.b, 14.5, seconds), RATE))
    expect(result.knots?.length).toBeGreaterThanOrEqual(3)
    const map = mapOf(result)
    const line = (secondsB: number): number => truth.offsetSeconds + (1 + truth.ratePpm * 1e-6) * secondsB
    for (const secondsB of [4, 9, 13]) expect(Math.abs(applyTimeMap(map, secondsB) - line(secondsB))).toBeLessThan(5e-4)
    for (const secondsB of [17, 21, 24]) {
      expect(Math.abs(applyTimeMap(map, secondsB) - line(secondsB + seconds))).toBeLessThan(5e-4)
    }
  })

  test('what A dropped is a step back, and the map stays increasing', async () => {
    const truth = await voiceTake
    const result = answer(await alignAudio(without(truth.a, 23, 0.5), truth.b, RATE))
    const map = mapOf(result)
    expect(applyTimeMap(map, 10)).toBeCloseTo(truth.offsetSeconds + 10 * (1 - 60e-6), 3)
    expect(applyTimeMap(map, 25)).toBeCloseTo(truth.offsetSeconds + 25 * (1 - 60e-6) - 0.5, 3)
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

  test('a voice over a loop says which turn of the loop it is', async () => {
    const bar = musicLike(6, RATE, 12)
    const source = voices.slice()
    for (let index = 0; index < source.length; index++) source[index] = source[index] * 0.8 + bar[index % bar.length]
    const truth = await take(source)
    expect(answer(await alignAudio(truth.a, truth.b, RATE)).offsetSeconds).toBeCloseTo(truth.offsetSeconds, 3)
  })
})
