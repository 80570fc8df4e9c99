/** The table of formats names every importer and every exporter, with where its layout comes from. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { importers } from '../../../electron/engine/import/index.ts'
import { EXPORTERS } from '../../../electron/engine/publish/export/index.ts'

/** Cells of the rows of all tables in a page. */
function rows(page: string): string[][] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
}

const ids = (table: readonly string[][]) =>
  table.flatMap(([first = '']) => [...first.matchAll(/`([a-z0-9-]+)`/g)].map((match) => match[1]))

it('no importer is missing, and every row tells layout, axes and source', () => {
  const table = rows('formats-import.md').filter((cells) => cells.length === 5)
  for (const { id } of importers) expect(ids(table), `docs/formats-import.md has no row for ${id}`).toContain(id)
  for (const cells of table)
    for (const cell of cells) expect(cell.length, `a cell of the row ${cells[0]} is empty`).toBeGreaterThan(1)
})

it('no exporter is missing', () => {
  for (const { id } of EXPORTERS) expect(ids(rows('export.md')), `docs/export.md has no row for ${id}`).toContain(id)
})
