import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createMediaCache } from '../../../electron/engine/media/cache.ts'
import { fileError, outwardError } from '../../../electron/engine/file-errors.ts'
import { requireFreeSpace } from '../../../electron/engine/media/disk.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { withMediaFolder } from '../../fixtures/media/clips.ts'
import { inEnglish, say } from '../../../shared/sayings/saying.ts'

const KEY = { sha256: 'ab'.repeat(32), recipe: 'peaks', version: 1 }
const signal = new AbortController().signal

async function everything(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

describe('the cache of derived files', () => {
  test('makes an entry once and finds it again', async () => {
    await withMediaFolder(async (folder) => {
      let made = 0
      const make = async (directory: string): Promise<void> => {
        made++
        await writeFile(join(directory, 'x'), 'content')
      }
      const cache = createMediaCache(folder)
      expect(await cache.find(KEY)).toBeNull()
      const [first, second] = await Promise.all([cache.derive(KEY, signal, make), cache.derive(KEY, signal, make)])
      expect(second).toBe(first)
      expect(await createMediaCache(folder).derive(KEY, signal, make)).toBe(first)
      expect(await cache.find(KEY)).toBe(first)
      expect([made, await readFile(join(first, 'x'), 'utf8')]).toEqual([1, 'content'])
    })
  })

  test('another recipe version or variant is another entry', async () => {
    await withMediaFolder(async (folder) => {
      const cache = createMediaCache(folder)
      const make = (directory: string): Promise<void> => writeFile(join(directory, 'x'), '')
      const keys = [KEY, { ...KEY, version: 2 }, { ...KEY, variant: 'audio-1' }, { ...KEY, sha256: 'cd'.repeat(32) }]
      const paths = new Set<string>()
      for (const key of keys) paths.add(await cache.derive(key, signal, make))
      expect(paths.size).toBe(4)
      await cache.forget(KEY.sha256)
      expect(await Promise.all(keys.map((key) => cache.find(key)))).toEqual([null, null, null, [...paths][3]])
    })
  })

  test('what fails leaves nothing, and can be tried again', async () => {
    await withMediaFolder(async (folder) => {
      const cache = createMediaCache(folder)
      const failing = cache.derive(KEY, signal, async (directory) => {
        await writeFile(join(directory, 'half'), 'half')
        throw new AsterismError('corrupt_file', 'broken')
      })
      await expect(failing).rejects.toMatchObject({ code: 'corrupt_file' })
      expect(await everything(folder)).toEqual([])
      await cache.derive(KEY, signal, (directory) => writeFile(join(directory, 'whole'), ''))
      expect(await everything(folder)).toEqual(['whole'])
    })
  })

  test('one caller that gives up does not take the others with it', async () => {
    await withMediaFolder(async (folder) => {
      const cache = createMediaCache(folder)
      const controller = new AbortController()
      const begun = Promise.withResolvers<void>()
      const giving = cache.derive(KEY, controller.signal, async () => {
        begun.resolve()
        await new Promise((_, reject) => {
          controller.signal.addEventListener('abort', () => reject(new AsterismError('cancelled', 'Cancelled.')))
        })
      })
      await begun.promise
      const staying = cache.derive(KEY, signal, (directory) => writeFile(join(directory, 'x'), ''))
      // Until it waits for the other. Where it comes too late for that, it makes the entry by itself.
      await sleep(20)
      controller.abort()
      await expect(giving).rejects.toMatchObject({ code: 'cancelled' })
      const made = await staying
      expect(await cache.find(KEY)).toBe(made)
    })
  })

  test.each([
    { ...KEY, sha256: '../../etc' },
    { ...KEY, recipe: '../x' },
    { ...KEY, variant: 'a/b' },
  ])('no key leads out of its folder: %j', async (key) => {
    await withMediaFolder(async (folder) => {
      await expect(createMediaCache(folder).find(key)).rejects.toMatchObject({ code: 'internal' })
    })
  })
})

describe('the disk', () => {
  test('too little room is refused with how much is needed', async () => {
    await withMediaFolder(async (folder) => {
      const fix = say('disk.fix.freeOrOther')
      await expect(requireFreeSpace(folder, 1e18, fix)).rejects.toMatchObject({
        code: 'disk_full',
        fix: inEnglish(fix),
      })
      await expect(requireFreeSpace(folder, 1e18, fix)).rejects.toThrow(/1000000 TB/)
      await expect(requireFreeSpace(join(folder, 'new'), 1_000, fix)).resolves.toBeUndefined()
    })
  })

  test('a file in the way of the folder makes it unwritable', async () => {
    await withMediaFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '')
      await chmod(join(folder, 'file'), 0o444)
      const cache = createMediaCache(join(folder, 'file'))
      const derived = cache.derive(KEY, signal, (directory) => writeFile(join(directory, 'x'), ''))
      await expect(derived).rejects.toMatchObject({ code: 'not_writable' })
    })
  })

  test('the errors of the system are told apart', () => {
    const system = (code: string): Error => Object.assign(new Error(code), { code })
    expect(fileError(system('ENOSPC'), 'p')).toMatchObject({ code: 'disk_full' })
    expect(fileError(system('EROFS'), 'p')).toMatchObject({ code: 'not_writable' })
    // Work on one file that needed another says which of them is gone.
    const gone = Object.assign(system('ENOENT'), { path: 'recording.mp4' })
    expect(fileError(gone, 'p')).toMatchObject({ code: 'not_found', path: 'recording.mp4' })
    // What is built out of sight is told under the name that the person gave.
    const inner = fileError(system('ENOSPC'), '/out/.x.1.part/export/videos/a.mp4')
    expect(outwardError(inner, '/out/.x.1.part', '/out/x')).toMatchObject({ code: 'disk_full', path: '/out/x' })
    expect(outwardError(fileError(system('ENOSPC'), '/in/cam.mp4'), '/out/.x.1.part', '/out/x')).toMatchObject({
      path: '/in/cam.mp4',
    })
    const other = system('EIO')
    expect(fileError(other, 'p')).toBe(other)
  })
})
