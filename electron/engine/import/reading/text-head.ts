/** Judging text files by their first lines, for formats without magic bytes. */
import type { ImportSource } from '../importer.ts'
import { asciiText, NumberRow, type Separator } from './text-lines.ts'

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
  const text = asciiText(source.head, 0, Math.min(source.head.length, 32 * 1024))
  const lines = text.replace(/^\u00ef\u00bb\u00bf/, '').split(/\r\n|\n|\r/)
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
  /** The first row as it is written. */
  readonly firstRow: string
}

const CANDIDATES: readonly { separator: Separator; decimalComma: boolean }[] = [
  { separator: ';', decimalComma: false },
  { separator: ';', decimalComma: true },
  { separator: ',', decimalComma: false },
  { separator: '\t', decimalComma: false },
  { separator: 'blank', decimalComma: false },
  { separator: 'blank', decimalComma: true },
]

function splitHeading(line: string, separator: Separator): string[] {
  const parts = separator === 'blank' ? line.trim().split(/\s+/) : line.split(separator)
  return parts.map((part) =>
    part
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
      .toLowerCase(),
  )
}

function parseRow(line: string, row: NumberRow, textColumns: number): number[] | undefined {
  const bytes = Buffer.from(line, 'latin1')
  row.parse(bytes, 0, bytes.length)
  if (row.count === 0 || row.count > row.values.length || row.textCount > textColumns) return undefined
  if (textColumns > 0 && row.count - row.textCount < MINIMUM_COLUMNS) return undefined
  return Array.from(row.values.subarray(0, row.count))
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
  if (source.isDirectory || !looksLikeText(source.head)) return undefined
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
    const headings = [...plain.slice(0, firstRow), ...remarks.map((line) => line.replace(REMARK, ''))]
    const named = headings.map((line) => splitHeading(line, separator)).find((names) => isHeading(names, columnCount))
    if (textColumns > 0 && !named) continue
    best = {
      separator,
      decimalComma,
      names: named ?? [],
      rows: kept,
      columnCount,
      textColumnCount: Math.max(...kept.slice(0, 20).map((numbers) => numbers.filter(Number.isNaN).length)),
      firstRow: plain[firstRow],
    }
  }
  return best
}

function isHeading(names: readonly string[], columnCount: number): boolean {
  return names.length === columnCount && names.every((name) => name !== '' && /[a-z]/.test(name))
}
