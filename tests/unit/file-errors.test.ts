/** What the file system says, for people: Node's own way of making a chain of folders hides why it cannot. */
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { folderCache } from '../../electron/engine/folder-cache.ts'
import { makeFolder } from '../../electron/engine/file-errors.ts'

const failure = (code: string, path: string) => Object.assign(new Error(`${code}: mkdir '${path}'`), { code, path })

afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

test.each([
  ['EROFS', 'not_writable', /read-only/],
  ['EDQUOT', 'disk_full', /quota/],
])('a folder on a disk that takes none is refused by why: %s', async (code, family, words) => {
  // As Node 24 does: of a chain it says that its end is missing, of one folder what the system says.
  const mkdir = vi.spyOn(fs, 'mkdir').mockImplementation(async (path, options) => {
    const isChain = typeof options === 'object' && options?.recursive === true
    throw failure(isChain ? 'ENOENT' : code, String(path))
  })
  // Whoever has imported it by its name before has this one now.
  syncBuiltinESMExports()
  const refusal = await makeFolder('/nowhere-of-asterism/a/b').catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: family, message: expect.stringMatching(words) })
  expect(mkdir.mock.calls.at(-1)?.[0]).toBe('/nowhere-of-asterism')
})

test('a measurement that cannot be kept leaves nothing half-written', async () => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'asterism-cache-'))
  onTestFinished(() => fs.rm(folder, { recursive: true }))
  const cache = folderCache(folder, 'time')
  await cache.set('a', Buffer.from('1'))
  const [name] = await fs.readdir(folder)
  await fs.rm(join(folder, name!))
  // A folder stands where the file would be put.
  await fs.mkdir(join(folder, name!, 'in it'), { recursive: true })
  await expect(cache.set('a', Buffer.from('2'))).rejects.toThrow()
  expect(await fs.readdir(folder)).toEqual([name])
})
