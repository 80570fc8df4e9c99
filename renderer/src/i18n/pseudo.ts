/**
 * A language for tests: English with accents and a third longer, as German and Finnish are. What overflows in it would
 * overflow in them, and what stays plain was never in the catalogue.
 */
import type { Message } from '../../../shared/sayings/saying.ts'

const ACCENTED: Readonly<Record<string, string>> = {
  a: 'à',
  e: 'ë',
  i: 'ï',
  o: 'ö',
  u: 'ü',
  c: 'ç',
  n: 'ñ',
  s: 'š',
  A: 'Å',
  E: 'É',
  O: 'Ø',
  S: 'Š',
}

function lengthened(text: string): string {
  // Slots stay as they are.
  const accented = text.replaceAll(/\{\w+\}|[aeioucnsAEOS]/g, (match) => ACCENTED[match] ?? match)
  // In words as long as long ones are: a sentence breaks in every language.
  const more = '~'.repeat(Math.ceil(text.length * 0.3)).replaceAll(/~{12}(?=~)/g, '$& ')
  return `${accented} ${more}`
}

export function pseudoOf<Catalogue extends Readonly<Record<string, Message>>>(
  english: Catalogue,
): Record<keyof Catalogue, Message> {
  const entries = Object.entries(english).map(([key, message]): [string, Message] => [
    key,
    typeof message === 'string'
      ? lengthened(message)
      : { one: lengthened(message.one), other: lengthened(message.other) },
  ])
  return Object.fromEntries(entries) as Record<keyof Catalogue, Message>
}
