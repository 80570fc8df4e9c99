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

describe('what is known of files', () => {
  let folder: string
  let path: string
  let known: KnownFiles<number>
  let asked: number
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'asterism-known-'))
    path = join(folder, 'film.mp4')
    writeFileSync(path, 'first')
    known = new KnownFiles(2)
    asked = 0
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** The answer is how often anything was asked so far. */
  const about = (file = path, isCertain?: (answer: number) => boolean): Promise<number> =>
    known.about(file, 'tool', () => Promise.resolve(++asked), isCertain)

  test('is not asked again as long as nothing changes', async () => {
    expect([await about(), await about(), await about()]).toEqual([1, 1, 1])
  })

  test('is asked again once something was written at its end', async () => {
    await about()
    appendFileSync(path, '!')
    expect(await about()).toBe(2)
  })

  test('is asked again once another file of the same length and time has its name', async () => {
    await about()
    const { atime, mtime } = statSync(path)
    const other = join(folder, 'other.mp4')
    copyFileSync(path, other)
    utimesSync(other, atime, mtime)
    renameSync(other, path)
    expect(await about()).toBe(2)
  })

  test('what was written while it was looked into is looked into again', async () => {
    const changing = known.about(path, 'tool', () => {
      appendFileSync(path, '!')
      return Promise.resolve(++asked)
    })
    expect([await changing, await about()]).toEqual([1, 2])
  })

  test('is asked again where the answer was not certain, or the file is not there', async () => {
    expect([await about(path, () => false), await about()]).toEqual([1, 2])
    const gone = join(folder, 'gone.mp4')
    expect([await about(gone), await about(gone)]).toEqual([3, 4])
  })

  test('makes room for newer answers; one that is asked for stays', async () => {
    const [second, third] = ['b', 'c'].map((name) => join(folder, name)) as [string, string]
    for (const each of [second, third]) writeFileSync(each, 'x')
    expect([await about(), await about(second), await about(), await about(third)]).toEqual([1, 2, 1, 3])
    expect([await about(), await about(third), await about(second)]).toEqual([1, 3, 4])
  })
})
