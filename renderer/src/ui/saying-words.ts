import type { ExportAnswer } from '../../../shared/contract/export.ts'
import type { AsterismError } from '../../../shared/errors.ts'
import { amountWords } from '../../../shared/sayings/amounts.ts'
import type { Saying } from '../../../shared/sayings/saying.ts'
import { decimalWords, knownMessage } from '../i18n/text.ts'

/** What the engine said, in the language of the window; its English text where this window has no words for it. */
export function reasonWords({ reason, said }: { readonly reason: string; readonly said?: Saying }): string {
  return (said && sayingWords(said)) ?? reason
}

/** What an export left out or changed, each in the language of the window. */
export function noteWords({ notes, notes_said: said }: Pick<ExportAnswer, 'notes' | 'notes_said'>): string[] {
  return notes.map((reason, n) => reasonWords({ reason, said: said?.[n] }))
}

/** What happened, what was kept and what to do, each in the language of the window where it has words for it. */
export function failureWords({ message, fix, kept, said = {} }: Told): { what: string; rest: string } {
  const words = (english: string | undefined, saying: Saying | undefined): string =>
    english === undefined ? '' : reasonWords({ reason: english, said: saying })
  const rest = [words(kept, said.kept), words(fix, said.fix)].filter(Boolean).join(' ')
  return { what: words(message, said.what), rest }
}

/** The file or folder that a failure is about, where what is said of it does not name it; else nothing. */
export function nameBeside({ path }: Pick<Told, 'path'>, what: string): string {
  return path !== undefined && !what.includes(path) ? path : ''
}

type Told = Pick<AsterismError, 'message'> & Partial<Pick<AsterismError, 'fix' | 'kept' | 'said' | 'path'>>

/** The same as one text. */
export function failureText(failure: Told): string {
  const { what, rest } = failureWords(failure)
  return `${what} ${rest}`.trimEnd()
}

function sayingWords(saying: Saying): string | null {
  const amount = amountWords(saying, decimalWords)
  if (amount !== undefined) return amount
  const { code, slots = {} } = saying
  const words: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(slots)) {
    const own = typeof value === 'object' ? sayingWords(value) : value
    if (own === null) return null
    words[name] = own
  }
  return knownMessage(`said.${code}`, words)
}
