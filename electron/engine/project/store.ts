/**
 * An open project: the document in memory, the file on disk, and the journal between them. A commit is one transaction
 * with synchronous=FULL, so what was acknowledged survives kill -9 and power loss; undo is in the file too and so
 * survives restarts. Whole records and snapshots are written when idle: see RecordRows.
 */
import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import {
  assertValid,
  edit,
  editTo,
  MERGE_WITHIN_MILLISECONDS,
  type Document,
  type Edit,
  type Recipe,
} from '../../../shared/document/document.ts'
import { newProjectRecords } from '../../../shared/document/new-project.ts'
import { applyPatches, touchedIds, type Patch } from '../../../shared/document/patches.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { keepBackup, keepBackupWhereRoom } from './backups.ts'
import { asProjectError } from './failures.ts'
import { dropSnapshotsFrom, loadDocument, rowHash, writeSnapshot, type LoadedDocument } from './integrity.ts'
import { RecordRows } from './record-rows.ts'
import { APPLICATION_ID, migrate, SCHEMA_VERSION, schemaVersionOf } from './schema.ts'

/** A snapshot is written after this many gestures; it bounds the work of a repair. */
const GESTURES_PER_SNAPSHOT = 200
/** Records are written this long after the last gesture. */
const IDLE_MILLISECONDS = 1000

export interface CommitOptions {
  /** What the undo menu says: "Split clip". */
  readonly label: string
  readonly mergeKey?: string
  /** The client's own name for it. */
  readonly gesture?: string
}

export interface HistoryState {
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly undoLabel: string | null
  readonly redoLabel: string | null
}

/** What subscribers get after every change. */
export interface ChangeEvent {
  readonly revision: number
  readonly patches: readonly Patch[]
  readonly label: string
  readonly gesture: string | null
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

function removeHalf(path: string): void {
  for (const part of ['', '-wal', '-shm']) {
    try {
      rmSync(path + part, { force: true })
    } catch {
      // If nothing can be removed, nothing was created; the earlier failure says why.
    }
  }
}

export class ProjectStore {
  readonly path: string
  /** Records that were rebuilt from the journal when the file was opened. */
  readonly repaired: readonly string[]
  readonly #db: Database.Database
  #document: Document
  #revision = 0
  readonly #rows: RecordRows
  #idle: NodeJS.Timeout | undefined
  readonly #listeners = new Set<(event: ChangeEvent) => void>()

  private constructor(
    path: string,
    db: Database.Database,
    { document, repaired, unwritten }: Partial<LoadedDocument> & Pick<LoadedDocument, 'document'>,
  ) {
    this.path = path
    this.#db = db
    this.#document = document
    this.repaired = repaired ?? []
    this.#rows = new RecordRows(db, unwritten)
  }

  /**
   * @throws AsterismError conflict when the file exists, not_found when its folder does not, not_writable, disk_full.
   */
  static create(path: string, title: string): ProjectStore {
    if (existsSync(path)) {
      throw new AsterismError('conflict', say('export.fileOfThatName'), {
        path,
        fix: say('export.fix.otherName'),
      })
    }
    if (!existsSync(dirname(path))) {
      throw new AsterismError('not_found', say('project.noFolder'), {
        path,
        fix: say('project.fix.makeFolder'),
      })
    }
    try {
      return asProjectError(path, () => ProjectStore.#fresh(path, title))
    } catch (error) {
      // Half a project would block the next attempt; one that another process has just created stays.
      const isOurs = !(error instanceof AsterismError && error.code === 'project_in_use')
      if (isOurs) removeHalf(path)
      throw error
    }
  }

  static #fresh(path: string, title: string): ProjectStore {
    const db = connect(path)
    try {
      migrate(db, path)
      const createdAt = new Date().toISOString()
      const document: Document = new Map(newProjectRecords(title, createdAt).map((record) => [record.id, record]))
      db.transaction(() => {
        db.pragma(`application_id = ${APPLICATION_ID}`)
        new RecordRows(db).write(document, document.keys())
        writeSnapshot(db, 0, document)
      })()
      return new ProjectStore(path, db, { document })
    } catch (error) {
      db.close()
      throw error
    }
  }

  /**
   * Opens, checks, backs up and, where needed, migrates or repairs a project file.
   * @throws AsterismError not_found, project_corrupt, project_too_new, project_in_use.
   */
  static open(path: string): ProjectStore {
    if (!existsSync(path)) throw new AsterismError('not_found', say('project.none'), { path })
    const status = statSync(path)
    // A pipe would wait for ever, and a folder is not one that cannot be written.
    if (!status.isFile()) {
      throw new AsterismError('bad_input', say(status.isDirectory() ? 'file.isFolder' : 'file.neither'), { path })
    }
    if (status.size === 0) throw new AsterismError('project_corrupt', say('project.empty'), { path })
    return asProjectError(path, () => {
      const db = connect(path)
      try {
        if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
          throw new AsterismError('project_corrupt', say('project.other'), { path })
        }
        if (schemaVersionOf(db) < SCHEMA_VERSION) keepBackup(db, path)
        migrate(db, path)
        const loaded = loadDocument(db, path)
        const { document, repaired } = loaded
        if (repaired.length > 0) {
          keepBackup(db, path)
          db.transaction(() => {
            db.exec('DELETE FROM records; DELETE FROM pending')
            new RecordRows(db).write(document, document.keys())
          })()
        }
        const store = new ProjectStore(path, db, loaded)
        keepBackupWhereRoom(db, path)
        return store
      } catch (error) {
        db.close()
        throw error
      }
    })
  }

  /**
   * A copy, in memory only, of a project that another machine has open; changes are read from its document.
   * @param path of the original, beside which its derived files are
   */
  static copy(path: string, document: Document): ProjectStore {
    const db = new Database(':memory:')
    migrate(db, path)
    return new ProjectStore(path, db, { document })
  }

  get document(): Document {
    return this.#document
  }

  get revision(): number {
    return this.#revision
  }

  /** The database, for tables outside the document (jobs, view state). */
  get database(): Database.Database {
    return this.#db
  }

  /**
   * One gesture: runs the recipe, checks what it touched, writes it in one transaction, notifies the subscribers.
   * A gesture without changes leaves no trace.
   * @param change a recipe, or what the document becomes
   * @throws AsterismError bad_input when the document would become invalid; nothing is changed then.
   */
  commit(options: CommitOptions, change: Recipe | Document): void {
    const made = this.#checked(change)
    if (!made) return
    const forward = JSON.stringify(made.forward)
    this.#write(made.document, made.forward, forward, () =>
      this.#appendOrMerge(options, forward, JSON.stringify(made.inverse)),
    )
    this.#announce(made.document, made.forward, options.label, options.gesture)
  }

  /**
   * Records a change that is not a gesture of the user (such as a missing file), without an undo step. It comes with a
   * snapshot, so that a repair ends at the same document.
   */
  note(label: string, recipe: Recipe): void {
    const change = this.#checked(recipe)
    if (!change) return
    this.#write(change.document, change.forward, JSON.stringify(change.forward), () =>
      writeSnapshot(this.#db, this.#lastDone(), change.document),
    )
    this.#announce(change.document, change.forward, label)
  }

  /** Undoes the last gesture. Returns its label, or null if there is none. */
  undo(gesture?: string): string | null {
    const row = this.#db.prepare('SELECT * FROM journal WHERE undone = 0 ORDER BY seq DESC LIMIT 1').get() as
      JournalRow | undefined
    return row ? this.#replay(row, row.inverse, 1, gesture) : null
  }

  /** Redoes the last undone gesture. Returns its label, or null if there is none. */
  redo(gesture?: string): string | null {
    const row = this.#db.prepare('SELECT * FROM journal WHERE undone = 1 ORDER BY seq ASC LIMIT 1').get() as
      JournalRow | undefined
    return row ? this.#replay(row, row.forward, 0, gesture) : null
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

  /** Closes it even if the disk is full: every gesture is in the file's log, which the next opening reads. */
  close(): void {
    if (!this.#db.open) return
    try {
      asProjectError(this.path, () => {
        this.#catchUp()
        this.#db.pragma('wal_checkpoint(TRUNCATE)')
      })
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
    } finally {
      this.#db.close()
      this.#listeners.clear()
    }
  }

  /** The changed document; null if nothing changed. */
  #checked(change: Recipe | Document): Edit | null {
    const made = typeof change === 'function' ? edit(this.#document, change) : editTo(this.#document, change)
    if (made.forward.length === 0) return null
    assertValid(made.document, touchedIds(made.forward), this.#document)
    return made
  }

  #replay(row: JournalRow, json: string, undone: 0 | 1, gesture?: string): string {
    const patches = JSON.parse(json) as Patch[]
    const next = applyPatches(this.#document, patches)
    this.#write(next, patches, json, () => {
      this.#db.prepare('UPDATE journal SET undone = ? WHERE seq = ?').run(undone, row.seq)
      if (undone === 1) dropSnapshotsFrom(this.#db, row.seq)
    })
    this.#announce(next, patches, row.label, gesture)
    return row.label
  }

  #appendOrMerge(options: CommitOptions, forward: string, inverse: string): void {
    const now = new Date()
    this.#db.prepare('DELETE FROM journal WHERE undone = 1').run()
    const last = options.mergeKey
      ? (this.#db.prepare('SELECT * FROM journal ORDER BY seq DESC LIMIT 1').get() as JournalRow | undefined)
      : undefined
    if (
      last &&
      last.merge_key === options.mergeKey &&
      now.getTime() - Date.parse(last.at) < MERGE_WITHIN_MILLISECONDS
    ) {
      const f = joined(last.forward, forward)
      const i = joined(inverse, last.inverse)
      this.#db
        .prepare('UPDATE journal SET at = ?, label = ?, forward = ?, inverse = ?, sha256 = ? WHERE seq = ?')
        .run(now.toISOString(), options.label, f, i, rowHash(options.label, f, i), last.seq)
      dropSnapshotsFrom(this.#db, last.seq)
      return
    }
    const hash = rowHash(options.label, forward, inverse)
    this.#db
      .prepare('INSERT INTO journal (at, label, merge_key, forward, inverse, sha256) VALUES (?, ?, ?, ?, ?, ?)')
      .run(now.toISOString(), options.label, options.mergeKey ?? null, forward, inverse, hash)
  }

  /** @param json the patches as they are stored */
  #write(next: Document, patches: readonly Patch[], json: string, journal: () => void): void {
    asProjectError(this.path, () =>
      this.#rows.transaction(() => {
        this.#rows.note(next, patches, json)
        journal()
      }),
    )
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined
      // The gestures are on disk already; the next idle moment or the next opening writes the records.
      try {
        this.#catchUp()
      } catch (error) {
        if (!(error instanceof AsterismError)) throw error
      }
    }, IDLE_MILLISECONDS).unref()
    this.#idle.refresh()
  }

  /** Writes outdated records, and a snapshot if one is due. */
  #catchUp(): void {
    clearTimeout(this.#idle)
    this.#idle = undefined
    if (!this.#rows.areBehind) return
    asProjectError(this.path, () =>
      this.#rows.transaction(() => {
        this.#rows.catchUp(this.#document)
        const last = this.#lastDone()
        const snapshot = this.#db.prepare('SELECT coalesce(max(seq), 0) FROM snapshots').pluck().get() as number
        if (last - snapshot >= GESTURES_PER_SNAPSHOT) writeSnapshot(this.#db, last, this.#document)
      }),
    )
  }

  /** The number of the last gesture that is not undone; 0 if there is none. */
  #lastDone(): number {
    return this.#db.prepare('SELECT coalesce(max(seq), 0) FROM journal WHERE undone = 0').pluck().get() as number
  }

  #announce(next: Document, patches: readonly Patch[], label: string, gesture: string | null = null): void {
    this.#document = next
    this.#revision += 1
    const event: ChangeEvent = { revision: this.#revision, patches, label, gesture, history: this.history() }
    for (const listener of this.#listeners) listener(event)
  }
}

function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: 1500 })
  try {
    // Exclusive: one process owns a project at a time, and the operating system releases the lock when that process dies.
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

/** Concatenates two stored lists of patches. */
function joined(first: string, second: string): string {
  return `${first.slice(0, -1)},${second.slice(1)}`
}
