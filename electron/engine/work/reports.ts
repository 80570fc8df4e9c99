import { reportId } from '../../../shared/document/document.ts'
import type { Report } from '../../../shared/document/records.ts'
import { inEnglish, type Saying } from '../../../shared/sayings/saying.ts'
import type { Session } from '../session.ts'

/**
 * Keeps the last answer of a piece of work in the document, as it was given.
 * @param contentKey of what it was given of, where it grows old with that
 */
export function keepReport(
  session: Session,
  subject: Report['subject'],
  step: Saying,
  data: unknown,
  contentKey?: string,
): void {
  session.requireProject().commit({ label: inEnglish(step) }, (draft) => {
    draft.set(reportId(subject), { ...reportRecord(subject, data), ...(contentKey !== undefined && { contentKey }) })
  })
}

export function reportRecord(subject: Report['subject'], data: unknown): Report {
  return {
    kind: 'report',
    id: reportId(subject),
    subject,
    createdAt: new Date().toISOString(),
    data: JSON.parse(JSON.stringify(data)) as Report['data'],
  }
}
