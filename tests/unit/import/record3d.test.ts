import fc from 'fast-check'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { decompressLzfse } from '../../../electron/engine/import/reading/lzfse.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { lzfseVectors } from '../../fixtures/import/lzfse-vectors.ts'
import { R3D, r3dArchive, r3dPose, record3dFixtures } from '../../fixtures/import/record3d-fixtures.ts'
import type { ZipFile } from '../../fixtures/import/zip-writer.ts'

async function open(archive: Uint8Array) {
  return withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const path = join(folder, 'capture.r3d')
    await writeFile(path, archive)
    const { importer, source, asset } = await describe(path, context)
    const poses = await importer.loadPoses?.(source, 0, context)
    const depth = await importer.loadDepthFrame?.(source, 1, 4, context)
    return { asset, poses, depth }
  })
}

suite('LZFSE', () => {
  test.each(lzfseVectors.map((vector) => [vector.id, vector] as const))(
    '%s of the reference encoder',
    (id, { content, compressed }) => {
      expect(Buffer.from(compressed.subarray(0, 4)).toString()).toBe(id)
      expect(decompressLzfse(compressed, content.length)).toEqual(content)
      expect(decompressLzfse(compressed, content.length - 1)).toBeUndefined()
      expect(decompressLzfse(compressed, content.length + 1)).toBeUndefined()
      for (let length = 0; length < compressed.length; length += 7) {
        expect(decompressLzfse(compressed.subarray(0, length), content.length)).toBeUndefined()
      }
    },
  )

  test('damage never gives more bytes than asked for, nor anything but bytes or nothing', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.constantFrom(...lzfseVectors), damage, ({ content, compressed }, changes) => {
        const copy = compressed.slice()
        for (const [at, value] of changes) copy[at % copy.length] = value
        const output = decompressLzfse(copy, content.length)
        expect(output === undefined || output.length === content.length).toBe(true)
      }),
      { seed: 3, numRuns: 400 },
    )
  })
})

suite('a Record3D capture', () => {
  test('gives poses, depth and confidence', async () => {
    const { asset, poses, depth } = await open(r3dArchive())
    expect(asset.warnings).toEqual([])
    expect(asset.streams[2]).toMatchObject({
      sensor: 'video',
      codec: 'mjpeg',
      width: 16,
      height: 12,
      sampleCount: R3D.count,
    })
    for (let k = 0; k < R3D.count; k++) {
      r3dPose(k).position.forEach((value, axis) => expect(poses?.positions[3 * k + axis]).toBeCloseTo(value, 9))
      r3dPose(k).rotation.forEach((value, axis) => expect(poses?.rotations[4 * k + axis]).toBeCloseTo(value, 9))
    }
    expect(Number(poses?.timesNanoseconds[0])).toBe(R3D.startSeconds * 1e9)
    expect(depth?.depthMetres[0]).toBe(0)
    expect(depth?.depthMetres[1]).toBe(5.5)
    expect(Array.from(depth?.confidence?.subarray(28, 32) ?? [])).toEqual([1, 1, 2, 2])
    expect(depth?.intrinsics.fx).toBeCloseTo((1350 * 16) / 1440, 9)
    expect(depth?.intrinsics.cy).toBeCloseTo((958 * 12) / 1920, 9)
  })

  test('takes the camera of each picture where the lens moved, and reads the unpacked folder the same', async () => {
    const coefficients = Array.from({ length: R3D.count }, (_, k) => [1300 + k, 1310 + k, 700, 950])
    const { depth } = await open(r3dArchive(undefined, { perFrameIntrinsicCoeffs: coefficients }))
    expect(depth?.intrinsics.fx).toBeCloseTo((1304 * 16) / 1440, 9)
    expect(depth?.intrinsics.cy).toBeCloseTo((950 * 12) / 1920, 9)
    const packed = await open(r3dArchive())
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const { importer, source, asset } = await describe(
        await record3dFixtures[1].write(folder, context.tools),
        context,
      )
      expect(asset.streams).toEqual(packed.asset.streams)
      expect(await importer.loadDepthFrame?.(source, 1, 4, context)).toEqual(packed.depth)
    })
  })

  test('packed again with its folder it is the same; depth that is missing in part is told', async () => {
    const litter = { name: '__MACOSX/Scan 1/._metadata', content: Buffer.from('Mac OS X') }
    const again = (files: ZipFile[]) => [...files.map((file) => ({ ...file, name: `Scan 1/${file.name}` })), litter]
    const [packed, plain] = [await open(r3dArchive(again)), await open(r3dArchive())]
    expect(packed.asset.streams).toEqual(plain.asset.streams)
    expect(packed.depth).toEqual(plain.depth)
    const half = await open(r3dArchive((files) => files.filter(({ name }) => name !== 'rgbd/2.depth')))
    expect(half.asset.warnings.map(({ message }) => message)).toEqual(['1 of its 6 moments have no depth picture.'])
  })

  test.each<[string, (files: ZipFile[]) => ZipFile[], string]>([
    [
      'a bomb',
      (files) =>
        files.map((file) => ({ ...file, content: file.name === 'metadata' ? Buffer.alloc(80 << 20) : file.content })),
      'too_large',
    ],
    [
      'a size that is a lie',
      (files) => files.map((file) => ({ ...file, claimedBytes: file.name === 'metadata' ? 10 : undefined })),
      'corrupt_file',
    ],
    ['no metadata', (files) => files.slice(1), 'corrupt_file'],
    ['names that lead out', (files) => files.map((file) => ({ ...file, name: `../../${file.name}` })), 'corrupt_file'],
  ])('%s is refused', async (_, change, code) => {
    await expect(open(r3dArchive(change))).rejects.toMatchObject({ code })
  })
})
