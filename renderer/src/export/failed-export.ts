/** An export that failed where it was to go, and is asked for again at another place. */
import { create } from 'zustand'
import type { Job } from '../../../shared/contract/jobs.ts'
import { useSession } from '../state/session-store.ts'

export interface FailedExport {
  readonly jobId: string
  /** The name of its file. */
  readonly subject: string
  readonly as: NonNullable<NonNullable<Job['about']>['exportAs']>
}

interface FailedExportState {
  readonly failed: FailedExport | null
  /** How often one was asked for: each asks for a form of its own. */
  readonly times: number
}

export const useFailedExport = create<FailedExportState>(() => ({ failed: null, times: 0 }))

/** Failures of a place: elsewhere it may go well. */
const OF_THE_PLACE: ReadonlySet<string> = new Set(['not_writable', 'disk_full', 'conflict', 'not_found'])

/** What an export that failed at its place is to be asked for again with; null for every other job. */
export function failedAtItsPlace({ id, about, failure }: Pick<Job, 'id' | 'about' | 'failure'>): FailedExport | null {
  if (!about?.exportAs || about.subject === undefined || !failure || !OF_THE_PLACE.has(failure.code)) return null
  return { jobId: id, subject: about.subject, as: about.exportAs }
}

/** Opens the form with what it was. */
export function exportElsewhere(failed: FailedExport): void {
  useFailedExport.setState(({ times }) => ({ failed, times: times + 1 }))
  useSession.setState({ dialog: 'export' })
}
