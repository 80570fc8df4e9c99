/**
 * A folder that is built under a temporary name and appears under its own all at once. What a killed process left
 * behind is cleared away by the next one.
 */
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { fileError, isMissing, makeFolder, outwardError, withFileErrors } from '../../file-errors.ts'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const ASIDE = 'replaced'

/** Temporary folders that are in use in this process. */
const inUse = new Set<string>()

/**
 * Removes what earlier, dead processes left of this name. A package that was stepping aside when its process died goes
 * back to its place if nothing has taken it.
 */
async function clearRemains(finalPath: string): Promise<void> {
  const parent = dirname(finalPath)
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(`.${basename(finalPath)}.`)) continue
    const pid = /\.(\d+)\.part$/.exec(entry)
    if (pid === null || (Number(pid[1]) !== process.pid && isAlive(Number(pid[1])))) continue
    const remains = join(parent, entry)
    if ((await readdir(remains)).includes(ASIDE) && !(await pathExists(finalPath))) {
      await rename(join(remains, ASIDE), finalPath)
    }
    await rm(remains, { recursive: true, force: true })
  }
}

/** Whether anything lies at a path. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw fileError(error, path)
  }
}

/**
 * Runs `build` with a hidden folder beside `finalPath`, on the same disk, which goes away afterwards with all that is
 * still in it. @throws AsterismError `conflict` when this process is building the same already.
 */
export async function withTemporaryFolder<T>(finalPath: string, build: (folder: string) => Promise<T>): Promise<T> {
  const parent = dirname(finalPath)
  const folder = join(parent, `.${basename(finalPath)}.${process.pid}.part`)
  if (inUse.has(folder)) throw new AsterismError('conflict', say('package.inWork'), { path: finalPath })
  inUse.add(folder)
  try {
    await withFileErrors(parent, async () => {
      await makeFolder(parent)
      await clearRemains(finalPath)
      await mkdir(folder)
    })
    return await build(folder)
  } catch (error) {
    throw outwardError(error, folder, finalPath)
  } finally {
    await rm(folder, { recursive: true, force: true })
    inUse.delete(folder)
  }
}

/** Moves a finished folder out of the temporary one to its final name; an older one of that name steps aside first. */
export async function publishFolder(finished: string, finalPath: string): Promise<void> {
  const aside = join(dirname(finished), ASIDE)
  await withFileErrors(finalPath, async () => {
    const replaces = await pathExists(finalPath)
    if (replaces) await rename(finalPath, aside)
    try {
      await rename(finished, finalPath)
    } catch (error) {
      if (replaces) await rename(aside, finalPath)
      throw error
    }
  })
}
