/** Where results may be written: over what was written from here before, and over nothing else. */
import { stat, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { isMissing, withFileErrors } from '../file-errors.ts'
import { refuseNoFile, writeWholeBytes } from './export/whole-file.ts'

/** Size and time of change of a file when it was written; both still holding, nobody has worked on it since. */
interface Written {
  readonly bytes: number
  readonly changedMilliseconds: number
}

const KEPT = say('kept.asItIs')
const FIX = say('export.fix.otherName')

/** Paths with links resolved; what does not exist yet is taken by the folder it would lie in. */
async function realPath(path: string): Promise<string> {
  const absolute = resolve(path)
  try {
    return await realpath(absolute)
  } catch (error) {
    if (!isMissing(error)) return absolute
    const parent = dirname(absolute)
    return parent === absolute ? absolute : join(await realPath(parent), basename(absolute))
  }
}

const statOrNull = (path: string) => stat(path).catch(() => null)

function liesIn(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && way !== resolve(way))
}

/**
 * Refuses a destination that is a recording of the project, lies inside a capture folder, or is the project itself.
 *
 * @param sources files and capture folders of the project's assets
 * @throws AsterismError `conflict`
 */
async function refuseOwnThings(out: string, projectPath: string, sources: readonly string[]): Promise<void> {
  const [target, project, there] = await Promise.all([realPath(out), realPath(projectPath), statOrNull(out)])
  const ofProject = [project, `${project}-wal`, `${project}-shm`]
  if (ofProject.includes(target) || ['.backups', '.cache'].some((folder) => liesIn(target, project + folder))) {
    throw new AsterismError('conflict', say('export.isProject'), { path: out, fix: FIX, kept: KEPT })
  }
  for (const source of sources) {
    const entry = await statOrNull(source)
    // Two names of one file, on any file system that numbers its files.
    const isSame = entry !== null && there !== null && entry.ino === there.ino && entry.dev === there.dev
    const path = await realPath(source)
    if (isSame || (entry?.isDirectory() ? liesIn(target, path) : target === path)) {
      throw new AsterismError('conflict', say('export.isRecording', { name: basename(source) }), {
        path: out,
        fix: FIX,
        kept: KEPT,
      })
    }
  }
}

let lastRemembered: Promise<void> = Promise.resolve()

/** Remembers what was written, in one file of the project's cache. Forgotten, files are refused that could be replaced. */
export class WrittenFiles {
  readonly #path: string

  constructor(folder: string) {
    this.#path = join(folder, 'written.json')
  }

  async #load(): Promise<Record<string, Written>> {
    try {
      const parsed: unknown = JSON.parse(await readFile(this.#path, 'utf8'))
      return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, Written>) : {}
    } catch {
      return {}
    }
  }

  /** True where a file is still as it was written from here. */
  async has(path: string): Promise<boolean> {
    const known = await this.#load()
    const key = await realPath(path)
    const written = Object.hasOwn(known, key) ? known[key] : undefined
    const entry = await statOrNull(path)
    return entry !== null && written?.bytes === entry.size && written.changedMilliseconds === entry.mtimeMs
  }

  /** One after the other: exports that end at once are both remembered. */
  async remember(paths: readonly string[]): Promise<void> {
    const mine = lastRemembered.then(() => this.#add(paths))
    lastRemembered = mine.catch(() => undefined)
    await mine
  }

  async #add(paths: readonly string[]): Promise<void> {
    const known = await this.#load()
    for (const path of paths) {
      const entry = await statOrNull(path)
      if (entry) known[await realPath(path)] = { bytes: entry.size, changedMilliseconds: entry.mtimeMs }
    }
    await writeWholeBytes(this.#path, Buffer.from(JSON.stringify(known)), undefined)
  }
}

/**
 * Makes sure that writing to `out` destroys nothing: neither the project, nor its recordings, nor a file that came from
 * elsewhere or was worked on since it was written, nor a pipe or a device.
 *
 * @throws AsterismError `conflict`, `bad_input`
 */
export async function guardDestination(
  out: string,
  project: { readonly path: string; readonly sources: readonly string[] },
  written: WrittenFiles,
): Promise<void> {
  await refuseOwnThings(out, project.path, project.sources)
  const entry = await withFileErrors(out, () =>
    stat(out).catch((error: unknown) => {
      if (isMissing(error)) return null
      throw error
    }),
  )
  // Folders look after themselves (see whole-folder).
  if (!entry?.isDirectory()) await refuseNoFile(out)
  if (entry?.isFile() && entry.size > 0 && !(await written.has(out))) {
    throw new AsterismError('conflict', say('export.notOurs'), {
      path: out,
      fix: FIX,
      kept: KEPT,
    })
  }
}
