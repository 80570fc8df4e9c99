/**
 * Every word of the window, in the language it is set to. `t('jobs.failed', { count: 2 })`: keys, slots and plurals are
 * checked by the compiler against the English catalogue. Components need no hook: the window is drawn anew when the
 * language changes.
 */
import { create } from 'zustand'
import { LANGUAGES, type Language as Spoken } from '../../../shared/language.ts'
import { filled, textOf, type Message, type SlotsOf } from '../../../shared/sayings/saying.ts'
import { de } from './de/index.ts'
import { en } from './en/index.ts'
import { pseudoOf } from './pseudo.ts'

type English = typeof en
export type MessageKey = keyof English
export { LANGUAGES }
/** `pseudo` is set by tests only. */
export type Language = Spoken | 'pseudo'

/** What the languages call themselves. */
export const LANGUAGE_NAMES: Readonly<Record<Spoken, string>> = { en: 'English', de: 'Deutsch' }

export const useLanguage = create<{ readonly language: Language }>(() => ({ language: 'en' }))

const catalogues: Readonly<Record<Language, () => Readonly<Record<MessageKey, Message>>>> = {
  en: () => en,
  de: () => de,
  pseudo: () => (pseudo ??= pseudoOf(en)),
}
let pseudo: Record<MessageKey, Message> | undefined

type Values<Key extends MessageKey> = [SlotsOf<English[Key]>] extends [never]
  ? []
  : [values: Readonly<Record<SlotsOf<English[Key]>, string | number>>]

/** Keys whose message has no slot: what a table may hold beside its other columns. */
export type PlainKey = {
  readonly [Key in MessageKey]: [SlotsOf<English[Key]>] extends [never] ? Key : never
}[MessageKey]

/** The message of a key, its slots filled; `count` chooses the plural form. */
export function t<Key extends MessageKey>(key: Key, ...[values]: Values<Key>): string {
  return worded(key, values as Slots | undefined)
}

/** The message of a key that came from elsewhere, as from a newer version; null where this one has no words for it. */
export function knownMessage(key: string, slots: Slots): string | null {
  return key in en ? worded(key as MessageKey, slots) : null
}

type Slots = Readonly<Record<string, string | number>>

function worded(key: MessageKey, slots: Slots | undefined): string {
  const message = catalogues[useLanguage.getState().language]()[key]
  const text = textOf(message, isOne(Number(slots?.['count'])))
  if (!slots) return text
  return filled(text, (name) => {
    const value = slots[name]
    return typeof value === 'number' ? numberWords(value) : value
  })
}

/** What knows how a language counts and writes numbers: made once, as that takes longer than a panel of words. */
const counting = new Map<string, Counting>()

interface Counting {
  readonly plural: Intl.PluralRules
  readonly number: Intl.NumberFormat
  /** What stands before decimals. */
  readonly point: string
}

function countingIn(language: string): Counting {
  const known = counting.get(language) ?? newCounting(language)
  counting.set(language, known)
  return known
}

function newCounting(language: string): Counting {
  const number = new Intl.NumberFormat(language)
  const point = number.formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.'
  return { plural: new Intl.PluralRules(language), number, point }
}

/** English and German have the same two forms; a language with more brings a wider `Plural`. */
function isOne(count: number): boolean {
  return countingIn(locale()).plural.select(count) === 'one'
}

function locale(): string {
  const { language } = useLanguage.getState()
  return language === 'pseudo' ? 'en' : language
}

/** A whole number with its groups of thousands. */
export function numberWords(value: number): string {
  return countingIn(locale()).number.format(value)
}

/**
 * A number with exactly so many decimals: `1.50`, in German `1,50`; without groups, as what is measured is read. Below
 * zero with the sign of mathematics, which is as wide as `+`; what is rounded to naught has none.
 */
export function decimalWords(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return `${value < 0 && Number(text) !== 0 ? '−' : ''}${text.replace('.', countingIn(locale()).point)}`
}

/** A figure of any length that was written with a point: `1.409`, in German `1,409`. */
export const figureWords = (figure: string): string => figure.replace('.', countingIn(locale()).point)

/** `€0.42`, as the language writes it; small amounts with three figures. */
export function currencyWords(amount: number, currency: string): string {
  const small = amount !== 0 && Math.abs(amount) < 0.1 ? { maximumSignificantDigits: 2 } : {}
  return new Intl.NumberFormat(locale(), { style: 'currency', currency, ...small }).format(amount)
}

/** `25 Nov 2026, 20:10`, as the language writes it. */
export function dateWords(date: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(date)
}
