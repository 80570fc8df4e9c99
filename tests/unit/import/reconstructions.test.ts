/** Folders of nerfstudio, instant-ngp and COLMAP as other programs leave them. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import type { FixtureWriter } from '../../../electron/engine/import/importer.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import {
  CAMERA_COUNT,
  colmapFixtures,
  TRANSFORMS_FOLDER,
  writeTransformsFolder,
} from '../../fixtures/import/reconstruction-fixtures.ts'
import { fixtureScene } from '../../fixtures/import/scene.ts'

async function transformsWith(head: object, fileName?: string) {
  return withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const path = await writeTransformsFolder(folder, context.tools, head, fileName)
    const { importer, source, asset } = await describe(path, context)
    const depthIndex = asset.streams.findIndex(({ sensor }) => sensor === 'depth')
    const depth = depthIndex < 0 ? undefined : await importer.loadDepthFrame?.(source, depthIndex, 3, context)
    const scan = await importer.loadScan?.(source, asset.streams.length - 1, context)
    return { asset, depth, scan, codes: asset.warnings.map(({ code }) => code) }
  })
}

suite('a folder of transforms.json', () => {
  const { width, height, depthUnits, focal } = TRANSFORMS_FOLDER

  test('has the cameras of its frames, depth in their scale, and its points in the same upright world', async () => {
    const { asset, depth, scan, codes } = await transformsWith({})
    expect(asset.streams.map(({ sampleCount }) => sampleCount)).toEqual([CAMERA_COUNT, CAMERA_COUNT, undefined])
    expect(codes).toEqual(['no_times', 'applied_transform', 'scale_unknown'])
    expect(asset.metadata).toMatchObject({ cameraModel: 'OPENCV', focalLengthPixels: focal(0) })
    expect(String(asset.metadata['appliedTransform'])).toMatch(/^0 1 0 0 1/)
    expect(depth?.depthMetres[0]).toBeCloseTo((depthUnits + 3) / 1000, 6)
    // Without w and h the picture is twice as large as where its middle lies.
    expect(depth?.intrinsics).toMatchObject({ width, height, cx: width / 2, cy: height / 2 })
    expect(depth?.intrinsics.fx).toBeCloseTo((focal(3) * width) / 1920, 9)
    const { positions } = fixtureScene()
    const found = scan?.kind === 'mesh' ? scan.mesh.positions : scan?.points.positions
    ;[positions[0], positions[2], -positions[1]].forEach((value, axis) => expect(found?.[axis]).toBeCloseTo(value!, 5))
  })

  test('takes the unit of depth and the angle of view where they are told, and the file of those to learn from', async () => {
    const applied = { applied_scale: 0.25, applied_transform: undefined }
    const head = { camera_angle_x: Math.PI / 2, depth_unit_scale_factor: 0.0005, w: 800, h: 800, ...applied }
    const { asset, depth } = await transformsWith(head, 'transforms_train.json')
    expect(asset.format).toBe('nerfstudio')
    expect(depth?.depthMetres[0]).toBeCloseTo((depthUnits + 3) / 8000, 6)
    const told = asset.warnings.find(({ code }) => code === 'applied_transform')?.message
    expect(told).toMatch(/cameras were made 0.25 times as large \(applied_scale\): .* Depth is scaled/)
    expect(depth?.intrinsics.fx).toBeCloseTo(width / 2, 9)
    expect(depth?.intrinsics.fy).toBeCloseTo(height / 2, 9)
  })

  test.each([
    [{ camera_model: 'OPENCV_FISHEYE', fl_x: 300 }, 'camera_not_pinhole', false],
    [{ camera_model: 'EQUIRECTANGULAR' }, 'camera_not_pinhole', false],
    [{ fl_x: 1400, w: 1920, h: 1080, k1: 0.03 }, 'distortion_ignored', true],
    [{ fl_x: 1400, ply_file_path: '../elsewhere.ply' }, 'scan_unreadable', true],
  ])('says what it cannot use of %o', async (head, code, hasDepth) => {
    const result = await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      return (await describe(await writeTransformsFolder(folder, context.tools, head), context)).asset
    })
    expect(result.warnings.map((each) => each.code)).toContain(code)
    expect(result.streams.some(({ sensor }) => sensor === 'depth')).toBe(hasDepth)
  })
})

suite('a model of COLMAP', () => {
  const [text, binary] = colmapFixtures

  /** The description of the fixture's folder after `change`, and the positions of its cameras. */
  async function changed(fixture: FixtureWriter, change: (model: string, folder: string) => Promise<void>) {
    return withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const path = await fixture.write(folder, context.tools)
      await change(join(path, 'sparse', '0'), path)
      const { importer, source, asset } = await describe(path, context)
      const poses = await importer.loadPoses?.(source, 0, context)
      return { asset, positions: Array.from(poses?.positions ?? []), codes: asset.warnings.map(({ code }) => code) }
    })
  }
  const whole = () => changed(text, async () => {})

  test('says what took its pictures, in text and binary', async () => {
    expect((await whole()).asset.metadata).toMatchObject({
      cameraModel: 'PINHOLE',
      cameraCount: 1,
      camera: '1400 1400 960 540',
    })
    const { asset } = await changed(binary, async () => {})
    expect(asset.metadata).toMatchObject({
      cameraModel: 'OPENCV',
      cameraCount: 2,
      pictureWidth: 1920,
      pictureHeight: 1080,
    })
    expect(asset.metadata['camera']).toBe('1400 1410 960 540 0.01 0 0 0')
  })

  test('reads pictures that have no line of keypoints behind them', async () => {
    const { positions } = await changed(text, async (model) => {
      const path = join(model, 'images.txt')
      const lines = (await readFile(path, 'utf8')).split('\n')
      await writeFile(path, lines.filter((line, index) => index === 0 || line.includes('.jpg')).join('\n'))
    })
    expect(positions).toEqual((await whole()).positions)
  })

  test('stands without points, and with a camera of a model of tomorrow', async () => {
    const bare = await changed(binary, async (model) => {
      await rm(join(model, 'points3D.bin'))
      const cameras = await readFile(join(model, 'cameras.bin'))
      cameras.writeInt32LE(77, 12)
      await writeFile(join(model, 'cameras.bin'), cameras)
    })
    expect(bare.asset.streams.map(({ sensor }) => sensor)).toEqual(['pose'])
    expect(bare.codes).toContain('cameras_unreadable')
  })

  test('of several the first is read, before the copy that undistorting makes, and the others are told', async () => {
    const several = await changed(text, async (model, folder) => {
      await cp(model, join(folder, 'dense', 'sparse'), { recursive: true })
      await cp(model, join(folder, 'sparse', '10'), { recursive: true })
      await writeFile(join(folder, 'sparse', '10', 'images.txt'), '1 1 0 0 0 9 9 9 1 other.jpg\n\n')
    })
    expect(several.positions).toEqual((await whole()).positions)
    expect(several.asset.warnings.find(({ code }) => code === 'several_models')?.message).toContain('sparse/0/')
  })
})
