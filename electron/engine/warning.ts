/** What a recording lacks, or what was taken for granted, where it could still be read. */
import type { ImportWarning } from '../../shared/document/records.ts'
import { inEnglish, type Wording } from '../../shared/sayings/saying.ts'

/** @param code of the kind, for programs. @param words a sentence; as a saying where the window has it in every language. */
export function warning(code: string, words: Wording): ImportWarning {
  if (typeof words === 'string') return { code, message: words }
  return { code, message: inEnglish(words), said: words }
}
