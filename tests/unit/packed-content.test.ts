import { describe, expect, it } from 'vitest'
import { edit, reportId, type Document } from '../../shared/document/document.ts'
import { newProjectRecords } from '../../shared/document/new-project.ts'
import { packedContentKey } from '../../shared/document/packed-content.ts'
import type { DocumentRecord, Report } from '../../shared/document/records.ts'

const fresh: Document = new Map(newProjectRecords('A', '2026-11-28T00:00:00.000Z').map((each) => [each.id, each]))
const KEY = packedContentKey(fresh)
const changed = (recipe: Parameters<typeof edit>[1]): string => packedContentKey(edit(fresh, recipe).document)
const report = (subject: Report['subject'], data: Report['data'], createdAt = 'now'): Report => ({
  kind: 'report',
  id: reportId(subject),
  subject,
  createdAt,
  data,
})

describe('what a package was made of', () => {
  it('is the same in any order of records and members, read again from a file or brought back by undo', () => {
    const turned = Array.from(fresh.values(), (record) =>
      Object.fromEntries(Object.entries(record).reverse()),
    ).reverse()
    const copy = JSON.parse(JSON.stringify(turned)) as DocumentRecord[]
    expect(packedContentKey(new Map(copy.map((each) => [each.id, each])))).toBe(KEY)
  })

  it('is another once anything of it is: a word, a declaration, a record more or less, what was predicted', () => {
    const rights = fresh.get('rights')!
    const keys = [
      changed((draft) => void draft.set('rights', { ...rights, declaresOriginal: true } as DocumentRecord)),
      changed((draft) => void draft.delete('rights')),
      changed((draft) => void draft.set(reportId('stars'), report('stars', { stars: 3 }))),
      changed((draft) => void draft.set(reportId('stars'), report('stars', { stars: 4 }))),
    ]
    expect(new Set([KEY, ...keys]).size).toBe(5)
  })

  it('asks nothing of when something was predicted, of what was packed, minted or aligned, nor of where files lie', () => {
    const predicted = (at: string) => changed((draft) => void draft.set(reportId('stars'), report('stars', 1, at)))
    expect(predicted('now')).toBe(predicted('later'))
    for (const subject of ['sync', 'register', 'package', 'mint'] as const)
      expect(changed((draft) => void draft.set(reportId(subject), report(subject, 1)))).toBe(KEY)
    const location = { kind: 'location', id: 'l', assetId: 'a', path: '/x', modifiedAtMilliseconds: 1 } as const
    expect(changed((draft) => void draft.set('l', location))).toBe(KEY)
  })
})
