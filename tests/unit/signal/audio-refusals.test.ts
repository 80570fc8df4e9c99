import { describe, expect, test } from 'vitest'
import { alignAudio } from '../../../shared/signal/align-audio.ts'
import { coarseCorrelation } from '../../../shared/signal/coarse-correlation.ts'
import { loadFft } from '../../../shared/signal/fft.ts'
import { recordScene } from '../../fixtures/time/scene.ts'
import { electronicLike, musicLike, noise, speechLike } from '../../fixtures/time/sources.ts'

const RATE = 16_000
const voice = speechLike(20, RATE, 7)
const tone = (hz: number): Float32Array =>
  Float32Array.from({ length: 20 * RATE }, (_, index) => Math.sin((2 * Math.PI * hz * index) / RATE))

function hum(seed: number): Float32Array {
  return noise(20 * RATE, seed, 0.5).map((value, index) => {
    let sum = value * 0.02
    for (let harmonic = 1; harmonic < 9; harmonic++) {
      sum += Math.sin((2 * Math.PI * 50 * harmonic * index) / RATE + seed * harmonic) / harmonic
    }
    return sum
  })
}

async function reasonFor(a: Float32Array, b: Float32Array): Promise<string> {
  const result = await alignAudio(a, b, RATE)
  if (result.aligned) throw new Error(`aligned at ${result.offsetSeconds} s, confidence ${result.confidence}`)
  return result.reason
}

describe('what cannot be aligned is refused with its reason', () => {
  test.each([
    ['empty', new Float32Array(0), /empty/],
    ['one sample', new Float32Array([0.5]), /lasts/],
    ['silent', new Float32Array(20 * RATE), /silent/],
    ['constant', new Float32Array(20 * RATE).fill(0.3), /constant/],
    ['not numbers', new Float32Array(20 * RATE).fill(Number.NaN), /not numbers/],
    ['a pure tone', tone(440), /tone or hum/],
  ])('%s', async (_, samples, expected) => {
    expect(await reasonFor(samples, voice)).toMatch(expected)
    expect(await reasonFor(voice, samples)).toMatch(expected)
  })

  test.each([
    ['two takes of one speaker', () => [speechLike(20, RATE, 101, 5), speechLike(20, RATE, 102, 5)]],
    ['two takes of one speaker, short', () => [speechLike(5, RATE, 103, 6), speechLike(5, RATE, 104, 6)]],
    ['two pieces at one tempo', () => [musicLike(20, RATE, 1), musicLike(20, RATE, 2)]],
    ['two short pieces on one beat grid', () => [musicLike(6, RATE, 119), musicLike(6, RATE, 1_000_119)]],
    [
      'two pieces of one drum kit on one grid',
      () => [electronicLike(12, RATE, 21, 3), electronicLike(12, RATE, 22, 3)],
    ],
    ['two noises', () => [noise(20 * RATE, 1, 0.4), noise(20 * RATE, 2, 0.4)]],
    ['two recordings of mains hum', () => [hum(1), hum(2)]],
    ['a recording and itself backwards', () => [voice, voice.slice().reverse()]],
    ['a tone and another tone', () => [tone(440), tone(523)]],
  ] satisfies [string, () => Float32Array[]][])('%s', async (_, make) => {
    const [a, b] = make()
    expect(await reasonFor(a, b)).not.toBe('')
  })

  test('clocks further apart than is looked for: the reason names how far that is', async () => {
    const { a, b } = await recordScene({
      seed: 7,
      sampleRateHz: RATE,
      source: voice,
      aSeconds: 20,
      bStartSeconds: 2,
      bSeconds: 16,
      ratePpm: 4000,
    })
    expect(await reasonFor(a, b)).toContain('more than 0.14 % apart')
  })

  test('pitched up by a fifth it is another sound: an honest answer or a refusal', async () => {
    const pitched = Float32Array.from({ length: 13 * RATE }, (_, index) => {
      const at = index * 1.5
      const whole = Math.floor(at)
      return voice[whole] + (voice[whole + 1] - voice[whole]) * (at - whole)
    })
    const result = await alignAudio(voice, pitched, RATE)
    if (result.aligned) expect(result.confidence).toBeLessThan(0.5)
    else expect(result.reason).not.toBe('')
  })

  test('a loop fits in more than one place, and nobody can tell which', async () => {
    const bar = musicLike(4, RATE, 9)
    const source = Float32Array.from({ length: 36 * RATE }, (_, index) => bar[index % bar.length])
    const { a, b } = await recordScene({
      seed: 5,
      sampleRateHz: RATE,
      source,
      aSeconds: 24,
      bStartSeconds: 9.25,
      bSeconds: 24,
      snrDb: 15,
    })
    expect(await reasonFor(a, b)).toMatch(/repeats itself/)
  })

  test('where one beat of a metronome stands out by a hair, all are looked at', async () => {
    const frameCount = 1000
    const beats = Float32Array.from({ length: frameCount }, (_, index) =>
      Math.max(-0.39, Math.cos((Math.PI * index) / 10)),
    )
    const mean = beats.reduce((sum, value) => sum + value, 0) / frameCount
    const activity = new Float32Array(frameCount).fill(1)
    const bands = [beats.map((value) => value - mean)]
    const envelope = { bands, activity, frameCount, frameSeconds: 0.02, soundShare: 1 }
    const plans = await loadFft()
    const options = { maxRatePpm: 500, minOverlapFrames: 150, limit: 8 }
    expect(coarseCorrelation(plans, envelope, envelope, options).candidates).toHaveLength(8)
    plans.close()
  })

  test('two pieces with one drum kit are not one, though chance makes one turn fit better', async () => {
    const [one, other] = [20_089, 1_020_089].map((seed) => electronicLike(7, RATE, seed, 3))
    expect(await reasonFor(one!, other!)).toMatch(/repeats itself/)
  })

  test('one piece over its drum kit is found', async () => {
    const song = { sampleRateHz: RATE, aSeconds: 10, bStartSeconds: 2, bSeconds: 10, snrDb: 15 }
    const { a, b, offsetSeconds } = await recordScene({ ...song, seed: 3, source: electronicLike(16, RATE, 41, 3) })
    const result = await alignAudio(a, b, RATE)
    if (!result.aligned) throw new Error(result.reason)
    expect(Math.abs(result.offsetSeconds - offsetSeconds)).toBeLessThan(2e-4)
  })

  test('a copy that was cut every few seconds says so', async () => {
    const take = speechLike(24, RATE, 35, 35)
    const kept = Array.from({ length: 9 }, (_, n) => take.subarray(n * 2.6 * RATE, (n * 2.6 + 2.4 - 0.03 * n) * RATE))
    const copy = new Float32Array(kept.reduce((sum, part) => sum + part.length, 0))
    kept.reduce((at, part) => (copy.set(part, at), at + part.length), 0)
    expect(await reasonFor(take, copy)).toMatch(/cut out/)
  })

  test('a jingle that was played in both is not a common take', async () => {
    const jingle = musicLike(5, RATE, 77)
    const takes = [31, 32].map((seed) => {
      const take = speechLike(16, RATE, seed, seed)
      take.set(jingle, 4 * RATE)
      return take
    })
    expect(await reasonFor(takes[0], takes[1])).toMatch(/short passage/)
  })

  test('a jingle that is most of what two recordings hold at once is none either, and one that is nearly all is doubted', async () => {
    const jingle = musicLike(9, RATE, 78)
    const withJingleAt = (second: number, seed: number): Float32Array => {
      const take = speechLike(16, RATE, seed, seed)
      take.set(jingle, second * RATE)
      return take
    }
    expect(await reasonFor(withJingleAt(4, 31), withJingleAt(4, 32))).toMatch(/short passage/)
    const result = await alignAudio(withJingleAt(6, 33), withJingleAt(0.5, 34), RATE)
    if (result.aligned) expect(result.confidence).toBeLessThan(0.99)
  })
})
