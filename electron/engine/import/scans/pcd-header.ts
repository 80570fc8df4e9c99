/** The header of a PCD file: fields with sizes, and how many points follow in which encoding. */
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportSource } from '../importer.ts'
import type { SinkShape } from './point-sink.ts'
import { corruptFile, emptyFile, unsupportedFormat } from '../refusals.ts'
import { asciiText } from '../reading/text-lines.ts'

export interface PcdField {
  readonly name: string
  readonly size: number
  /** I signed, U unsigned, F floating point. */
  readonly kind: string
  readonly count: number
  /** Bytes from the start of a point; in compressed files, times the number of points. */
  readonly offset: number
  /** Of the values of a point in text, which is its first. */
  readonly column: number
}

type Triple = readonly [PcdField, PcdField, PcdField]

export interface PcdHeader {
  readonly encoding: 'ascii' | 'binary' | 'binary_compressed'
  readonly pointCount: number
  readonly position: Triple
  readonly normal: Triple | undefined
  readonly color: PcdField | undefined
  /** Bytes of one point. */
  readonly stride: number
  readonly columnCount: number
  /** Translation and quaternion (w first) of the sensor, as text; points are not moved by it. */
  readonly viewpoint: string
  /** Bytes up to the data. */
  readonly byteLength: number
  readonly shape: SinkShape
}

const TYPES = new Set(['F4', 'F8', 'I1', 'I2', 'I4', 'I8', 'U1', 'U2', 'U4', 'U8'])

function fieldsOf(source: ImportSource, entries: ReadonlyMap<string, readonly string[]>): PcdField[] {
  const names = entries.get('FIELDS') ?? entries.get('COLUMNS') ?? []
  const sizes = entries.get('SIZE') ?? []
  const kinds = entries.get('TYPE') ?? []
  const counts = entries.get('COUNT') ?? names.map(() => '1')
  if (
    names.length === 0 ||
    sizes.length !== names.length ||
    kinds.length !== names.length ||
    counts.length !== names.length
  ) {
    throw corruptFile(source.path, say('scan.pcd.fields'))
  }
  let offset = 0
  let column = 0
  return names.map((name, index) => {
    const field = { name, size: Number(sizes[index]), kind: kinds[index], count: Number(counts[index]), offset, column }
    const valid =
      TYPES.has(field.kind + field.size) && Number.isInteger(field.count) && field.count >= 0 && field.count <= 4096
    if (!valid) throw corruptFile(source.path, say('scan.pcd.type', { name: name.slice(0, 40) }))
    offset += field.size * field.count
    column += field.count
    return field
  })
}

function wholeNumber(source: ImportSource, words: readonly string[] | undefined, name: string): number | undefined {
  if (words === undefined) return undefined
  const value = Number(words[0])
  if (words.length === 1 && /^\d+$/.test(words[0]) && Number.isSafeInteger(value)) return value
  throw corruptFile(source.path, say('scan.pcd.value', { name, value: words.join(' ').slice(0, 40) }))
}

/** @throws `corrupt_file`, `unsupported_format`, `empty_file`. */
export async function readPcdHeader(source: ImportSource): Promise<PcdHeader> {
  const text = asciiText(source.head)
  const data = /(^|[\r\n])DATA[ \t]+(\S+)[ \t]*(\r\n|\n|\r)/i.exec(text)
  if (!data) throw corruptFile(source.path, say('scan.pcd.noData'))
  const entries = new Map<string, string[]>()
  for (const line of text.slice(0, data.index).split(/\r\n|\n|\r/)) {
    const [keyword, ...words] = line.trim().split(/\s+/)
    if (keyword !== '' && !keyword.startsWith('#')) entries.set(keyword.toUpperCase(), words)
  }
  const encoding = data[2].toLowerCase()
  if (encoding !== 'ascii' && encoding !== 'binary' && encoding !== 'binary_compressed') {
    throw unsupportedFormat(source.path, say('scan.pcd.encoding', { encoding: encoding.slice(0, 40) }))
  }
  const fields = fieldsOf(source, entries)
  const triple = (...names: readonly string[]): Triple | undefined => {
    const found = names.map((name) => fields.find((field) => field.name.toLowerCase() === name && field.count === 1))
    const [a, b, c] = found
    return a && b && c ? [a, b, c] : undefined
  }
  const position = triple('x', 'y', 'z')
  if (!position) throw unsupportedFormat(source.path, say('scan.withoutCoordinates', { things: say('scan.points') }))
  const width = wholeNumber(source, entries.get('WIDTH'), 'WIDTH')
  const height = wholeNumber(source, entries.get('HEIGHT'), 'HEIGHT') ?? 1
  const pointCount =
    wholeNumber(source, entries.get('POINTS'), 'POINTS') ?? (width === undefined ? undefined : width * height)
  if (pointCount === undefined) throw corruptFile(source.path, say('scan.pcd.noCount'))
  if (pointCount === 0) throw emptyFile(source.path, say('scan.saysNone', { things: say('scan.points') }))
  const normal = triple('normal_x', 'normal_y', 'normal_z')
  const color = fields.find(({ name, size, count }) => /^rgba?$/i.test(name) && size === 4 && count === 1)
  return {
    encoding,
    pointCount,
    position,
    normal,
    color,
    stride: fields.reduce((sum, field) => sum + field.size * field.count, 0),
    columnCount: fields.reduce((sum, field) => sum + field.count, 0),
    viewpoint: (entries.get('VIEWPOINT') ?? []).join(' ').slice(0, 200),
    byteLength: data.index + data[0].length,
    shape: { expectedCount: pointCount, hasColors: color !== undefined, hasNormals: normal !== undefined },
  }
}
