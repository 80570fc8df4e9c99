import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8')

/** File and title of the test of every row. */
function rowsOf(text: string): { row: string; file: string; title: string }[] {
  const [, table = ''] = text.split('## Threats')
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| (who|-)/.test(line))
    .map((row) => {
      const [, file = '', title = ''] = /`(tests\/[^`]+)` "(.+?)" +\|$/.exec(row) ?? []
      return { row, file, title }
    })
}

describe('the threats in docs/security.md', () => {
  const rows = rowsOf(read('docs/security.md'))
  it('are a table', () => expect(rows.length).toBeGreaterThan(12))
  it.each(rows)('$file has the test "$title"', ({ row, file, title }) => {
    expect(file, row).not.toBe('')
    expect(read(file)).toContain(title)
  })
})
