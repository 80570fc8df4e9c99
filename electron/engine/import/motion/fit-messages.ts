/**
 * Messages of a FIT file (Garmin, FIT protocol: developer.garmin.com/fit/protocol): a header, records that define messages or
 * hold one, a checksum; several such files may follow one another. A definition names its byte order, the number of the
 * message, and its fields by number, size and base type; what developers add has a size and is passed over. A record with a
 * compressed time holds the last five bits of its seconds.
 */

/** Values of a field; those that are marked as invalid are NaN. */
export type FitFields = ReadonlyMap<number, readonly number[]>

export interface FitMessage {
  readonly number: number
  /** `timestamp`: seconds since 31 December 1989, or since the device was switched on. */
  readonly seconds: number | undefined
  readonly fields: FitFields
}

interface Definition {
  readonly number: number
  readonly isLittleEndian: boolean
  readonly fields: readonly { readonly number: number; readonly size: number; readonly type: number }[]
  readonly byteLength: number
}

export interface FitDamage {
  /** Why reading ended before the file did. */
  brokenOff: boolean
  /** Whether a checksum was another than that of the bytes. */
  checksum: boolean
}

interface BaseType {
  readonly bytes: number
  readonly invalid: number
  read(view: DataView, at: number, isLittleEndian: boolean): number
}

const integer = (bytes: 1 | 2 | 4, isSigned: boolean, invalid: number): BaseType => ({
  bytes,
  invalid,
  read(view, at, isLittleEndian) {
    if (bytes === 1) return isSigned ? view.getInt8(at) : view.getUint8(at)
    if (bytes === 2) return isSigned ? view.getInt16(at, isLittleEndian) : view.getUint16(at, isLittleEndian)
    return isSigned ? view.getInt32(at, isLittleEndian) : view.getUint32(at, isLittleEndian)
  },
})

/** By the last five bits of their number. Texts and integers of 64 bits hold nothing that is read. */
const BASE_TYPES: Readonly<Record<number, BaseType>> = {
  0: integer(1, false, 0xff),
  1: integer(1, true, 0x7f),
  2: integer(1, false, 0xff),
  3: integer(2, true, 0x7fff),
  4: integer(2, false, 0xffff),
  5: integer(4, true, 0x7fffffff),
  6: integer(4, false, 0xffffffff),
  8: { bytes: 4, invalid: NaN, read: (view, at, isLittleEndian) => view.getFloat32(at, isLittleEndian) },
  9: { bytes: 8, invalid: NaN, read: (view, at, isLittleEndian) => view.getFloat64(at, isLittleEndian) },
  10: integer(1, false, 0),
  11: integer(2, false, 0),
  12: integer(4, false, 0),
}
const TYPE_BITS = 0x1f
const TIMESTAMP = 253
const MARK = 0x5449462e
const LEAST_HEADER_BYTES = 12

/** Cyclic redundancy check of 16 bits, polynomial 0xA001 from the lowest bit. */
function fitChecksum(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** Whether a file begins here: `.FIT` behind size of the header, versions and size of the records. */
export function isFitHeader(bytes: Uint8Array, at = 0): boolean {
  if (at + LEAST_HEADER_BYTES > bytes.length) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  return view.getUint8(0) >= LEAST_HEADER_BYTES && view.getUint32(8, true) === MARK
}

function valuesOf(view: DataView, at: number, size: number, type: number, isLittleEndian: boolean): number[] {
  const base = BASE_TYPES[type & TYPE_BITS]
  if (!base) return []
  return Array.from({ length: Math.floor(size / base.bytes) }, (_, index) => {
    const value = base.read(view, at + index * base.bytes, isLittleEndian)
    return value === base.invalid ? NaN : value
  })
}

/** Reads the records between two places; stops where one does not fit. */
class RecordReader {
  at: number
  readonly #view: DataView
  readonly #end: number
  readonly #definitions: (Definition | undefined)[] = []
  #lastSeconds: number | undefined

  constructor(view: DataView, from: number, end: number) {
    this.#view = view
    this.at = from
    this.#end = end
  }

  /** The next message; null where a definition stood; undefined where a record does not fit. */
  next(wanted: ReadonlySet<number>): FitMessage | null | undefined {
    const header = this.#view.getUint8(this.at)
    if (header & 0x80) return this.#message((header >> 5) & 3, this.at + 1, wanted, header & 0x1f)
    if (header & 0x40) return this.#define(header & 0x0f, this.at + 1, (header & 0x20) !== 0)
    return this.#message(header & 0x0f, this.at + 1, wanted)
  }

  #define(local: number, at: number, hasDeveloperFields: boolean): null | undefined {
    const view = this.#view
    if (at + 5 > this.#end) return undefined
    const isLittleEndian = view.getUint8(at + 1) === 0
    const number = view.getUint16(at + 2, isLittleEndian)
    const count = view.getUint8(at + 4)
    const fieldsEnd = at + 5 + 3 * count
    if (fieldsEnd + (hasDeveloperFields ? 1 : 0) > this.#end) return undefined
    const triple = (index: number) => at + 5 + 3 * index
    const fields = Array.from({ length: count }, (_, index) => ({
      number: view.getUint8(triple(index)),
      size: view.getUint8(triple(index) + 1),
      type: view.getUint8(triple(index) + 2),
    }))
    const added = hasDeveloperFields ? view.getUint8(fieldsEnd) : 0
    this.at = fieldsEnd + (hasDeveloperFields ? 1 + 3 * added : 0)
    if (this.at > this.#end) return undefined
    let byteLength = fields.reduce((sum, { size }) => sum + size, 0)
    for (let index = 0; index < added; index++) byteLength += view.getUint8(fieldsEnd + 2 + 3 * index)
    this.#definitions[local] = { number, isLittleEndian, fields, byteLength }
    return null
  }

  #message(local: number, from: number, wanted: ReadonlySet<number>, lowBits?: number): FitMessage | null | undefined {
    const definition = this.#definitions[local]
    if (!definition || from + definition.byteLength > this.#end) return undefined
    const { number, isLittleEndian, fields: layout, byteLength } = definition
    const fields = new Map<number, readonly number[]>()
    let at = from
    for (const field of layout) {
      if (field.number === TIMESTAMP || wanted.has(number))
        fields.set(field.number, valuesOf(this.#view, at, field.size, field.type, isLittleEndian))
      at += field.size
    }
    this.at = from + byteLength
    const written = fields.get(TIMESTAMP)?.[0]
    if (written !== undefined && Number.isInteger(written)) this.#lastSeconds = written
    else if (lowBits !== undefined && this.#lastSeconds !== undefined) {
      // Five bits count on from the last whole time.
      this.#lastSeconds += (lowBits - this.#lastSeconds) & 0x1f
    } else if (wanted.has(number)) return { number, seconds: undefined, fields }
    return wanted.has(number) ? { number, seconds: this.#lastSeconds, fields } : null
  }
}

/** The messages of those numbers, in order. What is damaged is noted in `damage`. */
export function* fitMessages(bytes: Uint8Array, wanted: ReadonlySet<number>, damage: FitDamage): Generator<FitMessage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0; start < bytes.length;) {
    if (!isFitHeader(bytes, start)) {
      damage.brokenOff = true
      return
    }
    const from = start + view.getUint8(start)
    const promised = from + view.getUint32(start + 4, true)
    // A device that lost its power left the size at zero or at its most.
    const isWhole = promised > from && promised + 2 <= bytes.length
    const end = isWhole ? promised : bytes.length
    const reader = new RecordReader(view, from, end)
    while (reader.at < end) {
      const message = reader.next(wanted)
      if (message === undefined) {
        damage.brokenOff = true
        break
      }
      if (message) yield message
    }
    if (!isWhole) {
      damage.brokenOff = true
      return
    }
    if (fitChecksum(bytes.subarray(start, end)) !== view.getUint16(end, true)) damage.checksum = true
    start = end + 2
  }
}
