/**
 * Amounts in sayings, as `{ code: 'amount.time', slots: { seconds: 1.5 } }`: figures that each language writes its own
 * way, 1.5 s in English and 1,5 s in German. They stand in the slots of other sayings.
 */

/** A saying that is a figure alone. */
export interface Amount {
  readonly code: string
  readonly slots: Readonly<Record<string, number>>
}

/** A number with exactly so many decimals, as a language writes it. */
export type Decimals = (value: number, digits: number) => string

export const englishDecimals: Decimals = (value, digits) => value.toFixed(digits)

/** A number that keeps so many decimals, also where they are naught. */
export const fixedAmount = (value: number, digits: number): Amount => ({
  code: 'amount.fixed',
  slots: { value, digits },
})

/** "40 s", "3 min 20 s"; "24 h 1 min" from two hours on; "-40 s" of a time before. */
export const timeAmount = (seconds: number): Amount => ({ code: 'amount.time', slots: { seconds } })

/** "35 %" of a share from 0 to 1. */
export const shareAmount = (share: number): Amount => ({ code: 'amount.share', slots: { share } })

/** "1.5 MB": thousands, as disks are sold. */
export const byteAmount = (bytes: number): Amount => ({ code: 'amount.bytes', slots: { bytes } })

const AMOUNTS: Readonly<Record<string, (of: (slot: string) => number, decimals: Decimals) => string>> = {
  'amount.fixed': (of, decimals) => decimals(of('value'), of('digits')),
  'amount.time': (of, decimals) => timeWords(of('seconds'), decimals),
  'amount.share': (of) => `${Math.round(of('share') * 100)} %`,
  'amount.bytes': (of, decimals) => byteWords(of('bytes'), decimals),
}

/** The words of an amount; undefined of what is none. */
export function amountWords(
  { code, slots = {} }: { readonly code: string; readonly slots?: Readonly<Record<string, unknown>> },
  decimals: Decimals,
): string | undefined {
  return Object.hasOwn(AMOUNTS, code) ? AMOUNTS[code]!((slot) => Number(slots[slot]), decimals) : undefined
}

function timeWords(seconds: number, decimals: Decimals): string {
  if (seconds < 0) return `-${timeWords(-seconds, decimals)}`
  if (seconds < 60) {
    // A picture lasts less than a tenth of a second, which is not nothing.
    const digits = seconds >= 10 ? 0 : seconds >= 0.1 ? 1 : 2
    const shown = Math.round(seconds * 10 ** digits) / 10 ** digits
    return `${decimals(shown, Number.isInteger(shown) ? 0 : digits)} s`
  }
  const whole = Math.round(seconds)
  const minutes = Math.round(whole / 60)
  if (whole >= 7200)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

export function byteWords(bytes: number, decimals: Decimals): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : decimals(value, 1)} ${BYTE_UNITS[unit]}`
}
