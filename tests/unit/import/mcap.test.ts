import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe as suite, expect, test } from 'vitest'
import { unpackBzip2 } from '../../../electron/engine/import/reading/bzip2.ts'
import { describe } from '../../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { CdrWriter, MCAP, mcapFixtures, writeMcap } from '../../fixtures/import/mcap-fixtures.ts'
import { rosbag, rosbagFixtures, rosDatabaseFixtures } from '../../fixtures/import/ros-fixtures.ts'
import { motionInertia, motionPose } from '../../fixtures/import/motion-fixtures.ts'
import { utcNanoseconds } from '../../fixtures/import/utc-time.ts'
import { fixtureScene } from '../../fixtures/import/scene.ts'

const zeros = (count: number) => Array.from({ length: count }, () => 0)

suite('MCAP and recordings of ROS', () => {
  test.each(
    [...mcapFixtures, ...rosbagFixtures, ...rosDatabaseFixtures].map((fixture) => [fixture.id, fixture] as const),
  )('%s: what was written is read', async (id, fixture) => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const { importer, source, asset } = await describe(await fixture.write(folder, context.tools), context)
      const poses = await importer.loadPoses?.(source, 0, context)
      expect(poses?.count).toBe(MCAP.count)
      // The sensor's own stamp counts, not the time of the log.
      expect(utcNanoseconds(asset, poses?.timesNanoseconds[7])).toBe(
        BigInt(MCAP.startSeconds) * 1_000_000_000n + BigInt(7 * MCAP.stepNanoseconds),
      )
      motionPose(7).position.forEach((value, axis) => expect(poses?.positions[21 + axis]).toBeCloseTo(value, 9))
      motionPose(7).rotation.forEach((value, slot) => expect(poses?.rotations[28 + slot]).toBeCloseTo(value, 9))
      if (id === 'foxglove-json') return
      const cloud = asset.streams.findIndex(({ sensor }) => sensor === 'points')
      const scan = await importer.loadScan?.(source, cloud, context)
      const scene = fixtureScene()
      const points = scan?.kind === 'points' ? scan.points : undefined
      scene.positions.forEach((value, slot) => expect(points?.positions[slot]).toBeCloseTo(value, 6))
      expect(Array.from(points?.colors ?? [])).toEqual(scene.colors)
      expect(asset.warnings.map(({ code }) => code)).toEqual(['messages_skipped'])
      if (id === 'foxglove-protobuf') {
        expect(asset.streams.map(({ title }) => title)).toEqual(['/pose', '/tf head', '/tf base', '/points'])
        const head = await importer.loadPoses?.(source, 1, context)
        expect(head).toEqual(poses)
        return
      }
      const imu = await importer.loadImu?.(source, 1, context)
      expect(Array.from(imu?.rotationRates?.subarray(9, 12) ?? [])).toEqual(motionInertia(3).rate)
      expect(Array.from(imu?.accelerations?.subarray(9, 12) ?? [])).toEqual(motionInertia(3).force)
    })
  })

  test('a sensor that stamps by a clock of its own is moved to that of the others', async () => {
    await withFolder(async (folder) => {
      const imu = (seconds: number) => (k: number) =>
        new CdrWriter()
          .uint32(seconds, k * MCAP.stepNanoseconds)
          .text('imu')
          .doubles(0, 0, 0, 1, ...zeros(9), 1, 2, 3, ...zeros(9), 0, 0, 9.8, ...zeros(9))
          .finish()
      const path = await writeMcap(join(folder, 'clocks.mcap'), 'zstd', [
        ['/own', 'sensor_msgs/msg/Imu', 'cdr', imu(55), 9],
        ['/utc', 'sensor_msgs/msg/Imu', 'cdr', imu(MCAP.startSeconds), 9],
      ])
      const context = await importContext({ withTools: false })
      const { importer, source, asset } = await describe(path, context)
      expect(asset.durationSeconds).toBeCloseTo(0.165, 6)
      expect(asset.warnings.map(({ code }) => code)).toEqual(['clock_moved'])
      const own = await importer.loadImu?.(source, 0, context)
      expect(Number(own?.timesNanoseconds[0])).toBe(5_000_000)
    })
  })

  test('a bag that was cut off keeps what came before; one of nothing but a beginning is refused', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const whole = rosbag('none')
      const chunk = whole.indexOf('compression=none') - 60
      for (const [name, bytes] of [
        ['extra.bag', Buffer.concat([whole, whole.subarray(chunk, chunk + 900)])],
      ] as const) {
        await writeFile(join(folder, name), bytes)
        const { asset } = await describe(join(folder, name), context)
        expect(asset.warnings.map(({ code }) => code)).toContain('broken_off')
      }
      await writeFile(join(folder, 'cut.bag'), whole.subarray(0, 3000))
      await expect(describe(join(folder, 'cut.bag'), context)).rejects.toMatchObject({ code: 'corrupt_file' })
    })
  })

  test('a database that has views in the place of tables runs nothing', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'views.db3')
      const database = new Database(path)
      database.exec(
        `CREATE TABLE shown(a /* CREATE TABLE topics (serialization_format CREATE TABLE messages ( */);
        CREATE VIEW topics AS SELECT 1 id, '/imu' name, 'sensor_msgs/msg/Imu' type, 'cdr' serialization_format;
        CREATE VIEW messages AS SELECT 1 id, 1 topic_id, 7 timestamp, x'00010000' data;`,
      )
      database.close()
      await expect(describe(path, await importContext({ withTools: false }))).rejects.toMatchObject({
        code: 'corrupt_file',
        message: expect.stringContaining('no tables'),
      })
    })
  })

  test('bzip2, in which bags are packed too', () => {
    const packed = Buffer.from(
      'QlpoOTFBWSZTWRoYNwUAANWfgP//////////////8AAIMACwHGTBNDIZGRk0NAGgyMIBoNGmQxDQAKpVNGgNGgyAANAAAyABiBk0DE0aHGTBNDIZGRk0NAGgyMIBoNGmQxDQCkIU66xFl+LT9fy/jAj1wWElsNiMWMaJiax2QyWVGXGYzWcz2g0Y0o02onNVrNeNiNltNtuN1vRvxwOFxONyOWJ6g5nO6HS6o63Y7Xc73goxQi3SkKaiISKQn+KrB5rIhWgqKkFV7K0Sl8vF2lPdJEPiPl9PtXTYiCdYWVsQmRafr+W0lL/xdyRThQkBoYNwUA==',
      'base64',
    )
    const signs = String.fromCharCode(...Array.from({ length: 200 }, (_, i) => 33 + ((i * 7) % 90)))
    const text = 'stand '.repeat(40) + 'a'.repeat(300) + 'bcde'.repeat(9) + signs
    expect(Buffer.from(unpackBzip2(packed, text.length) ?? []).toString()).toBe(text)
    expect(unpackBzip2(packed, text.length - 1)).toBeUndefined()
    packed[60]! ^= 4
    expect(unpackBzip2(packed, text.length)).toBeUndefined()
  })
})
