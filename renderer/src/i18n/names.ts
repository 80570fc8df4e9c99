/** Names in a sentence, where there may be hundreds of them. */
import { t } from './text.ts'

const NAMED = 3

/** All of a few, of many the first and how many more there are. */
export function namesWords(names: readonly string[]): string {
  // Whoever is alone beyond them takes no more room than to be counted.
  if (names.length <= NAMED + 1) return names.join(', ')
  return `${names.slice(0, NAMED).join(', ')} ${t('app.more', { count: names.length - NAMED })}`
}
