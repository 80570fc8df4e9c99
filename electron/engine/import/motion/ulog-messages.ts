/**
 * Messages of a ULog file (PX4, ULog File Format: docs.px4.io/main/en/dev_log/ulog_file_format): after a header of 16
 * bytes messages with a size and a kind follow one another. Formats name the fields of a topic in the order of their
 * bytes, subscriptions give a topic a number, data holds a moment of it. All little endian; bytes that only pad a topic to
 * its size in memory are left out at its end.
 */

/** Numbers of one moment of a topic by the name of the field; those of arrays follow one another. */
export interface ULogMoment {
  readonly topic: string
  /** Microseconds since the device was switched on. */
  readonly timeMicroseconds: bigint
  /** NaN where the field is not there. */
  value(field: string, index?: number): number
  has(field: string): boolean
}

export interface ULogDamage {
  /** Reading ended before the file did. */
  brokenOff: boolean
  /** The file says that whoever does not know its form must not read it. */
  unknownForm: boolean
  /** Parts that the device lost while it wrote, in milliseconds. */
  lostMilliseconds: number
}

const MAGIC = [0x55, 0x4c, 0x6f, 0x67, 0x01, 0x12, 0x35]
const HEADER_BYTES = 16
const MESSAGE_HEADER_BYTES = 3
const TIME_FIELD = 'timestamp'
/** Formats may lie in one another, and none that is written so deep is one. */
const MOST_NESTED = 8
/** More fields than these has no topic, however its formats lie in one another. */
const MOST_FIELDS = 4096

type Read = (view: DataView, at: number) => number

const SCALARS = new Map<string, { readonly bytes: number; readonly read: Read }>([
  ['int8_t', { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ['uint8_t', { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ['bool', { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ['char', { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ['int16_t', { bytes: 2, read: (view, at) => view.getInt16(at, true) }],
  ['uint16_t', { bytes: 2, read: (view, at) => view.getUint16(at, true) }],
  ['int32_t', { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  ['uint32_t', { bytes: 4, read: (view, at) => view.getUint32(at, true) }],
  ['int64_t', { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) }],
  ['uint64_t', { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) }],
  ['float', { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ['double', { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
])

interface Field {
  readonly at: number
  readonly bytes: number
  readonly count: number
  readonly read: Read
}

interface Layout {
  readonly fields: ReadonlyMap<string, Field>
  readonly byteLength: number
}

/** Whether a file begins as a ULog. */
export function isULogHeader(head: Uint8Array): boolean {
  return head.length >= HEADER_BYTES && MAGIC.every((byte, n) => head[n] === byte)
}

/** What one format says: types and names. */
function declared(text: string): (readonly [type: string, count: number, name: string])[] | undefined {
  const fields = text.split(';').filter((each) => each.trim() !== '')
  const read = fields.map((each) => /^\s*(\w+)(?:\[(\d{1,5})\])?\s+(\w+)\s*$/.exec(each))
  if (!read.every((each) => each !== null)) return undefined
  return read.map(([, type, count, name]) => [type!, count === undefined ? 1 : Number(count), name!])
}

/** Where the fields of a topic lie; those of a format that lies in it are named `outer.inner`, the first of several. */
function layoutOf(formats: ReadonlyMap<string, string>, topic: string, depth = 0): Layout | undefined {
  const text = formats.get(topic)
  const parts = text === undefined || depth > MOST_NESTED ? undefined : declared(text)
  if (!parts) return undefined
  const fields = new Map<string, Field>()
  let at = 0
  for (const [type, count, name] of parts) {
    const scalar = SCALARS.get(type)
    if (scalar) {
      fields.set(name, { at, count, ...scalar })
      at += scalar.bytes * count
      continue
    }
    const inner = layoutOf(formats, type, depth + 1)
    if (!inner || fields.size + inner.fields.size > MOST_FIELDS) return undefined
    for (const [own, field] of inner.fields) fields.set(`${name}.${own}`, { ...field, at: at + field.at })
    at += inner.byteLength * count
  }
  return { fields, byteLength: at }
}

/** Kinds of messages, as the byte that names them. */
const KIND = { flags: 0x42, format: 0x46, subscription: 0x41, data: 0x44, dropout: 0x4f } as const
const FLAG_BYTES = 16
const APPENDED = 1

/** Where parts of the file begin: what was written after a crash of the device stands behind what that cut off. */
function partsOf(view: DataView, damage: ULogDamage): number[] {
  const from = HEADER_BYTES + MESSAGE_HEADER_BYTES
  const isThere = view.byteLength >= from + FLAG_BYTES + 24 && view.getUint8(HEADER_BYTES + 2) === KIND.flags
  if (!isThere) return [HEADER_BYTES]
  const incompatible = Array.from({ length: 8 }, (_, n) => view.getUint8(from + 8 + n))
  damage.unknownForm = incompatible.some((flags, n) => (n === 0 ? flags & ~APPENDED : flags) !== 0)
  const appended = [0, 1, 2].map((n) => Number(view.getBigUint64(from + FLAG_BYTES + 8 * n, true)))
  const known = (incompatible[0]! & APPENDED) === 0 ? [] : appended.filter((at) => at > from && at < view.byteLength)
  return [HEADER_BYTES, ...known.sort((one, two) => one - two)]
}

/**
 * The moments of the topics that are wanted, in the order of the file; of several sensors of a kind, those of the first.
 * Ends where the file can be read no further, which `damage` tells.
 */
export function* ulogMoments(
  bytes: Uint8Array,
  wanted: ReadonlySet<string>,
  damage: ULogDamage,
): Generator<ULogMoment> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const formats = new Map<string, string>()
  const topics = new Map<number, { readonly topic: string; readonly layout: Layout }>()
  const textOf = (from: number, to: number): string => new TextDecoder('latin1').decode(bytes.subarray(from, to))
  const parts = partsOf(view, damage)
  for (const [n, start] of parts.entries()) {
    const end = parts[n + 1] ?? bytes.length
    let at = start
    while (at + MESSAGE_HEADER_BYTES <= end) {
      const from = at + MESSAGE_HEADER_BYTES
      const to = from + view.getUint16(at, true)
      const kind = view.getUint8(at + 2)
      if (to > end) break
      at = to
      if (kind === KIND.format) {
        const [name, fields] = splitOnce(textOf(from, to), ':')
        formats.set(name, fields)
      } else if (kind === KIND.subscription && to - from > 3) {
        const topic = textOf(from + 3, to)
        const layout = view.getUint8(from) === 0 && wanted.has(topic) ? layoutOf(formats, topic) : undefined
        if (layout) topics.set(view.getUint16(from + 1, true), { topic, layout })
      } else if (kind === KIND.dropout && to - from >= 2) damage.lostMilliseconds += view.getUint16(from, true)
      else if (kind === KIND.data && to - from > 2) {
        const known = topics.get(view.getUint16(from, true))
        const moment = known && momentIn(view, from + 2, to, known.topic, known.layout)
        if (moment) yield moment
      }
    }
    if (at < bytes.length && end === bytes.length) damage.brokenOff = true
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function momentIn(view: DataView, from: number, to: number, topic: string, layout: Layout): ULogMoment | undefined {
  const { fields } = layout
  const within = (field: Field | undefined, index: number): field is Field =>
    field !== undefined && index < field.count && from + field.at + (index + 1) * field.bytes <= to
  const time = fields.get(TIME_FIELD)
  if (!within(time, 0) || time.bytes !== 8) return undefined
  return {
    topic,
    timeMicroseconds: view.getBigUint64(from + time.at, true),
    value(name, index = 0) {
      const field = fields.get(name)
      return within(field, index) ? field.read(view, from + field.at + index * field.bytes) : NaN
    },
    has: (name) => within(fields.get(name), 0),
  }
}
