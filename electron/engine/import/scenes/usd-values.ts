/**
 * Values in a USD crate: eight bytes that hold the value itself, or say of what type it is and where it lies (Pixar 2022,
 * USDC File Format Specification, "ValueRep").
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { Damage } from '../reading/damage.ts'
import { CrateCursor } from './usd-crate-cursor.ts'
import type { UsdValue } from './usd-scene.ts'

const IS_ARRAY = 1n << 63n
const IS_INLINED = 1n << 62n
const IS_COMPRESSED = 1n << 61n
const MAX_ELEMENTS = 400_000_000
/** Shorter arrays are stored as they are even where compression is asked for. */
const LEAST_COMPRESSED = 16

type Scalar = 'int32' | 'uint32' | 'half' | 'float' | 'double' | 'bool'

/** Numbers of one value of a type, and what they are stored as. */
const NUMBER_TYPES: Readonly<Record<number, readonly [Scalar, number]>> = {
  1: ['bool', 1],
  3: ['int32', 1],
  4: ['uint32', 1],
  7: ['half', 1],
  8: ['float', 1],
  9: ['double', 1],
  15: ['double', 16],
  16: ['double', 4],
  17: ['float', 4],
  18: ['half', 4],
  23: ['double', 3],
  24: ['float', 3],
  25: ['half', 3],
  26: ['int32', 3],
}
const STRING = 10
const TOKEN = 11

function halfOf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction
          ? NaN
          : Infinity
        : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return bits & 0x8000 ? -size : size
}

const BYTES: Readonly<Record<Scalar, number>> = { bool: 1, half: 2, int32: 4, uint32: 4, float: 4, double: 8 }

export class UsdValues {
  readonly #bytes: Uint8Array
  readonly #tokens: readonly string[]
  readonly #strings: Uint32Array
  readonly #wideCounts: boolean

  constructor(bytes: Uint8Array, tokens: readonly string[], strings: Uint32Array) {
    this.#bytes = bytes
    this.#tokens = tokens
    this.#strings = strings
    this.#wideCounts = bytes[8] > 0 || bytes[9] >= 7
  }

  /** Undefined for types that geometry does not need. @throws Damage. */
  read(value: bigint): UsdValue | undefined {
    const type = Number((value >> 48n) & 255n)
    const payload = Number(value & 0xffffffffffffn)
    const isArray = (value & IS_ARRAY) !== 0n
    if (type === TOKEN && !isArray) return this.#tokens[payload]
    if (type === STRING && !isArray) return this.#tokens[this.#strings[payload] ?? -1]
    if (type === TOKEN) return payload === 0 ? [] : this.#words(payload)
    const kind = NUMBER_TYPES[type]
    if (!kind) return undefined
    const [scalar, width] = kind
    if (isArray) return payload === 0 ? [] : this.#array(payload, scalar, width, (value & IS_COMPRESSED) !== 0n)
    if ((value & IS_INLINED) !== 0n) return inlined(scalar, width, payload)
    return this.#plain(new CrateCursor(this.#bytes, payload), scalar, width)
  }

  #counted(offset: number): { cursor: CrateCursor; count: number } {
    const cursor = new CrateCursor(this.#bytes, offset)
    if (this.#wideCounts) return { cursor, count: cursor.count(MAX_ELEMENTS) }
    // Before 0.5 the rank stood before the count.
    if (this.#bytes[9] < 5) cursor.take(4)
    cursor.take(4)
    return { cursor, count: cursor.view.getUint32(cursor.at - 4, true) }
  }

  #words(offset: number): string[] {
    const { cursor, count } = this.#counted(offset)
    const indices = this.#plain(cursor, 'uint32', count)
    return Array.from(indices, (index) => this.#tokens[index] ?? '')
  }

  #array(offset: number, scalar: Scalar, width: number, isCompressed: boolean): ArrayLike<number> {
    const { cursor, count } = this.#counted(offset)
    if (!isCompressed || width > 1 || count < LEAST_COMPRESSED) return this.#plain(cursor, scalar, count * width)
    if (scalar === 'int32' || scalar === 'uint32') return cursor.integers(count)
    const [way] = cursor.take(1)
    if (way === 'i'.charCodeAt(0)) return cursor.integers(count)
    if (way !== 't'.charCodeAt(0)) throw new Damage(say('broken.usdArray'))
    cursor.take(4)
    const table = this.#plain(cursor, scalar, cursor.view.getUint32(cursor.at - 4, true))
    return Float64Array.from(cursor.integers(count), (index) => table[index] ?? NaN)
  }

  #plain(cursor: CrateCursor, scalar: Scalar, count: number): ArrayLike<number> {
    const bytes = cursor.take(count * BYTES[scalar])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (scalar === 'float') return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true))
    if (scalar === 'double') return Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true))
    if (scalar === 'int32') return Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true))
    if (scalar === 'uint32') return Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true))
    if (scalar === 'half') return Float32Array.from({ length: count }, (_, i) => halfOf(view.getUint16(2 * i, true)))
    return bytes.slice()
  }
}

/** Small values stand in the eight bytes themselves: vectors of small whole numbers as bytes, matrices as their diagonal. */
function inlined(scalar: Scalar, width: number, payload: number): ArrayLike<number> {
  const word = new DataView(new ArrayBuffer(8))
  word.setUint32(0, payload >>> 0, true)
  word.setUint16(4, Math.floor(payload / 2 ** 32), true)
  const small = (slot: number) => word.getInt8(slot)
  if (width === 16) {
    return Array.from({ length: 16 }, (_, slot) => (slot % 5 === 0 ? small(slot / 5) : 0))
  }
  if (width > 1) return Array.from({ length: width }, (_, slot) => small(slot))
  if (scalar === 'half') return [halfOf(word.getUint16(0, true))]
  if (scalar === 'float' || scalar === 'double') return [word.getFloat32(0, true)]
  return [scalar === 'int32' ? word.getInt32(0, true) : payload]
}
