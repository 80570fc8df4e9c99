import { describe, expect, test } from 'vitest'
import { excitedUnits, type ExcitedStream } from '../../../shared/stars/microscope.ts'
import { packUnits, unitReference, unpackUnits } from '../../../electron/engine/stars/picture-units.ts'

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
})
