import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseVersion, searchMediaTools } from '../../../electron/engine/media/tools.ts'
import { withMediaFolder } from '../../fixtures/media/clips.ts'

/** A program that answers `-version` with this. */
async function fakeTool(folder: string, name: string, answer: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\necho "${answer}"\n`)
  await chmod(path, 0o755)
  return path
}

describe('the version of a tool', () => {
  test.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright', 5],
    ['ffmpeg version n7.1-3-g123 Copyright', 7],
    ['ffmpeg version 8.0 Copyright', 8],
    ['ffmpeg version 4.4.2-0ubuntu0.22.04.1', 4],
    ['ffmpeg version N-109542-g5e8d5c0\nlibavutil      57. 44.100 / 57. 44.100', 5],
    ['ffmpeg version 2024-06-01-git-abc\nlibavutil      59. 20.100', 7],
    ['ffmpeg version N-47683-g0e8eb07\nlibavutil      56. 22.100', 4],
  ])('%j', (answer, major) => {
    expect(parseVersion('ffmpeg', answer)?.major).toBe(major)
  })

  test.each(['', 'ffprobe version 6.0', 'hello', 'ffmpeg version N-1-gabc'])('%j is none', (answer) => {
    expect(parseVersion('ffmpeg', answer)).toBeNull()
  })
})

describe('finding the tools', () => {
  test('the variable wins, and ffprobe is taken from beside ffmpeg', async () => {
    await withMediaFolder(async (folder) => {
      const ffmpeg = await fakeTool(join(folder, 'own'), 'ffmpeg', 'ffmpeg version 6.0')
      const ffprobe = await fakeTool(join(folder, 'own'), 'ffprobe', 'ffprobe version 6.0')
      await fakeTool(join(folder, 'path'), 'ffmpeg', 'ffmpeg version 7.0')
      await fakeTool(join(folder, 'path'), 'ffprobe', 'ffprobe version 7.0')
      const { tools } = await searchMediaTools({ ASTERISM_FFMPEG: ffmpeg, PATH: join(folder, 'path') })
      expect(tools.ffmpeg).toEqual({ path: ffmpeg, version: '6.0', origin: 'ASTERISM_FFMPEG' })
      expect(tools.ffprobe).toEqual({ path: ffprobe, version: '6.0', origin: 'ASTERISM_FFMPEG' })
    })
  })

  test('what is missing, too old or something else is passed over with its reason', async () => {
    await withMediaFolder(async (folder) => {
      const old = await fakeTool(join(folder, 'old'), 'ffmpeg', 'ffmpeg version 4.4')
      await fakeTool(join(folder, 'other'), 'ffmpeg', 'a shell script')
      const good = await fakeTool(join(folder, 'good'), 'ffmpeg', 'ffmpeg version 5.1.9')
      const { tools, rejected } = await searchMediaTools({
        ASTERISM_FFMPEG: join(folder, 'missing'),
        FFMPEG_BIN: old,
        PATH: `${join(folder, 'other')}:${join(folder, 'good')}:relative`,
      })
      expect(tools.ffmpeg?.path).toBe(good)
      expect(tools.ffprobe).toBeNull()
      // What comes with npm, where it does, is looked at as well.
      const reasons = rejected
        .filter(({ tool, path }) => tool === 'ffmpeg' && path.startsWith(folder))
        .map(({ reason }) => reason)
      expect(reasons).toEqual([
        'There is no such file.',
        'Version 4.4 is older than 5.',
        'It does not answer as ffmpeg.',
      ])
    })
  })

  test('none at all is no error until one is needed', async () => {
    const { tools } = await searchMediaTools({ PATH: '/nowhere' })
    expect(tools).toEqual({ ffmpeg: null, ffprobe: null })
  })
})
