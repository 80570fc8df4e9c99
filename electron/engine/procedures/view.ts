import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

/** What the window remembers of a project (layout, zoom): kept in the file, outside the history. */
export function viewProcedures(session: Session) {
  return {
    get: implementer.view.get.handler(({ input }) => {
      const db = session.requireProject().database
      const json = db.prepare('SELECT json FROM view_state WHERE key = ?').pluck().get(input.key) as string | undefined
      return { value: json === undefined ? null : JSON.parse(json) }
    }),
    set: implementer.view.set.handler(({ input }) => {
      const db = session.requireProject().database
      db.prepare('INSERT OR REPLACE INTO view_state (key, json) VALUES (?, ?)').run(
        input.key,
        JSON.stringify(input.value),
      )
      return { kept: true }
    }),
  }
}
