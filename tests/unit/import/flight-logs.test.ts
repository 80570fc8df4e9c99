import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { rotationFromQuaternion } from '../../../shared/geometry/rotation.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { FLIGHT, flightLog, flown, type FlightForm, ulogMessage } from '../../fixtures/import/ulog-fixtures.ts'
import { walkMetres } from '../../fixtures/import/track-fixtures.ts'

async function load(log: Uint8Array) {
  return withFolder(async (folder) => {
    const path = join(folder, 'flight.ulg')
    await writeFile(path, log)
    const context = await importContext({ withTools: false })
    const { importer, source, asset } = await describe(path, context)
    const indexOf = (sensor: string) => asset.streams.findIndex((stream) => stream.sensor === sensor)
    const poses = indexOf('pose') < 0 ? null : await importer.loadPoses!(source, indexOf('pose'), context)
    const imu = await importer.loadImu!(source, indexOf('imu'), context)
    return { asset, poses, imu, codes: asset.warnings.map(({ code }) => code) }
  })
}
const flight = async (form: FlightForm = {}) => await load(flightLog(form))
const seconds = (k: number): number => (FLIGHT.startMicroseconds + k * FLIGHT.stepMicroseconds) / 1e6

suite('a flight that PX4 has logged', () => {
  test('lies where it was flown, turned as it was turned, at the moments that its sensors saw', async () => {
    const { asset, poses } = await flight()
    // Behind the last place nobody knows where it was.
    expect(poses!.count).toBe(196)
    for (const row of [0, 3, 5, 120, 195]) {
      const { place, heading } = flown(row)
      const [north, east, down] = place
      expect(Number(poses!.timesNanoseconds[row])).toBe(seconds(row) * 1e9)
      Array.from(poses!.positions.subarray(3 * row, 3 * row + 3)).forEach((value, axis) =>
        expect(value).toBeCloseTo([east, -down, -north][axis]!, 5),
      )
      // Forward is -Z of the vehicle; turned to the right from north it looks east.
      const forward = rotationFromQuaternion(poses!.rotations, 4 * row)
        .slice(6)
        .map((value) => -value)
      ;[Math.sin(heading), 0, -Math.cos(heading)].forEach((value, axis) => expect(forward[axis]).toBeCloseTo(value, 5))
    }
    const [clock] = asset.clocks
    expect(clock!.epochSource).toBe('satellite')
    expect(Number(clock!.epochUtcNanoseconds) / 1e9 + seconds(0)).toBeCloseTo(FLIGHT.utcSeconds, 3)
    expect(asset.metadata).toMatchObject({ hasLocation: true })
  })

  test('has inertia in the axes that its path has: at rest it is pushed up, a turn to the right is one about what points down', async () => {
    const { imu } = await flight()
    expect(imu.count).toBe(FLIGHT.count)
    expect(Array.from(imu.accelerations!.subarray(0, 3), (value) => Math.round(value * 1e4) / 1e4)).toEqual([
      0, 9.8, -0.5,
    ])
    expect(imu.rotationRates![1]).toBeCloseTo(-0.5, 6)
  })

  test('is where its receiver was where it does not say that itself, and looks nowhere where it does not say how it was turned', async () => {
    for (const isOld of [true, false]) {
      const { poses, asset } = await flight({ isOld, withoutLocalPosition: true, withoutAttitude: true })
      expect(poses!.count).toBe(4)
      Array.from(poses!.positions.subarray(9, 12)).forEach((value, axis) =>
        expect(Math.abs(value - walkMetres(3)[axis]!)).toBeLessThan(0.02),
      )
      expect(asset.streams[0]).toMatchObject({ rotationUnknown: true })
    }
  })

  test('goes on behind what a crash cut off, and says what the device lost', async () => {
    const [whole, broken] = [await flight(), await flight({ breaksAfter: 150 })]
    // One moment was cut off.
    expect(broken.imu.count + broken.poses!.count).toBeGreaterThanOrEqual(whole.imu.count + whole.poses!.count - 1)
    expect(whole.codes).toContain('samples_dropped')
    expect(broken.codes).not.toContain('broken_off')
    const cutOff = await load(flightLog().subarray(0, 9001))
    expect(cutOff.codes).toContain('broken_off')
    expect(cutOff.imu.count).toBeGreaterThan(20)
  })

  test('is refused in a form that must not be read unknown, and formats that lie in one another without end are none', async () => {
    await expect(flight({ incompatible: 2 })).rejects.toMatchObject({ code: 'unsupported_format' })
    const endless = ulogMessage('F', Buffer.from('sensor_combined:uint64_t timestamp;sensor_combined within;'))
    const log = flightLog()
    const at = 16 + 3 + 40
    const second = log.subarray(at).indexOf('vehicle_attitude:') + at - 3
    const hostile = Buffer.concat([log.subarray(0, second), endless, log.subarray(second)])
    await expect(load(hostile)).rejects.toThrow()
    const { imu } = await load(log)
    expect(imu.count).toBe(FLIGHT.count)
  })
})
