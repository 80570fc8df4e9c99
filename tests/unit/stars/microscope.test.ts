import { describe, expect, test } from 'vitest'
import { excitedUnits, type ExcitedStream } from '../../../shared/stars/microscope.ts'
import type { PictureMeasurement } from '../../../electron/engine/stars/measurements.ts'
import { meaningOf } from '../../../electron/engine/stars/picture-meaning.ts'
import { packUnits, unitReference, unpackUnits, withoutUnits } from '../../../electron/engine/stars/picture-units.ts'
import { referenceExemplars } from '../../../electron/engine/stars/unit-exemplars.ts'

/** Ten seconds of four units: the first rises, the second with it, the third falls, the last is silent. */
const stream: ExcitedStream = {
  asset: 'camera',
  seconds: Array.from({ length: 10 }, (_, at) => at),
  units: Array.from({ length: 10 }, (_, at) => Float32Array.of(at, 0.9 * at, 6 - at, -1)),
}

describe('the microscope', () => {
  test('shows the strongest first, none that goes along with another, none that is silent', () => {
    expect(excitedUnits([stream], 9).map(({ unit }) => unit)).toEqual([0, 2])
    expect(excitedUnits([stream], 1).map(({ unit }) => unit)).toEqual([0])
    expect(excitedUnits([stream], 9).map(({ together }) => together)).toEqual([[0, 1], [2]])
    expect(excitedUnits([], 9)).toEqual([])
  })

  test('exemplars are the strongest moments, apart from one another', () => {
    const [first] = excitedUnits([stream], 1)
    expect(first!.peak).toBe(9)
    expect(first!.exemplars.map(({ seconds }) => seconds)).toEqual([9, 6, 3, 0])
  })

  test('what is kept of a picture is what the network said, to a quarter of a standard deviation', () => {
    const { mean, deviation } = unitReference()
    const said = mean.map((value, unit) => value + deviation[unit]! * ((unit % 5) - 2))
    unpackUnits(packUnits(said)).forEach((value, unit) => {
      if (deviation[unit]! > 1e-6) expect(value).toBeCloseTo((unit % 5) - 2, 5)
    })
  })

  test('without a unit a picture means what it would if the unit answered as to the reference on the mean', () => {
    const { mean, deviation } = unitReference()
    const unit = deviation.findIndex((each) => each > 1e-3)
    const said = mean.map((value, at) => value + (at === unit ? 3 * deviation[unit]! : 0))
    const bin = {
      t: 0,
      vector: [],
      clarity: 1,
      exposure: 1,
      motion: 0,
      meaning: meaningOf(said),
      units: packUnits(said),
    }
    const seen: PictureMeasurement = { kind: 'picture', binSeconds: 1, bins: [bin] }
    const without = withoutUnits(seen, [unit]) as PictureMeasurement
    const furthest = (a: readonly number[], b: readonly number[]): number =>
      Math.max(...a.map((value, at) => Math.abs(value - b[at]!)))
    expect(furthest(without.bins[0]!.meaning!, meaningOf(mean))).toBeLessThan(2e-4)
    expect(furthest(bin.meaning, meaningOf(mean))).toBeGreaterThan(2e-2)
  })

  test('every unit has drawings of the reference, the strongest first, that are pictures', () => {
    unitReference().mean.forEach((_, unit) => {
      const exemplars = referenceExemplars(unit)
      expect(exemplars.map(({ deviations }) => deviations)).toEqual(
        exemplars.map(({ deviations }) => deviations).sort((a, b) => b - a),
      )
      for (const { name, picture } of exemplars) {
        expect(name).not.toBe('')
        expect(Buffer.from(picture.split(',')[1]!, 'base64').subarray(8, 12).toString()).toBe('WEBP')
      }
    })
  })
})
