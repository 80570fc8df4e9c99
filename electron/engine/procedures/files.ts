import { readdirSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { sampleTakeFiles } from '../sample-take.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

const MOST_ENTRIES = 5000

/** Browsing the engine's own machine from a window that cannot open a native dialog. Hidden files stay hidden. */
export function fileProcedures(session: Session) {
  return {
    browse: implementer.files.browse.handler(({ input }) => {
      const folder = realpathSync(input.folder ? session.files.resolve(input.folder) : homedir())
      if (!statSync(folder).isDirectory()) throw new AsterismError('bad_input', 'That is not a folder.')
      const parent = dirname(folder)
      const entries = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
        .slice(0, MOST_ENTRIES)
        .map((entry) => {
          const path = join(folder, entry.name)
          const isDirectory = entry.isDirectory()
          return {
            token: session.files.grant(path),
            name: entry.name,
            isDirectory,
            byteLength: isDirectory ? 0 : statSync(path).size,
          }
        })
        .sort((a, b) => Number(b.isDirectory) - Number(a.isDirectory) || a.name.localeCompare(b.name))
      return { name: basename(folder) || '/', parent: parent === folder ? null : session.files.grant(parent), entries }
    }),
    sample: implementer.files.sample.handler(async () =>
      (await sampleTakeFiles()).map((path) => session.files.grant(path)),
    ),
  }
}
