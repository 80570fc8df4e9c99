/**
 * The works that this person has packed and minted, by fingerprints, in one SQLite file under ASTERISM_HOME. It holds no
 * recordings. A work that is minted counts: nothing is sold twice. One that was only packed is named, and counts for nothing.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AsterismError } from '../../../shared/errors.ts'
import { packPrints, unpackPrints, type AssetPrints } from './prints.ts'

/** Raised when prints are taken in another way: old ones are taken again. */
const PRINTS_VERSION = 1
const BUSY_MILLISECONDS = 10_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS prints (
    sha256 TEXT NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (sha256, version)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS works (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, token TEXT NOT NULL, minted INTEGER NOT NULL, registered_at TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS members (
    work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE, sha256 TEXT NOT NULL, title TEXT NOT NULL,
    PRIMARY KEY (work, sha256)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS members_sha256 ON members (sha256);
`

export interface KnownRecording {
  readonly work: string
  readonly workTitle: string
  readonly minted: boolean
  readonly sha256: string
  readonly title: string
}

export interface WorkMember {
  readonly sha256: string
  readonly title: string
}

export class OriginalityLibrary {
  readonly #database: Database.Database

  /** @param home ASTERISM_HOME; the file is made where there is none. */
  constructor(home: string) {
    const path = join(home, 'originality.sqlite')
    try {
      mkdirSync(home, { recursive: true })
      this.#database = new Database(path, { timeout: BUSY_MILLISECONDS })
      this.#database.pragma('journal_mode = WAL')
      this.#database.pragma('foreign_keys = ON')
      this.#database.exec(SCHEMA)
    } catch (cause) {
      throw new AsterismError('bad_input', 'The library of known works cannot be opened.', {
        path,
        fix: 'Move the file away: it is made again, empty.',
        cause,
      })
    }
  }

  prints(sha256: string): AssetPrints | null {
    const row = this.#database
      .prepare<[string, number], { bytes: Buffer }>('SELECT bytes FROM prints WHERE sha256 = ? AND version = ?')
      .get(sha256, PRINTS_VERSION)
    return row === undefined ? null : unpackPrints(row.bytes)
  }

  keepPrints(sha256: string, prints: AssetPrints): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO prints (sha256, version, bytes) VALUES (?, ?, ?)')
      .run(sha256, PRINTS_VERSION, packPrints(prints))
  }

  /** Everything that is known but what belongs to the work itself. */
  others(work: string): KnownRecording[] {
    return this.#database
      .prepare<[string], Omit<KnownRecording, 'minted'> & { minted: number }>(
        `SELECT work, works.title AS workTitle, minted, sha256, members.title AS title
         FROM members JOIN works ON works.id = members.work WHERE work <> ? ORDER BY registered_at, work, sha256`,
      )
      .all(work)
      .map((row) => ({ ...row, minted: row.minted === 1 }))
  }

  /** Adds a work as it was packed, or says anew what it consists of. What was minted once stays minted. */
  register(work: string, title: string, tokenId: string, members: readonly WorkMember[]): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `INSERT INTO works (id, title, token, minted, registered_at) VALUES (?, ?, ?, 0, ?)
           ON CONFLICT (id) DO UPDATE SET title = excluded.title, token = excluded.token`,
        )
        .run(work, title, tokenId, new Date().toISOString())
      // What was minted is known by all that it ever held; what was only packed, by what it holds now.
      this.#database
        .prepare('DELETE FROM members WHERE work = (SELECT id FROM works WHERE id = ? AND minted = 0)')
        .run(work)
      const insert = this.#database.prepare('INSERT OR REPLACE INTO members (work, sha256, title) VALUES (?, ?, ?)')
      for (const member of members) insert.run(work, member.sha256, member.title)
    })()
  }

  /** From now on the work with this token counts as sold. */
  markMinted(tokenId: string): void {
    this.#database.prepare('UPDATE works SET minted = 1 WHERE token = ?').run(tokenId)
  }

  /** What the works are called, by the token that each was packed as. */
  titles(): ReadonlyMap<string, string> {
    const rows = this.#database.prepare<[], { token: string; title: string }>('SELECT token, title FROM works').all()
    return new Map(rows.map(({ token, title }) => [token, title]))
  }

  close(): void {
    this.#database.close()
  }
}
