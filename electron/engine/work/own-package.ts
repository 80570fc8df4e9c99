import { packAnswer } from '../../../shared/contract/answers.ts'
import { reportId } from '../../../shared/document/document.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { Session } from '../session.ts'

/** Where the open project's own package lies. @throws AsterismError `not_found` when there is none yet. */
export function ownPackage(session: Session): string {
  const report = session.document.get(reportId('package'))
  const packed = report?.kind === 'report' ? packAnswer.safeParse(report.data) : null
  if (!packed?.success) throw new AsterismError('not_found', say('package.none'), { fix: say('package.fix.make') })
  return packed.data.path
}
