/**
 * The rows of the document. A gesture is on disk as its patches, in `pending`; the records that they change are written
 * whole a moment later, so that an edit of one clip does not wait until a track of hundreds is written.
 */
import type { Database, Statement } from 'better-sqlite3'
import type { Document } from '../../../shared/document/document.ts'
import { touchedIds, type Patch } from '../../../shared/document/patches.ts'
import { rowHash } from './integrity.ts'

/** Patches longer than this are not kept apart: writing them and their records is one work. */
const LONGEST_PENDING_CHARACTERS = 200_000
/** At most this many gestures are replayed when a project is opened after a crash. */
const MOST_PENDING = 200

export class RecordRows {
  readonly #db: Database
  readonly #put: Statement
  readonly #places: Statement<[], { readonly id: string; readonly position: number }>
  readonly #move: Statement
  readonly #remove: Statement
  readonly #append: Statement
  readonly #forget: Statement
  /** Records whose rows are older than the document. */
  readonly #stale = new Set<string>()
  #pending = 0
  /** Whether records came or went since the rows were written. */
  #placesDiffer = false
  #wroteAll = false

  /** @param unwritten what gestures of an earlier opening made that is in `pending` alone */
  constructor(db: Database, unwritten: readonly Patch[] = []) {
    this.#db = db
    this.#put = db.prepare(`
      INSERT INTO records (id, kind, position, json, sha256)
      VALUES (@id, @kind, @position, @json, @sha256)
      ON CONFLICT (id) DO UPDATE SET kind = @kind, json = @json, sha256 = @sha256`)
    this.#places = db.prepare('SELECT id, position FROM records')
    this.#move = db.prepare('UPDATE records SET position = ? WHERE id = ?')
    this.#remove = db.prepare('DELETE FROM records WHERE id = ?')
    this.#append = db.prepare('INSERT INTO pending (patches, sha256) VALUES (?, ?)')
    this.#forget = db.prepare('DELETE FROM pending')
    this.#expect(unwritten)
    this.#pending = unwritten.length
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
    this.#placesDiffer = false
    this.#pending = 0
  }

  /** Makes a change durable. Call inside a transaction of this. */
  note(next: Document, patches: readonly Patch[], json: string): void {
    this.#expect(patches)
    if (json.length > LONGEST_PENDING_CHARACTERS || this.#pending >= MOST_PENDING) {
      this.catchUp(next)
      return
    }
    this.#append.run(json, rowHash(json))
    this.#pending += 1
  }

  #expect(patches: readonly Patch[]): void {
    for (const id of touchedIds(patches)) this.#stale.add(id)
    this.#placesDiffer ||= patches.some(({ op, path }) => path.length === 1 && op !== 'replace')
  }

  /** Writes the records that changed since they were written. Call inside a transaction of this. */
  catchUp(document: Document): void {
    if (this.#placesDiffer) this.write(document, this.#stale)
    else this.#write(document, this.#stale, new Map())
    this.#forget.run()
    this.#wroteAll = true
  }

  /** Writes records, each at its place in the document. Call inside a transaction. */
  write(document: Document, ids: Iterable<string>): void {
    const places = new Map(this.#places.all().map(({ id, position }) => [id, position]))
    let last = 0
    for (const id of document.keys()) {
      const place = places.get(id)
      // A record that came in between takes the place that one left, and moves those behind it where none did.
      last = place !== undefined && place > last ? place : last + 1
      if (place === last) continue
      if (place !== undefined) this.#move.run(last, id)
      places.set(id, last)
    }
    this.#write(document, ids, places)
  }

  /** @param places of records that have no row yet */
  #write(document: Document, ids: Iterable<string>, places: ReadonlyMap<string, number>): void {
    for (const id of ids) {
      const record = document.get(id)
      if (!record) this.#remove.run(id)
      else {
        const json = JSON.stringify(record)
        this.#put.run({ id, kind: record.kind, position: places.get(id) ?? 0, json, sha256: rowHash(id, json) })
      }
    }
  }
}
