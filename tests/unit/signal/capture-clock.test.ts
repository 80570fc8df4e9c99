import { describe, expect, test } from 'vitest'
import { capturedAt, CaptureClockFit } from '../../../shared/signal/capture-clock.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'

const RATE = 48_000

/** Pieces of 20 ms that arrive late by a little, and now and then by much. */
function heard(startSeconds: number, seconds: number, ratePpm: number): CaptureClockFit {
  const random = seededRandom(7).next
  const fit = new CaptureClockFit(RATE)
  for (let frames = 960; frames <= seconds * RATE; frames += 960) {
    const late = 0.0004 * random() + (random() < 0.2 ? 0.08 * random() : 0)
    fit.note(frames, startSeconds + (frames / RATE) * (1 + ratePpm * 1e-6) + late)
  }
  return fit
}

describe('the clock of a microphone', () => {
  test('is found under late arrivals, latency taken off, within what it says', () => {
    const clock = heard(100.25, 30, 0).clock(0.012, 0.002)!
    expect(Math.abs(clock.startSeconds - (100.25 - 0.012))).toBeLessThan(2 * clock.sigmaStartSeconds)
    expect(Math.abs(clock.startSeconds - (100.25 - 0.012))).toBeLessThan(0.001)
    expect(clock.sigmaStartSeconds).toBeLessThan(0.005)
  })

  test('says its drift when the recording is long enough to tell, and little of it when it is short', () => {
    const long = heard(0, 300, 40).clock(0, 0)!
    expect(Math.abs(long.ratePpm - 40)).toBeLessThan(3 * long.sigmaRatePpm)
    expect(long.sigmaRatePpm).toBeLessThan(8)
    const short = heard(0, 2, 40).clock(0, 0)!
    expect(Math.abs(short.ratePpm)).toBeLessThan(20)
    expect(short.sigmaRatePpm).toBeGreaterThan(50)
    expect(capturedAt(long, RATE * 300, RATE)).toBeCloseTo(300 * (1 + 40e-6), 2)
  })

  test('is not led astray by seconds in which the page was busy', () => {
    const fit = heard(10, 4, 0)
    for (let second = 4; second < 7; second++) fit.note((second + 0.5) * RATE, 10 + second + 0.5 + 0.4)
    const clock = fit.clock(0, 0)!
    expect(Math.abs(clock.startSeconds - 10)).toBeLessThan(0.002)
    expect(clock.sigmaStartSeconds).toBeLessThan(0.005)
  })

  test('is not known where nothing came', () => {
    expect(new CaptureClockFit(RATE).clock(0, 0)).toBeNull()
  })
})
