import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { checkScan } from '../../fixtures/import/check-asset.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'

/** Writes a file, describes it and loads its geometry. */
async function read(name: string, content: string | Uint8Array) {
  return withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const path = join(folder, name)
    await writeFile(path, content)
    const { importer, source, asset } = await describe(path, context)
    const scan = await importer.loadScan?.(source, 0, context)
    if (!scan) throw new Error('no scan')
    checkScan(scan)
    return { asset, stream: asset.streams[0], scan, body: scan.kind === 'mesh' ? scan.mesh : scan.points }
  })
}

const codes = (asset: { warnings: readonly { code: string }[] }) => asset.warnings.map(({ code }) => code)

function plyHeader(format: string, lines: readonly string[]): string {
  return ['ply', `format ${format} 1.0`, ...lines, 'end_header', ''].join('\n')
}

suite('points that are no numbers', () => {
  test('are left out and counted', async () => {
    const { asset, body } = await read('a.xyz', '0 0 0\n1 2 3\nnan nan nan\n4 5 inf\n7 8 9\n')
    expect(Array.from(body.positions)).toEqual([0, 0, 0, 1, 2, 3, 7, 8, 9])
    expect(codes(asset)).toContain('points_not_finite')
    expect(asset.warnings.find(({ code }) => code === 'points_not_finite')?.message).toMatch(/^2 of 5/)
  })

  test('make a file corrupt when there are no others', async () => {
    const header = plyHeader('binary_little_endian', [
      'element vertex 4',
      'property float x',
      'property float y',
      'property float z',
    ])
    const content = Buffer.concat([Buffer.from(header), Buffer.alloc(48, 0xff)])
    await expect(read('a.ply', content)).rejects.toMatchObject({ code: 'corrupt_file' })
  })

  test('take their triangles with them', async () => {
    const { asset, body, stream } = await read(
      'a.obj',
      'v 0 0 0\nv 1 0 0\nv 0 1 0\nv nan 0 0\nf 1 2 3\nf 1 2 4\nf 1 2 9\n',
    )
    expect(stream).toMatchObject({ sensor: 'mesh', pointCount: 3, triangleCount: 1 })
    expect(Array.from(body.positions)).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0])
    expect(codes(asset)).toEqual(['triangles_dropped'])
  })

  test('a mesh without one good triangle is damaged, and no cloud of points', async () => {
    const faces = 'int[] faceVertexCounts = [3]\n int[] faceVertexIndices = [0, 1, 9]'
    const layer = `#usda 1.0\ndef Mesh "m" {\n point3f[] points = [(0,0,0),(1,0,0),(0,1,0)]\n ${faces}\n}\n`
    await expect(read('a.usda', layer)).rejects.toMatchObject({ code: 'corrupt_file' })
  })

  test.each([
    ['all', '2\n0 0 0\n1 2 3\n', []],
    ['two scans', '2\n0 0 0\n1 2 3\n1\n4 5 6\n', []],
    ['cut off', '5\n0 0 0\n1 2 3\n', ['points_missing']],
  ])('points that a PTS promises: %s', async (_, content, expected) => {
    expect(codes((await read('a.pts', content)).asset)).toEqual(expected)
  })
})

suite('survey coordinates', () => {
  const rows = [0, 1, 2].map((i) => `${(604_321.125 + i * 0.001).toFixed(3)} ${5_799_123.5 + i} 34.25`)

  test('keep their millimetres by an origin', async () => {
    const { scan, stream } = await read('utm.xyz', rows.join('\n') + '\n')
    if (scan.kind === 'mesh') throw new Error('points expected')
    const { origin, positions } = scan.points
    expect(origin).toEqual([604_321, 5_799_125, 34])
    expect(positions[3] - positions[0]).toBeCloseTo(0.001, 6)
    expect(stream.boundsMetres?.min[0]).toBeCloseTo(604_321.125, 6)
    expect(positions[0] + (origin?.[0] ?? 0)).toBeCloseTo(604_321.125, 4)
  })

  test('keep them in meshes as well', async () => {
    const { scan, stream } = await read('utm.obj', rows.map((row) => `v ${row}`).join('\n') + '\nf 1 2 3\n')
    if (scan.kind !== 'mesh') throw new Error('a mesh expected')
    expect(scan.mesh.positions[3] - scan.mesh.positions[0]).toBeCloseTo(0.001, 6)
    expect(scan.mesh).toMatchObject({ origin: [604_321, 5_799_125, 34] })
    expect(stream.boundsMetres?.max[1]).toBeCloseTo(5_799_125.5, 3)
  })
})

suite('headers that claim too much', () => {
  const xyz = ['property float x', 'property float y', 'property float z']

  test.each([
    ['binary vertices', plyHeader('binary_little_endian', ['element vertex 4000000000', ...xyz]) + 'x'.repeat(64)],
    ['text vertices', plyHeader('ascii', ['element vertex 4000000000', ...xyz]) + '1 2 3\n'],
    [
      'faces',
      plyHeader('ascii', [
        'element vertex 1',
        ...xyz,
        'element face 900000000',
        'property list uchar int vertex_indices',
      ]) + '1 2 3\n',
    ],
    ['more than can be counted', plyHeader('ascii', ['element vertex 99999999999999999999', ...xyz]) + '1 2 3\n'],
  ])('%s are refused before anything is allocated', async (_, content) => {
    await expect(read('a.ply', content)).rejects.toMatchObject({ code: 'corrupt_file' })
  })

  test('a file cut off in its points is corrupt, not short', async () => {
    const header = plyHeader('binary_little_endian', ['element vertex 100', ...xyz])
    await expect(read('a.ply', Buffer.concat([Buffer.from(header), Buffer.alloc(1199)]))).rejects.toMatchObject({
      code: 'corrupt_file',
      message: expect.stringContaining('1200 bytes; only 1199 follow'),
    })
  })

  test('zero points are an empty file', async () => {
    await expect(read('a.ply', plyHeader('ascii', ['element vertex 0', ...xyz]))).rejects.toMatchObject({
      code: 'empty_file',
    })
  })
})

suite('PLY details', () => {
  test('strips become triangles, turned alternately', async () => {
    const header = plyHeader('ascii', [
      'element vertex 5',
      ...['x', 'y', 'z'].map((axis) => `property float ${axis}`),
      'element tristrips 1',
      'property list int int vertex_indices',
    ])
    const { scan } = await read('a.ply', `${header}0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 2 0\n9 0 1 2 3 -1 2 3 4 -1\n`)
    if (scan.kind !== 'mesh') throw new Error('a mesh expected')
    expect(Array.from(scan.mesh.indices)).toEqual([0, 1, 2, 2, 1, 3, 2, 3, 4])
  })

  test('float colours of 0..1 and of 0..255 both become bytes', async () => {
    const names = ['x', 'y', 'z', 'red', 'green', 'blue'].map((name) => `property float ${name}`)
    const header = plyHeader('ascii', ['element vertex 2', ...names])
    const fractions = await read('a.ply', `${header}0 0 0 0.5 1 0\n1 0 0 0 0 0.2\n`)
    expect(Array.from(fractions.body.colors ?? [])).toEqual([128, 255, 0, 0, 0, 51])
    const bytes = await read('b.ply', `${header}0 0 0 128 255 0\n1 0 0 0 0 51\n`)
    expect(Array.from(bytes.body.colors ?? [])).toEqual([128, 255, 0, 0, 0, 51])
  })
})

suite('content decides, not the name', () => {
  test('an STL file named .ply is read as what it is', async () => {
    const content = Buffer.alloc(134)
    content.writeUInt32LE(1, 80)
    ;[0, 0, 0, 1, 0, 0, 0, 1, 0].forEach((value, i) => content.writeFloatLE(value, 96 + 4 * i))
    const { asset } = await read('wrong.ply', content)
    expect(asset.format).toBe('stl')
  })
})

test('what Draco packed is damaged: what stands plainly behind it is read, and that is said', async () => {
  const triangle = Buffer.from(Float32Array.from([0, 0, 0, 1, 0, 0, 0, 2, 0]).buffer)
  const data = Buffer.concat([triangle, Buffer.from('DRACO and then nothing of it')])
  const used = ['KHR_draco_mesh_compression']
  const packed = { bufferView: 1, attributes: { POSITION: 0 } }
  const scene = (bufferView: number | undefined, more: object) =>
    JSON.stringify({
      asset: { version: '2.0' },
      buffers: [{ byteLength: data.length, uri: `data:;base64,${data.toString('base64')}` }],
      bufferViews: [
        { buffer: 0, byteLength: 36 },
        { buffer: 0, byteOffset: 36, byteLength: data.length - 36 },
      ],
      accessors: [{ bufferView, componentType: 5126, count: 3, type: 'VEC3' }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 }, extensions: { [used[0]!]: packed } }] }],
      nodes: [{ mesh: 0 }],
      scenes: [{ nodes: [0] }],
      extensionsUsed: used,
      ...more,
    })
  const { asset, body } = await read('a.gltf', scene(0, {}))
  expect(Array.from(body.positions)).toEqual([0, 0, 0, 1, 0, 0, 0, 2, 0])
  expect(codes(asset)).toEqual(['draco_damaged'])
  for (const torn of [scene(undefined, {}), scene(0, { extensionsRequired: used })])
    await expect(read('a.gltf', torn)).rejects.toMatchObject({ code: 'corrupt_file' })
})

suite('references of glTF', () => {
  const gltf = (uri: string) =>
    JSON.stringify({
      asset: { version: '2.0' },
      buffers: [{ uri, byteLength: 36 }],
      bufferViews: [{ buffer: 0, byteLength: 36 }],
      accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: 'VEC3' }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
      nodes: [{ mesh: 0 }],
      scenes: [{ nodes: [0] }],
    })

  test.each([
    '../outside.bin',
    '/etc/passwd',
    'file:///etc/passwd',
    'http://localhost/x',
    '..%2Foutside.bin',
    'link.bin',
    'sub/../../outside.bin',
  ])('may not lead out: %s', async (uri) => {
    await withFolder(async (folder) => {
      const place = join(folder, 'scene')
      await mkdir(place)
      await writeFile(join(folder, 'outside.bin'), new Uint8Array(36))
      await symlink(join(folder, 'outside.bin'), join(place, 'link.bin'))
      await writeFile(join(place, 'scene.gltf'), gltf(uri))
      const answer = describe(join(place, 'scene.gltf'), await importContext({ withTools: false }))
      await expect(answer).rejects.toMatchObject({ code: 'unsupported_format' })
    })
  })

  test('an accessor may not claim more than its buffer holds', async () => {
    const uri = `data:application/octet-stream;base64,${Buffer.alloc(36).toString('base64')}`
    await expect(read('a.gltf', gltf(uri).replace('"count":3', '"count":300000000'))).rejects.toMatchObject({
      code: 'corrupt_file',
    })
    await expect(
      read('a.gltf', gltf(uri).replace('"nodes":[{"mesh":0}]', '"nodes":[{"mesh":0,"children":[0]}]')),
    ).rejects.toMatchObject({
      code: 'corrupt_file',
    })
    expect((await read('a.gltf', gltf(uri))).stream).toMatchObject({ sensor: 'mesh', triangleCount: 1 })
  })
})

suite('coordinates of a survey', () => {
  const vertices = Array.from({ length: 60 }, (_, i) => [
    512_345.6 + 0.013 * i,
    5_412_345.7 + 0.21 * (i % 7),
    312.4 + 0.37 * (i % 5),
  ])

  test('are told to be rounded where single precision rounded them', async () => {
    const rows = vertices.map((vertex) => vertex.map(Math.fround).join(' '))
    const { asset } = await read('a.xyz', rows.join('\n'))
    expect(asset.warnings.find(({ code }) => code === 'coordinates_rounded')?.message).toMatch(/ 500 mm/)
  })

  test('are not where they are finer, nor near the origin', async () => {
    const { asset } = await read('a.xyz', vertices.map((vertex) => vertex.join(' ')).join('\n'))
    expect(codes(asset)).not.toContain('coordinates_rounded')
    const near = vertices.map(([x, y, z]) => [x - 512_345, y - 5_412_345, z].map(Math.fround).join(' '))
    expect(codes((await read('b.xyz', near.join('\n'))).asset)).not.toContain('coordinates_rounded')
  })
})
