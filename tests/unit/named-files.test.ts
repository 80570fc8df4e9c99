import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readNamedFile, writeNewFile } from '../../electron/hosts/cli/named-files.ts'

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
})
