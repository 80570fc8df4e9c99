import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../electron/engine/import/describe.ts'
import type { FixtureWriter, ImportContext } from '../../electron/engine/import/importer.ts'
import { importers } from '../../electron/engine/import/index.ts'
import { telemetryOf } from '../../electron/engine/import/media/telemetry.ts'
import { openSource } from '../../electron/engine/import/source.ts'
import { AsterismError } from '../../shared/errors.ts'
import { brokenCopies, oneOfEvery } from '../fixtures/import/broken-copies.ts'
import { checkAsset, checkImu, checkPoses, loadEverything } from '../fixtures/import/check-asset.ts'
import { importContext, withFolder } from '../fixtures/import/context.ts'
import { fixtures } from '../fixtures/import/index.ts'

const REFUSALS = new Set(['corrupt_file', 'empty_file', 'unsupported_format', 'too_large', 'bad_input'])
/** Every kind of damage comes to so many files of an importer. */
const FILES_A_COPY = 1
/** Importers that start a program for every copy get one of n copies, and so does a LAZ file that sets up its decoder for every point. */
const ONE_OF: Readonly<Record<string, number>> = {
  video: 40,
  'video/gopro-recording': 48,
  'video/camm-and-spatial-boxes': 48,
  audio: 40,
  image: 24,
  sog: 4,
  packed: 12,
  'packed/capture-bare': 60,
  usd: 3,
  mcap: 3,
  'mcap/films': 20,
  bvh: 4,
  'aria-mps': 3,
  hololens: 3,
  'las/compressed': 60,
}
const MAX_GROWTH_BYTES = 1.5 * 2 ** 30

/** Either a valid answer or a typed refusal that names a file; anything else fails the test. */
async function answerOrRefusal(path: string, context: ImportContext, label: string): Promise<'answer' | 'refusal'> {
  try {
    const { importer, source, asset } = await describe(path, context)
    checkAsset(asset)
    await loadEverything(importer, source, asset, context)
    return 'answer'
  } catch (error) {
    if (!(error instanceof AsterismError)) throw new Error(`${label}: not a refusal`, { cause: error })
    expect(REFUSALS, `${label}: ${error.sentence}`).toContain(error.code)
    expect(error.path, label).toBeDefined()
    expect(error.message.length, label).toBeGreaterThan(10)
    expect(error.said?.what, `${label}: the window has no words for "${error.message}"`).toBeDefined()
    return 'refusal'
  }
}

async function breakFile(
  path: string,
  copies: ReturnType<typeof brokenCopies>,
  context: ImportContext,
): Promise<number> {
  let refused = 0
  const stem = path.slice(0, path.length - extname(path).length)
  for (const copy of copies) {
    const name =
      copy.extension === undefined ? path : `${stem}-copy${copy.extension === '' ? '' : `.${copy.extension}`}`
    await writeFile(name, copy.bytes)
    if ((await answerOrRefusal(name, context, copy.id)) === 'refusal') refused++
    if (name !== path) await rm(name)
  }
  return refused
}

async function breakFixture(fixture: FixtureWriter, seed: number, step: number): Promise<void> {
  await withFolder(async (folder) => {
    const context = await importContext({ withTools: true })
    const path = await fixture.write(folder, context.tools)
    const before = process.memoryUsage().rss
    if (extname(path) === '' || (await isFolder(path))) {
      await breakFolder(path, context, seed, step)
    } else {
      const copies = oneOfEvery(step, brokenCopies(await readFile(path), extname(path).slice(1), seed), seed)
      expect(await breakFile(path, copies, context)).toBeGreaterThan(0)
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES)
  })
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  )
}

/** Breaks the files of a capture folder one at a time: gone, empty, cut, damaged, or led out of the folder. */
async function breakFolder(path: string, context: ImportContext, seed: number, every: number): Promise<void> {
  const files = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const seen = new Set<string>()
  // Probing a video takes a program each time: while other files are broken, the videos are away.
  const videos = files.filter(({ name }) => name.endsWith('.mp4')).map((file) => join(file.parentPath, file.name))
  const away = await Promise.all(videos.map(async (video) => ({ video, bytes: await readFile(video) })))
  for (const { video } of away) await rm(video)
  for (const file of files.toSorted((a, b) => Number(a.name.endsWith('.mp4')) - Number(b.name.endsWith('.mp4')))) {
    if (file.name.endsWith('.mp4')) for (const { video, bytes } of away) await writeFile(video, bytes)
    const target = join(file.parentPath, file.name)
    const kind = `${file.parentPath}/${extname(file.name)}${file.name.replace(/\d+/g, '')}`
    if (seen.has(kind)) continue
    seen.add(kind)
    const bytes = await readFile(target)
    await rm(target)
    await answerOrRefusal(path, context, `${file.name} gone`)
    // Pictures take a program for every copy, too.
    const step = file.name.endsWith('.mp4') ? 80 : /\.(png|jpe?g)$/.test(file.name) ? 40 : 18 * every
    const all = brokenCopies(bytes, '', seed).filter(({ extension }) => extension === undefined)
    const copies = oneOfEvery(step, all, seed)
    await breakFile(target, copies, context)
    await rm(target)
    await symlink('/etc/passwd', target)
    await answerOrRefusal(path, context, `${file.name} leads out`)
    await rm(target)
    await symlink(target, target)
    await answerOrRefusal(path, context, `${file.name} leads to itself`)
    await rm(target)
    await mkdir(target)
    await answerOrRefusal(path, context, `${file.name} is a folder`)
    await rm(target, { recursive: true })
    await writeFile(target, bytes)
  }
}

suite.each(importers.map(({ id }) => id))('broken copies of %s', (id) => {
  test.each((fixtures[id] ?? []).map((fixture, index) => [fixture.id, fixture, index] as const))(
    '%s: an answer or a refusal',
    async (_, fixture, index) => {
      const shared = Math.ceil(fixtures[id]!.length / FILES_A_COPY)
      await breakFixture(fixture, 1000 + index, ONE_OF[`${id}/${fixture.id}`] ?? Math.max(ONE_OF[id] ?? 1, shared))
    },
    120_000,
  )
})

/** What lies beside picture and sound is read here and not by ffmpeg: it takes half of all copies, damaged in its index and in its samples. */
test.each(fixtures.video.filter(({ id }) => id !== 'mp4-with-sound').map((fixture) => [fixture.id, fixture] as const))(
  'broken telemetry of %s: samples that hold or a warning',
  async (_, fixture) => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: true })
      const path = await fixture.write(folder, context.tools)
      const whole = await readFile(path)
      const index = whole.indexOf('moov') - 4
      let readings = 0
      for (const from of [0, index, index + Math.floor((whole.length - index) / 2)]) {
        const copies = oneOfEvery(2, brokenCopies(whole.subarray(from), 'mp4', 7000 + from), from)
        for (const { id, bytes, extension } of copies) {
          if (extension !== undefined || from + bytes.length === 0) continue
          await writeFile(path, Buffer.concat([whole.subarray(0, from), bytes]))
          const { streams, warnings } = await telemetryOf(await openSource(path), context)
          for (const { imu, poses } of streams) {
            if (imu) checkImu(imu)
            if (poses) checkPoses(poses)
          }
          expect(
            warnings.every(({ message }) => message.length > 10),
            id,
          ).toBe(true)
          readings += streams.length
        }
      }
      expect(readings).toBeGreaterThan(0)
    })
  },
)
