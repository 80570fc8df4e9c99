import { t } from '../i18n/text.ts'

interface PackSaid {
  readonly id: string
  readonly kind: string
  readonly title?: string
  readonly note: string
}

/** What a pack calls itself and says of itself; of the one that ships, in the language of the window. */
export function packWords({ id, kind, title, note }: PackSaid): { readonly title: string; readonly note: string } {
  if (kind === 'built-in') return { title: t('packs.builtIn'), note: t('packs.builtInNote') }
  return { title: title ?? id, note }
}
