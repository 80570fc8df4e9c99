/** Tables of text whose columns are known by name or by place, with a time in each row. */
import { forEachTimedRow, type TimeUnit } from './time-table.ts'
import { asciiText, forEachLine, type Separator } from './text-lines.ts'

/** Names of the first line that is not empty, in lower case, without units and remark signs. */
export async function headingOf(path: string, separator: Separator, signal: AbortSignal): Promise<string[]> {
  let names: string[] = []
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    if (to === from) return true
    const line = asciiText(bytes, from, Math.min(to, from + 16_384)).replace(/^[#\s]+/, '')
    const parts = separator === 'blank' ? line.split(/\s+/) : line.split(separator)
    names = parts.map((name) => name.replace(/\[.*$/, '').trim().toLowerCase())
    return false
  })
  return names
}

/**
 * Visits rows as numbers in the order of `columns`, time first among them.
 * @returns How many rows were damaged.
 */
export async function forEachRowOf(
  path: string,
  layout: { readonly separator: Separator; readonly columns: readonly number[]; readonly timeUnit: TimeUnit },
  signal: AbortSignal,
  visit: (timeNanoseconds: bigint, values: readonly number[]) => void,
): Promise<number> {
  const { separator, columns, timeUnit } = layout
  const width = 1 + Math.max(...columns)
  const table = { separator, decimalComma: false, columnCount: width }
  return forEachTimedRow(
    path,
    { table, timeColumn: columns[0], timeUnit, minimumColumns: width },
    signal,
    (time, row) => {
      visit(
        time,
        columns.map((column) => row[column]),
      )
    },
  )
}
