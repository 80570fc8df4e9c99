import { describe, expect, test } from 'vitest'
import { alignMotion } from '../../../shared/signal/align-motion.ts'
import { fitRobustLine } from '../../../shared/signal/robust-line.ts'
import { rotationRateOfImu, rotationRateOfPath, type TimedValues } from '../../../shared/signal/rotation-rate.ts'
import { gyroscope, handHeld, type SensorOptions, tracker, type Turning } from '../../fixtures/time/motion.ts'
import { SeededRandom } from '../../fixtures/time/random.ts'

const base: SensorOptions = { rateHz: 200, startSeconds: 0, seconds: 60, ratePpm: 0, noise: 0.02, seed: 1 }

function gyro(seed: number, options: Partial<SensorOptions>): TimedValues {
  const rate = rotationRateOfImu(gyroscope(handHeld(seed), { ...base, ...options }))
  if (!rate) throw new Error('the fixture holds no rotation')
  return rate
}

const poses = (seed: number, options: Partial<SensorOptions>): TimedValues =>
  rotationRateOfPath(tracker(handHeld(seed), { ...base, noise: 5e-4, ...options }))

describe('aligning two recordings by how they turned', () => {
  test.each([
    ['gyroscope against gyroscope', gyro(3, {}), gyro(3, { rateHz: 100, startSeconds: 17.3337, ratePpm: 60, seed: 2 })],
    ['gyroscope against poses', gyro(3, {}), poses(3, { rateHz: 60, startSeconds: 17.3337, ratePpm: 60, seed: 3 })],
    ['poses against poses', poses(3, { rateHz: 30 }), poses(3, { rateHz: 60, startSeconds: 17.3337, ratePpm: 60 })],
  ])('%s, within a millisecond', async (_, a, b) => {
    const result = await alignMotion(a, b)
    if (!result.aligned) throw new Error(result.reason)
    const middle = 21
    const error = result.offsetSeconds - 17.3337 + (result.ratePpm - 60) * 1e-6 * middle
    expect(Math.abs(error)).toBeLessThan(1e-3)
    expect(Math.abs(result.ratePpm - 60)).toBeLessThan(4 * Math.sqrt(result.covariance[2]))
    expect(result.confidence).toBeGreaterThan(0.7)
    expect(result.overlapSeconds).toBeCloseTo(42.7, 0)
  })

  test('a bias says nothing of when, also where one walks and turns the same way at each step', async () => {
    const walking: Turning = (seconds) => {
      const step = 2 * Math.PI * (seconds + 0.8 * Math.sin(seconds / 7))
      return [Math.sin(step) + 0.4 * Math.cos(2 * step), 0.5 * Math.cos(step), 0.6 * Math.sin(2 * step + 1)]
    }
    const late = { startSeconds: 7.3337, rateHz: 100, seed: 2 }
    const [a, b] = [gyroscope(walking, base), gyroscope(walking, { ...base, ...late })]
    for (let index = 0; index < b.count; index++) b.rotationRates![index * 3] += 0.1
    const result = await alignMotion(rotationRateOfImu(a)!, rotationRateOfImu(b)!)
    if (!result.aligned) throw new Error(result.reason)
    const error = Math.abs(result.offsetSeconds - late.startSeconds)
    expect(error).toBeLessThan(3 * Math.sqrt(result.covariance[0]))
    expect(error).toBeLessThan(5e-4)
  })

  test('stamps that come late unevenly come late on average as well, and sigma says so', async () => {
    const random = new SeededRandom(21)
    const late = gyroscope(handHeld(3), { ...base, startSeconds: 9.3337, rateHz: 100, seed: 2 })
    // Of a bus: never early, 3 ms late on average.
    for (let index = 0; index < late.count; index++) {
      late.timesNanoseconds[index] += BigInt(Math.round(-3e6 * Math.log(1 - random.next())))
    }
    const result = await alignMotion(gyro(3, {}), rotationRateOfImu(late)!)
    if (!result.aligned) throw new Error(result.reason)
    const error = Math.abs(result.offsetSeconds - 9.3337)
    expect(error).toBeGreaterThan(1.5e-3)
    expect(error).toBeLessThan(2 * Math.sqrt(result.covariance[0]))
  })

  test('clocks that are 200 ppm apart lie within what is stated, also where motion is too slow to tell', async () => {
    const slow: Turning = (seconds) => [
      0.2 * Math.sin(0.9 * seconds + 2 * Math.sin(seconds / 5)),
      0.15 * Math.cos(1.3 * seconds + Math.sin(seconds / 3)),
      0.1 * Math.sin(2.1 * seconds),
    ]
    const one = rotationRateOfImu(gyroscope(slow, base))!
    const other = rotationRateOfImu(gyroscope(slow, { ...base, startSeconds: 5.3337, ratePpm: 200, seed: 2 }))!
    const result = await alignMotion(one, other)
    if (!result.aligned) throw new Error(result.reason)
    expect(Math.abs(result.ratePpm - 200)).toBeLessThan(2 * Math.sqrt(result.covariance[2]))
  })

  test('different hands are refused, and so is a tripod', async () => {
    expect(await alignMotion(gyro(3, {}), gyro(4, { seed: 5 }))).toMatchObject({ aligned: false })
    const still = rotationRateOfImu(gyroscope(() => [0, 0, 0], { ...base, noise: 0.002 }))
    if (!still) throw new Error('the fixture holds no rotation')
    const result = await alignMotion(gyro(3, {}), still)
    expect(result).toMatchObject({ aligned: false })
    if (!result.aligned) expect(result.reason).toMatch(/hardly turns/)
  })

  test('devices that were each turned once or twice are not taken for fixed to one another', async () => {
    const turnedAt = (turns: readonly (readonly [number, number])[], options: Partial<SensorOptions>): TimedValues => {
      const turning = (t: number) =>
        turns.reduce((sum, [at, half]) => sum + Math.cos((Math.min(1, Math.abs(t - at) / half) * Math.PI) / 2) ** 2, 0)
      const rate = rotationRateOfImu(gyroscope((t) => [0, 2 * turning(t), 0], { ...base, noise: 0.004, ...options }))
      if (!rate) throw new Error('the fixture holds no rotation')
      return rate
    }
    const once = [turnedAt([[20, 1]], {}), turnedAt([[41, 0.8]], { rateHz: 100, seed: 2 })] as const
    expect(await alignMotion(...once)).toMatchObject({ aligned: false })
    const start = [12, 16.1, 30.7, 37.2, 44.9, 53.3].map((at, index) => [at, 0.4 + 0.1 * index] as const)
    const together = [turnedAt(start, {}), turnedAt(start, { rateHz: 100, seed: 2, startSeconds: 3.2 })] as const
    expect(await alignMotion(...together)).toMatchObject({ aligned: true })
  })

  test('too little, too short and empty are refused with a reason', async () => {
    const empty = { seconds: new Float64Array(0), values: new Float64Array(0) }
    expect(await alignMotion(empty, gyro(3, {}))).toMatchObject({ aligned: false })
    expect(await alignMotion(gyro(3, {}), gyro(3, { seconds: 3 }))).toMatchObject({ aligned: false })
  })

  test('a gyroscope without rotation rates gives nothing', () => {
    expect(rotationRateOfImu({ count: 1, timesNanoseconds: new BigInt64Array(1) })).toBeUndefined()
  })
})

describe('a robust line', () => {
  test('a third of wild points do not turn it, and its covariance is honest', () => {
    let inside = 0
    for (let seed = 0; seed < 60; seed++) {
      const random = new SeededRandom(seed)
      const points = Array.from({ length: 60 }, (_, index) => ({
        x: index,
        y: index % 3 === 0 ? random.between(-5, 5) : 0.2 + 1e-3 * index + 0.01 * random.normal(),
        sigma: 0.01,
      }))
      const line = fitRobustLine(points, 0.01, 0)
      if (!line) throw new Error('no line')
      if (Math.abs(line.slope - 1e-3) < 2 * Math.sqrt(line.covariance[2])) inside++
      expect(Math.abs(line.intercept - 0.2)).toBeLessThan(0.03)
      expect(line.inlierShare).toBeLessThan(0.75)
    }
    expect(inside).toBeGreaterThanOrEqual(53)
  })

  test('two points are no line', () => {
    expect(
      fitRobustLine(
        [
          { x: 0, y: 0, sigma: 1 },
          { x: 1, y: 1, sigma: 1 },
        ],
        1,
        0,
      ),
    ).toBeUndefined()
  })
})
