import { t } from '../i18n/text.ts'

/** What a take is called; one whose name says that it is a take is not called so twice. */
export function takeWords(take: string | null): string {
  if (take === null) return t('library.noTake')
  const word = t('library.take', { name: '' }).trim().toLowerCase()
  const [first] = take
    .trim()
    .toLowerCase()
    .split(/[\s\d_-]/)
  return first === word ? take : t('library.take', { name: take })
}
