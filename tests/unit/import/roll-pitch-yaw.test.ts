import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'

const ROWS = 40

/** A minute's walk; angles in degrees, `times` as large. */
const walk = (heading: string, times: number, most: number): string =>
  [heading, ...Array.from({ length: ROWS }, (_, k) => row(k, times, most).join(','))].join('\n')

const row = (k: number, times: number, most: number): number[] => [
  k * 0.1,
  Math.sin(k / 5),
  k * 0.05,
  1.5,
  ...[0.1, -0.2, 1].map((share) => (k / (ROWS - 1)) * most * share * times),
]

const read = (name: string, content: string) =>
  withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    await writeFile(join(folder, name), content)
    const { importer, source, asset } = await describe(join(folder, name), context)
    const stream = asset.streams.findIndex(({ sensor }) => sensor === 'pose')
    return { asset, poses: await importer.loadPoses?.(source, stream, context) }
  })

const RADIANS = Math.PI / 180

test.each([
  ['t,x,y,z,roll_deg,pitch_deg,yaw_deg', 1, []],
  ['time (s),x (m),y (m),z (m),roll (rad),pitch (rad),yaw (rad)', RADIANS, []],
  ['time (s),x (m),y (m),z (m),roll (°),pitch (°),yaw (°)', 1, []],
  ['t,x,y,z,roll,pitch,yaw', 1, ['unit_guessed']],
])('a path turned by roll, pitch and yaw: %s', async (heading, times, codes) => {
  const { asset, poses } = await read('walk.csv', walk(heading, times, 90))
  expect(asset.streams[0]).not.toHaveProperty('rotationUnknown')
  const angles = asset.warnings.filter(({ message }) => message.startsWith('Roll'))
  expect(angles.map(({ code }) => code)).toEqual(codes)
  // Of 9, -18 and 90 degrees, by the product of the three turns.
  const last = [...(poses?.rotations.subarray(4 * (ROWS - 1)) ?? [])]
  const [r, p, y] = [4.5, -9, 45].map((half) => [Math.cos(half * RADIANS), Math.sin(half * RADIANS)] as const)
  const [cr, sr, cp, sp, cy, sy] = [...r!, ...p!, ...y!] as [number, number, number, number, number, number]
  const expected = [
    sr * cp * cy - cr * sp * sy,
    cr * sp * cy + sr * cp * sy,
    cr * cp * sy - sr * sp * cy,
    cr * cp * cy + sr * sp * sy,
  ]
  expected.forEach((value, axis) => expect(last[axis]).toBeCloseTo(value, 6))
})

test('angles that may be either are left out, and the reason says how to name their unit', async () => {
  const { asset } = await read('walk.csv', walk('t,x,y,z,roll,pitch,yaw', 1, 5))
  expect(asset.streams[0]).toMatchObject({ sensor: 'pose', rotationUnknown: true })
  expect(asset.warnings.map(({ code }) => code)).toContain('rotation_unknown')
  expect(asset.warnings.find(({ code }) => code === 'unit_unknown')?.message).toContain('roll_deg')
})

test.each(['berlin', 'protocol', 'image 3', 'raw'])('%s is no name of a sensor', async (name) => {
  const { asset } = await read(`${name}.csv`, walk('t,x,y,z', 1, 0).replaceAll(/(,-?0){3}$/gm, ''))
  expect(asset.streams[0]).toMatchObject({ sensor: 'pose', rotationUnknown: true })
})

test.each(['LinAcc', 'imu0', 'magnetometer', 'rotation_vector'])('%s is one', async (name) => {
  const table = walk('t,x,y,z', 1, 0).replaceAll(/(,-?0){3}$/gm, '')
  await expect(read(`${name}.csv`, table)).rejects.toThrow('hold no times with poses')
})
