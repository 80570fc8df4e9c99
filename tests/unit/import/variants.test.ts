/** The same content in the spellings that other programs write. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { exactNanoseconds } from '../../../electron/engine/import/reading/time-table.ts'
import { describe } from '../../../electron/engine/import/describe.ts'
import { utcNanoseconds } from '../../fixtures/import/utc-time.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'

async function read(name: string, content: string | Uint8Array) {
  return withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const path = join(folder, name)
    await writeFile(path, content)
    const { importer, source, asset } = await describe(path, context)
    const [{ sensor }] = asset.streams
    const scan = ['imu', 'pose'].includes(sensor) ? undefined : await importer.loadScan?.(source, 0, context)
    const imu = sensor === 'imu' ? await importer.loadImu?.(source, 0, context) : undefined
    const poses = sensor === 'pose' ? await importer.loadPoses?.(source, 0, context) : undefined
    return {
      asset,
      imu,
      poses,
      positions: Array.from((scan?.kind === 'mesh' ? scan.mesh : scan?.points)?.positions ?? []),
    }
  })
}

const TRIANGLE = [0, 0, 0, 1, 0, 0, 0, 1, 0]

suite('geometry', () => {
  test.each([
    ['bom.obj', '\ufeffv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n'],
    [
      'upper.ply',
      'ply\nformat ascii 1.0\nelement vertex 3\nproperty float X\nproperty float Y\nproperty float Z\nend_header\n0 0 0\n1 0 0\n0 1 0\n',
    ],
    [
      'one-line.stl',
      'solid x facet normal 0 0 1 outer loop vertex 0 0 0 vertex 1 0 0 vertex 0 1 0 endloop endfacet endsolid x',
    ],
    ['labels.csv', 'Point_X;Point_Y;Point_Z;Class\n0;0;0;wall\n1;0;0;floor\n0;1;0;wall\n'],
    ['units.csv', 'TIMESTAMP (ns),RANGE (mm),X1 (mm),Y1 (mm),Z1 (mm)\n1,9,0,0,0\n2,9,1000,0,0\n3,9,0,1000,0\n'],
    ['view.csv', '"Points_m_XYZ:0","Points_m_XYZ:1","Points_m_XYZ:2","timestamp"\n0,0,0,1\n1,0,0,2\n0,1,0,3\n'],
  ])('%s', async (name, content) => {
    expect((await read(name, content)).positions).toEqual(TRIANGLE)
  })

  test('a glTF mesh that moves and bends is read at rest, and that is told', async () => {
    const positions = Buffer.from(Float32Array.from(TRIANGLE).buffer)
    const times = Buffer.from(Float32Array.from([0, 1]).buffer)
    const data = Buffer.concat([positions, times, Buffer.from(Float32Array.from([0, 0, 0, 9, 9, 9]).buffer)])
    const view = (byteOffset: number, byteLength: number) => ({ buffer: 0, byteOffset, byteLength })
    const document = {
      asset: { version: '2.0' },
      buffers: [{ byteLength: data.length, uri: `data:;base64,${data.toString('base64')}` }],
      bufferViews: [view(0, 36), view(36, 8), view(44, 24)],
      accessors: [
        { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 0] },
        { bufferView: 1, componentType: 5126, count: 2, type: 'SCALAR', min: [0], max: [1] },
        { bufferView: 2, componentType: 5126, count: 2, type: 'VEC3' },
      ],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
      nodes: [{ mesh: 0, skin: 0 }, { name: 'bone' }],
      skins: [{ joints: [1] }],
      animations: [
        { channels: [{ sampler: 0, target: { node: 0, path: 'translation' } }], samplers: [{ input: 1, output: 2 }] },
      ],
      scenes: [{ nodes: [0, 1] }],
    }
    const { asset, positions: found } = await read('moving.gltf', JSON.stringify(document))
    expect(found).toEqual(TRIANGLE)
    expect(asset.warnings.map(({ code }) => code)).toEqual(['animation_ignored', 'skin_ignored'])
  })

  test.each([
    ['a thing of 0.05 units is metres, and that is told', 0.05, 0.05, 'unit_assumed', false],
    ['a thing of 50 units is metres, and doubtful', 50, 50, 'unit_assumed', true],
    ['a room of 4000 units is millimetres, and that is told', 4000, 4, 'unit_guessed', false],
  ])('an STL file states no unit: %s', async (_, units, metres, code, doubtful) => {
    const facet = `facet normal 0 0 1 outer loop vertex 0 0 0 vertex ${units} 0 0 vertex 0 ${units} 0 endloop endfacet`
    const { asset, positions } = await read('part.stl', `solid x ${facet} endsolid x`)
    expect(positions[3]).toBeCloseTo(metres, 5)
    expect(asset.streams[0]?.boundsMetres?.max[0]).toBeCloseTo(metres, 5)
    expect(asset.warnings.map((warning) => warning.code)).toEqual([code])
    expect(asset.warnings[0]?.message.includes('thousand times')).toBe(doubtful)
  })

  test('an OBJ file of a size that no room has is told to be in doubt', async () => {
    const { asset } = await read('part.obj', 'v 0 0 0\nv 900 0 0\nv 0 900 0\nf 1 2 3\n')
    expect(asset.warnings.map(({ code }) => code)).toEqual(['unit_doubtful'])
  })

  test('a glTF node that repeats its mesh by instancing', async () => {
    const floats = new Float32Array([...TRIANGLE, 0, 0, 0, 5, 0, 0])
    const uri = `data:application/octet-stream;base64,${Buffer.from(floats.buffer).toString('base64')}`
    const extensions = { EXT_mesh_gpu_instancing: { attributes: { TRANSLATION: 1 } } }
    const json = {
      asset: { version: '2.0' },
      extensionsUsed: ['EXT_mesh_gpu_instancing'],
      extensionsRequired: ['EXT_mesh_gpu_instancing'],
      buffers: [{ byteLength: 60, uri }],
      bufferViews: [
        { buffer: 0, byteOffset: 0, byteLength: 36 },
        { buffer: 0, byteOffset: 36, byteLength: 24 },
      ],
      accessors: [
        { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3' },
        { bufferView: 1, componentType: 5126, count: 2, type: 'VEC3' },
      ],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
      nodes: [{ mesh: 0, translation: [0, 1, 0], scale: [2, 2, 2], extensions }],
      scenes: [{ nodes: [0] }],
    }
    const { positions } = await read('many.gltf', JSON.stringify(json))
    expect(positions).toEqual([0, 1, 0, 2, 1, 0, 0, 3, 0, 10, 1, 0, 12, 1, 0, 10, 3, 0])
  })
})

suite('inertial logs', () => {
  const rows = (heading: string, row: (k: number) => readonly unknown[], separator = ',') =>
    [heading, ...Array.from({ length: 30 }, (_, k) => row(k).join(separator)), ''].join('\r\n')
  const stamp = (k: number) => `${1_700_000_000_000_000_000n + BigInt(k) * 10_000_000n}`

  test.each([
    [
      'a text column before the time',
      rows(
        'loggingTime(txt),accelerometerTimestamp_sinceReboot(s),accelerometerAccelerationX(G),accelerometerAccelerationY(G),accelerometerAccelerationZ(G)',
        (k) => ['noon', 7 + k / 100, 0, -1, 0],
      ),
      7_000_000_000n,
      // Core Motion's pull of gravity on an upright phone, whose force is upwards.
      [0, 9.80665, 0],
    ],
    [
      'columns as rostopic echo writes them',
      rows(
        '%time,field.angular_velocity.x,field.angular_velocity.y,field.angular_velocity.z,field.linear_acceleration.x,field.linear_acceleration.y,field.linear_acceleration.z',
        (k) => [stamp(k), 0.1, 0.2, 0.3, 0.5, 9.75, 0.25],
      ),
      1_700_000_000_000_000_000n,
      [0.5, 9.75, 0.25],
    ],
    [
      'names in camel case with a unit at their end',
      rows('timestampNs,accX_mps2,accY_mps2,accZ_mps2', (k) => [k * 10_000_000, 0.5, 9.75, 0.25]),
      0n,
      [0.5, 9.75, 0.25],
    ],
    [
      'German names, decimal commas and a byte order mark',
      `\ufeff${rows('Zeit [s];acc_x [m/s²];acc_y [m/s²];acc_z [m/s²]', (k) => [(k / 100).toFixed(3).replace('.', ','), '0,5', '9,75', '0,25'], ';')}`,
      0n,
      [0.5, 9.75, 0.25],
    ],
    [
      'dates instead of numbers',
      rows('datetime,ax,ay,az', (k) => [
        `2024-05-01T12:00:00.${String(k * 10).padStart(3, '0')}+02:00`,
        0.5,
        9.75,
        0.25,
      ]),
      1_714_557_600_000_000_000n,
      [0.5, 9.75, 0.25],
    ],
    [
      'UTF-16, as spreadsheets save text',
      Buffer.from(
        `\ufeff${rows('Time (s)\tAcc X (m/s²)\tAcc Y (m/s²)\tAcc Z (m/s²)', (k) => [k / 100, 0.5, 9.75, 0.25], '\t')}`,
        'utf16le',
      ),
      0n,
      [0.5, 9.75, 0.25],
    ],
    [
      'everything between quotes, decimal commas in them, an unnamed column of row numbers, separators behind the last name',
      rows('"","time, s","acc_x","acc_y","acc_z",', (k) =>
        [k, k / 100, 0.5, 9.75, 0.25].map((value) => `"${String(value).replace('.', ',')}"`),
      ),
      0n,
      [0.5, 9.75, 0.25],
    ],
    [
      'axes that only their unit gives to a sensor, in milli-g, beside what was made of them',
      rows(
        'Zeit (ms);Lineare Beschl x (mg);Lineare Beschl y (mg);Lineare Beschl z (mg);X (mg);Y (mg);Z (mg)',
        (k) => [k * 10, 1, 1, 1, 0, 1000, 0],
        ';',
      ),
      0n,
      [0, 9.80665, 0],
    ],
    [
      'whole seconds and nanoseconds in two columns',
      rows('header.stamp.secs,header.stamp.nsecs,ax,ay,az', (k) => [
        1_700_000_000 + Math.floor((k + 90) / 100),
        ((k + 90) % 100) * 10_000_000,
        0.5,
        9.75,
        0.25,
      ]),
      1_700_000_000_900_000_000n,
      [0.5, 9.75, 0.25],
    ],
    [
      'times of day that pass midnight, forces in g',
      rows(
        'time;gFx;gFy;gFz;TgF',
        (k) => [
          k < 20 ? `23:59:59:${800 + k * 10}` : `00:00:00:${String((k - 20) * 10).padStart(3, '0')}`,
          '0,0',
          '1,0',
          '0,0',
          '1,0',
        ],
        ';',
      ),
      86_399_800_000_000n,
      [0, 9.80665, 0],
    ],
    [
      'counts of a Gyroflow log, by the scales above the heading',
      `GYROFLOW IMU LOG\nversion,1.3\norientation,YxZ\ntscale,0.01\ngscale,0.001\nascale,0.0005\n${rows('t,gx,gy,gz,ax,ay,az', (k) => [k, 1, 2, 3, 0, 2000, 0])}`,
      0n,
      [0, 9.80665, 0],
    ],
    [
      'the log of an MT Manager, which counts tenths of milliseconds and leaves cells empty',
      `// Update Rate: 100.0Hz\n${rows('PacketCounter\tSampleTimeFine\tUTC_Nano\tUTC_Valid\tAcc_X\tAcc_Y\tAcc_Z', (k) => [k, 50_000 + k * 100, '', '', 0.5, 9.75, 0.25], '\t')}`,
      5_000_000_000n,
      [0.5, 9.75, 0.25],
    ],
  ])('%s', async (_, content, first, force) => {
    const { imu, asset } = await read('log.csv', content)
    expect(imu?.count).toBe(30)
    expect(utcNanoseconds(asset, imu?.timesNanoseconds[0])).toBe(first)
    expect(asset.durationSeconds).toBeCloseTo(0.29, 9)
    force.forEach((value, axis) => expect(imu?.accelerations?.[axis]).toBeCloseTo(value, 9))
  })

  test('a phone writes each sensor in rows of its own: two streams, turning first', async () => {
    const { asset, imu } = await read(
      'log.csv',
      rows('time_s,ax,ay,az,gx,gy,gz', (k) =>
        k % 3 ? [k / 100, 0, 0, 9.8, '', '', ''] : [k / 100, '', '', '', 0.1, 0.2, 0.3],
      ),
    )
    expect(asset.streams.map(({ sampleCount }) => sampleCount)).toEqual([10, 20])
    expect(imu?.accelerations).toBeUndefined()
    expect(imu?.rotationRates?.[1]).toBe(0.2)
  })

  test('OpenCamera Sensors names no columns, but the file after its sensor', async () => {
    const content = Array.from({ length: 30 }, (_, k) => `0.1,0.2,0.3,${82_000_000_000_000 + k * 5_000_000}`).join('\n')
    const { asset, imu } = await read('VID_20240501_120000gyro.csv', content)
    expect([asset.format, asset.streams[0]?.startSeconds, asset.durationSeconds]).toEqual(['motion-csv', 82_000, 0.145])
    expect(imu?.rotationRates?.[2]).toBe(0.3)
  })

  test.each([
    [
      'what counts the steps of a sensor',
      rows('time_s,ax,ay,az,gx,gy,gz', (k) => [k / 100, 0, 16_384, 0, 0.1, 0.2, 0.3]),
      'unit_unknown',
    ],
    [
      'dates without a zone',
      rows('time,gx,gy,gz', (k) => [`2024/05/01 10:00:00.${10 + k}`, 0.1, 0.2, 0.3]),
      'zone_assumed',
    ],
  ])('%s is told', async (_, content, code) => {
    const { asset, imu } = await read('log.csv', content)
    expect(asset.warnings.map((warning) => warning.code)).toContain(code)
    expect(imu?.accelerations).toBeUndefined()
  })

  test.each([
    ['Time (s),X (mm),Y (mm),Z (mm),QX,QY,QZ,QW', 0.001, []],
    ['time_s,x_cm,y_cm,z_cm,qx,qy,qz,qw', 0.01, []],
    ['Time (s),X (m),Y (m),Z (m),QX,QY,QZ,QW', 1, []],
    ['time_s,x,y,z,qx,qy,qz,qw', 1, ['unit_guessed']],
    ['Time (s),X (constructor),Y (constructor),Z (constructor),QX,QY,QZ,QW', 1, ['unit_guessed']],
  ])('places of a path are in the unit that their heading names: %s', async (heading, metres, codes) => {
    const { asset, poses } = await read(
      'path.csv',
      rows(heading, (k) => [k / 100, 2000 + k, 5, -700, 0, 0, 0, 1]),
    )
    expect(Array.from(poses!.positions.subarray(3, 6))).toEqual([2001 * metres, 5 * metres, -700 * metres])
    expect(asset.warnings.map(({ code }) => code)).toEqual(codes)
  })

  test.each([
    ['pos_x,pos_y,pos_z,speed,battery', 1, 'log.csv'],
    ['x_mm,y_mm,z_mm,frame,error,quality', 0.001, 'log.csv'],
    ['x,y,z', 1, 'walk.csv'],
  ])('a path of places alone is one that is not known to be turned: %s', async (heading, metres, name) => {
    const more = heading.split(',').slice(3)
    const content = rows(`time_s,${heading}`, (k) => [k / 10, 3 + k / 20, 1.5, -k / 30, ...more.map(() => k)])
    const { asset, poses } = await read(name, content)
    expect(asset.streams[0]).toMatchObject({ sensor: 'pose', rotationUnknown: true })
    expect(asset.warnings.map(({ code }) => code)).toContain('rotation_unknown')
    expect(poses!.positions[3 * 20]).toBeCloseTo(4 * metres, 9)
    expect(Array.from(poses!.rotations.subarray(0, 4))).toEqual([0, 0, 0, 1])
  })

  test.each([
    ['11:59:59.5 AM', 43_199_500_000_000n],
    ['12:00:00 pm', 43_200_000_000_000n],
    ['12:30:00 AM', 1_800_000_000_000n],
    ['1:00:00PM', 46_800_000_000_000n],
  ])('clocks of twelve hours are read: %s', (text, nanoseconds) => {
    expect(exactNanoseconds(text, 'day')).toBe(nanoseconds)
    expect(exactNanoseconds(`1970-01-02 ${text}`, 'calendar')).toBe(nanoseconds + 86_400_000_000_000n)
    for (const wrong of ['13:00:00 PM', '0:30:00 AM']) expect(exactNanoseconds(wrong, 'day')).toBeUndefined()
  })

  test.each([
    [0.3, ['gravity_missing']],
    [9.7, []],
  ])('accelerations without gravity are told: %d m/s^2', async (up, codes) => {
    const content = rows('time (s),ax (m/s^2),ay (m/s^2),az (m/s^2)', (k) => [k / 100, 0.1, 0.2, up])
    const more = Array.from({ length: 30 }, (_, k) => `${(30 + k) / 100},0.1,0.2,${up}\r\n`).join('')
    expect((await read('log.csv', content + more)).asset.warnings.map(({ code }) => code)).toEqual(codes)
  })

  const clock = Array.from({ length: 60 }, (_, k) => `${k / 100 + (k % 3) / 1000},${0.5 + k / 500},-0.25,${k / 99}`)
  test.each([
    ['three axes of some sensor at rest', rows('t,x,y,z', (k) => [k / 100, 0.3, 9.7, 1 + (k % 2) / 5])],
    ['three axes of some sensor that is shaken', rows('t,x,y,z', (k) => [k / 100, k % 3, k % 2, 3])],
    ['three axes of a sensor that the name tells', rows('t,x,y,z', (k) => [k / 100, k / 50, 2, 3]), 'magnetic.csv'],
    ['no heading, a clock in front', clock.map((row, k) => row.replace('-0.25', `${k / 70}`)).join('\n')],
  ])('no scan is made of what was measured one after another: %s', async (_, content, name = 'walk.csv') => {
    await expect(read(name, content)).rejects.toThrow(/No importer/)
  })

  test.each([
    ['a row of a grid', clock.join('\n'), 60],
    [
      'points in order',
      clock.map((row, k) => `${Math.sqrt(k * 7919)},${k % 7}${row.slice(row.indexOf(','))}`).join('\n'),
      60,
    ],
    ['times behind the coordinates', 'x,y,z,t\n0,0,0,1\n1,0,0,2\n0,1,0,3\n', 3],
  ])('a scan stays one: %s', async (_, content, points) => {
    expect((await read('scan.csv', content)).positions).toHaveLength(3 * points)
  })

  test.each([
    [
      'a column too few in the heading',
      rows('Frame,Stamp,Speed,Heading', (k) => [k, k, 1, 2, 3]),
      /frame, stamp, speed, heading/,
    ],
    ['no pose and no inertia', rows('time,seconds_elapsed,x,y,z', (k) => [stamp(k), k, 1, 2, 3]), /seconds_elapsed/],
  ])('a table is no points where its columns have other names: %s', async (_, content, words) => {
    await expect(read('Magnetometer.csv', content)).rejects.toThrow(words)
  })

  test.each([
    ['images.txt', '# IMAGE_ID, QW, QX, QY, QZ\n10.5 20.5 -1 30 40 7\n10.5 20.5 -1 30 40 7\n', /image_id, qw/],
    ['DJI_0001.SRT', '1\n00:00:00,000 --> 00:00:00,033\n[iso: 100]\n', /captions/],
    ['glasses.vrs', 'VisionRecord', /VRS recording/],
    ['camera.h264', '\0\0\0\x01\x67\x64\0\x0d', /bare stream of H\.264/],
    ['camera.265', '\0\0\x01\x40\x01\x0c\x01', /bare stream of H\.264 or H\.265/],
    ['not.h264', '\0\0\x01\xb3\x14\0', /No importer knows this/],
    ['words.ass', '[Script Info]\nTitle: x\n', /SubStation/],
  ])('what is known and not read is refused by what it is: %s', async (name, content, words) => {
    await expect(read(name, content)).rejects.toThrow(words)
  })
})
