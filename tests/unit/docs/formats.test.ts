/** The pages of formats name every importer and every exporter, and of each that is read where its layout comes from. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { importers } from '../../../electron/engine/import/index.ts'
import { EXPORTERS } from '../../../electron/engine/publish/export/index.ts'

const page = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')

const ids = (text: string) => [...text.matchAll(/`([a-z0-9-]+)`/g)].map((match) => match[1])

it('no importer is missing, and every entry tells layout, axes and source', () => {
  const entries = page('formats-import.md')
    .split(/^##+ /m)
    .filter((entry) => ids(entry.split('\n')[0]!).length > 0)
  const named = entries.flatMap((entry) => ids(entry.split('\n')[0]!))
  for (const { id } of importers) expect(named, `docs/formats-import.md has no entry for ${id}`).toContain(id)
  for (const entry of entries)
    expect(entry).toMatch(/^.+\n\n[^-].+\n(.+\n)*\n- Axes and units: .+\n( .+\n)*- Source: .+\n/)
})

it('no exporter is missing', () => {
  const rows = page('export.md')
    .split('\n')
    .filter((line) => line.startsWith('|'))
  const named = rows.flatMap((line) => ids(line.split('|')[1]!))
  for (const { id } of EXPORTERS) expect(named, `docs/export.md has no row for ${id}`).toContain(id)
})
