/**
 * What answers look like from the window: where files lie on this machine is not its business, so of an absolute path it
 * is told the name alone. Commands and tests talk to the engine directly and are told the whole.
 */
import { basename, win32 } from 'node:path'
import type { DocumentRecord } from '../../shared/document/records.ts'
import type { Patch } from '../../shared/document/patches.ts'
import type { Job } from '../../shared/contract/jobs.ts'

/** Whom a router answers: the window, or the programs of this machine. */
export type Audience = 'window' | 'program'

function nameOnly(value: unknown): unknown {
  if (typeof value === 'string') return withName(value)
  if (Array.isArray(value)) return value.map(nameOnly)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, nameOnly(each)]))
}

function withName(text: string): string {
  if (/^[A-Za-z]:[\\/]/.test(text)) return win32.basename(text)
  // One word of a shell or a sentence may begin with a stroke; a path has more than one step and no line end.
  return /^\/[^/\n]+\/[^\n]*$/.test(text) ? basename(text) : text
}

export const jobForWindow = (job: Job): Job => nameOnly(job) as Job

/** Reports are kept as commands gave them; other records hold no paths, but for locations, which are not replicated. */
export function recordForWindow(record: DocumentRecord): DocumentRecord {
  return record.kind === 'report' ? (nameOnly(record) as DocumentRecord) : record
}

export function patchForWindow(patch: Patch): Patch {
  return String(patch.path[0]).startsWith('report:') ? (nameOnly(patch) as Patch) : patch
}
