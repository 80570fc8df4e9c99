/** Films out of MCAP: a file that any player reads, every picture as it was coded and at its own time. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { describe } from '../../electron/engine/import/describe.ts'
import { locateMedia } from '../../electron/engine/import/media/location.ts'
import { requireTool } from '../../electron/engine/media/tools.ts'
import { importContext, withFolder } from '../fixtures/import/context.ts'
import { filmNanoseconds, MCAP_FILM, mcapFilmFixtures } from '../fixtures/import/mcap-film-fixtures.ts'
import { MCAP } from '../fixtures/import/mcap-fixtures.ts'

const run = promisify(execFile)

test('films of every encoding are files of their own, picture by picture, and their gaps are told', async () => {
  await withFolder(async (folder) => {
    const context = await importContext({ withTools: true })
    const { importer, source, asset } = await describe(await mcapFilmFixtures[0]!.write(folder, context.tools), context)
    expect(asset.warnings.map(({ code }) => code)).toEqual(['messages_skipped'])
    expect(asset.warnings[0]?.message).toMatch(/3 of 3 messages of \/depth .*16UC1; compressedDepth png/)
    expect(asset.clocks[0]?.epochUtcNanoseconds).toBe(String(BigInt(MCAP.startSeconds) * 1_000_000_000n))
    const streams = asset.streams.map((stream, index) => ({ ...stream, index }))
    expect(streams.map(({ title, codec }) => `${title} ${codec}`)).toEqual([
      '/left h264',
      '/right h264',
      '/front h264',
      '/picture mjpeg',
      '/still mjpeg',
      '/back hevc',
    ])
    const digests: string[] = []
    const ffmpeg = requireTool(context.tools, 'ffmpeg')
    for (const stream of streams) {
      const { width, height, count, holeAfter } = MCAP_FILM
      expect(stream).toMatchObject({ width, height, sampleCount: count })
      expect(stream.gaps).toHaveLength(1)
      expect(stream.gaps![0]!.startSeconds).toBeCloseTo(filmNanoseconds(holeAfter) / 1e9 + 0.1, 1)
      const { path, rank } = await locateMedia({ importer, source }, stream, streams, context)
      expect(rank).toBe(0)
      const asShown = ['-fps_mode', 'passthrough', '-enc_time_base', '1/1000000', '-f', 'framemd5', '-']
      const { stdout } = await run(ffmpeg.path, ['-v', 'error', '-xerror', '-i', path, ...asShown])
      const rows = stdout.split('\n').filter((line) => /^\d/.test(line))
      const [shownAt, pictures] = [2, 5].map((column) => rows.map((row) => row.split(',')[column]!.trim()))
      expect(shownAt!.map(Number)).toEqual(Array.from({ length: count }, (_, k) => filmNanoseconds(k) / 1000))
      digests.push(pictures!.join())
    }
    // The same film in three encodings, the same pictures in two.
    expect(new Set(digests.slice(0, 3)).size).toBe(1)
    expect(new Set(digests.slice(3, 5)).size).toBe(1)
    expect(new Set(digests).size).toBe(3)
  })
})
