/** Row hashes of the project file, the check on open, and the rebuilding of rows that do not match theirs. */
import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { Document } from '../../../shared/document/document.ts'
import { applyPatches, type Patch } from '../../../shared/document/patches.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'

export function rowHash(...fields: string[]): Buffer {
  const hash = createHash('sha256')
  for (const field of fields) hash.update(`${Buffer.byteLength(field)}:`).update(field)
  return hash.digest()
}

interface RecordRow {
  id: string
  json: string
  sha256: Buffer
}

interface PendingRow {
  patches: string
  sha256: Buffer
}

export interface LoadedDocument {
  readonly document: Document
  /** Ids of the records that had to be rebuilt from the journal; empty in a healthy file. */
  readonly repaired: readonly string[]
  /** What the document has and the rows of its records have not: a crash came before they were written. */
  readonly unwritten: readonly Patch[]
}

/**
 * Reads the document, records and what changed since they were written, and checks every row. Where rows are damaged the
 * document is rebuilt from the newest sound snapshot and the journal after it.
 * @throws AsterismError project_corrupt when that is not possible either.
 */
export function loadDocument(db: Database, path: string): LoadedDocument {
  const rows = db.prepare('SELECT id, json, sha256 FROM records ORDER BY position').all() as RecordRow[]
  const damaged = rows.filter((row) => !rowHash(row.id, row.json).equals(row.sha256)).map((row) => row.id)
  const pending = pendingPatches(db)
  if (damaged.length === 0 && rows.length > 0 && pending) {
    const written: Document = new Map(rows.map((row) => [row.id, JSON.parse(row.json) as DocumentRecord]))
    return { document: applyPatches(written, pending), repaired: [], unwritten: pending }
  }
  const rebuilt = rebuild(db)
  if (!rebuilt) {
    throw new AsterismError('project_corrupt', say('project.beyondRepair'), {
      path,
      kept: say('kept.nothingChanged'),
      fix: say('project.fix.backup'),
    })
  }
  if (pending) return { document: rebuilt, repaired: damaged, unwritten: [] }
  const written = new Map(rows.map((row) => [row.id, row.json]))
  const changed = [...rebuilt.values()].filter((record) => written.get(record.id) !== JSON.stringify(record))
  return { document: rebuilt, repaired: changed.map((record) => record.id), unwritten: [] }
}

/** What was changed since the records were written; null where it is damaged. */
function pendingPatches(db: Database): Patch[] | null {
  const rows = db.prepare('SELECT patches, sha256 FROM pending ORDER BY n').all() as PendingRow[]
  if (rows.some((row) => !rowHash(row.patches).equals(row.sha256))) return null
  return rows.flatMap((row) => JSON.parse(row.patches) as Patch[])
}

/** The document from the newest sound snapshot and every journal row after it; null where the chain is broken. */
function rebuild(db: Database): Document | null {
  const snapshots = db.prepare('SELECT seq, json, sha256 FROM snapshots ORDER BY seq DESC').all() as {
    seq: number
    json: string
    sha256: Buffer
  }[]
  for (const snapshot of snapshots) {
    if (!rowHash(String(snapshot.seq), snapshot.json).equals(snapshot.sha256)) continue
    let document: Document = new Map(
      (JSON.parse(snapshot.json) as DocumentRecord[]).map((record) => [record.id, record]),
    )
    const rows = db
      .prepare('SELECT seq, label, forward, inverse, sha256 FROM journal WHERE seq > ? AND undone = 0 ORDER BY seq')
      .all(snapshot.seq) as { seq: number; label: string; forward: string; inverse: string; sha256: Buffer }[]
    if (rows.some((row) => !rowHash(row.label, row.forward, row.inverse).equals(row.sha256))) continue
    for (const row of rows) document = applyPatches(document, JSON.parse(row.forward) as Patch[])
    return document
  }
  return null
}

/** Writes a whole document as a snapshot after journal row `seq`. Call inside a transaction. */
export function writeSnapshot(db: Database, seq: number, document: Document): void {
  const json = JSON.stringify([...document.values()])
  db.prepare('INSERT OR REPLACE INTO snapshots (seq, at, json, sha256) VALUES (?, ?, ?, ?)').run(
    seq,
    new Date().toISOString(),
    json,
    rowHash(String(seq), json),
  )
  db.prepare(
    'DELETE FROM snapshots WHERE seq > 0 AND seq NOT IN (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT 2)',
  ).run()
}

/** Drops the snapshots that hold a gesture which is being undone; the one at 0 always stays. Call inside a transaction. */
export function dropSnapshotsFrom(db: Database, seq: number): void {
  db.prepare('DELETE FROM snapshots WHERE seq > 0 AND seq >= ?').run(seq)
}
