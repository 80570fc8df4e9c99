/** The files of a folder, in the one order that every digest of it uses. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { withFileErrors } from '../../file-errors.ts'

interface FolderFile {
  /** Relative to the folder, `/`-separated. */
  readonly path: string
  readonly absolutePath: string
  readonly bytes: number
}

export interface FolderTree {
  /** Sorted by the UTF-8 bytes of the path. */
  readonly files: readonly FolderFile[]
  /** Folders that hold nothing, sorted likewise. */
  readonly emptyFolders: readonly string[]
  readonly totalBytes: number
}

/** Orders paths by their UTF-8 bytes, the same on every machine and in every locale. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** What is wrong with an entry of a folder, and what to do. `path` is relative to the folder. */
export interface OddEntry {
  readonly path: string
  readonly what:
    'has a name with a backslash, a control character or broken text' | 'is a link or a device in place of a file'
  /** The same as a sentence. */
  readonly said: Saying
  readonly fix: Saying
}

function refuse({ path, said, fix }: OddEntry, directory: string): never {
  throw new AsterismError('bad_input', said, { path: join(directory, path), fix })
}

/**
 * Lists a folder. Anything that is neither a file nor a folder (a link, a socket) is refused, since its content is
 * not in the folder; so is a backslash or a control character in a name, which other systems read as something else.
 * @param onOdd takes such entries and leaves them out, in place of the error
 */
export async function listFolder(
  directory: string,
  signal?: AbortSignal,
  onOdd: (entry: OddEntry) => void = (entry) => refuse(entry, directory),
): Promise<FolderTree> {
  const files: FolderFile[] = []
  const emptyFolders: string[] = []
  const visit = async (relative: string): Promise<void> => {
    throwIfCancelled(signal)
    const entries = await readdir(join(directory, relative), { withFileTypes: true })
    if (entries.length === 0 && relative !== '') emptyFolders.push(relative)
    for (const entry of entries) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`
      const absolutePath = join(directory, path)
      if (/[\\\p{Cc}\uFFFD]/u.test(entry.name)) {
        const what = 'has a name with a backslash, a control character or broken text'
        onOdd({ path, what, said: say('folder.oddName'), fix: say('folder.fix.oddName') })
      } else if (entry.isDirectory()) await visit(path)
      else if (entry.isFile()) files.push({ path, absolutePath, bytes: (await lstat(absolutePath)).size })
      else {
        const what = 'is a link or a device in place of a file'
        onOdd({ path, what, said: say('folder.oddLink'), fix: say('folder.fix.oddLink') })
      }
    }
  }
  await withFileErrors(directory, () => visit(''))
  return {
    files: files.sort((a, b) => comparePaths(a.path, b.path)),
    emptyFolders: emptyFolders.sort(comparePaths),
    totalBytes: files.reduce((sum, file) => sum + file.bytes, 0),
  }
}
