import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { polycamFixtures } from '../../fixtures/import/keyframe-fixtures.ts'
import { packedFixtures } from '../../fixtures/import/packed-fixtures.ts'
import { filesIn, zipOf, type ZipFile } from '../../fixtures/import/zip-writer.ts'

const NO_TOOLS = { ffmpeg: null, ffprobe: null }
const SYMBOLIC_LINK = 0o120777

/** What becomes of a capture of Polycam that is packed with more, and what is left of it where archives are unpacked. */
async function packed(change: (files: ZipFile[]) => readonly ZipFile[], cut = 0) {
  return withFolder(async (folder) => {
    const files = await filesIn(await polycamFixtures[0]!.write(folder, NO_TOOLS), 'scan/')
    const archive = zipOf(change(files))
    await writeFile(join(folder, 'scan.zip'), archive.subarray(0, archive.length - cut))
    const context = await importContext({ withTools: false })
    const filmFolder = join(folder, 'films')
    const answer = await describe(join(folder, 'scan.zip'), { ...context, tools: { ...NO_TOOLS, filmFolder } }).then(
      ({ asset }) => asset,
      (error: { code: string; message: string; path: string }) => error,
    )
    return { answer, left: await readdir(filmFolder).catch(() => []), outside: await readdir(folder) }
  })
}

suite('captures in ZIP archives', () => {
  test('hold what their folders hold', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: false })
      const plain = await describe(await polycamFixtures[0]!.write(join(folder), NO_TOOLS), context)
      const zip = await describe(await packedFixtures[0]!.write(folder, NO_TOOLS), context)
      const { streams, metadata, warnings, format } = plain.asset
      expect(zip.asset).toMatchObject({ streams, metadata, warnings, format })
      expect(zip.importer.id).toBe('packed')
      expect(zip.asset.clocks[0]!.title).toMatch(/^Scan 12:/)
      for (const [index, { sensor }] of streams.entries()) {
        if (sensor === 'pose')
          expect(await zip.importer.loadPoses!(zip.source, index, context)).toEqual(
            await plain.importer.loadPoses!(plain.source, index, context),
          )
        if (sensor === 'depth')
          expect(await zip.importer.loadDepthFrame!(zip.source, index, 3, context)).toEqual(
            await plain.importer.loadDepthFrame!(plain.source, index, 3, context),
          )
      }
    })
  })

  const content = Buffer.from('x')
  const wide = { name: 'scan/zeros.bin', content: Buffer.alloc(1000), deflate: true, claimedBytes: 300 << 20 }
  test.each<[string, (files: ZipFile[]) => readonly ZipFile[], string, RegExp]>([
    [
      'a name with ..',
      (files) => [...files, { name: '../out.txt', content }],
      'unsupported_format',
      /"\.\.\/out.txt" .* lead out/,
    ],
    ['.. in the middle', (files) => [...files, { name: 'scan/../../o', content }], 'unsupported_format', /lead out/],
    ['an absolute name', (files) => [...files, { name: '/etc/x', content }], 'unsupported_format', /lead out/],
    ['a name of Windows', (files) => [...files, { name: 'C:\\x', content }], 'unsupported_format', /lead out/],
    [
      'a link',
      (files) => [...files, { name: 'scan/l', content, mode: SYMBOLIC_LINK }],
      'unsupported_format',
      /is a link/,
    ],
    ['a bomb', (files) => [...files, wide], 'too_large', /would be 3145\d+ bytes long/],
    [
      'more than it states',
      (files) => [...files, { ...wide, content: Buffer.alloc(18 << 20), claimedBytes: 17 << 20 }],
      'corrupt_file',
      /damaged/,
    ],
    ['a wrong checksum', (files) => [...files, { name: 'scan/a', content, checksum: 7 }], 'corrupt_file', /checksum/],
    [
      'a file that is a folder',
      (files) => [...files, { name: 'scan', content }],
      'corrupt_file',
      /Names in the archive/,
    ],
    [
      'no capture',
      () => [
        { name: 'a/film.mov', content },
        { name: 'notes.txt', content },
      ],
      'unsupported_format',
      /holds a\/film.mov, notes.txt/,
    ],
    [
      'two scans',
      () => [
        { name: 'a.ply', content },
        { name: 'b.ply', content },
      ],
      'unsupported_format',
      /no capture/,
    ],
    ['folders alone', () => [{ name: 'a/', content: Buffer.alloc(0) }], 'empty_file', /no files/],
  ])('%s: refused with the reason, and nothing is left', async (_, change, code, message) => {
    const { answer, left, outside } = await packed(change)
    expect(answer).toMatchObject({
      code,
      message: expect.stringMatching(message),
      path: expect.stringMatching(/scan\.zip$/),
    })
    expect(left).toEqual([])
    expect(outside.toSorted().filter((name) => name !== 'films')).toEqual(['polycam', 'scan.zip'])
  })

  test('an archive that was cut off says so', async () => {
    const { answer } = await packed((files) => files, 60)
    expect(answer).toMatchObject({ code: 'corrupt_file', message: expect.stringMatching(/cut off/) })
  })
})
