import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { sampleTakeFiles } from '../assets/sample-take.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

const MOST_ENTRIES = 5000

function entriesOf(path: string): { folder: string; listed: Dirent[] } {
  try {
    const folder = realpathSync(path)
    return { folder, listed: readdirSync(folder, { withFileTypes: true }) }
  } catch (cause) {
    const isFile = (cause as NodeJS.ErrnoException).code === 'ENOTDIR'
    throw isFile
      ? new AsterismError('bad_input', say('folder.none'), { path, cause })
      : new AsterismError('not_found', say('folder.gone'), {
          path,
          fix: say('folder.fix.other'),
          cause,
        })
  }
}

/** Browsing the engine's own machine from a window that cannot open a native dialog. Hidden files stay hidden. */
export function fileProcedures(session: Session) {
  return {
    browse: implementer.files.browse.handler(({ input }) => {
      const { folder, listed } = entriesOf(input.folder ? session.files.resolve(input.folder) : homedir())
      const parent = dirname(folder)
      const entries = listed
        .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
        .sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || a.name.localeCompare(b.name))
        .slice(0, MOST_ENTRIES)
        .map((entry) => {
          const path = join(folder, entry.name)
          const isDirectory = entry.isDirectory()
          return {
            token: session.files.grant(path),
            name: entry.name,
            isDirectory,
            // A file can disappear between the two calls.
            byteLength: isDirectory ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
          }
        })
      return {
        names: folder.split(sep).filter((name) => name !== ''),
        folder: session.files.grant(folder),
        parent: parent === folder ? null : session.files.grant(parent),
        entries,
      }
    }),
    sample: implementer.files.sample.handler(async () =>
      (await sampleTakeFiles()).map((path) => session.files.grant(path)),
    ),
  }
}
