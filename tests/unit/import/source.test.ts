import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { hashSource } from '../../../electron/engine/import/content-hash.ts'
import { describe } from '../../../electron/engine/import/describe.ts'
import { openSource } from '../../../electron/engine/import/source.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'

const signal = new AbortController().signal

/** Something at `path` that is neither a file nor a folder. */
async function listen(path: string) {
  const server = createServer().listen(path)
  await once(server, 'listening')
  return { path, [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')) }
}

suite('opening what a person hands in', () => {
  test('refuses what is not there, is empty, or is no file', async () => {
    await withFolder(async (folder) => {
      await expect(openSource(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not_found' })
      await writeFile(join(folder, 'empty.ply'), '')
      await expect(openSource(join(folder, 'empty.ply'))).rejects.toMatchObject({ code: 'empty_file' })
      await mkdir(join(folder, 'hollow'))
      await expect(openSource(join(folder, 'hollow'))).rejects.toMatchObject({ code: 'empty_file' })
      await using socket = await listen(join(folder, 'socket'))
      await expect(openSource(socket.path)).rejects.toMatchObject({ code: 'bad_input' })
      await expect(openSource('/dev/zero')).rejects.toMatchObject({ code: 'bad_input' })
      await symlink(join(folder, 'loop'), join(folder, 'loop'))
      await expect(openSource(join(folder, 'loop'))).rejects.toMatchObject({ code: 'bad_input' })
    })
  })

  test('lists a folder without sockets, litter and links that lead out of it', async () => {
    await withFolder(async (folder) => {
      const capture = join(folder, 'capture')
      await mkdir(join(capture, 'depth'), { recursive: true })
      await writeFile(join(capture, 'b.txt'), '12345')
      await writeFile(join(capture, 'depth', 'a.png'), '123')
      await writeFile(join(capture, '.DS_Store'), 'x')
      await writeFile(join(folder, 'outside.txt'), 'secret')
      await symlink(join(folder, 'outside.txt'), join(capture, 'escape.txt'))
      await symlink(folder, join(capture, 'up'))
      await symlink(join(capture, 'b.txt'), join(capture, 'inside.txt'))
      await using _socket = await listen(join(capture, 'socket'))
      const source = await openSource(capture)
      expect(source.entries).toEqual(['b.txt', 'depth/a.png', 'inside.txt'])
      expect(source.byteLength).toBe(13)
      expect(source).toMatchObject({ isDirectory: true, extension: '', name: 'capture' })
    })
  })

  test('says why of a folder of which nothing can be read', async () => {
    await withFolder(async (folder) => {
      await symlink('/etc/hostname', join(folder, 'out.ply'))
      await expect(openSource(folder)).rejects.toMatchObject({
        code: 'bad_input',
        message: expect.stringMatching(/leads out/) as unknown,
      })
    })
  })

  test('refuses folders that nest without end', async () => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, ...Array.from({ length: 20 }, () => 'deep')), { recursive: true })
      await expect(openSource(folder)).rejects.toMatchObject({ code: 'too_large' })
    })
  })

  test('says what it looked at when no importer knows it', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'odd.ply')
      await writeFile(path, Uint8Array.from([1, 2, 3, 4, 0, 255]))
      const context = await importContext({ withTools: false })
      await expect(describe(path, context)).rejects.toMatchObject({
        code: 'unsupported_format',
        message: expect.stringMatching(/6 bytes.*\.ply.*01 02 03 04 00 ff.*Its name says "polygon/s),
      })
    })
  })
})

suite('content hashes', () => {
  test('are the SHA-256 of a file, and for a folder of its manifest, wherever it lies', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'a.bin')
      await writeFile(file, 'abc')
      const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
      expect(await hashSource(await openSource(file), signal)).toBe(abc)
      const hashes: string[] = []
      for (const name of ['one', 'two']) {
        await mkdir(join(folder, name, 'sub'), { recursive: true })
        await writeFile(join(folder, name, 'sub', 'a.bin'), 'abc')
        await writeFile(join(folder, name, 'b.bin'), 'abc')
        hashes.push(await hashSource(await openSource(join(folder, name)), signal))
      }
      const manifest = `${abc}  b.bin\n${abc}  sub/a.bin\n`
      expect(hashes).toEqual([1, 2].map(() => createHash('sha256').update(manifest).digest('hex')))
      await expect(hashSource(await openSource(file), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
})
