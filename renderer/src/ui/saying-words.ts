import type { Saying } from '../../../shared/sayings/saying.ts'
import { knownMessage } from '../i18n/text.ts'

/** What the engine said, in the language of the window; its English text where this window has no words for it. */
export function reasonWords({ reason, said }: { readonly reason: string; readonly said?: Saying }): string {
  return (said && sayingWords(said)) ?? reason
}

function sayingWords({ code, slots = {} }: Saying): string | null {
  const words: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(slots)) {
    const own = typeof value === 'object' ? sayingWords(value) : value
    if (own === null) return null
    words[name] = own
  }
  return knownMessage(`said.${code}`, words)
}
