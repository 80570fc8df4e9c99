import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { similarity, transformPoint } from '../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion } from '../../../shared/geometry/rotation.ts'
import { utcNanoseconds } from '../../fixtures/import/utc-time.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import {
  arkitScenesFixtures,
  eurocFixtures,
  kittiFixtures,
  kittiRawFixtures,
  QUEST,
  questFixtures,
  tumRgbdFixtures,
  WALK,
  walkPose,
} from '../../fixtures/import/benchmark-fixtures.ts'

const all = [...tumRgbdFixtures, ...eurocFixtures, ...arkitScenesFixtures, ...questFixtures, ...kittiFixtures]

suite('folders of benchmarks and headsets', () => {
  test.each(all.map((fixture) => [fixture.expected.format, fixture] as const))(
    '%s: one walk, whatever the axes, units and times',
    async (format, fixture) => {
      await withFolder(async (folder) => {
        const context = await importContext({ withTools: false })
        const { importer, source, asset } = await describe(await fixture.write(folder, context.tools), context)
        expect(asset.format).toBe(format)
        expect(asset.streams[0].durationSeconds).toBeCloseTo((WALK.count - 1) * WALK.stepSeconds, 6)
        const poses = await importer.loadPoses?.(source, 0, context)
        expect(poses?.count).toBe(WALK.count)
        for (let k = 0; k < WALK.count; k++) {
          const { position, rotation } = walkPose(k)
          position.forEach((value, axis) => expect(poses?.positions[3 * k + axis]).toBeCloseTo(value, 6))
          const sign = Math.sign(poses?.rotations[4 * k + 3] ?? 1)
          rotation.forEach((value, i) => expect(sign * (poses?.rotations[4 * k + i] ?? NaN)).toBeCloseTo(value, 6))
        }
        if (asset.clocks[0].source === 'utc') {
          const third = (WALK.startSeconds + 3 * WALK.stepSeconds) * 1e9
          expect(Number(utcNanoseconds(asset, poses?.timesNanoseconds[3]))).toBeCloseTo(third, -3)
        }
        expect(asset.streams[0].startSeconds).toBeLessThan(1e6)
        const depthStream = asset.streams.findIndex(({ sensor }) => sensor === 'depth')
        if (depthStream < 0) return
        const frame = await importer.loadDepthFrame?.(source, depthStream, 2, context)
        expect(frame?.depthMetres[0]).toBeCloseTo(WALK.depthMetres, 2)
        expect(frame?.timeNanoseconds).toBe(poses?.timesNanoseconds[2])
      })
    },
  )

  test('a Quest’s depth stands upright at its own camera', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const { importer, source } = await describe(await questFixtures[0].write(folder, context.tools), context)
      const frame = await importer.loadDepthFrame?.(source, 1, 4, context)
      const last = WALK.width * WALK.height - 1
      expect(frame?.depthMetres[last]).toBeCloseTo(WALK.depthMetres / 2, 3)
      expect(frame?.intrinsics.cx).toBeCloseTo((WALK.width * QUEST.left) / (QUEST.left + QUEST.right), 9)
      expect(frame?.intrinsics.cy).toBeCloseTo((WALK.height * QUEST.top) / (QUEST.top + QUEST.down), 9)
      expect(frame?.pose?.position[0]).toBeCloseTo(walkPose(4).position[0] - 0.03, 6)
    })
  })

  test('a KITTI drive goes east and north from its beginning, and up; its unit keeps its axes', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const path = await kittiRawFixtures[0].write(folder, context.tools)
      const { importer, source, asset } = await describe(path, context)
      const poses = await importer.loadPoses?.(source, 0, context)
      const imu = await importer.loadImu?.(source, 1, context)
      ;[10, 1, -20].forEach((value, axis) => expect(poses?.positions[30 + axis]).toBeCloseTo(value, 6))
      expect(Array.from(imu?.accelerations?.subarray(30) ?? [])).toEqual([0.5, -0.25, 9.75])
      expect(Array.from(imu?.rotationRates?.subarray(30) ?? [])).toEqual([0.1, 0.2, 0.3])
      expect(utcNanoseconds(asset, poses?.timesNanoseconds[10])).toBe(1_317_042_145_200_000_010n)
      // Its X, ahead, is east (+X) at first and north (-Z) in the end.
      const ahead = [0, 10].map((k) => {
        const rotation = rotationFromQuaternion(Array.from(poses?.rotations.subarray(4 * k, 4 * k + 4) ?? []))
        return transformPoint(similarity(rotation, [0, 0, 0]), [1, 0, 0])
      })
      ahead.flat().forEach((value, slot) => expect(value).toBeCloseTo([1, 0, 0, 0, 0, -1][slot]!, 6))
    })
  })
})
