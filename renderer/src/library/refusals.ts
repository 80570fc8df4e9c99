/** Files that were not taken: the first few each with its reason, the others by their names. */
import { NAMED_TO_LOOK_FOR, namesWords } from '../i18n/names.ts'
import { t } from '../i18n/text.ts'
import { notify } from '../state/session-store.ts'
import { reasonWords } from '../ui/saying-words.ts'

/** More than these are said in one note. */
const SINGLE_NOTES = 3

type Refused = Parameters<typeof reasonWords>[0] & { readonly name: string }

const WORDS = {
  import: ['library.notImported', 'library.othersNotImported'],
  relink: ['library.notRelinked', 'library.othersNotRelinked'],
} as const

export function tellOfRefusals(what: keyof typeof WORDS, refused: readonly Refused[]): void {
  const [one, more] = WORDS[what]
  for (const { name, ...why } of refused.slice(0, SINGLE_NOTES))
    notify({ kind: 'error', title: t(one, { name }), detail: reasonWords(why) })
  const others = refused.slice(SINGLE_NOTES).map(({ name }) => name)
  if (others.length === 0) return
  notify({
    kind: 'error',
    title: t(more, { count: others.length }),
    detail: namesWords(others, NAMED_TO_LOOK_FOR),
  })
}
