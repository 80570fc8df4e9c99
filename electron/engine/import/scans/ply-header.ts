/**
 * The header of a polygon file (Turk 1994, "The PLY Polygon File Format"): elements with typed properties, in the order
 * in which their values follow.
 */
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { readRange } from '../reading/byte-stream.ts'
import type { ImportSource } from '../importer.ts'
import { corruptFile, unsupportedFormat } from '../refusals.ts'
import { asciiText } from '../reading/text-lines.ts'

export type ScalarType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64'

export const SCALAR_BYTES: Readonly<Record<ScalarType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
}

const TYPE_NAMES = new Map<string, ScalarType>(
  Object.entries({
    char: 'int8',
    uchar: 'uint8',
    short: 'int16',
    ushort: 'uint16',
    int: 'int32',
    uint: 'uint32',
    float: 'float32',
    double: 'float64',
    int8: 'int8',
    uint8: 'uint8',
    int16: 'int16',
    uint16: 'uint16',
    int32: 'int32',
    uint32: 'uint32',
    float32: 'float32',
    float64: 'float64',
  }),
)

export interface PlyProperty {
  readonly name: string
  readonly type: ScalarType
  /** Set for lists: the type of the count that goes before the items. */
  readonly countType?: ScalarType
  /** Bytes from the start of the record; meaningless after a list. */
  readonly offset: number
}

export interface PlyElement {
  readonly name: string
  readonly count: number
  readonly properties: readonly PlyProperty[]
  readonly hasLists: boolean
  /** Bytes of one record; where there are lists, the least it can have. */
  readonly stride: number
}

export interface PlyHeader {
  readonly encoding: 'ascii' | 'little' | 'big'
  readonly elements: readonly PlyElement[]
  readonly comments: readonly string[]
  /** Bytes up to the first value. */
  readonly byteLength: number
}

const MAX_HEADER_BYTES = 1 << 20
const ENCODINGS = new Map<string, PlyHeader['encoding']>(
  Object.entries({
    ascii: 'ascii',
    binary_little_endian: 'little',
    binary_big_endian: 'big',
  }),
)

interface HeaderText {
  readonly lines: readonly string[]
  readonly byteLength: number
}

async function headerText(source: ImportSource): Promise<HeaderText> {
  let bytes = source.head
  for (;;) {
    const text = asciiText(bytes)
    const match = /(^|[\r\n])end_header[ \t]*(\r\n|\n|\r)/.exec(text)
    if (match) {
      const lines = text.slice(0, match.index).split(/\r\n|\n|\r/)
      return { lines, byteLength: match.index + match[0].length }
    }
    if (bytes.length < source.byteLength && bytes.length < MAX_HEADER_BYTES) {
      bytes = await readRange(source.path, 0, MAX_HEADER_BYTES)
      continue
    }
    throw corruptFile(source.path, say('scan.ply.endless'))
  }
}

interface OpenElement {
  name: string
  count: number
  properties: PlyProperty[]
  hasLists: boolean
  stride: number
}

/** @throws `corrupt_file` when the header contradicts itself or claims more than the file holds. */
export async function readPlyHeader(source: ImportSource): Promise<PlyHeader> {
  const { lines, byteLength } = await headerText(source)
  const bad = (line: string) => corruptFile(source.path, say('scan.ply.line', { line: line.slice(0, 80) }))
  let encoding: PlyHeader['encoding'] | undefined
  const elements: OpenElement[] = []
  const comments: string[] = []
  for (const line of lines.slice(1)) {
    const words = line.trim().split(/\s+/)
    const [keyword] = words
    if (keyword === 'comment' || keyword === 'obj_info') comments.push(words.slice(1).join(' '))
    else if (keyword === 'format') {
      encoding = ENCODINGS.get(words[1])
      if (!encoding) throw unsupportedFormat(source.path, say('scan.ply.encoding', { encoding: words[1] ?? '' }))
    } else if (keyword === 'element') {
      if (!/^\d+$/.test(words[2] ?? '')) throw bad(line)
      const count = Number(words[2])
      if (!Number.isSafeInteger(count))
        throw corruptFile(source.path, say('scan.ply.count', { count: words[2], name: words[1] }))
      elements.push({ name: words[1], count, properties: [], hasLists: false, stride: 0 })
    } else if (keyword === 'property') addProperty(elements.at(-1), words, () => bad(line))
    else if (keyword !== '') throw bad(line)
  }
  if (!encoding) throw corruptFile(source.path, say('scan.ply.noFormat'))
  refuseExcessiveClaims(source, elements, encoding, byteLength)
  return { encoding, elements, comments, byteLength }
}

function addProperty(element: OpenElement | undefined, words: readonly string[], bad: () => Error): void {
  if (!element) throw bad()
  const isList = words[1] === 'list'
  const type = TYPE_NAMES.get(words[isList ? 3 : 1] ?? '')
  const countType = isList ? TYPE_NAMES.get(words[2] ?? '') : undefined
  const name = words[isList ? 4 : 2]
  if (!type || !name || (isList && !countType)) throw bad()
  if (countType === 'float32' || countType === 'float64') throw bad()
  if (element.properties.length >= 1024) throw bad()
  element.properties.push({ name, type, countType, offset: element.stride })
  element.hasLists ||= isList
  element.stride += SCALAR_BYTES[countType ?? type]
}

function refuseExcessiveClaims(
  source: ImportSource,
  elements: readonly PlyElement[],
  encoding: PlyHeader['encoding'],
  headerBytes: number,
): void {
  const body = source.byteLength - headerBytes
  let least = 0
  for (const { count, properties, stride } of elements) {
    // A value in text is a digit and a blank at least; the last of the file may lack the blank.
    if (count > 0 && properties.length === 0) throw corruptFile(source.path, say('scan.ply.noProperties'))
    least += count * (encoding === 'ascii' ? 2 * properties.length : stride)
  }
  if (encoding === 'ascii' && least > 0) least -= 1
  if (least <= body) return
  const claims = listed(elements.map(({ name, count }) => say('scan.ply.claim', { count, name })))
  throw corruptFile(source.path, say('scan.ply.tooMany', { claims, least, held: Math.max(0, body) }))
}

/** Joined by halves: a header may name so many elements that a list within a list would go too deep. */
function listed(claims: readonly Saying[]): Saying {
  if (claims.length === 1) return claims[0]
  const half = claims.length >> 1
  return say('scan.ply.claims', { one: listed(claims.slice(0, half)), other: listed(claims.slice(half)) })
}
