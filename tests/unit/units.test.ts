import { expect, test } from 'vitest'
import fc from 'fast-check'
import {
  TICKS_PER_SECOND,
  frameFromTicks,
  secondsFromTicks,
  ticksFromFrame,
  ticksFromSeconds,
} from '../../shared/units.ts'

const RATES = [
  [24000, 1001],
  [24, 1],
  [25, 1],
  [30000, 1001],
  [30, 1],
  [50, 1],
  [60000, 1001],
  [60, 1],
] as const

test('every common frame and sample lasts a whole number of ticks', () => {
  for (const [numerator, denominator] of RATES) {
    expect((TICKS_PER_SECOND * denominator) % numerator, `${numerator}/${denominator}`).toBe(0)
  }
  for (const hertz of [8000, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000]) {
    expect(TICKS_PER_SECOND % hertz, `${hertz}`).toBe(0)
  }
})

test('a frame index survives the way to ticks and back, for 24 hours', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 24 * 3600 * 60 }),
      fc.constantFrom(...RATES),
      (frame, [numerator, denominator]) => {
        expect(frameFromTicks(ticksFromFrame(frame, { numerator, denominator }), { numerator, denominator })).toBe(
          frame,
        )
      },
    ),
  )
})

test('seconds survive the way to ticks and back to within half a tick', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (seconds) => {
      expect(Math.abs(secondsFromTicks(ticksFromSeconds(seconds)) - seconds)).toBeLessThan(1e-9)
    }),
  )
})
