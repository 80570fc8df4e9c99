/**
 * Protocol buffer messages (protobuf.dev, Encoding) read by the descriptors that travel with them: a FileDescriptorSet
 * (google/protobuf/descriptor.proto) says which field has which number, and a message becomes an object by the names of
 * its fields. Unknown fields are passed over. Fields that are absent are left out.
 */

export type Fields = Record<string, unknown>

/** A value on the wire: a whole number, or the bytes of one of fixed or told length. */
type WireValue = bigint | Uint8Array

interface WireField {
  readonly number: number
  readonly wire: number
  readonly value: WireValue
}

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5
/** Numbers of field types in descriptor.proto. */
const TYPE = { double: 1, float: 2, int64: 3, uint64: 4, int32: 5, fixed64: 6, fixed32: 7, bool: 8, text: 9 } as const
const TYPES = {
  message: 11,
  bytes: 12,
  uint32: 13,
  enum: 14,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
} as const
const REPEATED = 3
/** Messages that lie within each other deeper than this are not a sensor's. */
const MAX_DEPTH = 32

/** @throws RangeError when a field ends beyond the message. */
function* wireFields(bytes: Uint8Array): Generator<WireField> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) break
      const byte = bytes[at++]
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw new RangeError('a number without an end')
  }
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new RangeError('a field ends beyond its message')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const [number, wire] = [Math.floor(tag / 8), tag % 8]
    if (wire === VARINT) yield { number, wire, value: varint() }
    else if (wire === FIXED64) yield { number, wire, value: take(8) }
    else if (wire === BYTES) yield { number, wire, value: take(Number(varint())) }
    else if (wire === FIXED32) yield { number, wire, value: take(4) }
    else throw new RangeError(`a field of wire type ${wire}`)
  }
}

interface FieldDescriptor {
  readonly name: string
  readonly repeated: boolean
  readonly type: number
  /** Of the message that it holds: `.foxglove.Pose` in full, or without the dot as seen from where it is used. */
  readonly typeName: string
}

type Descriptors = ReadonlyMap<string, ReadonlyMap<number, FieldDescriptor>>

const text = (value: WireValue | undefined): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : ''

function collected(bytes: Uint8Array): Map<number, WireValue[]> {
  const fields = new Map<number, WireValue[]>()
  for (const { number, value } of wireFields(bytes)) {
    const known = fields.get(number)
    if (known) known.push(value)
    else fields.set(number, [value])
  }
  return fields
}

const messagesIn = (values: readonly WireValue[] | undefined): Uint8Array[] =>
  (values ?? []).filter((value) => value instanceof Uint8Array)

/** DescriptorProto: name 1, field 2, nested_type 3; FieldDescriptorProto: name 1, number 3, label 4, type 5, type_name 6. */
function addMessage(bytes: Uint8Array, scope: string, out: Map<string, Map<number, FieldDescriptor>>, depth = 0): void {
  if (depth > MAX_DEPTH) throw new RangeError('descriptors within descriptors')
  const parts = collected(bytes)
  const name = `${scope}${text(parts.get(1)?.[0])}`
  const fields = new Map<number, FieldDescriptor>()
  for (const field of messagesIn(parts.get(2))) {
    const part = collected(field)
    const number = (key: number) => Number(part.get(key)?.[0] ?? 0n)
    fields.set(number(3), {
      name: text(part.get(1)?.[0]),
      repeated: number(4) === REPEATED,
      type: number(5),
      typeName: text(part.get(6)?.[0]),
    })
  }
  out.set(name, fields)
  for (const nested of messagesIn(parts.get(3))) addMessage(nested, `${name}.`, out, depth + 1)
}

/** FileDescriptorSet: file 1; FileDescriptorProto: package 2, message_type 4. */
function descriptorsIn(schema: Uint8Array): Descriptors {
  const out = new Map<string, Map<number, FieldDescriptor>>()
  for (const file of messagesIn(collected(schema).get(1))) {
    const parts = collected(file)
    const package_ = text(parts.get(2)?.[0])
    for (const message of messagesIn(parts.get(4))) addMessage(message, package_ === '' ? '' : `${package_}.`, out)
  }
  return out
}

/** Names without a leading dot are looked for in the message that uses them and then ever farther out. */
function fullName(typeName: string, scope: string, descriptors: Descriptors): string {
  if (typeName.startsWith('.')) return typeName.slice(1)
  const scopes = scope.split('.')
  for (let length = scopes.length; length > 0; length--) {
    const name = [...scopes.slice(0, length), typeName].join('.')
    if (descriptors.has(name)) return name
  }
  return typeName
}

const zigzag = (value: bigint): number => Number((value >> 1n) ^ -(value & 1n))

function scalar(type: number, value: WireValue): unknown {
  if (value instanceof Uint8Array) {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
    if (type === TYPE.double) return view.getFloat64(0, true)
    if (type === TYPE.float) return view.getFloat32(0, true)
    if (type === TYPE.fixed32) return view.getUint32(0, true)
    if (type === TYPES.sfixed32) return view.getInt32(0, true)
    if (type === TYPE.fixed64) return Number(view.getBigUint64(0, true))
    if (type === TYPES.sfixed64) return Number(view.getBigInt64(0, true))
    return type === TYPE.text ? text(value) : value
  }
  if (type === TYPE.bool) return value !== 0n
  if (type === TYPES.sint32 || type === TYPES.sint64) return zigzag(value)
  return Number(type === TYPE.uint64 || type === TYPES.uint32 ? value : BigInt.asIntN(64, value))
}

const WIDE: readonly number[] = [TYPE.double, TYPE.fixed64, TYPES.sfixed64]
const NARROW: readonly number[] = [TYPE.float, TYPE.fixed32, TYPES.sfixed32]

/** Repeated numbers may lie in one field without tags between them. */
function packed(type: number, bytes: Uint8Array): unknown[] {
  const size = WIDE.includes(type) ? 8 : NARROW.includes(type) ? 4 : 0
  const values: unknown[] = []
  if (size > 0)
    for (let at = 0; at + size <= bytes.length; at += size) values.push(scalar(type, bytes.subarray(at, at + size)))
  else {
    let value = 0n
    let shift = 0n
    for (const byte of bytes) {
      value |= BigInt(byte & 127) << shift
      shift += 7n
      if (byte >= 128) continue
      values.push(scalar(type, BigInt.asUintN(64, value)))
      value = 0n
      shift = 0n
    }
  }
  return values
}

function decode(bytes: Uint8Array, name: string, descriptors: Descriptors, depth: number): Fields {
  if (depth > MAX_DEPTH) throw new RangeError('messages within messages')
  const fields = descriptors.get(name)
  const out: Fields = {}
  for (const { number, wire, value } of wireFields(bytes)) {
    const field = fields?.get(number)
    if (!field || field.name === '__proto__') continue
    const isBytes = wire === BYTES && value instanceof Uint8Array
    const isMessage = field.type === TYPES.message
    if (isMessage && !isBytes) continue
    let values: unknown[]
    if (isMessage) {
      const inner = fullName(field.typeName, name, descriptors)
      values = [decode(value as Uint8Array, inner, descriptors, depth + 1)]
    } else if (isBytes && field.type !== TYPE.text && field.type !== TYPES.bytes) values = packed(field.type, value)
    else values = [scalar(field.type, value)]
    const known = out[field.name]
    if (!field.repeated) out[field.name] = values.at(-1)
    else if (Array.isArray(known)) for (const each of values) known.push(each)
    else out[field.name] = values
  }
  return out
}

/**
 * What turns messages of the type `name` into objects; undefined when the descriptors do not hold that type.
 * The reader throws RangeError for messages that break off.
 */
export function protobufReader(schema: Uint8Array, name: string): ((bytes: Uint8Array) => Fields) | undefined {
  try {
    const descriptors = descriptorsIn(schema)
    return descriptors.has(name) ? (bytes) => decode(bytes, name, descriptors, 0) : undefined
  } catch {
    return undefined
  }
}
