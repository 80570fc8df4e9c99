import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyTimeMap,
  type ClockMap,
  composeTimeMaps,
  IDENTITY_MAP,
  invertTimeMap,
  sigmaOfTimeMap,
} from '../../../shared/signal/time-map.ts'

const options = { seed: 20260712, numRuns: 300 }

const lines: fc.Arbitrary<ClockMap> = fc
  .record({
    offsetSeconds: fc.double({ min: -5000, max: 5000, noNaN: true }),
    ratePpm: fc.double({ min: -600, max: 600, noNaN: true }),
    sigmaOffset: fc.double({ min: 1e-6, max: 1, noNaN: true }),
    sigmaRate: fc.double({ min: 1e-3, max: 50, noNaN: true }),
    correlation: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
  })
  .map(({ offsetSeconds, ratePpm, sigmaOffset, sigmaRate, correlation }) => ({
    offsetSeconds,
    ratePpm,
    covariance: [sigmaOffset ** 2, correlation * sigmaOffset * sigmaRate, sigmaRate ** 2],
  }))

const knotted: fc.Arbitrary<ClockMap> = fc
  .tuple(
    lines,
    fc.array(
      fc.record({
        clock: fc.double({ min: 0.1, max: 300, noNaN: true }),
        step: fc.double({ min: -0.09, max: 4, noNaN: true }),
        sigma: fc.double({ min: 1e-5, max: 1e-2, noNaN: true }),
      }),
      { minLength: 2, maxLength: 8 },
    ),
  )
  .map(([line, steps]) => {
    let clockSeconds = -400
    let projectSeconds = line.offsetSeconds - 400
    const knots = steps.map(({ clock, step, sigma }) => {
      clockSeconds += clock
      projectSeconds += clock + step
      return { clockSeconds, projectSeconds, sigmaSeconds: sigma }
    })
    return { ...line, knots }
  })

const maps = fc.oneof(lines, knotted)
const times = fc.double({ min: -2000, max: 2000, noNaN: true })

describe('time maps', () => {
  test('the inverse sends every time back', () => {
    fc.assert(
      fc.property(maps, times, (map, time) => {
        expect(applyTimeMap(invertTimeMap(map), applyTimeMap(map, time))).toBeCloseTo(time, 6)
      }),
      options,
    )
  })

  test('an inverted line is as sure as the line it came from', () => {
    fc.assert(
      fc.property(lines, times, (map, time) => {
        const sigma = sigmaOfTimeMap(map, time)
        const back = sigmaOfTimeMap(invertTimeMap(map), applyTimeMap(map, time))
        expect(Math.abs(back / sigma - 1)).toBeLessThan(2e-3)
      }),
      options,
    )
  })

  test('composing equals applying one after the other', () => {
    fc.assert(
      fc.property(maps, maps, times, (outer, inner, time) => {
        const whole = applyTimeMap(composeTimeMaps(outer, inner), time)
        expect(whole).toBeCloseTo(applyTimeMap(outer, applyTimeMap(inner, time)), 5)
      }),
      options,
    )
  })

  test('a map after its inverse changes nothing, and the identity is neutral', () => {
    fc.assert(
      fc.property(lines, times, (map, time) => {
        expect(applyTimeMap(composeTimeMaps(invertTimeMap(map), map), time)).toBeCloseTo(time, 6)
        const [oo, or, rr] = composeTimeMaps(IDENTITY_MAP, map).covariance
        expect([oo, or + 0, rr]).toEqual([map.covariance[0], map.covariance[1] + 0, map.covariance[2]])
      }),
      options,
    )
  })

  test('errors of two maps add as independent errors do', () => {
    fc.assert(
      fc.property(lines, lines, times, (outer, inner, time) => {
        const scale = 1 + outer.ratePpm * 1e-6
        const expected = Math.hypot(
          sigmaOfTimeMap(outer, applyTimeMap(inner, time)),
          scale * sigmaOfTimeMap(inner, time),
        )
        expect(Math.abs(sigmaOfTimeMap(composeTimeMaps(outer, inner), time) / expected - 1)).toBeLessThan(2e-3)
      }),
      options,
    )
  })

  test('past the last knot the uncertainty grows with the rate', () => {
    const map: ClockMap = {
      offsetSeconds: 0,
      ratePpm: 0,
      covariance: [1e-8, 0, 4],
      knots: [
        { clockSeconds: 0, projectSeconds: 0, sigmaSeconds: 1e-4 },
        { clockSeconds: 10, projectSeconds: 10.5, sigmaSeconds: 3e-4 },
      ],
    }
    expect(sigmaOfTimeMap(map, 5)).toBeCloseTo(2e-4, 9)
    expect(sigmaOfTimeMap(map, 1010)).toBeCloseTo(Math.hypot(3e-4, 2e-3), 9)
    expect(applyTimeMap(map, 5)).toBeCloseTo(5.25, 9)
  })
})
