import type { Database } from 'better-sqlite3'
import { jobSchema } from '../../../shared/contract/jobs.ts'
import type { JobStore } from '../jobs/queue.ts'

/** Jobs in the project file, so that a restart knows what was under way. */
export function jobStoreOf(db: Database): JobStore {
  return {
    put(job, input) {
      if (!db.open) return
      db.prepare(
        `INSERT INTO jobs (id, position, json) VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM jobs), ?)
         ON CONFLICT (id) DO UPDATE SET json = excluded.json`,
      ).run(job.id, JSON.stringify({ job, input }))
    },
    remove(jobId) {
      db.prepare('DELETE FROM jobs WHERE id = ?').run(jobId)
    },
    load() {
      const rows = db.prepare('SELECT json FROM jobs ORDER BY position').pluck().all() as string[]
      // A damaged job, or one of a kind that a later version dropped, is no reason to refuse the project.
      return rows.flatMap((json) => {
        const { job, input } = asRow(json)
        const parsed = jobSchema.safeParse(job)
        return parsed.success ? [{ job: parsed.data, input }] : []
      })
    },
  }
}

function asRow(json: string): { job?: unknown; input?: unknown } {
  try {
    return Object(JSON.parse(json)) as { job?: unknown; input?: unknown }
  } catch {
    return {}
  }
}
