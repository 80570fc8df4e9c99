/**
 * The works that this person has packed and minted, by fingerprints, in one SQLite file under ASTERISM_HOME. It holds no
 * recordings. A work that is minted counts: nothing is sold twice. One that was only packed is named, and counts for nothing.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { packPrints, PRINTS_VERSION, unpackPrints, type AssetPrints } from './prints.ts'

const BUSY_MILLISECONDS = 10_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS prints (
    sha256 TEXT NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (sha256, version)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS works (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, token TEXT NOT NULL, minted INTEGER NOT NULL, registered_at TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS packed (
    token TEXT PRIMARY KEY, work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE, title TEXT NOT NULL,
    root TEXT NOT NULL, supersedes TEXT
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS origins (
    work TEXT PRIMARY KEY REFERENCES works (id) ON DELETE CASCADE, origin TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS members (
    work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE, sha256 TEXT NOT NULL, title TEXT NOT NULL,
    PRIMARY KEY (work, sha256)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS members_sha256 ON members (sha256);
`

/** A package of a work: each is a token of its own. */
export interface PackedVersion {
  readonly tokenId: string
  /** Its root CID, by which a later version names it. */
  readonly root: string
  /** The root CID of the version that it replaces. */
  readonly supersedes: string | null
}

export interface KnownRecording {
  readonly work: string
  readonly workTitle: string
  readonly minted: boolean
  readonly sha256: string
  readonly title: string
}

interface ForeignRecording {
  /** Of the recording, hexadecimal. */
  readonly sha256: string
  readonly title: string
  readonly prints: AssetPrints
}

export interface ForeignWork {
  readonly id: string
  readonly title: string
  readonly tokenId: string
  readonly recordings: readonly ForeignRecording[]
}

/** Prints of others are never taken for those of one's own recordings, whatever digest they claim. */
const foreignKey = (origin: string, sha256: string): string => `${origin}#${sha256}`

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
      throw new AsterismError('bad_input', say('library.unreadable'), {
        path,
        fix: say('library.fix.unreadable'),
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
  register(work: string, title: string, version: PackedVersion, members: readonly WorkMember[]): void {
    const { tokenId, root, supersedes } = version
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `INSERT INTO works (id, title, token, minted, registered_at) VALUES (?, ?, ?, 0, ?)
           ON CONFLICT (id) DO UPDATE SET title = excluded.title, token = iif(minted = 1, token, excluded.token)`,
        )
        .run(work, title, tokenId, new Date().toISOString())
      // Each version is a token of its own, and may be minted after the next one is packed.
      this.#database
        .prepare('INSERT OR REPLACE INTO packed (token, work, title, root, supersedes) VALUES (?, ?, ?, ?, ?)')
        .run(tokenId, work, title, root, supersedes)
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
    this.#database
      .prepare(
        'UPDATE works SET minted = 1, token = @tokenId WHERE token = @tokenId OR id = (SELECT work FROM packed WHERE token = @tokenId)',
      )
      .run({ tokenId })
  }

  /** Puts works that others know in the place of what came from there before. They count as minted: their list says so. */
  replaceOrigin(origin: string, works: readonly ForeignWork[]): void {
    const keep = this.#database.prepare('INSERT OR IGNORE INTO prints (sha256, version, bytes) VALUES (?, ?, ?)')
    const addWork = this.#database.prepare(
      'INSERT INTO works (id, title, token, minted, registered_at) VALUES (?, ?, ?, 1, ?)',
    )
    const addOrigin = this.#database.prepare('INSERT INTO origins (work, origin) VALUES (?, ?)')
    const addMember = this.#database.prepare('INSERT OR REPLACE INTO members (work, sha256, title) VALUES (?, ?, ?)')
    this.#database.transaction(() => {
      this.forgetOrigin(origin)
      for (const { id, title, tokenId, recordings } of works) {
        // A work of one's own is known already, by what its recordings are.
        if (this.#isOwn(tokenId)) continue
        addWork.run(id, title, tokenId, new Date().toISOString())
        addOrigin.run(id, origin)
        for (const { sha256, title: name, prints } of recordings) {
          keep.run(foreignKey(origin, sha256), PRINTS_VERSION, packPrints(prints))
          addMember.run(id, foreignKey(origin, sha256), name)
        }
      }
    })()
  }

  #isOwn(tokenId: string): boolean {
    const own = 'SELECT 1 FROM works WHERE token = ? AND id NOT IN (SELECT work FROM origins)'
    return this.#database.prepare(own).get(tokenId) !== undefined
  }

  /** Forgets the works that came from there, and their prints. */
  forgetOrigin(origin: string): void {
    this.#database.prepare('DELETE FROM works WHERE id IN (SELECT work FROM origins WHERE origin = ?)').run(origin)
    // A prefix that is no other origin's: ids of lists are all of one length.
    this.#database.prepare('DELETE FROM prints WHERE substr(sha256, 1, ?) = ?').run(origin.length + 1, `${origin}#`)
  }

  /** The works of this machine that were minted, with their prints: what can be told to others. */
  ownMinted(): ForeignWork[] {
    const rows = this.#database
      .prepare<[], { id: string; title: string; token: string; sha256: string; name: string }>(
        `SELECT id, works.title AS title, token, sha256, members.title AS name FROM works
         JOIN members ON members.work = works.id
         WHERE minted = 1 AND id NOT IN (SELECT work FROM origins) ORDER BY token, sha256`,
      )
      .all()
    const works = new Map<string, { id: string; title: string; tokenId: string; recordings: ForeignRecording[] }>()
    for (const { id, title, token, sha256, name } of rows) {
      const prints = this.prints(sha256)
      if (prints === null) continue
      const work = works.get(id) ?? { id, title, tokenId: token, recordings: [] }
      work.recordings.push({ sha256, title: name, prints })
      works.set(id, work)
    }
    return [...works.values()]
  }

  /** What the works are called, by the token that each was packed as. */
  titles(): ReadonlyMap<string, string> {
    const rows = this.#database
      .prepare<[], { token: string; title: string }>(
        'SELECT token, title FROM works UNION ALL SELECT token, title FROM packed',
      )
      .all()
    return new Map(rows.map(({ token, title }) => [token, title]))
  }

  /** Every version of every work that was packed here. */
  versions(): PackedVersion[] {
    return this.#database
      .prepare<[], PackedVersion>('SELECT token AS tokenId, root, supersedes FROM packed ORDER BY token')
      .all()
  }

  close(): void {
    this.#database.close()
  }
}
