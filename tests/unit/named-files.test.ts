import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadStarpack } from '../../electron/engine/stars/starpack-file.ts'
import { loadWantedList } from '../../electron/engine/stars/wanted-file.ts'
import { readNamedText, writeNewFile } from '../../electron/hosts/cli/named-files.ts'
import { passphraseFromFile } from '../../electron/hosts/cli/terminal-host.ts'

const folder = mkdtempSync(join(tmpdir(), 'asterism-named-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('files that the person names', () => {
  it('are read whole, and refused with the reason where they are none or have no end', async () => {
    const path = join(folder, 'words.txt')
    writeFileSync(path, 'zwölf Wörter\n')
    expect(await readNamedText(path)).toBe('zwölf Wörter\n')
    for (const [named, code] of [
      [join(folder, 'none'), 'not_found'],
      [folder, 'bad_input'],
      ['/dev/zero', 'bad_input'],
      [join(folder, 'x'.repeat(300)), 'bad_input'],
    ])
      await expect(readNamedText(named!), named).rejects.toMatchObject({ code })
    writeFileSync(path, Buffer.alloc((1 << 20) + 1))
    await expect(readNamedText(path)).rejects.toMatchObject({ code: 'too_large' })
  })

  it('are packs and wanted lists too: a device or a folder is refused at once, and so is what has no end', async () => {
    for (const load of [loadStarpack, loadWantedList]) {
      for (const named of ['/dev/zero', folder])
        await expect(load(named), named).rejects.toMatchObject({ code: 'bad_input' })
      const pipe = join(folder, load.name)
      execFileSync('sh', ['-c', `mkfifo '${pipe}'`])
      await expect(load(pipe)).rejects.toMatchObject({ code: 'empty_file' })
    }
  })

  it('may be a pipe, which is waited for as long as somebody writes into it, and not where nobody does', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('sh', ['-c', `mkfifo '${pipe}'`])
    await expect(readNamedText(pipe)).rejects.toMatchObject({ code: 'empty_file' })
    // Open at both ends from the first, silent for a while, and there until a busy machine has opened it.
    const writer = spawn('sh', ['-c', `exec 3<>${pipe}; echo ready; sleep 0.3; printf secret >&3; sleep 2`])
    await new Promise((resolve) => writer.stdout.once('data', resolve))
    expect(await readNamedText(pipe)).toBe('secret')
    const endless = spawn('sh', ['-c', `exec 3<>${pipe}; echo ready; cat /dev/zero >&3`])
    await new Promise((resolve) => endless.stdout.once('data', resolve))
    await expect(readNamedText(pipe)).rejects.toMatchObject({ code: 'too_large' })
    endless.kill()
  })

  it('are written where nothing was, and nothing is written over', () => {
    const path = join(folder, 'key.json')
    writeNewFile(path, 'first', 0o600)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(() => writeNewFile(path, 'second')).toThrow(expect.objectContaining({ code: 'bad_input', path }))
    expect(readFileSync(path, 'utf8')).toBe('first')
    expect(() => writeNewFile(join(folder, 'no', 'key.json'), 'x')).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    )
    mkdirSync(join(folder, 'taken'))
    expect(() => writeNewFile(join(folder, 'taken'), 'x')).toThrow(expect.objectContaining({ code: 'bad_input' }))
  })

  it('hold a pass phrase in one line, as whatever editor wrote it, or are refused', async () => {
    const path = join(folder, 'passphrase.txt')
    const read = async (content: string | Buffer): Promise<string> => {
      writeFileSync(path, content)
      return await passphraseFromFile(path)
    }
    for (const written of ['vier lange Wörter', 'vier lange Wörter\n', '\uFEFFvier lange Wörter\r\n'])
      expect(await read(written)).toBe('vier lange Wörter')
    expect(await read(' with blanks \n')).toBe(' with blanks ')
    for (const [written, why] of [
      ['', /empty/],
      ['\r\n', /empty/],
      ['one\ntwo\n', /several lines/],
      ['one\n\n', /several lines/],
      ['one\0', /UTF-8/],
      [Buffer.from('Wörter', 'latin1'), /UTF-8/],
      [Buffer.from('\uFEFFvier lange Wörter', 'utf16le'), /UTF-8/],
    ] as const)
      await expect(read(written)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(why) })
    await expect(passphraseFromFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'not_found' })
  })
})
