import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { asRead } from '../../shared/document/document.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DocumentRecord, Marker } from '../../shared/document/records.ts'
import { jobStoreOf } from '../../electron/engine/project/job-store.ts'
import { ProjectStore } from '../../electron/engine/project/store.ts'
import { RecordRows } from '../../electron/engine/project/record-rows.ts'
import { backupFolder, listBackups } from '../../electron/engine/project/backups.ts'
import { rowHash } from '../../electron/engine/project/integrity.ts'
import { APPLICATION_ID, migrate, SCHEMA_VERSION } from '../../electron/engine/project/schema.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asterism-store-'))
  path = join(folder, 'p.asterism')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const marker = (id: string, atTicks: number): Marker => ({
  kind: 'marker',
  id,
  atTicks,
  durationTicks: 0,
  title: id,
  color: 'blue',
  note: '',
})

const put = (store: ProjectStore, record: DocumentRecord, mergeKey?: string): void =>
  store.commit({ label: `Put ${record.id}`, mergeKey }, (draft) => void draft.set(record.id, record))

const putLast = (draft: Map<string, DocumentRecord>, id: string): void => {
  const record = draft.get(id)
  draft.delete(id)
  if (record) draft.set(id, asRead(record))
}

/** Closed and opened again: the same document in the same order. */
function reopened(store: ProjectStore, file: string): ProjectStore {
  const before = asJson(store)
  store.close()
  const again = ProjectStore.open(file)
  expect(asJson(again)).toBe(before)
  return again
}

const asJson = (store: ProjectStore): string => JSON.stringify([...store.document.values()])

describe('project store', () => {
  test('a project that cannot be written, as on a full disk, leaves no file of its name', () => {
    const full = vi.spyOn(RecordRows.prototype, 'write').mockImplementation(() => {
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_FULL' })
    })
    expect(() => ProjectStore.create(path, 'One')).toThrow(expect.objectContaining({ code: 'disk_full' }) as Error)
    full.mockRestore()
    expect(readdirSync(folder)).toEqual([])
    ProjectStore.create(path, 'One').close()
  })

  test('a disk without room for a copy bars nobody from a project, unless something in it is to be changed', () => {
    ProjectStore.create(path, 'One').close()
    const prepare = Database.prototype.prepare
    const full = vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, source) {
      const statement = prepare.call(this, source)
      if (!source.startsWith('VACUUM')) return statement
      const run = (target: string): never => {
        writeFileSync(target, '')
        throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
      }
      return { run } as unknown as typeof statement
    })
    const store = ProjectStore.open(path)
    expect(store.document.size).toBeGreaterThan(0)
    store.close()
    const db = new Database(path)
    db.pragma(`user_version = ${SCHEMA_VERSION - 1}`)
    db.close()
    expect(() => ProjectStore.open(path)).toThrow(expect.objectContaining({ code: 'disk_full' }) as Error)
    full.mockRestore()
    expect(readdirSync(backupFolder(path))).toEqual([])
  })

  test('what was committed is there after reopening, and so is undo', () => {
    const store = ProjectStore.create(path, 'One')
    put(store, marker('a', 1))
    put(store, marker('b', 2))
    store.undo()
    const before = asJson(store)
    store.close()
    const again = ProjectStore.open(path)
    expect(asJson(again)).toBe(before)
    expect(again.history()).toEqual({ canUndo: true, canRedo: true, undoLabel: 'Put a', redoLabel: 'Put b' })
    again.redo()
    expect(again.document.has('b')).toBe(true)
    again.undo()
    again.undo()
    expect(again.document.has('a')).toBe(false)
    expect(again.undo()).toBeNull()
    again.close()
  })

  test('random walks of edits, undo and redo always come back to the same bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 40 }), (steps) => {
        const file = join(folder, `${Math.random()}.asterism`)
        let store = ProjectStore.create(file, 'Walk')
        const initial = asJson(store)
        for (const [action, n] of steps) {
          if (action <= 1) put(store, marker(`m${n}`, n))
          else if (action === 2) store.commit({ label: 'Drop' }, (draft) => void draft.delete(`m${n}`))
          else if (action === 5) store.commit({ label: 'Put last' }, (draft) => putLast(draft, `m${n}`))
          else if (action === 6) store = reopened(store, file)
          else if (action === 3) store.undo()
          else store.redo()
        }
        store = reopened(store, file)
        const end = asJson(store)
        let undone = 0
        while (store.undo() !== null) undone += 1
        expect(asJson(store)).toBe(initial)
        store = reopened(store, file)
        expect(asJson(store)).toBe(initial)
        for (let step = 0; step < undone; step++) store.redo()
        expect(asJson(store)).toBe(end)
        store = reopened(store, file)
        expect(asJson(store)).toBe(end)
        store.close()
      }),
      { numRuns: 25, seed: 7 },
    )
  })

  test('a drag is one step of undo', () => {
    const store = ProjectStore.create(path, 'Drag')
    for (let at = 0; at < 100; at++) put(store, marker('m', at), 'drag-1')
    expect((store.document.get('m') as Marker).atTicks).toBe(99)
    store.undo()
    expect(store.document.has('m')).toBe(false)
    expect(store.history().canUndo).toBe(false)
    store.close()
  })

  test('an invalid gesture changes nothing', () => {
    const store = ProjectStore.create(path, 'Invalid')
    const before = asJson(store)
    expect(() => put(store, { ...marker('m', 0), atTicks: 0.5 })).toThrow(/whole number|expected int/i)
    expect(asJson(store)).toBe(before)
    expect(store.history().canUndo).toBe(false)
    store.close()
  })

  test('a flipped bit in a record is found and mended from the journal', () => {
    const store = ProjectStore.create(path, 'Rot')
    put(store, marker('a', 1))
    put(store, marker('b', 2))
    store.undo()
    const before = asJson(store)
    store.close()
    const db = new Database(path)
    db.prepare("UPDATE records SET json = replace(json, '\"atTicks\":1', '\"atTicks\":7') WHERE id = 'a'").run()
    db.close()
    const again = ProjectStore.open(path)
    expect(again.repaired).toEqual(['a'])
    expect(asJson(again)).toBe(before)
    again.close()
  })

  /** The file as it is on disk this instant, as a crash would leave it. */
  const crashed = (): string => {
    const left = join(folder, 'left.asterism')
    copyFileSync(path, left)
    copyFileSync(`${path}-wal`, `${left}-wal`)
    return left
  }

  test('after a crash every gesture and every undo is there, though no record was written since', () => {
    const store = ProjectStore.create(path, 'Crash')
    for (const n of [1, 2, 3]) put(store, marker(`m${n}`, n))
    store.undo()
    put(store, marker('m1', 7))
    const before = asJson(store)
    const left = crashed()
    store.close()
    const again = ProjectStore.open(left)
    expect(asJson(again)).toBe(before)
    expect(again.repaired).toEqual([])
    again.undo()
    expect((again.document.get('m1') as Marker).atTicks).toBe(1)
    again.close()
  })

  test('what was saved before a crash outlives the gestures after it', () => {
    const store = ProjectStore.create(path, 'Crash')
    put(store, marker('a', 1))
    const left = crashed()
    store.close()
    const again = ProjectStore.open(left)
    put(again, marker('b', 2))
    expect(asJson(again)).toContain('"id":"a"')
    reopened(again, left).close()
  })

  test('a flipped bit in a gesture whose record is not written yet is mended from the journal', () => {
    const store = ProjectStore.create(path, 'Rot')
    put(store, marker('a', 1))
    const before = asJson(store)
    const left = crashed()
    store.close()
    const db = new Database(left)
    expect(
      db.prepare(`UPDATE pending SET patches = replace(patches, '"atTicks":1', '"atTicks":7')`).run().changes,
    ).toBe(1)
    db.close()
    const again = ProjectStore.open(left)
    expect(again.repaired).toEqual(['a'])
    expect(asJson(again)).toBe(before)
    again.close()
  })

  test('damage that reaches the journal is refused, never guessed at', () => {
    const store = ProjectStore.create(path, 'Rot')
    put(store, marker('a', 1))
    store.close()
    const db = new Database(path)
    db.exec("UPDATE records SET json = json || ' '; UPDATE journal SET forward = forward || ' '")
    db.close()
    expect(() => ProjectStore.open(path)).toThrow(/damaged/)
  })

  test('a foreign, an empty and a truncated file are refused', () => {
    writeFileSync(path, 'not a database, but long enough to look like a file of some kind'.repeat(20))
    expect(() => ProjectStore.open(path)).toThrow(/damaged|not an Asterism/)
    writeFileSync(path, '')
    expect(() => ProjectStore.open(path)).toThrow(/empty/)
    rmSync(path)
    ProjectStore.create(path, 'T').close()
    writeFileSync(path, readFileSync(path).subarray(0, 3000))
    expect(() => ProjectStore.open(path)).toThrow(/damaged|not an Asterism/)
  })

  test('a folder and a pipe in place of a project are named as what they are, at once', () => {
    mkdirSync(path)
    expect(() => ProjectStore.open(path)).toThrow(expect.objectContaining({ code: 'bad_input' }) as Error)
    rmSync(path, { recursive: true })
    execFileSync('mkfifo', [path])
    expect(() => ProjectStore.open(path)).toThrow(/pipe/)
  })

  test('a disk that is full at the end of the work bars nobody from closing, and nothing is lost', () => {
    const store = ProjectStore.create(path, 'One')
    put(store, marker('a', 1))
    const full = vi.spyOn(RecordRows.prototype, 'catchUp').mockImplementation(() => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    })
    store.close()
    full.mockRestore()
    const again = ProjectStore.open(path)
    expect(again.document.has('a')).toBe(true)
    again.close()
  })

  test('damaged rows of jobs are left out, and the project opens', () => {
    const store = ProjectStore.create(path, 'One')
    for (const [id, json] of Object.entries({ cut: '{"job":', none: 'null', number: '7' }))
      store.database.prepare('INSERT INTO jobs (id, position, json) VALUES (?, 1, ?)').run(id, json)
    expect(jobStoreOf(store.database).load()).toEqual([])
    store.close()
  })

  test('a note is no step of undo and survives a repair', () => {
    const store = ProjectStore.create(path, 'Note')
    put(store, marker('a', 1))
    store.note('Look', (draft) => {
      const record = draft.get('a')
      if (record?.kind === 'marker') record.note = 'seen'
    })
    const before = asJson(store)
    expect(store.history().undoLabel).toBe('Put a')
    store.close()
    const db = new Database(path)
    db.exec("UPDATE records SET json = json || ' ' WHERE id = 'a'")
    db.close()
    const again = ProjectStore.open(path)
    expect(asJson(again)).toBe(before)
    again.undo()
    expect(again.document.has('a')).toBe(false)
    again.close()
  })

  test('a second opener is told who has it', () => {
    const store = ProjectStore.create(path, 'Mine')
    expect(() => ProjectStore.open(path)).toThrow(/Another Asterism/)
    store.close()
    ProjectStore.open(path).close()
  })

  test('backups rotate and open', () => {
    for (let round = 0; round < 13; round++) {
      const store = round === 0 ? ProjectStore.create(path, 'B') : ProjectStore.open(path)
      put(store, marker('m', round))
      store.close()
    }
    const backups = listBackups(path)
    expect(backups.length).toBe(10)
    const store = ProjectStore.open(backups[0]!)
    expect((store.document.get('m') as Marker).atTicks).toBe(11)
    store.close()
  })

  test('tracks of version 4 learn that nobody knows their turns, other poses do not', () => {
    const db = new Database(path)
    migrate(db, path, 4)
    const add = (id: string, kind: string, record: object) => {
      const json = JSON.stringify({ kind, id, ...record })
      db.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?)').run(id, kind, id.length, json, rowHash(id, json))
    }
    for (const [id, format, code] of [
      ['walk', 'gpx', 'rotation_unknown'],
      ['flight', 'dji-srt', 'zone_assumed'],
      ['wrists', 'aria-mps', 'rotation_unknown'],
    ] as const) {
      add(id, 'asset', { format, warnings: [{ code, message: '…' }] })
      add(`${id}.0`, 'stream', { assetId: id, sensor: 'pose' })
      add(`${id}.1`, 'stream', { assetId: id, sensor: 'imu' })
    }
    migrate(db, path)
    const rows = db.prepare('SELECT id, json, sha256 FROM records').all() as {
      id: string
      json: string
      sha256: Buffer
    }[]
    const marked = rows.filter(({ json }) => json.includes('"rotationUnknown":true'))
    expect(marked.map(({ id }) => id)).toEqual(['walk.0'])
    for (const { id, json, sha256 } of rows) expect(rowHash(id, json).equals(sha256)).toBe(true)
    db.close()
  })

  test('version 1 files are migrated, later ones are refused', () => {
    const db = new Database(path)
    migrate(db, path, 1)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.close()
    const fixture = ProjectStore.create(join(folder, 'other.asterism'), 'x')
    fixture.close()
    const old = new Database(path)
    old.exec(
      `ATTACH '${join(folder, 'other.asterism')}' AS o; INSERT INTO records SELECT * FROM o.records; INSERT INTO snapshots SELECT * FROM o.snapshots;`,
    )
    old.close()
    const store = ProjectStore.open(path)
    expect(store.database.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
    store.close()
    const newer = new Database(path)
    newer.pragma('user_version = 999')
    newer.close()
    expect(() => ProjectStore.open(path)).toThrow(/newer Asterism/)
  })
})
