import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../fixtures/import/context.ts'
import { STRAY, strayPose, writeStrayCapture } from '../fixtures/import/stray-capture.ts'

suite('a Stray Scanner capture', () => {
  test.each(['m/s^2', 'g'] as const)(
    'gives poses, inertia and depth on one clock in our axes (accelerations in %s)',
    async (unit) => {
      await withFolder(async (folder) => {
        const context = await importContext({ withTools: true })
        const path = await writeStrayCapture(folder, context.tools, unit)
        const { importer, source, asset } = await describe(path, context)
        expect(asset.warnings).toEqual([])
        expect(asset.clocks).toHaveLength(1)
        const bySensor = new Map(asset.streams.map((stream, index) => [stream.sensor, { stream, index }]))
        expect(bySensor.get('video')?.stream).toMatchObject({ width: STRAY.pictureWidth, height: STRAY.pictureHeight })
        for (const { stream } of bySensor.values()) expect(stream.startSeconds).toBeCloseTo(STRAY.startSeconds, 6)
        expect(bySensor.get('imu')?.stream.sampleRateHz).toBeCloseTo(100, 3)
        expect(bySensor.get('depth')?.stream).toMatchObject({ width: STRAY.depthWidth, sampleCount: STRAY.frameCount })

        const poses = await importer.loadPoses?.(source, bySensor.get('pose')?.index ?? -1, context)
        expect(poses?.count).toBe(STRAY.frameCount)
        for (let frame = 0; frame < STRAY.frameCount; frame++) {
          const { position, rotation } = strayPose(frame)
          const read = Array.from(poses?.rotations.subarray(4 * frame, 4 * frame + 4) ?? [])
          const agreement = Math.abs(read.reduce((sum, value, i) => sum + value * rotation[i], 0))
          expect(agreement).toBeCloseTo(1, 9)
          position.forEach((value, axis) => expect(poses?.positions[3 * frame + axis]).toBeCloseTo(value, 9))
          const nanoseconds = BigInt(Math.round(STRAY.startSeconds * 1e9)) + BigInt(frame) * 100_000_000n
          expect(poses?.timesNanoseconds[frame]).toBe(nanoseconds)
        }

        const imu = await importer.loadImu?.(source, bySensor.get('imu')?.index ?? -1, context)
        // An upright phone: the force against gravity points along the phone's +Y, which is the camera's -X.
        const force = unit === 'g' ? 9.80665 : 9.81
        ;[-force, 0, 0].forEach((value, axis) => expect(imu?.accelerations?.[axis]).toBeCloseTo(value, 6))
        ;[-0.5, 0.01, -0.02].forEach((value, axis) => expect(imu?.rotationRates?.[axis]).toBeCloseTo(value, 9))

        const depth = await importer.loadDepthFrame?.(source, bySensor.get('depth')?.index ?? -1, 7, context)
        expect(depth?.depthMetres[0]).toBe(0)
        expect(depth?.depthMetres[5]).toBeCloseTo(1.07, 6)
        expect(Array.from(depth?.confidence?.subarray(0, 4) ?? [])).toEqual([0, 1, 2, 0])
        expect(depth?.timeNanoseconds).toBe(poses?.timesNanoseconds[7])
        const scale = STRAY.depthWidth / STRAY.pictureWidth
        expect(depth?.intrinsics.fx).toBeCloseTo(STRAY.fx * scale, 9)
        expect(depth?.intrinsics.cy).toBeCloseTo(STRAY.cy * scale, 9)
        expect(importer.mediaPart?.(source, 0, context)?.path).toBe(join(source.path, 'rgb.mp4'))
      })
    },
  )

  test('is still of use without its video, and says what is missing', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: true })
      const path = await writeStrayCapture(folder, context.tools, 'g')
      await rm(join(path, 'rgb.mp4'))
      await rm(join(path, 'imu.csv'))
      const { asset, importer, source } = await describe(path, context)
      expect(asset.streams.map(({ sensor }) => sensor)).toEqual(['pose', 'depth'])
      expect(asset.warnings).toMatchObject([
        { code: 'parts_missing', message: expect.stringContaining('imu.csv, rgb.mp4') },
      ])
      expect(importer.mediaPart?.(source, 0, context)).toBeUndefined()
    })
  })
})
