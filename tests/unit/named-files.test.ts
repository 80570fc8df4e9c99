import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readNamedFile, writeNewFile } from '../../electron/hosts/cli/named-files.ts'
import { passphraseFromFile } from '../../electron/hosts/cli/terminal-host.ts'

const folder = mkdtempSync(join(tmpdir(), 'asterism-named-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('files that the person names', () => {
  it('are read whole, and refused with the reason where they are none or have no end', () => {
    const path = join(folder, 'words.txt')
    writeFileSync(path, 'zwölf Wörter\n')
    expect(readNamedFile(path)).toBe('zwölf Wörter\n')
    expect(() => readNamedFile(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(() => readNamedFile(folder)).toThrow(expect.objectContaining({ code: 'bad_input' }))
    expect(() => readNamedFile('/dev/zero')).toThrow(expect.objectContaining({ code: 'too_large' }))
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

  it('hold a pass phrase in one line, as whatever editor wrote it, or are refused', () => {
    const path = join(folder, 'passphrase.txt')
    const read = (content: string | Buffer): string => {
      writeFileSync(path, content)
      return passphraseFromFile(path)
    }
    for (const written of ['vier lange Wörter', 'vier lange Wörter\n', '\uFEFFvier lange Wörter\r\n'])
      expect(read(written)).toBe('vier lange Wörter')
    expect(read(' with blanks \n')).toBe(' with blanks ')
    for (const [written, why] of [
      ['', /empty/],
      ['\r\n', /empty/],
      ['one\ntwo\n', /several lines/],
      ['one\n\n', /several lines/],
      ['one\0', /UTF-8/],
      [Buffer.from('Wörter', 'latin1'), /UTF-8/],
      [Buffer.from('\uFEFFvier lange Wörter', 'utf16le'), /UTF-8/],
    ] as const)
      expect(() => read(written)).toThrow(
        expect.objectContaining({ code: 'bad_input', message: expect.stringMatching(why) }),
      )
    expect(() => passphraseFromFile(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})
