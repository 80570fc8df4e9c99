import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removedRules } from '../../bench/removed-rules.ts'

const ROOT = join(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

it('every rule that the bench takes out stands in the program, once, and its test is there', () => {
  expect(removedRules.length).toBeGreaterThan(200)
  const lost = removedRules.filter(
    ({ file, line, test, title }) =>
      read(`electron/${file}`).split(line).length !== 2 || !read(`tests/${test}`).includes(title ?? ''),
  )
  expect(lost.map(({ name, file }) => `${file}: ${name}`)).toEqual([])
})
