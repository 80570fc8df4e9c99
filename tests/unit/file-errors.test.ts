/** What the file system says, for people: Node's own way of making a chain of folders hides why it cannot. */
import { mkdir } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { makeFolder } from '../../electron/engine/file-errors.ts'

vi.mock('node:fs/promises', async (original) => ({ ...(await original<object>()), mkdir: vi.fn() }))

const failure = (code: string, path: string) => Object.assign(new Error(`${code}: mkdir '${path}'`), { code, path })

test.each([
  ['EROFS', 'not_writable', /read-only/],
  ['EDQUOT', 'disk_full', /quota/],
])('a folder on a disk that takes none is refused by why: %s', async (code, family, words) => {
  // As Node 24 does: of a chain it says that its end is missing, of one folder what the system says.
  vi.mocked(mkdir).mockImplementation(async (path, options) => {
    const isChain = typeof options === 'object' && options?.recursive === true
    throw failure(isChain ? 'ENOENT' : code, String(path))
  })
  const refusal = await makeFolder('/nowhere-of-asterism/a/b').catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: family, message: expect.stringMatching(words) })
  expect(vi.mocked(mkdir).mock.calls.at(-1)?.[0]).toBe('/nowhere-of-asterism')
})
