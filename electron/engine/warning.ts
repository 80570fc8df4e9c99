/** What a readable recording lacks, or what had to be assumed. */
import type { ImportWarning } from '../../shared/document/records.ts'
import { inEnglish, type Saying } from '../../shared/sayings/saying.ts'

/** @param code of the kind, for programs. @param said for people; the window translates it. */
export function warning(code: string, said: Saying): ImportWarning {
  return { code, message: inEnglish(said), said }
}
