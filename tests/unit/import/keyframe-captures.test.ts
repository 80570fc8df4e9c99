import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import {
  KEYFRAMES,
  keyframePose,
  polycamFixtures,
  scannerAppFixtures,
} from '../../fixtures/import/keyframe-fixtures.ts'
import { fixtureScene } from '../../fixtures/import/scene.ts'

suite('captures of keyframes', () => {
  test.each([
    ['polycam', polycamFixtures[0]],
    ['scanner-app', scannerAppFixtures[0]],
  ] as const)('%s: poses, depth and the finished scan stand in one frame', async (id, fixture) => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const { importer, source, asset } = await describe(await fixture.write(folder, context.tools), context)
      expect(importer.id).toBe(id)
      expect(asset.warnings.filter(({ code }) => code !== 'cameras_ignored')).toEqual([])
      expect(asset.streams[0].durationSeconds).toBeCloseTo((KEYFRAMES.count - 1) * KEYFRAMES.stepSeconds, 9)
      const poses = await importer.loadPoses?.(source, 0, context)
      for (let k = 0; k < KEYFRAMES.count; k++) {
        const { yaw, rows } = keyframePose(k)
        expect(Number(poses?.timesNanoseconds[k])).toBeCloseTo(
          (KEYFRAMES.startSeconds + k * KEYFRAMES.stepSeconds) * 1e9,
          0,
        )
        rows.forEach((row, axis) => expect(poses?.positions[3 * k + axis]).toBeCloseTo(row[3], 9))
        ;[0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)].forEach((value, i) =>
          expect(poses?.rotations[4 * k + i]).toBeCloseTo(value, 9),
        )
      }
      const depth = await importer.loadDepthFrame?.(source, 1, 3, context)
      expect(depth?.depthMetres[0]).toBeCloseTo(1.503, 6)
      expect(Array.from(depth?.confidence?.subarray(0, 3) ?? [])).toEqual([0, 1, 2])
      expect(depth?.intrinsics.fx).toBeCloseTo((1300 * KEYFRAMES.depthWidth) / 1920, 9)
      const scan = await importer.loadScan?.(source, 2, context)
      const positions = scan?.kind === 'mesh' ? scan.mesh.positions : scan?.points.positions
      const scene = fixtureScene()
      // Polycam's mesh is the scene moved by its alignment: p = R (q - t) with a quarter turn back about Y.
      const wanted = (v: number) => {
        const [x, y, z] = [0, 1, 2].map((axis) => scene.positions[3 * v + axis])
        return id === 'polycam' ? [-(z + 2), y, x - 5] : [x, y, z]
      }
      for (let v = 0; v < scene.vertexCount; v++) {
        wanted(v).forEach((value, axis) => expect(positions?.[3 * v + axis]).toBeCloseTo(value, 4))
      }
      const bounds = asset.streams[2].boundsMetres
      for (let axis = 0; axis < 3; axis++) {
        const values = Array.from({ length: scene.vertexCount }, (_, v) => wanted(v)[axis])
        expect(bounds?.min[axis]).toBeCloseTo(Math.min(...values), 4)
      }
    })
  })

  test('a damaged keyframe and one without depth are counted, and without any there is a refusal', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const path = await polycamFixtures[0].write(folder, context.tools)
      const cameras = join(path, 'keyframes', 'corrected_cameras')
      const [first, ...others] = await readdir(cameras)
      await writeFile(join(cameras, first), '{"t_00": 1')
      const depth = join(path, 'keyframes', 'depth')
      await rm(join(depth, (await readdir(depth)).at(-1)!))
      const { asset } = await describe(path, context)
      const told = asset.warnings.map(({ message }) => message).join(' ')
      expect(told).toMatch(/1 of 8 cameras .*1 of its 8 moments have no pose.*1 of its 7 moments have no depth picture/)
      for (const name of others) await rm(join(cameras, name))
      await expect(describe(path, context)).rejects.toMatchObject({ code: 'empty_file' })
    })
  })
})
