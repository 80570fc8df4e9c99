/**
 * An open project: the document in memory, the file on disk, and the journal between them. A commit is one transaction
 * with synchronous=FULL, so what was acknowledged survives kill -9 and power loss; undo is in the file too and so
 * survives restarts.
 */
import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import {
  applyPatches,
  assertValid,
  edit,
  touchedIds,
  type Document,
  type Patch,
  type Recipe,
} from '../../../shared/document/document.ts'
import { newProjectRecords } from '../../../shared/document/new-project.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { keepBackup } from './backups.ts'
import { asProjectError } from './failures.ts'
import { dropSnapshotsFrom, loadDocument, rowHash, writeSnapshot } from './integrity.ts'
import { APPLICATION_ID, migrate, SCHEMA_VERSION, schemaVersionOf } from './schema.ts'

/** A snapshot is written after so many gestures; it bounds the work of a repair. */
const GESTURES_PER_SNAPSHOT = 200
/** Gestures with one merge key within this time are one step of undo, as a drag is. */
const MERGE_WINDOW_MILLISECONDS = 2000

export interface CommitOptions {
  /** What the undo menu says: "Split clip". */
  readonly label: string
  readonly mergeKey?: string
}

export interface HistoryState {
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly undoLabel: string | null
  readonly redoLabel: string | null
}

/** What subscribers hear after every change. */
export interface ChangeEvent {
  readonly revision: number
  readonly patches: readonly Patch[]
  readonly label: string
  readonly history: HistoryState
}

interface JournalRow {
  seq: number
  at: string
  label: string
  merge_key: string | null
  forward: string
  inverse: string
}

export class ProjectStore {
  readonly path: string
  /** Records that were rebuilt from the journal when the file was opened. */
  readonly repaired: readonly string[]
  readonly #db: Database.Database
  #document: Document
  #revision = 0
  readonly #listeners = new Set<(event: ChangeEvent) => void>()

  private constructor(path: string, db: Database.Database, document: Document, repaired: readonly string[]) {
    this.path = path
    this.#db = db
    this.#document = document
    this.repaired = repaired
  }

  /** @throws AsterismError conflict when the file exists, not_writable, disk_full. */
  static create(path: string, title: string): ProjectStore {
    if (existsSync(path)) {
      throw new AsterismError('conflict', 'There is a file of that name already.', {
        path,
        fix: 'Choose another name.',
      })
    }
    return asProjectError(path, () => {
      const db = connect(path)
      migrate(db, path)
      const createdAt = new Date().toISOString()
      const document: Document = new Map(newProjectRecords(title, createdAt).map((record) => [record.id, record]))
      db.transaction(() => {
        db.pragma(`application_id = ${APPLICATION_ID}`)
        writeRecords(db, document, document.keys())
        writeSnapshot(db, 0, document)
      })()
      return new ProjectStore(path, db, document, [])
    })
  }

  /**
   * Opens, checks, backs up and, where needed, migrates or repairs a project file.
   * @throws AsterismError not_found, project_corrupt, project_too_new, project_in_use.
   */
  static open(path: string): ProjectStore {
    if (!existsSync(path)) throw new AsterismError('not_found', 'There is no project file there.', { path })
    if (statSync(path).size === 0) throw new AsterismError('project_corrupt', 'The project file is empty.', { path })
    return asProjectError(path, () => {
      const db = connect(path)
      try {
        if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
          throw new AsterismError('project_corrupt', 'This is not an Asterism project.', { path })
        }
        if (schemaVersionOf(db) < SCHEMA_VERSION) keepBackup(db, path)
        migrate(db, path)
        const { document, repaired } = loadDocument(db, path)
        if (repaired.length > 0) {
          keepBackup(db, path)
          db.transaction(() => {
            db.prepare('DELETE FROM records').run()
            writeRecords(db, document, document.keys())
          })()
        }
        const store = new ProjectStore(path, db, document, repaired)
        keepBackup(db, path)
        return store
      } catch (error) {
        db.close()
        throw error
      }
    })
  }

  get document(): Document {
    return this.#document
  }

  get revision(): number {
    return this.#revision
  }

  /** The database, for the tables that are no part of the document (jobs, view state). */
  get database(): Database.Database {
    return this.#db
  }

  /**
   * One gesture: runs the recipe, checks what it touched, writes it in one transaction, tells the subscribers.
   * A recipe that changes nothing leaves no trace.
   * @throws AsterismError bad_input when the document would become invalid; nothing is changed then.
   */
  commit(options: CommitOptions, recipe: Recipe): void {
    const change = edit(this.#document, recipe)
    if (change.forward.length === 0) return
    const touched = touchedIds(change.forward)
    assertValid(change.document, touched)
    this.#write(change.document, touched, () => {
      const seq = this.#appendOrMerge(options, change.forward, change.inverse)
      if (seq % GESTURES_PER_SNAPSHOT === 0) writeSnapshot(this.#db, seq, change.document)
    })
    this.#announce(change.document, change.forward, options.label)
  }

  /**
   * Notes what is no gesture of the person's (a file that is missing) without a step of undo. A snapshot goes with it,
   * so that a repair ends at the same document.
   */
  note(label: string, recipe: Recipe): void {
    const change = edit(this.#document, recipe)
    if (change.forward.length === 0) return
    const touched = touchedIds(change.forward)
    assertValid(change.document, touched)
    this.#write(change.document, touched, () => {
      const last = this.#db
        .prepare('SELECT coalesce(max(seq), 0) FROM journal WHERE undone = 0')
        .pluck()
        .get() as number
      writeSnapshot(this.#db, last, change.document)
    })
    this.#announce(change.document, change.forward, label)
  }

  /** Takes back the last gesture. Returns its label, or null when there is none. */
  undo(): string | null {
    const row = this.#db.prepare('SELECT * FROM journal WHERE undone = 0 ORDER BY seq DESC LIMIT 1').get() as
      JournalRow | undefined
    return row ? this.#replay(row, JSON.parse(row.inverse) as Patch[], 1) : null
  }

  /** Does the last undone gesture again. Returns its label, or null when there is none. */
  redo(): string | null {
    const row = this.#db.prepare('SELECT * FROM journal WHERE undone = 1 ORDER BY seq ASC LIMIT 1').get() as
      JournalRow | undefined
    return row ? this.#replay(row, JSON.parse(row.forward) as Patch[], 0) : null
  }

  history(): HistoryState {
    const undo = this.#db.prepare('SELECT label FROM journal WHERE undone = 0 ORDER BY seq DESC LIMIT 1').get() as
      { label: string } | undefined
    const redo = this.#db.prepare('SELECT label FROM journal WHERE undone = 1 ORDER BY seq ASC LIMIT 1').get() as
      { label: string } | undefined
    return { canUndo: !!undo, canRedo: !!redo, undoLabel: undo?.label ?? null, redoLabel: redo?.label ?? null }
  }

  /** Calls the listener after every change until the returned function is called. */
  subscribe(listener: (event: ChangeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    if (!this.#db.open) return
    this.#db.pragma('wal_checkpoint(TRUNCATE)')
    this.#db.close()
    this.#listeners.clear()
  }

  #replay(row: JournalRow, patches: readonly Patch[], undone: 0 | 1): string {
    const next = applyPatches(this.#document, patches)
    this.#write(next, touchedIds(patches), () => {
      this.#db.prepare('UPDATE journal SET undone = ? WHERE seq = ?').run(undone, row.seq)
      if (undone === 1) dropSnapshotsFrom(this.#db, row.seq)
    })
    this.#announce(next, patches, row.label)
    return row.label
  }

  #appendOrMerge(options: CommitOptions, forward: readonly Patch[], inverse: readonly Patch[]): number {
    const now = new Date()
    this.#db.prepare('DELETE FROM journal WHERE undone = 1').run()
    const last = options.mergeKey
      ? (this.#db.prepare('SELECT * FROM journal ORDER BY seq DESC LIMIT 1').get() as JournalRow | undefined)
      : undefined
    const forwardJson = (earlier: string | undefined): string =>
      JSON.stringify([...(earlier ? (JSON.parse(earlier) as Patch[]) : []), ...forward])
    if (
      last &&
      last.merge_key === options.mergeKey &&
      now.getTime() - Date.parse(last.at) < MERGE_WINDOW_MILLISECONDS
    ) {
      const f = forwardJson(last.forward)
      const i = JSON.stringify([...inverse, ...(JSON.parse(last.inverse) as Patch[])])
      this.#db
        .prepare('UPDATE journal SET at = ?, label = ?, forward = ?, inverse = ?, sha256 = ? WHERE seq = ?')
        .run(now.toISOString(), options.label, f, i, rowHash(options.label, f, i), last.seq)
      dropSnapshotsFrom(this.#db, last.seq)
      return last.seq
    }
    const f = forwardJson(undefined)
    const i = JSON.stringify(inverse)
    const result = this.#db
      .prepare('INSERT INTO journal (at, label, merge_key, forward, inverse, sha256) VALUES (?, ?, ?, ?, ?, ?)')
      .run(now.toISOString(), options.label, options.mergeKey ?? null, f, i, rowHash(options.label, f, i))
    return Number(result.lastInsertRowid)
  }

  #write(next: Document, touched: Iterable<string>, journal: () => void): void {
    asProjectError(this.path, () =>
      this.#db.transaction(() => {
        writeRecords(this.#db, next, touched)
        journal()
      })(),
    )
  }

  #announce(next: Document, patches: readonly Patch[], label: string): void {
    this.#document = next
    this.#revision += 1
    const event: ChangeEvent = { revision: this.#revision, patches, label, history: this.history() }
    for (const listener of this.#listeners) listener(event)
  }
}

function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: 1500 })
  try {
    // Exclusive: one process owns a project at a time, and the operating system lets go of it when that process dies.
    db.pragma('locking_mode = EXCLUSIVE')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.exec('BEGIN IMMEDIATE; COMMIT')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function writeRecords(db: Database.Database, document: Document, ids: Iterable<string>): void {
  const put = db.prepare(`
    INSERT INTO records (id, kind, position, json, sha256)
    VALUES (@id, @kind, (SELECT coalesce(max(position), 0) + 1 FROM records), @json, @sha256)
    ON CONFLICT (id) DO UPDATE SET kind = @kind, json = @json, sha256 = @sha256`)
  const remove = db.prepare('DELETE FROM records WHERE id = ?')
  for (const id of ids) {
    const record: DocumentRecord | undefined = document.get(id)
    if (!record) remove.run(id)
    else {
      const json = JSON.stringify(record)
      put.run({ id, kind: record.kind, json, sha256: rowHash(id, json) })
    }
  }
}
