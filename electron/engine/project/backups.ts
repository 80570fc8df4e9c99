/** Rotating copies of a project file, in `<project>.backups/` beside it. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { isDiskFull } from './failures.ts'

const KEPT = 10

export function backupFolder(projectPath: string): string {
  return `${projectPath}.backups`
}

/** Backups of a project, newest first, absolute. */
export function listBackups(projectPath: string): string[] {
  const folder = backupFolder(projectPath)
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.asterism'))
      .sort()
      .reverse()
      .map((name) => join(folder, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * Copies the file as it stands, unless the newest backup already holds the same gestures. The copy is written under a
 * temporary name and then renamed; the oldest beyond ten go.
 */
export function keepBackup(db: Database, projectPath: string): void {
  const fingerprint = contentFingerprint(db)
  const existing = listBackups(projectPath)
  if (existing[0] && basename(existing[0]).includes(fingerprint)) return
  const folder = backupFolder(projectPath)
  mkdirSync(folder, { recursive: true })
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  const final = join(folder, `${stamp}-${fingerprint}.asterism`)
  const temporary = `${final}.partial`
  rmSync(temporary, { force: true })
  try {
    db.prepare('VACUUM INTO ?').run(temporary)
    renameSync(temporary, final)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  for (const old of listBackups(projectPath).slice(KEPT)) rmSync(old, { force: true })
}

/** `keepBackup` before nothing is changed: a disk that has no room for a copy bars nobody from what is on it. */
export function keepBackupWhereRoom(db: Database, projectPath: string): void {
  try {
    keepBackup(db, projectPath)
  } catch (error) {
    if (!isDiskFull(error)) throw error
  }
}

/** Changes whenever a record or the journal does. */
function contentFingerprint(db: Database): string {
  const hash = createHash('sha256')
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
  if (tables.includes('records')) {
    for (const digest of db.prepare('SELECT sha256 FROM records ORDER BY id').pluck().iterate())
      hash.update(digest as Buffer)
    if (tables.includes('pending'))
      for (const digest of db.prepare('SELECT sha256 FROM pending ORDER BY n').pluck().iterate())
        hash.update(digest as Buffer)
    for (const row of db.prepare('SELECT seq, undone FROM journal').raw().iterate()) hash.update(String(row))
  }
  hash.update(String(db.pragma('user_version', { simple: true })))
  return hash.digest('hex').slice(0, 12)
}
