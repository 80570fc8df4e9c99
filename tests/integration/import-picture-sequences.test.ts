/** Colour pictures that lie in captures one by one: films that any player reads, every picture at its own time. */
import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { describe } from '../../electron/engine/import/describe.ts'
import { locateMedia } from '../../electron/engine/import/media/location.ts'
import { requireTool } from '../../electron/engine/media/tools.ts'
import { arkitScenesFixtures, eurocFixtures, tumRgbdFixtures, WALK } from '../fixtures/import/benchmark-fixtures.ts'
import { importContext, withFolder } from '../fixtures/import/context.ts'
import { KEYFRAMES, polycamFixtures, scannerAppFixtures } from '../fixtures/import/keyframe-fixtures.ts'
import { R3D, record3dFixtures } from '../fixtures/import/record3d-fixtures.ts'

const run = promisify(execFile)

/** Of every film of a capture: when its pictures are shown, microseconds, and what each shows. */
async function filmsOf(path: string) {
  const context = await importContext({ withTools: true })
  const { importer, source, asset } = await describe(path, context)
  const streams = asset.streams.map((stream, index) => ({ ...stream, index }))
  const films: { stream: (typeof streams)[number]; shownAt: number[]; digests: string[] }[] = []
  for (const stream of streams.filter(({ sensor }) => sensor === 'video')) {
    const { path: film, rank } = await locateMedia({ importer, source }, stream, streams, context)
    expect(rank).toBe(0)
    const asShown = ['-fps_mode', 'passthrough', '-enc_time_base', '1/1000000', '-f', 'framemd5', '-']
    const ffmpeg = requireTool(context.tools, 'ffmpeg')
    const { stdout } = await run(ffmpeg.path, ['-v', 'error', '-xerror', '-i', film, ...asShown])
    const rows = stdout.split('\n').filter((line) => /^\d/.test(line))
    const [shownAt, digests] = [2, 5].map((column) => rows.map((row) => row.split(',')[column].trim()))
    films.push({ stream, shownAt: shownAt.map(Number), digests })
  }
  return { asset, films }
}

const steps = (count: number, seconds: number) => Array.from({ length: count }, (_, k) => Math.round(k * seconds * 1e6))

test.each([
  ['TUM RGB-D', tumRgbdFixtures[0], 1],
  ['EuRoC', eurocFixtures[0], 2],
  ['ARKitScenes', arkitScenesFixtures[0], 1],
] as const)('films out of a folder of %s', async (_, fixture, count) => {
  await withFolder(async (folder) => {
    const path = await fixture.write(folder, { ffmpeg: null, ffprobe: null })
    const { asset, films } = await filmsOf(path)
    expect(asset.warnings.map(({ code }) => code)).not.toContain('pictures_missing')
    expect(films).toHaveLength(count)
    for (const { stream, shownAt, digests } of films) {
      expect(stream).toMatchObject({ codec: 'png', width: WALK.width, height: WALK.height, sampleCount: WALK.count })
      expect(shownAt).toEqual(steps(WALK.count, WALK.stepSeconds))
      expect(new Set(digests).size).toBe(WALK.count)
    }
  })
})

test.each([
  ['a Record3D archive', record3dFixtures[0], R3D],
  ['keyframes of Polycam', polycamFixtures[0], KEYFRAMES],
  ['keyframes of 3D Scanner App', scannerAppFixtures[0], KEYFRAMES],
] as const)('a film out of %s', async (_, fixture, { count, stepSeconds }) => {
  await withFolder(async (folder) => {
    const { films } = await filmsOf(await fixture.write(folder, { ffmpeg: null, ffprobe: null }))
    expect(films.map(({ shownAt }) => shownAt)).toEqual([steps(count, stepSeconds)])
  })
})

test('pictures that are damaged, of another size or gone are left out, and all others keep their times', async () => {
  await withFolder(async (folder) => {
    const path = await tumRgbdFixtures[0].write(folder, { ffmpeg: null, ffprobe: null })
    const picture = (k: number) => join(path, 'rgb', `${(WALK.startSeconds + k * WALK.stepSeconds).toFixed(4)}.png`)
    const other = { width: 8, height: 6, channels: 1, depth: 8, data: new Uint8Array(48) } as const
    await writeFile(picture(0), 'damaged')
    await writeFile(picture(3), encode(other))
    await rm(picture(5))
    const { asset, films } = await filmsOf(path)
    expect(asset.warnings.find(({ code }) => code === 'pictures_missing')?.message).toMatch(/^1 /)
    const kept = steps(WALK.count, WALK.stepSeconds).filter((_, k) => ![1, 3, 5].includes(k))
    expect(films[0].shownAt).toEqual(kept)
  })
})
