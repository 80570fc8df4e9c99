/** Cameras and things that an animation carries are paths. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { multiply, similarity, transformPoint } from '../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { GLTF_PATH, gltfPathFixtures } from '../../fixtures/import/gltf-fixtures.ts'

async function open(write: (folder: string) => Promise<string>) {
  return withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const { importer, source, asset } = await describe(await write(folder), context)
    const poseIndex = asset.streams.findIndex(({ sensor }) => sensor === 'pose')
    const path = poseIndex < 0 ? undefined : await importer.loadPoses?.(source, poseIndex, context)
    return { asset, path, codes: asset.warnings.map(({ code }) => code) }
  })
}

suite('a camera that an animation carries', () => {
  test.each(gltfPathFixtures.map((fixture) => [fixture.id, fixture] as const))(
    '%s: stands where its chain of nodes has it',
    async (_, fixture) => {
      const { asset, path } = await open((folder) => fixture.write(folder, { ffmpeg: null, ffprobe: null }))
      expect(asset.streams.at(-1)).toMatchObject({
        sensor: 'pose',
        title: 'phone',
        startSeconds: 0.5,
        durationSeconds: 2.5,
      })
      expect(asset.durationSeconds).toBe(3)
      expect(Array.from(path?.timesNanoseconds ?? [], Number)).toEqual(GLTF_PATH.seconds.map((value) => value * 1e9))
      const base = similarity(rotationFromVector(0, Math.PI / 2, 0), [0, 1, 0])
      GLTF_PATH.seconds.forEach((__, k) => {
        const truth = multiply(base, similarity(rotationFromVector(0, GLTF_PATH.yaws[k]!, 0), GLTF_PATH.places[k]!))
        const found = similarity(
          rotationFromQuaternion(Array.from(path!.rotations.subarray(4 * k, 4 * k + 4))),
          Array.from(path!.positions.subarray(3 * k, 3 * k + 3)),
        )
        const ahead = transformPoint(truth, [0.2, 0.3, -1])
        transformPoint(found, [0.2, 0.3, -1]).forEach((value, axis) => expect(value).toBeCloseTo(ahead[axis]!, 5))
      })
    },
  )
})

/** A node that moves along X between 0 and 1 s by one sampler. */
function moving(interpolation: string, output: readonly number[], more: object = {}): string {
  const data = Buffer.concat([
    Buffer.from(Float32Array.from([0, 1]).buffer),
    Buffer.from(Float32Array.from(output).buffer),
  ])
  return JSON.stringify({
    asset: { version: '2.0' },
    buffers: [{ byteLength: data.length, uri: `data:;base64,${data.toString('base64')}` }],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: 8 },
      { buffer: 0, byteOffset: 8, byteLength: data.length - 8 },
    ],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 2, type: 'SCALAR' },
      { bufferView: 1, componentType: 5126, count: output.length / 3, type: 'VEC3' },
    ],
    nodes: [{ name: 'cart' }],
    animations: [
      {
        channels: [{ sampler: 0, target: { node: 0, path: 'translation' } }],
        samplers: [{ input: 0, output: 1, interpolation }],
      },
    ],
    scenes: [{ nodes: [0] }],
    ...more,
  })
}

async function openJson(json: string) {
  return open(async (folder) => {
    const path = join(folder, 'moving.gltf')
    await writeFile(path, json)
    return path
  })
}

suite('a thing that an animation moves', () => {
  test('along a curve is followed between its keys', async () => {
    // From 0 to 2 m, leaving and arriving at rest: in the middle it is half way, and a quarter of the time in at 0.3125 m.
    const { path } = await openJson(moving('CUBICSPLINE', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]))
    const at = (seconds: number) => {
      const k = Array.from(path!.timesNanoseconds).findIndex((time) => Math.abs(Number(time) * 1e-9 - seconds) < 1e-3)
      return path!.positions[3 * k]
    }
    expect(at(0.5)).toBeCloseTo(1, 4)
    expect(at(0.25)).toBeCloseTo(0.3125, 4)
    expect(path!.count).toBeGreaterThan(50)
  })

  test('is none where it is a bone, and one with keys that are no numbers is told', async () => {
    const bone = { skins: [{ joints: [0] }] }
    await expect(openJson(moving('LINEAR', [0, 0, 0, 2, 0, 0], bone))).rejects.toMatchObject({ code: 'empty_file' })
    await expect(openJson(moving('LINEAR', [0, 0, 0, Number.NaN, 0, 0]))).rejects.toMatchObject({ code: 'empty_file' })
  })
})
