import { describe, expect, test } from 'vitest'
import { ltcClock } from '../../../shared/signal/ltc-clock.ts'
import { LtcReader, type LtcFrame } from '../../../shared/signal/ltc.ts'
import { ltcSignal, type LtcSignalOptions } from '../../fixtures/time/ltc.ts'
import { speechLike } from '../../fixtures/time/sources.ts'

function read(samples: Float32Array, sampleRateHz: number): readonly LtcFrame[] {
  const reader = new LtcReader(sampleRateHz)
  // In pieces, as a decoder gives them.
  for (let at = 0; at < samples.length; at += 1_111) reader.push(samples.subarray(at, at + 1_111))
  return reader.frames
}

const RATES = [
  ['24', 24, 1 / 24, false],
  ['25', 25, 1 / 25, false],
  ['29.97 drop frame', 30, 1001 / 30_000, true],
  ['29.97', 30, 1001 / 30_000, false],
  ['30', 30, 1 / 30, false],
] as const

const options = (rate: (typeof RATES)[number], rest: Partial<LtcSignalOptions>): LtcSignalOptions => ({
  sampleRateHz: 48_000,
  nominalRate: rate[1],
  isDropFrame: rate[3],
  frameSeconds: rate[2],
  start: [10, 9, 58, 3],
  frameCount: 150,
  leadSeconds: 0.3,
  ...rest,
})

const say = (frame: LtcFrame): number[] => [frame.hours, frame.minutes, frame.seconds, frame.frames]

describe('linear timecode', () => {
  for (const rate of RATES) {
    test.each([0.5, 0.77, 1, 1.5, 2])(`${rate[0]} at speed %d: every frame but perhaps the first, on time`, (speed) => {
      const { samples, times, starts } = ltcSignal(options(rate, { frameSeconds: rate[2] / speed, frameCount: 90 }))
      const frames = read(samples, 48_000)
      expect(frames.length).toBeGreaterThanOrEqual(times.length - 1)
      const skipped = times.length - frames.length
      expect(frames.map(say)).toEqual(times.slice(skipped))
      const late = frames.map((frame, index) => frame.from - starts[index + skipped]!)
      for (const each of late) expect(Math.abs(each)).toBeLessThan(0.5)
      // Of all frames together: 0.1 of a sample are 2 us.
      expect(Math.abs(late.reduce((sum, each) => sum + each, 0) / late.length)).toBeLessThan(0.1)
      expect(frames.every((frame) => frame.isDropFrame === rate[3])).toBe(true)
    })
  }

  test.each([20, 10])('under noise at %d dB nearly every frame is read, and none wrongly by the vote', (snrDb) => {
    const { samples, times } = ltcSignal(options(RATES[1], { snrDb, frameCount: 250, seed: 4 }))
    const frames = read(samples, 48_000)
    expect(frames.length).toBeGreaterThan(0.95 * times.length)
    const clock = ltcClock(frames, 48_000)
    expect(clock).toMatchObject({ rate: { numerator: 25, denominator: 1 }, isDropFrame: false })
    const first = 10 * 3600 + 9 * 60 + 58 + 3 / 25
    expect(clock!.offsetSeconds).toBeCloseTo(first - 0.3, 4)
  })

  test('the clock is told with its drift, though frames were lost and the code was set anew near the end', () => {
    const drifting = ltcSignal(options(RATES[3], { frameSeconds: (1001 / 30_000) * (1 + 120e-6), frameCount: 900 }))
    const other = ltcSignal(options(RATES[3], { start: [1, 0, 0, 0], frameCount: 100 }))
    const samples = new Float32Array(drifting.samples.length + other.samples.length)
    samples.set(drifting.samples)
    samples.set(other.samples, drifting.samples.length)
    samples.fill(0, 300_000, 340_000)
    const clock = ltcClock(read(samples, 48_000), 48_000)!
    expect(clock.rate).toEqual({ numerator: 30_000, denominator: 1_001 })
    expect(clock.ratePpm).toBeCloseTo(-120, 0)
  })

  test.each(RATES.map((rate) => ({ rate })))('over midnight the clock of $rate.0 goes on', ({ rate }) => {
    const { samples } = ltcSignal(options(rate, { start: [23, 59, 58, 0], frameCount: 90, leadSeconds: 0 }))
    const frames = read(samples, 48_000)
    expect(frames.at(-1)?.hours).toBe(0)
    const clock = ltcClock(frames, 48_000)!
    expect(clock.agreeing).toBe(frames.length)
    expect(Math.abs(clock.ratePpm)).toBeLessThan(5)
  })

  test('voices, silence and tones hold no timecode', () => {
    const tone = Float32Array.from({ length: 96_000 }, (_, index) => Math.sin((2 * Math.PI * 1_000 * index) / 48_000))
    for (const samples of [speechLike(4, 48_000, 5), new Float32Array(96_000), tone, new Float32Array(1)]) {
      expect(ltcClock(read(samples, 48_000), 48_000)).toBeNull()
    }
  })
})
