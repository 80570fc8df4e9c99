import { describe, expect, test } from 'vitest'
import { readBetween, resample, sincKernel } from '../../../shared/signal/interpolate.ts'
import { soundSamples } from '../../../shared/signal/sound-samples.ts'

const tone = (hz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, index) => Math.sin((2 * Math.PI * hz * index) / rate))

describe('reading between samples', () => {
  test('a tone is read where it is, not where the nearest sample is', () => {
    const source = tone(1234, 16_000, 0.5)
    const out = new Float32Array(2000)
    readBetween(source, 1000.37, 0.9993, sincKernel(1, 8), out)
    for (let index = 0; index < out.length; index++) {
      const truth = Math.sin((2 * Math.PI * 1234 * (1000.37 + 0.9993 * index)) / 16_000)
      expect(Math.abs(out[index] - truth)).toBeLessThan(4e-3)
    }
  })

  test('outside the source there is silence, and numbers that are none are silence too', () => {
    const source = new Float32Array([1, Number.NaN, 1])
    const out = new Float32Array(60)
    readBetween(source, -30, 1, sincKernel(1, 8), out)
    expect(out.every(Number.isFinite)).toBe(true)
    expect(out[0]).toBe(0)
  })

  test('192 kHz comes down to 16 kHz without folding what is above', () => {
    const heard = (hz: number): Float32Array => {
      const low = resample(soundSamples(tone(hz, 192_000, 0.3)), 192_000, 16_000)
      const out = new Float32Array(low.length)
      low.read(0, out)
      return out
    }
    const power = (values: Float32Array): number =>
      values.subarray(400, -400).reduce((sum, value) => sum + value * value, 0) / (values.length - 800)
    expect(power(heard(1000))).toBeCloseTo(0.5, 2)
    expect(power(heard(20_000))).toBeLessThan(1e-5)
  })
})
