import { readdir, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keptAnswer } from '../../../electron/engine/media/tool-answers.ts'
import { withMediaFolder } from '../../fixtures/media/clips.ts'

/** A program of its own (not a script), and how often it was asked. */
async function withProgram(
  use: (program: {
    path: string
    kept: string
    asked: () => number
    ask: () => Promise<string | null>
  }) => Promise<void>,
): Promise<void> {
  await withMediaFolder(async (folder) => {
    const path = join(folder, 'ffmpeg')
    await writeFile(path, '\x7fELF of the first build')
    const kept = join(folder, 'kept')
    let count = 0
    const ask = () => keptAnswer(path, '-version', async () => `answer ${++count}\nin two lines`, kept)
    await use({ path, kept, asked: () => count, ask })
  })
}

describe('what a tool answered about itself', () => {
  test('is asked for once, question by question', async () => {
    await withProgram(async ({ path, kept, ask, asked }) => {
      expect(await ask()).toBe('answer 1\nin two lines')
      expect(await ask()).toBe('answer 1\nin two lines')
      expect(asked()).toBe(1)
      expect(await keptAnswer(path, '-encoders', async () => 'V..... libx264', kept)).toBe('V..... libx264')
      expect(await ask()).toBe('answer 1\nin two lines')
    })
  })

  test('is asked for again when the program was replaced, by one of the same size and time too', async () => {
    await withProgram(async ({ path, ask }) => {
      await utimes(path, 1_700_000_000, 1_700_000_000)
      await ask()
      await writeFile(`${path}.new`, '\x7fELF of the other build')
      await utimes(`${path}.new`, 1_700_000_000, 1_700_000_000)
      await rename(`${path}.new`, path)
      expect(await ask()).toBe('answer 2\nin two lines')
      await writeFile(path, '\x7fELF rewritten where it lies')
      expect(await ask()).toBe('answer 3\nin two lines')
    })
  })

  test('is asked for again when other libraries are chosen for it', async () => {
    await withProgram(async ({ ask }) => {
      await ask()
      const before = process.env['LD_LIBRARY_PATH']
      process.env['LD_LIBRARY_PATH'] = '/opt/other'
      try {
        expect(await ask()).toBe('answer 2\nin two lines')
      } finally {
        if (before === undefined) delete process.env['LD_LIBRARY_PATH']
        else process.env['LD_LIBRARY_PATH'] = before
      }
    })
  })

  test('is not kept of a script, nor when there was none, nor when it cannot be written', async () => {
    await withProgram(async ({ path, kept, ask, asked }) => {
      await writeFile(path, '#!/bin/sh\nexec /usr/bin/ffmpeg "$@"\n')
      await ask()
      await ask()
      expect(asked()).toBe(2)

      await writeFile(path, '\x7fELF')
      expect(await keptAnswer(path, '-version', async () => null, kept)).toBeNull()
      expect(await ask()).toBe('answer 3\nin two lines')

      await writeFile(join(kept, '..', 'file'), '')
      const nowhere = join(kept, '..', 'file', 'folder')
      expect(await keptAnswer(path, '-version', async () => 'fresh', nowhere)).toBe('fresh')
    })
  })

  test('is not kept when the program was replaced while it answered', async () => {
    await withProgram(async ({ path, kept }) => {
      const answer = await keptAnswer(
        path,
        '-version',
        async () => {
          await writeFile(path, '\x7fELF of the next build')
          return 'of one of the two'
        },
        kept,
      )
      expect(answer).toBe('of one of the two')
      expect(await readdir(kept).catch(() => [])).toEqual([])
    })
  })
})
