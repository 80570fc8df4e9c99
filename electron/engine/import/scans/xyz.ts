/**
 * Points as lines of text: XYZ, ASC, PTS, TXT and CSV. There is no standard; columns are taken from a heading line
 * where there is one and from the range of the values otherwise.
 */
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, warning } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { metresOfUnit } from '../reading/length-units.ts'
import { textTable, type TextTable } from '../reading/text-head.ts'
import { forEachLine, NumberRow } from '../reading/text-lines.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { median } from '../../../../shared/signal/median.ts'

/** Which column holds what. */
interface XyzColumns {
  readonly position: readonly [number, number, number]
  readonly normal: readonly [number, number, number] | undefined
  readonly color: readonly [number, number, number] | undefined
  /** Metres of one unit of the positions, where their names say it. */
  readonly metresPerUnit: number
  /** 255 when colours are 0..1. */
  readonly colorScale: number
  /** True when the meaning of extra columns was judged by their values. */
  readonly guessed: boolean
}

const EXTENSIONS = ['xyz', 'xyzrgb', 'xyzn', 'pts', 'asc', 'txt', 'csv', 'neu']

type Triple = readonly [number, number, number]

/** Of units that stand behind a name, as in `X (mm)` and `x_mm`. */
function metresOf(name: string): number {
  return metresOfUnit(/(?:[([]\s*|_)(\w+?)\s*[)\]]?$/.exec(name)?.[1] ?? '') ?? 1
}

function named(names: readonly string[], ...choices: readonly (readonly string[])[]): Triple | undefined {
  const bare = names.map((name) =>
    name
      .replace(/[/#"]/g, '')
      .replace(/[([].*$/, '')
      .replace(/(?<=^[xyz])_(?:mm|cm|ft|in|m)$/, '')
      .trim(),
  )
  for (const choice of choices) {
    const found = choice.map((name) => bare.indexOf(name))
    if (found.every((index) => index >= 0)) return [found[0], found[1], found[2]]
  }
  return undefined
}

function valuesIn(table: TextTable, columns: Triple): number[] {
  return table.rows.flatMap((row) => columns.map((column) => row[column]))
}

function areColors(table: TextTable, columns: Triple): boolean {
  const values = valuesIn(table, columns)
  const bytes = values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)
  return bytes && values.some((value) => value > 1)
}

function areUnitVectors(table: TextTable, columns: Triple): boolean {
  return table.rows.every((row) => {
    const length = Math.hypot(row[columns[0]], row[columns[1]], row[columns[2]])
    return Math.abs(length - 1) < 0.02
  })
}

function areFractions(table: TextTable, columns: Triple): boolean {
  return valuesIn(table, columns).every((value) => value >= 0 && value <= 1)
}

/** Names of where something was when, and how it was turned: a path, however much its columns are called x, y and z. */
function isOfMotion(names: readonly string[]): boolean {
  const [first = ''] = names
  return (
    names.some((name) => /time|stamp|quat|^q[wxyz]|(?:^|_)(?:roll|pitch|yaw)/.test(name)) ||
    /^[#/"\s]*(?:t|ts|[mun]?s|secs?|seconds|elapsed|epoch)(?:_[mun]?s|_sec)?["\s]*(?:[([].*)?$/.test(first)
  )
}

/** Rows from which on a first column that goes up in even steps is told from points that happen to be sorted. */
const FEWEST_TICKS = 50

/**
 * Whether the first of four and more columns without names is a clock: it goes up from row to row, nearly always by half
 * to one and a half of its usual step, and two others change with it. Sorted points do so in a third of their steps; a row of a grid keeps its other coordinate.
 */
function beginsWithClock({ rows, columnCount }: TextTable): boolean {
  if (columnCount < 4 || rows.length < FEWEST_TICKS) return false
  const steps = rows.slice(1).map((row, at) => row[0]! - rows[at]![0]!)
  const usual = median(steps)
  const even = steps.filter((step) => Math.abs(step - usual) <= usual / 2).length
  const changes = (column: number) => rows.some((row) => row[column] !== rows[0]![column])
  return steps.every((step) => step > 0) && even >= 0.9 * steps.length && changes(1) && changes(2)
}

/** @returns Undefined when the table is not one of points. */
function xyzColumns(table: TextTable): XyzColumns | undefined {
  const { names, columnCount } = table
  if (names.length > 0) {
    const plain = named(
      names,
      ['x', 'y', 'z'],
      ['px', 'py', 'pz'],
      ['pos_x', 'pos_y', 'pos_z'],
      ['position_x', 'position_y', 'position_z'],
      ['point_x', 'point_y', 'point_z'],
      ['easting', 'northing', 'elevation'],
      ['easting', 'northing', 'height'],
    )
    const points = named(
      names,
      ['points_m_xyz:0', 'points_m_xyz:1', 'points_m_xyz:2'],
      ['points:0', 'points:1', 'points:2'],
      ['x1', 'y1', 'z1'],
    )
    const position = points ?? (isOfMotion(names) ? undefined : plain)
    if (!position) return undefined
    const color = named(names, ['r', 'g', 'b'], ['red', 'green', 'blue'], ['rf', 'gf', 'bf'])
    const normal = named(names, ['nx', 'ny', 'nz'], ['normal_x', 'normal_y', 'normal_z'])
    const colorScale = color && areFractions(table, color) ? 255 : 1
    const metresPerUnit = metresOf(names[position[0]]!)
    return { position, color, normal, metresPerUnit, colorScale, guessed: false }
  }
  if (columnCount < 3 || columnCount > 12 || table.strangeNames.length > 0 || beginsWithClock(table)) return undefined
  let color: Triple | undefined
  let normal: Triple | undefined
  let colorScale = 1
  for (let at = 3; at + 3 <= columnCount;) {
    const columns: Triple = [at, at + 1, at + 2]
    if (!normal && areUnitVectors(table, columns)) normal = columns
    else if (!color && areColors(table, columns)) color = columns
    else if (!color && columnCount === 6 && areFractions(table, columns)) {
      color = columns
      colorScale = 255
    } else {
      at++
      continue
    }
    at += 3
  }
  return { position: [0, 1, 2], color, normal, metresPerUnit: 1, colorScale, guessed: columnCount > 3 }
}

function supports(source: ImportSource): number {
  if (source.isDirectory || !EXTENSIONS.includes(source.extension)) return 0
  const table = textTable(source, 3)
  if (!table || !xyzColumns(table)) return 0
  return table.names.length > 0 ? 0.6 : 0.5
}

/** A share of damaged lines beyond this means that the file is something else. */
const MAX_BAD_SHARE = 0.1

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const table = textTable(source, 3)
  const columns = table && xyzColumns(table)
  if (!table || !columns) throw corruptFile(source.path, say('scan.xyz.noRows'))
  const { position, color, normal, metresPerUnit, colorScale } = columns
  const meanLine = Math.max(6, source.head.length / Math.max(1, source.head.filter((byte) => byte === 10).length))
  const expectedCount = Math.ceil((source.byteLength / meanLine) * 1.02) + 16
  collector.begin({ expectedCount, hasColors: color !== undefined, hasNormals: normal !== undefined })
  const needed = 1 + Math.max(...position, ...(color ?? []), ...(normal ?? []))
  const row = new NumberRow(Math.max(needed, table.columnCount), table.separator, table.decimalComma)
  let filled = 0
  let good = 0
  let bad = 0
  let promised = 0
  await forEachLine(source.path, {}, signal, (bytes, from, to) => {
    row.parse(bytes, from, to)
    if (row.count === 0) return
    // PTS says before each of its scans how many points come.
    if (row.count === 1 && Number.isInteger(row.values[0]) && row.values[0] > 0 && source.extension === 'pts') {
      promised += row.values[0]
      return
    }
    if (row.count < needed || row.textCount > table.textColumnCount) {
      // A heading and remarks come before the points.
      if (good > 0 && bytes[from] !== 35) bad++
      return
    }
    good++
    const { values } = row
    for (let axis = 0; axis < 3; axis++) {
      collector.positions[3 * filled + axis] = values[position[axis]] * metresPerUnit
      if (color)
        collector.colors[3 * filled + axis] = Math.max(0, Math.min(255, Math.round(values[color[axis]] * colorScale)))
      if (normal) collector.normals[3 * filled + axis] = values[normal[axis]]
    }
    if (++filled < BATCH_POINTS) return
    collector.flush(filled)
    filled = 0
  })
  collector.flush(filled)
  if (good === 0 || bad > good * MAX_BAD_SHARE) {
    throw corruptFile(source.path, say('scan.xyz.lines', { bad, total: good + bad, least: needed }))
  }
  const warnings = bad > 0 ? [warning('lines_skipped', say('import.linesNotNumbers', { bad }))] : []
  if (promised > good + bad) {
    warnings.push(warning('points_missing', say('import.pointsMissing', { promised, good })))
  }
  if (columns.guessed) {
    const colors = color
      ? say('import.columnsOfColours', { from: color[0] + 1, to: color[2] + 1 })
      : say('import.noColours')
    const normals = normal
      ? say('import.columnsOfNormals', { from: normal[0] + 1, to: normal[2] + 1 })
      : say('import.noNormals')
    warnings.push(warning('columns_guessed', say('import.columnsGuessed', { colors, normals })))
  }
  return { kind: 'points', warnings, metadata: { separator: table.separator, axes: 'as in the file' } }
}

export const xyzImporter: Importer = scanImporter({
  id: 'xyz',
  title: say('readable.xyz'),
  extensions: EXTENSIONS,
  supports,
  scan,
})
