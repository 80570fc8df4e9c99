/** Tables of text whose rows carry a time: trajectories and inertial logs. Times are read exactly, not as float64. */
import type { TextTable } from './text-head.ts'
import { asciiText, forEachLine, NumberRow } from './text-lines.ts'

/** Powers of ten that turn a unit into nanoseconds. */
export const TIME_UNITS = { seconds: 9, milliseconds: 6, microseconds: 3, nanoseconds: 0 } as const
/** `calendar` is a date and a time of day as text, as in `2024-05-01T10:00:00.25Z`; without a zone it is taken as UTC. */
export type TimeUnit = keyof typeof TIME_UNITS | 'calendar'

const CALENDAR = /^"?(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,12}))?\s*(Z|[+-]\d{2}:?\d{2})?"?$/

/** Nanoseconds since 1970 of a written date and time; undefined when it is none. */
export function calendarNanoseconds(text: string): bigint | undefined {
  const match = CALENDAR.exec(text.trim())
  if (!match) return undefined
  const [, date, time, fraction = '', zone = 'Z'] = match
  const milliseconds = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`)
  if (Number.isNaN(milliseconds)) return undefined
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9))
}

const PLAIN = /^([+-]?)(\d*)\.?(\d*)$/

/** Nanoseconds of a decimal number without rounding through float64; undefined when it is no number or absurd. */
export function exactNanoseconds(text: string, unit: TimeUnit): bigint | undefined {
  if (unit === 'calendar') return calendarNanoseconds(text)
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
  /** A row with fewer columns is damaged. */
  readonly minimumColumns: number
}

/** Field number `column` of a line as text. */
export function fieldText(line: string, separator: TextTable['separator'], column: number): string {
  const fields = separator === 'blank' ? line.trim().split(/\s+/) : line.split(separator)
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
    const written = layout.timeUnit === 'calendar' || !Number.isNaN(row.values[layout.timeColumn])
    const numeric = row.count >= layout.minimumColumns && written
    let text = numeric ? fieldText(asciiText(bytes, from, to), separator, layout.timeColumn) : ''
    if (decimalComma) text = text.replace(',', '.')
    const time = numeric ? exactNanoseconds(text, layout.timeUnit) : undefined
    if (time === undefined) {
      if (seen) bad++
      return
    }
    seen = true
    visit(time, row.values)
  })
  return bad
}
