import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KnownFiles } from '../../../electron/engine/media/known-files.ts'

const entryOf = (path: string) => statSync(path, { bigint: true })

describe('what is known of files', () => {
  let folder: string
  let path: string
  let known: KnownFiles<string>
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'asterism-known-'))
    path = join(folder, 'film.mp4')
    writeFileSync(path, 'first')
    known = new KnownFiles(2)
    known.set(path, entryOf(path), 'of the first')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('is known as long as nothing changes', () => {
    expect(known.get(path, entryOf(path))).toBe('of the first')
    expect(known.get(path, entryOf(path))).toBe('of the first')
  })

  test('is forgotten once something was written at its end', () => {
    appendFileSync(path, '!')
    expect(known.get(path, entryOf(path))).toBeUndefined()
  })

  test('is forgotten once another file of the same length and time has its name', () => {
    const { atime, mtime } = statSync(path)
    const other = join(folder, 'other.mp4')
    copyFileSync(path, other)
    utimesSync(other, atime, mtime)
    renameSync(other, path)
    expect(known.get(path, entryOf(path))).toBeUndefined()
  })

  test('is no longer known where newer answers need the room; an answer that is asked for stays', () => {
    const [second, third] = ['b', 'c'].map((name) => join(folder, name)) as [string, string]
    for (const each of [second, third]) writeFileSync(each, 'x')
    known.set(second, entryOf(second), 'second')
    known.get(path, entryOf(path))
    known.set(third, entryOf(third), 'third')
    expect([path, second, third].map((each) => known.get(each, entryOf(each)))).toEqual([
      'of the first',
      undefined,
      'third',
    ])
  })
})
