import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { MCAP, mcapFixtures } from '../../fixtures/import/mcap-fixtures.ts'
import { motionInertia, motionPose } from '../../fixtures/import/motion-fixtures.ts'
import { utcNanoseconds } from '../../fixtures/import/utc-time.ts'
import { fixtureScene } from '../../fixtures/import/scene.ts'

suite('MCAP', () => {
  test.each(mcapFixtures.map((fixture) => [fixture.id, fixture] as const))(
    '%s: what was written is read',
    async (id, fixture) => {
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
    },
  )
})
