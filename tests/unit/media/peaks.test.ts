import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildLevels, decodePeaks, encodePeaks, PEAKS_FACTOR } from '../../../shared/media/peaks-format.ts'
import { PeakCollector } from '../../../electron/engine/media/peaks.ts'

const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 3_000 })

/** Extremes of every `size` values, computed the slow way. */
function extremes(values: readonly number[], size: number): number[] {
  const found: number[] = []
  for (let start = 0; start < values.length; start += size) {
    const bucket = values.slice(start, start + size)
    found.push(Math.min(...bucket), Math.max(...bucket))
  }
  return found
}

function bytesOf(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(values).buffer)
}

describe('waveforms', () => {
  test('the finest level holds the extremes, however the bytes arrive', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(
        samples,
        cuts,
        fc.integer({ min: 1, max: 64 }),
        fc.constantFrom(1, 2),
        (values, steps, size, channels) => {
          const whole = values.slice(0, values.length - (values.length % channels))
          const collector = new PeakCollector(size, channels)
          const bytes = bytesOf(whole)
          let at = 0
          for (let step = 0; at < bytes.length; step++) {
            const next = Math.min(bytes.length, at + steps[step % steps.length])
            collector.push(bytes.subarray(at, next))
            at = next
          }
          expect(collector.sampleCount).toBe(whole.length / channels)
          expect([...collector.finish()]).toEqual(extremes(whole, size * channels))
        },
      ),
      { seed: 41, numRuns: 200 },
    )
  })

  test('coarser levels are the extremes of the same samples', () => {
    const size = 2
    const values = Array.from({ length: 9_001 }, (_, index) => Math.round(30_000 * Math.sin(index * index * 0.001)))
    const levels = buildLevels(Int16Array.from(extremes(values, size)))
    expect(levels.length).toBeGreaterThan(2)
    levels.forEach((level, index) => {
      expect([...level]).toEqual(extremes(values, size * PEAKS_FACTOR ** index))
    })
  })

  test('files give back what was written, at any place in memory', () => {
    const levels = buildLevels(Int16Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 32_000))
    const peaks = { sampleRateHz: 44_100, startSeconds: -0.0213, samplesPerBucket: 256, factor: PEAKS_FACTOR, levels }
    const encoded = encodePeaks(peaks)
    const shifted = new Uint8Array(encoded.length + 3)
    shifted.set(encoded, 3)
    expect(decodePeaks(encoded)).toEqual(peaks)
    expect(decodePeaks(shifted.subarray(3))).toEqual(peaks)
  })

  test('a broken file is refused, never misread', () => {
    const encoded = encodePeaks({
      sampleRateHz: 8_000,
      startSeconds: 0,
      samplesPerBucket: 256,
      factor: PEAKS_FACTOR,
      levels: [Int16Array.from([-5, 5, -7, 9])],
    })
    for (let length = 0; length < encoded.length; length++) {
      expect(() => decodePeaks(encoded.slice(0, length))).toThrow(/broken/)
    }
  })
})
