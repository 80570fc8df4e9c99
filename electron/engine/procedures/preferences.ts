import { readIfThere, writeDurably } from '../chain/durable-file.ts'
import { preferencesPath } from '../preferred-language.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

/** The user's preferences, in one file of the home folder. An unreadable file counts as none. */
export function preferencesProcedures(session: Session) {
  const path = preferencesPath(session.options.home)
  return {
    get: implementer.preferences.get.handler(async () => {
      const text = await readIfThere(path)
      try {
        return { value: text === null ? null : JSON.parse(text) }
      } catch {
        return { value: null } // half a file of another program: the defaults are no loss
      }
    }),
    set: implementer.preferences.set.handler(async ({ input }) => {
      await writeDurably(path, JSON.stringify(input.value, null, 2))
      return { kept: true }
    }),
  }
}
