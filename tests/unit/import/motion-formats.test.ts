import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import type { FixtureWriter, ImportedAsset } from '../../../electron/engine/import/importer.ts'
import { similarity, transformPoint } from '../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion } from '../../../shared/geometry/rotation.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import {
  ariaFixture,
  MOTION,
  motionFixtures,
  motionInertia,
  motionPose,
} from '../../fixtures/import/motion-fixtures.ts'
import {
  CAMERA_COUNT,
  colmapFixtures,
  nerfstudioFixtures,
  reconstructionCamera,
} from '../../fixtures/import/reconstruction-fixtures.ts'

async function load(fixture: Pick<FixtureWriter, 'write'>) {
  return withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const { importer, source, asset } = await describe(await fixture.write(folder, context.tools), context)
    const index = (sensor: string) => asset.streams.findIndex((stream) => stream.sensor === sensor)
    const poses = index('pose') < 0 ? undefined : await importer.loadPoses?.(source, index('pose'), context)
    const imu = index('imu') < 0 ? undefined : await importer.loadImu?.(source, index('imu'), context)
    return { asset, poses, imu }
  })
}

const written = (name: string, content: string) => ({
  async write(folder: string) {
    await writeFile(join(folder, name), content)
    return join(folder, name)
  },
})

suite('trajectories and inertial logs', () => {
  test.each(motionFixtures.map((fixture) => [fixture.id, fixture] as const))('%s', async (id, fixture) => {
    const { asset, poses, imu } = await load(fixture)
    expect(asset.warnings.map(({ code }) => code)).toEqual([])
    const named = id === 'named-columns'
    // The clock is counted from the whole second in which the recording begins.
    const epoch = BigInt(Math.floor(MOTION.startSeconds)) * 1_000_000_000n
    expect(asset.clocks[0]).toMatchObject(
      named ? { source: 'device' } : { source: 'utc', epochUtcNanoseconds: `${epoch}` },
    )
    expect(asset.durationSeconds).toBeCloseTo((MOTION.count - 1) / MOTION.rateHz, 6)
    const start = named ? 0n : BigInt(Math.round(MOTION.startSeconds * 1e9)) - epoch
    for (let k = 0; k < MOTION.count; k++) {
      const time = start + BigInt(k) * 50_000_000n
      const { position, rotation } = motionPose(k)
      if (poses) {
        expect(poses.timesNanoseconds[k]).toBe(time)
        position.forEach((value, axis) => expect(poses.positions[3 * k + axis]).toBeCloseTo(value, 9))
        rotation.forEach((value, axis) => expect(poses.rotations[4 * k + axis]).toBeCloseTo(value, 9))
      }
      if (!imu) continue
      expect(imu.timesNanoseconds[k]).toBe(time)
      motionInertia(k).force.forEach((value, axis) => expect(imu.accelerations?.[3 * k + axis]).toBeCloseTo(value, 9))
      motionInertia(k).rate.forEach((value, axis) => expect(imu.rotationRates?.[3 * k + axis]).toBeCloseTo(value, 9))
    }
  })

  test('units that are not named are judged by their values, and said', async () => {
    const rows = Array.from({ length: 50 }, (_, k) => `${k * 10},0.01,-0.02,${1 + k * 0.001},${40 + k},-3,2`)
    const { asset, imu } = await load(written('log.csv', ['t,ax,ay,az,gx,gy,gz', ...rows].join('\n')))
    expect(asset.warnings.map(({ message }) => message).join(' ')).toMatch(/milliseconds.*read as g\..*deg\/s/s)
    expect(imu?.timesNanoseconds[1]).toBe(10_000_000n)
    expect(imu?.accelerations?.[2]).toBeCloseTo(9.80665, 6)
    expect(imu?.rotationRates?.[0]).toBeCloseTo((40 * Math.PI) / 180, 9)
  })

  test('rows out of order are sorted, repeats and damage are counted', async () => {
    const rows = [
      '3 0 0 3 0 0 0 1',
      '1 0 0 1 0 0 0 1',
      '2 0 0 2 0 0 0 2',
      '2 9 9 9 0 0 0 1',
      '4 0 0 4 0 0 0 0',
      '5 nan 0 0 0 0 0 1',
      '6 0 0',
    ]
    const heading = '# timestamp tx ty tz qx qy qz qw'
    const { asset, poses } = await load(
      written('a.txt', [heading, ...rows, '7 0 0 7 0 0 0 1', '8 0 0 8 0 0 0 1', ''].join('\n')),
    )
    expect(Array.from(poses?.timesNanoseconds ?? [], Number)).toEqual([1e9, 2e9, 3e9, 7e9, 8e9])
    expect(poses?.positions[5]).toBe(2)
    expect(asset.warnings.map(({ code, message }) => `${code} ${message.slice(0, 6)}`)).toEqual([
      'samples_dropped 3 of 9',
      'times_out_of_order Its ti',
    ])
  })

  test('a counter of 32 bits that begins again goes on, one that was set does not; a late row stays before the end', async () => {
    const end = 2 ** 32
    const log = (counts: readonly number[]) =>
      written('log.csv', ['timestamp_us,gx,gy,gz', ...counts.map((count) => `${count},1,2,3`)].join('\n'))
    const turned = await load(log([end - 15_000, end - 10_000, 0, end - 5_000, 5_000, 10_000]))
    expect(turned.asset.durationSeconds).toBeCloseTo(0.025, 9)
    expect(turned.asset.warnings.map(({ code }) => code)).toContain('clock_wrapped')
    const set = await load(log([3e9, 3e9 + 5_000, 3e9 + 10_000, 5_000, 10_000]))
    expect(set.asset.warnings.map(({ code }) => code)).not.toContain('clock_wrapped')
  })

  test('a column without a unit: a device that ran 33 minutes is no date, and rows in bundles have a rate', async () => {
    const rows = (first: number, step: number, bundle: number) =>
      Array.from({ length: 40 }, (_, k) => `${first + Math.floor(k / bundle) * step},1,2,3`)
    const log = async (first: number, step: number, bundle: number) =>
      (await load(written('log.csv', ['timestamp,gx,gy,gz', ...rows(first, step, bundle)].join('\n')))).asset
    const counter = await log(2_000_000_000, 5_000, 1)
    expect(counter.clocks[0].source).toBe('device')
    expect(counter.durationSeconds).toBeCloseTo(0.195, 9)
    expect((await log(1_700_000_000, 10, 1)).clocks[0].source).toBe('utc')
    expect((await log(0, 0.02, 4)).durationSeconds).toBeCloseTo(0.18, 9)
  })

  test('rows in bundles of one time are spread up to the next bundle; the same row twice is one', async () => {
    const log = (rate: (k: number) => number, bundle: number) =>
      load(
        written(
          'log.csv',
          [
            'timestamp_s,gx,gy,gz',
            ...Array.from({ length: 40 }, (_, k) => `${5 + Math.floor(k / bundle) * 0.02},${rate(k)},2,3`),
          ].join('\n'),
        ),
      )
    const ofTimes = ({ warnings }: ImportedAsset) =>
      warnings.map(({ code }) => code).filter((code) => code.startsWith('times'))
    const bundled = await log((k) => k * 0.01, 4)
    expect(bundled.imu?.count).toBe(40)
    expect(Array.from(bundled.imu!.timesNanoseconds.subarray(0, 6), Number)).toEqual([
      5e9, 5.005e9, 5.01e9, 5.015e9, 5.02e9, 5.025e9,
    ])
    expect(ofTimes(bundled.asset)).toEqual(['times_in_bundles'])
    const twice = await log((k) => Math.floor(k / 2) * 0.01, 2)
    expect(twice.imu?.count).toBe(20)
    expect(ofTimes(twice.asset)).toEqual(['times_out_of_order'])
  })

  test('ARKitScenes stores the inverse of the pose, for cameras along +Z', async () => {
    // A camera at (1, 2, 3) turned a quarter about Y: camera_from_world is the turn back and -R^T p.
    const rows = Array.from({ length: 5 }, (_, k) => `${10 + k * 0.1} 0 ${-Math.PI / 2} 0 3 -2 -1`)
    const { asset, poses } = await load(written('41254925.traj', rows.join('\n') + '\n'))
    expect(asset.format).toBe('arkitscenes-traj')
    ;[1, 2, 3].forEach((value, axis) => expect(poses?.positions[axis]).toBeCloseTo(value, 9))
    const worldFromCamera = similarity(
      rotationFromQuaternion(Array.from(poses?.rotations.subarray(0, 4) ?? [])),
      [0, 0, 0],
    )
    // It looks along its +Z, which the turn takes to +X: ours looks along -Z.
    ;[1, 0, 0].forEach((value, axis) => expect(transformPoint(worldFromCamera, [0, 0, -1])[axis]).toBeCloseTo(value, 9))
    ;[0, -1, 0].forEach((value, axis) => expect(transformPoint(worldFromCamera, [0, 1, 0])[axis]).toBeCloseTo(value, 9))
  })
})

suite('camera paths of reconstructions', () => {
  const cases = [
    ...nerfstudioFixtures.map((fixture) => ({ fixture, upright: true })),
    ...colmapFixtures.map((fixture) => ({ fixture, upright: false })),
  ]

  test.each(cases.map((entry) => [`${entry.fixture.expected.format} ${entry.fixture.id}`, entry] as const))(
    '%s',
    async (_, { fixture, upright }) => {
      const { asset, poses } = await load(fixture)
      expect(poses?.count).toBe(CAMERA_COUNT)
      const world = ([x, y, z]: readonly number[]) => (upright ? [x, z, -y] : [x, y, z])
      for (let k = 0; k < CAMERA_COUNT; k++) {
        const camera = reconstructionCamera(k)
        world(camera.position).forEach((value, axis) => expect(poses?.positions[3 * k + axis]).toBeCloseTo(value, 9))
        const m = similarity(
          rotationFromQuaternion(Array.from(poses?.rotations.subarray(4 * k, 4 * k + 4) ?? [])),
          [0, 0, 0],
        )
        for (const [direction, own] of [
          [camera.right, [1, 0, 0]],
          [camera.up, [0, 1, 0]],
          [camera.back, [0, 0, 1]],
        ] as const) {
          const turned = transformPoint(m, own)
          world(direction).forEach((value, axis) => expect(turned[axis]).toBeCloseTo(value, 9))
        }
      }
      const timed = fixture.id === 'with-times'
      const applied = fixture.id === 'folder-with-depth' ? ['applied_transform'] : []
      const codes = [...(timed ? [] : ['no_times']), ...applied, 'scale_unknown']
      expect(asset.warnings.map(({ code }) => code)).toEqual(codes)
      if (timed) expect(asset.durationSeconds).toBeCloseTo((CAMERA_COUNT - 1) / 30, 6)
      else expect(asset.durationSeconds).toBeNull()
    },
  )
})

test('a path of Project Aria is turned upright and read past its text columns', async () => {
  const { asset, poses, imu } = await load(ariaFixture)
  expect(asset).toMatchObject({ format: 'aria-mps', warnings: [] })
  expect(Number(poses?.timesNanoseconds[2])).toBe(5.1e9)
  motionPose(2).position.forEach((value, axis) => expect(poses?.positions[6 + axis]).toBeCloseTo(value, 9))
  expect(poses?.rotations[11]).toBeCloseTo(1, 9)
  expect(Array.from(imu?.rotationRates?.subarray(6, 9) ?? [])).toEqual(motionInertia(2).rate)
})
