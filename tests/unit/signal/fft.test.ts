import { describe, expect, test } from 'vitest'
import { fftSizeFor, loadFft } from '../../../shared/signal/fft.ts'
import { SeededRandom } from '../../fixtures/time/random.ts'

describe('real Fourier transform', () => {
  test('the inverse undoes the forward transform at every kind of length', async () => {
    const plans = await loadFft()
    for (const size of [32, 96, 480, 512, 18432]) {
      const random = new SeededRandom(size)
      const signal = Float32Array.from({ length: size }, () => random.normal())
      const fft = plans.real(size)
      fft.input.set(signal)
      fft.input.set(fft.forward().slice())
      const back = fft.inverse()
      const worst = signal.reduce((most, value, index) => Math.max(most, Math.abs(value - back[index])), 0)
      expect(worst).toBeLessThan(5e-6)
    }
    plans.close()
  })

  test('a spectrum is packed as re 0, re N/2, re 1, im 1, …', async () => {
    const plans = await loadFft()
    const fft = plans.real(64)
    for (let index = 0; index < 64; index++) fft.input[index] = 2 + Math.sin((2 * Math.PI * 3 * index) / 64)
    const spectrum = fft.forward()
    expect(spectrum[0]).toBeCloseTo(128, 3)
    expect(spectrum[1]).toBeCloseTo(0, 3)
    expect(spectrum[7]).toBeCloseTo(-32, 3)
    plans.close()
  })

  test('sizes hold what was asked and are never far beyond', () => {
    for (let count = 1; count < 200_000; count = Math.ceil(count * 1.37)) {
      const size = fftSizeFor(count)
      expect(size).toBeGreaterThanOrEqual(count)
      expect(size % 32).toBe(0)
      if (count > 512) expect(size / count).toBeLessThan(1.35)
    }
  })

  test('a transform that cannot fit is refused', async () => {
    const plans = await loadFft()
    expect(() => plans.real(2 ** 27)).toThrow(/longer than/)
    plans.close()
  })
})
