/**
 * The rows of the document. A gesture is on disk as the patches that it made, in `pending`; the records that they belong
 * to are written whole a moment later, so that an edit of one clip does not wait for a track of hundreds to be written.
 */
import type { Database, Statement } from 'better-sqlite3'
import type { Document } from '../../../shared/document/document.ts'
import { touchedIds, type Patch } from '../../../shared/document/patches.ts'
import { rowHash } from './integrity.ts'

/** Patches longer than this are not kept apart: writing them and their records is one work. */
const LONGEST_PENDING_CHARACTERS = 200_000
/** So many gestures at most are made again when a project is opened after a crash. */
const MOST_PENDING = 200

export class RecordRows {
  readonly #db: Database
  readonly #put: Statement
  readonly #remove: Statement
  readonly #append: Statement
  readonly #forget: Statement
  /** Records whose rows are older than the document. */
  readonly #stale = new Set<string>()
  #pending = 0
  /** Of the last record that came; asked of the rows once, since that looks at every one of them. */
  #lastPosition: number
  #wroteAll = false

  constructor(db: Database) {
    this.#db = db
    this.#put = db.prepare(`
      INSERT INTO records (id, kind, position, json, sha256)
      VALUES (@id, @kind, @position, @json, @sha256)
      ON CONFLICT (id) DO UPDATE SET kind = @kind, json = @json, sha256 = @sha256`)
    this.#remove = db.prepare('DELETE FROM records WHERE id = ?')
    this.#append = db.prepare('INSERT INTO pending (patches, sha256) VALUES (?, ?)')
    this.#forget = db.prepare('DELETE FROM pending')
    this.#lastPosition = db.prepare<[], number>('SELECT coalesce(max(position), 0) FROM records').pluck().get() ?? 0
  }

  get areBehind(): boolean {
    return this.#stale.size > 0
  }

  /** One transaction; what it wrote counts as written only when it is on disk. */
  transaction(work: () => void): void {
    this.#wroteAll = false
    this.#db.transaction(work)()
    if (!this.#wroteAll) return
    this.#stale.clear()
    this.#pending = 0
  }

  /** Makes a change durable. Call inside a transaction of this. */
  note(next: Document, patches: readonly Patch[], json: string): void {
    for (const id of touchedIds(patches)) this.#stale.add(id)
    if (json.length > LONGEST_PENDING_CHARACTERS || this.#pending >= MOST_PENDING) {
      this.catchUp(next)
      return
    }
    this.#append.run(json, rowHash(json))
    this.#pending += 1
  }

  /** Writes the records that changed since they were written. Call inside a transaction of this. */
  catchUp(document: Document): void {
    this.write(document, this.#stale)
    this.#forget.run()
    this.#wroteAll = true
  }

  /** Call inside a transaction. */
  write(document: Document, ids: Iterable<string>): void {
    for (const id of ids) {
      const record = document.get(id)
      if (!record) this.#remove.run(id)
      else {
        const json = JSON.stringify(record)
        // A record that is there already keeps its place.
        const position = (this.#lastPosition += 1)
        this.#put.run({ id, kind: record.kind, position, json, sha256: rowHash(id, json) })
      }
    }
  }
}
