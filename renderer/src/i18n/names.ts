/** Names in a sentence, where there may be hundreds of them. */
import { t } from './text.ts'

const NAMED = 3
/** Of files that somebody has to look for. */
export const NAMED_TO_LOOK_FOR = 20

/** All of a few, of many the first and how many more there are. */
export function namesWords(names: readonly string[], named = NAMED): string {
  // Whoever is alone beyond them takes no more room than to be counted.
  if (names.length <= named + 1) return names.join(', ')
  return `${names.slice(0, named).join(', ')} ${t('app.more', { count: names.length - named })}`
}
