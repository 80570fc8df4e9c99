import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packagePath } from '../../electron/hosts/cli/package-argument.ts'

let place: string
const make = (...parts: readonly string[]): string => {
  const path = join(place, ...parts)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, '{}')
  return path
}
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'asterism-named-'))
})
afterAll(() => rmSync(place, { recursive: true }))

test('the folder of one package stands for it, by its folder before its archive', () => {
  const archive = make('one', 'take.car')
  expect(packagePath(join(place, 'one'))).toBe(archive)
  make('one', 'take', 'manifest.json')
  expect(packagePath(join(place, 'one'))).toBe(join(place, 'one', 'take'))
})

test('of several, none is taken; each is named', () => {
  make('two', 'a', 'manifest.json')
  make('two', 'b', 'manifest.json')
  expect(() => packagePath(join(place, 'two'))).toThrow(/2 packages/)
})

test('what is a package, or a file, or nothing, is what was named', () => {
  // A package that lost its manifest must not pass for a whole one that lies in it.
  make('package', 'metadata.json')
  make('package', 'media', 'manifest.json')
  const file = make('file.car')
  for (const named of [join(place, 'package'), file, join(place, 'nothing')]) expect(packagePath(named)).toBe(named)
})

test('what cannot be looked into is refused with its reason', () => {
  const loop = join(place, 'loop')
  symlinkSync(loop, loop)
  for (const named of [loop, join(place, 'x'.repeat(300))])
    expect(() => packagePath(named)).toThrow(expect.objectContaining({ code: 'bad_input', path: named }))
})
