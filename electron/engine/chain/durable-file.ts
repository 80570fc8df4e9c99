/** Writes files that after a crash are either the old or the new version, never a mixture. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { fileError, isMissing, systemCode } from '../file-errors.ts'

/** Only the owner of the home folder may read these files. */
const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/**
 * Writes a private file: to a temporary name, to the disk, then under its own name.
 * @throws AsterismError `disk_full` or `not_writable`.
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  let leftBehind = false
  try {
    await makePrivateFolder(dirname(path))
    const file = await open(temporary, 'wx', PRIVATE_FILE)
    leftBehind = true
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    if (leftBehind) await rm(temporary, { force: true })
    throw writeFailure(error, path)
  }
}

export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER })
  } catch (error) {
    throw writeFailure(error, path)
  }
}

/** The text of a file, or null when there is none. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw new AsterismError('bad_input', say('disk.programUnreadable'), { path, cause: error })
  }
}

/**
 * Content of a JSON file of ours; null if there is none, undefined if it is not JSON. The schema applied next refuses
 * both.
 */
export async function readJsonIfThere(path: string): Promise<unknown> {
  const text = await readIfThere(path)
  return text === null ? null : parseJson(text)
}

/** Undefined for what is not JSON: the schema that follows refuses it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Makes the rename itself durable. Windows cannot open folders, and orders renames by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Every failure to write becomes a typed error, on which signing and sending rely. */
function writeFailure(error: unknown, path: string): AsterismError {
  const known = fileError(error, path)
  if (known instanceof AsterismError)
    return known.code === 'not_writable' ? known.with({ fix: say('disk.fix.home') }) : known
  const cause = systemCode(error) ?? ''
  return new AsterismError('not_writable', say('disk.programFile', { cause }), {
    path,
    fix: say('disk.fix.home'),
    cause: error,
  })
}
