/** Tables of text whose rows carry a time: trajectories and inertial logs. Times are read exactly, not as float64. */
import type { TextTable } from './text-head.ts'
import { asciiText, fieldsOf, forEachLine, NumberRow } from './text-lines.ts'

/** Powers of ten that turn a unit into nanoseconds. */
export const TIME_UNITS = { seconds: 9, milliseconds: 6, microseconds: 3, nanoseconds: 0 } as const
/**
 * `calendar` is a date and a time of day as text, as in `2024-05-01T10:00:00.25Z`; without a zone it is taken as UTC.
 * `day` is a time of day alone, counted from midnight.
 */
export type TimeUnit = keyof typeof TIME_UNITS | 'calendar' | 'day'

const CALENDAR =
  /^"?(\d{4})[-/](\d{2})[-/](\d{2})[T _](\d{1,2})[:.](\d{2})[:.](\d{2})(?:[.,:](\d{1,12}))?\s*([AP]M)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?"?$/i
const DAY = /^"?(\d{1,2}):(\d{2}):(\d{2})(?:[.,:](\d{1,12}))?\s*([AP]M)?"?$/i

/** Whether a written date and time says where on Earth it was that late. */
export function namesZone(text: string): boolean {
  return CALENDAR.exec(text.trim())?.[9] !== undefined
}

function fractionNanoseconds(fraction = ''): bigint {
  return BigInt(fraction.padEnd(9, '0').slice(0, 9))
}

/** @param half AM or PM, where clocks of twelve hours wrote it. */
function hourOf(written: string, half: string | undefined): number | undefined {
  const hour = Number(written)
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0)
}

/** Nanoseconds since midnight of a written time of day; undefined when it is none. */
export function dayNanoseconds(text: string): bigint | undefined {
  const match = DAY.exec(text.trim())
  if (!match) return undefined
  const [minutes, seconds] = [Number(match[2]), Number(match[3])]
  const hours = hourOf(match[1]!, match[5])
  if (hours === undefined || hours > 23 || minutes > 59 || seconds > 60) return undefined
  return BigInt((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000n + fractionNanoseconds(match[4])
}

/** Nanoseconds since 1970 of a written date and time; undefined when it is none. */
export function calendarNanoseconds(text: string): bigint | undefined {
  const match = CALENDAR.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, written, minutes, seconds, fraction, half, zone = 'Z'] = match
  const hour = hourOf(written!, half)
  if (hour === undefined) return undefined
  const hours = String(hour).padStart(2, '0')
  const offset = /\d/.test(zone) ? zone.replace(/^([+-]\d{2}):?(\d{2})?$/, (_, h, m = '00') => `${h}:${m}`) : 'Z'
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}${offset}`)
  if (Number.isNaN(milliseconds)) return undefined
  return BigInt(milliseconds) * 1_000_000n + fractionNanoseconds(fraction)
}

const PLAIN = /^([+-]?)(\d*)\.?(\d*)$/

/** Nanoseconds of a decimal number without rounding through float64; undefined when it is no number or absurd. */
export function exactNanoseconds(text: string, unit: TimeUnit): bigint | undefined {
  if (unit === 'calendar') return calendarNanoseconds(text)
  if (unit === 'day') return dayNanoseconds(text)
  const exponent = TIME_UNITS[unit]
  const match = PLAIN.exec(text)
  if (!match || (match[2] === '' && match[3] === '')) {
    const value = Number(text) * 10 ** exponent
    return text.trim() !== '' && Math.abs(value) < 2 ** 62 ? BigInt(Math.round(value)) : undefined
  }
  const [, sign, whole, fraction] = match
  if (whole.length + exponent > 19) return undefined
  const digits = fraction.padEnd(exponent + 1, '0')
  const kept = BigInt(whole + digits.slice(0, exponent) || '0') + (digits.charCodeAt(exponent) >= 53 ? 1n : 0n)
  if (kept >= 2n ** 62n) return undefined
  return sign === '-' ? -kept : kept
}

export interface TimedRowLayout {
  readonly table: Pick<TextTable, 'separator' | 'decimalComma' | 'columnCount'>
  readonly timeColumn: number
  readonly timeUnit: TimeUnit
  /** Of counters that count no whole unit; `timeUnit` is seconds then. */
  readonly secondsPerCount?: number
  /** A second column of nanoseconds, to be added. */
  readonly nanosecondColumn?: number
  /** A row with fewer columns is damaged. */
  readonly minimumColumns: number
}

/** Field number `column` of a line as text. */
export function fieldText(line: string, separator: TextTable['separator'], column: number): string {
  const fields = line.includes('"') || separator === 'blank' ? fieldsOf(line, separator) : line.split(separator)
  return (fields[column] ?? '').trim()
}

/**
 * Visits every row that has a time. Headings and remarks before the first row are passed over.
 * @returns How many lines after the first row were damaged.
 */
export async function forEachTimedRow(
  path: string,
  layout: TimedRowLayout,
  signal: AbortSignal,
  visit: (timeNanoseconds: bigint, values: Float64Array) => void,
): Promise<number> {
  const { separator, decimalComma, columnCount } = layout.table
  const row = new NumberRow(Math.max(columnCount, layout.minimumColumns), separator, decimalComma)
  let seen = false
  let bad = 0
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    row.parse(bytes, from, to)
    if (row.count === 0 || bytes[from] === 35) return
    const isText = layout.timeUnit === 'calendar' || layout.timeUnit === 'day'
    const written = isText || !Number.isNaN(row.values[layout.timeColumn])
    const numeric = row.count >= layout.minimumColumns && written
    let text = numeric ? fieldText(asciiText(bytes, from, to), separator, layout.timeColumn) : ''
    if (decimalComma) text = text.replace(',', '.')
    const more = layout.nanosecondColumn === undefined ? 0 : row.values[layout.nanosecondColumn]!
    const counted = layout.secondsPerCount
      ? String(Math.round(row.values[layout.timeColumn]! * layout.secondsPerCount * 1e9))
      : undefined
    const whole = numeric
      ? exactNanoseconds(counted ?? text, counted === undefined ? layout.timeUnit : 'nanoseconds')
      : undefined
    const time = whole !== undefined && Number.isInteger(more) ? whole + BigInt(more) : undefined
    if (time === undefined) {
      if (seen) bad++
      return
    }
    seen = true
    visit(time, row.values)
  })
  return bad
}
