/** What the file system says, for people: Node's own way of making a chain of folders hides why it cannot. */
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, expect, test, vi } from 'vitest'
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
