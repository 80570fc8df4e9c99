import { figureWords } from '../i18n/text.ts'

/** A number as a person writes it, with a point or a comma, and with a keyboard's minus or a text's; null of what is none. */
export function typedNumber(text: string): number | null {
  const trimmed = text.trim().replace(',', '.').replace('−', '-')
  const value = Number(trimmed)
  return trimmed !== '' && Number.isFinite(value) ? value : null
}

/** A number as it stands in a field where a person may change it: with the decimals that it has, up to so many. */
export const fieldFigure = (value: number, digits: number): string => figureWords(String(Number(value.toFixed(digits))))
