/** What a recording lacks, or what was taken for granted, where it could still be read. */
import type { ImportWarning } from '../../shared/document/records.ts'
import { inEnglish, type Saying } from '../../shared/sayings/saying.ts'

/** @param code of the kind, for programs. @param said to people, whom the window tells it in their language. */
export function warning(code: string, said: Saying): ImportWarning {
  return { code, message: inEnglish(said), said }
}
