/**
 * The project file: an SQLite database. `records` with `pending` is the document as it stands, `journal` every gesture
 * with its patches both ways, `snapshots` whole documents to rebuild from, `jobs` long work. Every row that matters carries the
 * sha-256 of its content: `PRAGMA integrity_check` sees only about 2 % of single flipped bits, a hash per row about 90 %.
 */
import type { Database } from 'better-sqlite3'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { rowHash } from './integrity.ts'

/** "ASTR": marks an SQLite file as one of ours. */
export const APPLICATION_ID = 0x41535452

interface Migration {
  readonly to: number
  readonly up: (db: Database) => void
}

/** Numbered, never edited once released: each has a fixture of the version before it in tests/fixtures/project. */
const MIGRATIONS: readonly Migration[] = [
  {
    to: 1,
    up: (db) =>
      db.exec(`
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE records (
          id TEXT PRIMARY KEY, kind TEXT NOT NULL, position INTEGER NOT NULL, json TEXT NOT NULL, sha256 BLOB NOT NULL
        ) STRICT;
        CREATE TABLE journal (
          seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, label TEXT NOT NULL, merge_key TEXT,
          forward TEXT NOT NULL, inverse TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0, sha256 BLOB NOT NULL
        ) STRICT;
        CREATE TABLE snapshots (
          seq INTEGER PRIMARY KEY, at TEXT NOT NULL, json TEXT NOT NULL, sha256 BLOB NOT NULL
        ) STRICT;
        CREATE TABLE jobs (
          id TEXT PRIMARY KEY, position INTEGER NOT NULL, json TEXT NOT NULL
        ) STRICT;
      `),
  },
  {
    // 2: what the window remembers of a project (layout, zoom, selection); it is no part of the document's history.
    to: 2,
    up: (db) => db.exec(`CREATE TABLE view_state (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;`),
  },
  {
    // 3: events of chains about the works of this project, and up to which block they are known.
    to: 3,
    up: (db) =>
      db.exec(`
        CREATE TABLE chain_events (
          scope TEXT NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL, transaction_hash TEXT NOT NULL,
          address TEXT NOT NULL, topics TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (scope, block, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE chain_checkpoints (
          scope TEXT NOT NULL, block INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (scope, block)
        ) STRICT, WITHOUT ROWID;
      `),
  },
  {
    // 4: gestures whose records are not written yet; and what can be undone without reading through every gesture.
    to: 4,
    up: (db) =>
      db.exec(`
        CREATE TABLE pending (n INTEGER PRIMARY KEY, patches TEXT NOT NULL, sha256 BLOB NOT NULL) STRICT;
        CREATE INDEX journal_by_undone ON journal (undone, seq, label);
      `),
  },
  {
    // 5: tracks of satellite receivers say that nobody knows how the device was turned; until then a warning alone did.
    to: 5,
    up: (db) => {
      const rows = db.prepare<[], { id: string; json: string }>(`
        SELECT stream.id, stream.json FROM records stream
        JOIN records asset ON asset.kind = 'asset' AND asset.id = stream.json ->> 'assetId'
        WHERE stream.kind = 'stream' AND stream.json ->> 'sensor' = 'pose'
        AND asset.json ->> 'format' IN ('gpx', 'nmea', 'fit', 'dji-srt')
        AND EXISTS (SELECT 1 FROM json_each(asset.json, '$.warnings') WHERE value ->> 'code' = 'rotation_unknown')`)
      const write = db.prepare('UPDATE records SET json = ?, sha256 = ? WHERE id = ?')
      for (const { id, json } of rows.all()) {
        const marked = JSON.stringify({ ...(JSON.parse(json) as object), rotationUnknown: true })
        write.run(marked, rowHash(id, marked), id)
      }
    },
  },
]

export const SCHEMA_VERSION = MIGRATIONS[MIGRATIONS.length - 1]!.to

export function schemaVersionOf(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number
}

/**
 * Brings a database up to `target`, each step in its own transaction.
 * @throws AsterismError project_too_new when a later Asterism wrote the file.
 */
export function migrate(db: Database, path: string, target: number = SCHEMA_VERSION): void {
  const from = schemaVersionOf(db)
  if (from > SCHEMA_VERSION) {
    throw new AsterismError('project_too_new', say('project.newer', { from, reads: SCHEMA_VERSION }), {
      path,
      kept: say('kept.fileUntouched'),
      fix: say('project.fix.update'),
    })
  }
  for (const migration of MIGRATIONS) {
    if (migration.to <= from || migration.to > target) continue
    db.transaction(() => {
      migration.up(db)
      db.pragma(`user_version = ${migration.to}`)
    })()
  }
}
