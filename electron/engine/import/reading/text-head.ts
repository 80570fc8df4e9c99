/** Judging text files by their first lines, for formats without magic bytes. */
import type { ImportSource } from '../importer.ts'
import { markOfUtf16, textOfBytes } from './text-encoding.ts'
import { fieldsOf, NumberRow, type Separator } from './text-lines.ts'

/** True when bytes are text: no zero bytes and next to no other control characters. */
export function looksLikeText(head: Uint8Array): boolean {
  const length = Math.min(head.length, 4096)
  if (length === 0) return false
  let control = 0
  for (let i = 0; i < length; i++) {
    const byte = head[i]
    if (byte === 0) return false
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) control++
  }
  return control <= length / 100
}

/** The first whole lines of a file, without byte order mark; at most `limit`. */
export function headLines(source: ImportSource, limit: number): string[] {
  const isWhole = source.head.length >= source.byteLength
  const lines = textOfBytes(source.head.subarray(0, 32 * 1024)).split(/\r\n|\n|\r/)
  if (!isWhole || source.head.length > 32 * 1024) lines.pop()
  return lines.slice(0, limit)
}

export interface TextTable {
  readonly separator: Separator
  readonly decimalComma: boolean
  /** Names from a heading line, in order, in lower case with underscores (`accX` is `acc_x`); empty when there is none. */
  readonly names: readonly string[]
  /** Rows of numbers from the head, all with the same number of columns. Text reads as NaN. */
  readonly rows: readonly (readonly number[])[]
  readonly columnCount: number
  /** Columns that hold text, as labels and written times do; only under a heading. */
  readonly textColumnCount: number
  /** Names that stand above the rows without fitting them: the columns have a meaning that is not known here. */
  readonly strangeNames: readonly string[]
  /** Lines and remarks before the first row, as they are written. */
  readonly preamble: readonly string[]
  /** The first row as it is written. */
  readonly firstRow: string
}

const CANDIDATES: readonly { separator: Separator; decimalComma: boolean }[] = [
  { separator: ';', decimalComma: false },
  { separator: ';', decimalComma: true },
  { separator: ',', decimalComma: false },
  { separator: '\t', decimalComma: false },
  { separator: '\t', decimalComma: true },
  { separator: 'blank', decimalComma: false },
  { separator: 'blank', decimalComma: true },
  // Only where numbers stand between quotes.
  { separator: ',', decimalComma: true },
]

function splitHeading(line: string, separator: Separator): string[] {
  return fieldsOf(line, separator).map((part) => part.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase())
}

function parseRow(line: string, row: NumberRow, textColumns: number): number[] | undefined {
  const bytes = Buffer.from(line)
  row.parse(bytes, 0, bytes.length)
  if (row.count === 0 || row.count > row.values.length || row.textCount > textColumns) return undefined
  const numbers = Array.from(row.values.subarray(0, row.count))
  const known = numbers.filter((value) => !Number.isNaN(value)).length
  return known < (textColumns > 0 ? MINIMUM_COLUMNS : 1) ? undefined : numbers
}

/** A line that opens with one of these is a remark, unless it turns out to be the heading. */
const REMARK = /^\s*(#|\/\/|%)/

/**
 * The table of numbers that the first lines make up. The separator is the one under which most lines are rows of
 * numbers of equal length. Undefined when fewer than `minimumColumns` numbers stand in most lines.
 */
export function textTable(source: ImportSource, minimumColumns: number): TextTable | undefined {
  // Several importers ask for it, and then ask again when they read.
  if (!tables.has(source)) tables.set(source, findTable(source))
  const table = tables.get(source)
  return table && table.columnCount >= minimumColumns ? table : undefined
}

const tables = new WeakMap<ImportSource, TextTable | undefined>()

/** A table has no fewer columns than a point has coordinates. */
const MINIMUM_COLUMNS = 3
const MAX_TEXT_COLUMNS = 8

function findTable(source: ImportSource): TextTable | undefined {
  if (source.isDirectory || !(looksLikeText(source.head) || markOfUtf16(source.head))) return undefined
  const lines = headLines(source, 200).filter((line) => line.trim() !== '')
  const remarks = lines.filter((line) => REMARK.test(line))
  const plain = lines.filter((line) => !REMARK.test(line))
  return bestTable(plain, remarks, 0) ?? bestTable(plain, remarks, MAX_TEXT_COLUMNS)
}

/** @param textColumns How many fields of a row may be text; then a heading is asked for. */
function bestTable(plain: readonly string[], remarks: readonly string[], textColumns: number): TextTable | undefined {
  let best: TextTable | undefined
  for (const { separator, decimalComma } of CANDIDATES) {
    if (textColumns > 0 && separator === 'blank') continue
    const row = new NumberRow(256, separator, decimalComma)
    const rows = plain.map((line) => parseRow(line, row, textColumns))
    const widths = new Map<number, number>()
    for (const numbers of rows) if (numbers) widths.set(numbers.length, (widths.get(numbers.length) ?? 0) + 1)
    const [columnCount, frequency] = [...widths].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0]
    if (columnCount < MINIMUM_COLUMNS || frequency < Math.max(1, (plain.length - 2) * 0.6)) continue
    const kept = rows.filter((numbers) => numbers?.length === columnCount) as number[][]
    if (best && best.rows.length >= kept.length && best.columnCount >= columnCount) continue
    const firstRow = rows.findIndex((numbers) => numbers?.length === columnCount)
    const above = plain.slice(0, firstRow).filter((_, at) => rows[at] === undefined)
    const split = (line: string) => splitHeading(line.replace(REMARK, ''), separator)
    const named =
      namesOver(above.map(split), kept) ??
      remarks.map((line) => headingOver(split(line), kept)).find((names) => names !== undefined) ??
      []
    if (textColumns > 0 && named.length === 0) continue
    best = {
      separator,
      decimalComma,
      names: named,
      rows: kept,
      columnCount,
      textColumnCount: Math.max(...kept.slice(0, 20).map((numbers) => numbers.filter(Number.isNaN).length)),
      strangeNames: named.length > 0 ? [] : (strangers(above, remarks, separator) ?? []),
      preamble: [...above, ...remarks],
      firstRow: plain[firstRow],
    }
  }
  return best
}

/** Columns of reconstructions and trajectories, as remarks above them name them: such rows are no points. */
const NAMES_OF_OTHERS = /\b(?:image_id|camera_id|point3d_id|qw|quaternion)\b/i

function strangers(above: readonly string[], remarks: readonly string[], separator: Separator): string[] | undefined {
  const other = remarks.find((line) => NAMES_OF_OTHERS.test(line))
  if (other) return splitHeading(other.replace(REMARK, ''), other.includes(',') ? ',' : 'blank')
  return separator === 'blank' ? undefined : above.map((line) => splitHeading(line, separator)).find(areNames)
}

const isName = (name: string) => /\p{L}/u.test(name)

/** Whether fields of a line name columns, and are no remark or setting. */
function areNames(names: readonly string[]): boolean {
  return names.filter(isName).length >= MINIMUM_COLUMNS && names.every((name) => name.length < 80)
}

/**
 * The names of a line over the columns of rows, one for each: tables of programs have an unnamed first column of row
 * numbers, and separators behind the last name or the last number. Undefined where the line is no heading of these rows.
 */
function headingOver(names: readonly string[], rows: readonly (readonly number[])[]): string[] | undefined {
  const width = rows[0]!.length
  let length = names.length
  while (length > width && names[length - 1] === '') length--
  const unnamed = names.slice(0, length).filter((name) => !isName(name))
  if (length > width || length - unnamed.length < MINIMUM_COLUMNS) return undefined
  if (unnamed.some((name) => name !== '') || unnamed.length > Math.max(1, length / 4)) return undefined
  const isEmpty = (column: number) => rows.every((row) => Number.isNaN(row[column]))
  for (let column = length; column < width; column++) if (!isEmpty(column)) return undefined
  return Array.from({ length: width }, (_, column) => names[column] ?? '')
}

const UNIT = /^(s|ms|us|µs|ns|g|mg|m\/.*|deg\/s.*|rad\/s.*|dps|°\/s)\*?$/

/** The line that tells most columns apart; the units of a line below it are put behind its names. */
function namesOver(lines: readonly (readonly string[])[], rows: readonly (readonly number[])[]): string[] | undefined {
  const fitting = lines.flatMap((line) => {
    const names = headingOver(line, rows)
    return names ? [names] : []
  })
  const kinds = fitting.map((names) => new Set(names).size)
  const names = fitting[kinds.lastIndexOf(Math.max(...kinds))]
  const units = fitting.at(-1)
  if (!names || !units || units === names || !units.some((unit) => UNIT.test(unit))) return names
  return names.map((name, column) => (units[column] === '' ? name : `${name} [${units[column]}]`))
}
