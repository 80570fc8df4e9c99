/** Formats that are folders: built out of sight, moved to their name when complete. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { fileError, withFileErrors } from '../../file-errors.ts'
import { readableJson } from '../package/canonical-json.ts'
import { pathExists, publishFolder, withTemporaryFolder } from '../package/temporary-folder.ts'
import type { ExportedFile } from './exporter.ts'
import { fileDigest, writeWholeBytes } from './whole-file.ts'

/** Says that a folder is an export and may be replaced by the next one. */
const MARK = '.asterism-export.json'

async function isOwnOrEmpty(path: string): Promise<boolean> {
  if (!(await pathExists(path))) return true
  const entries = await readdir(path)
  if (entries.length === 0) return true
  if (!entries.includes(MARK)) return false
  const { files } = JSON.parse(await readFile(join(path, MARK), 'utf8')) as { files: string[] }
  const known = new Set([...files, MARK])
  return (await filesOf(path)).every((file) => known.has(file))
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}

/**
 * Lets `build` fill a hidden folder beside `outPath`, then gives it its name; an earlier export there is replaced.
 *
 * @throws AsterismError `conflict` when something of the person's own lies there
 */
export async function writeWholeFolder(
  outPath: string,
  format: string,
  signal: AbortSignal | undefined,
  build: (folder: string) => Promise<void>,
): Promise<ExportedFile[]> {
  const path = resolve(outPath)
  try {
    throwIfCancelled(signal)
    if (!(await isOwnOrEmpty(path))) {
      throw new AsterismError('conflict', say('export.folderInUse'), {
        path,
        fix: say('export.fix.newFolder'),
        kept: say('kept.asItIs'),
      })
    }
    return await withTemporaryFolder(path, async (temporary) => {
      const folder = join(temporary, 'export')
      await withFileErrors(folder, () => mkdir(folder))
      await build(folder)
      throwIfCancelled(signal)
      const files: ExportedFile[] = []
      for (const name of await filesOf(folder)) {
        files.push({ path: join(path, name), ...(await fileDigest(join(folder, name), signal)) })
      }
      const mark = readableJson({ format, files: files.map((file) => file.path.slice(path.length + 1)) })
      await writeWholeBytes(join(folder, MARK), Buffer.from(mark), signal)
      await publishFolder(folder, path)
      return files
    })
  } catch (error) {
    throw fileError(error, path)
  }
}
