/**
 * Values of one field of E57 points (ASTM E2807-11, 9.5 to 9.7): floats, or integers packed into as few bits as their
 * range needs, lowest bit first. The bits run on from packet to packet.
 */

export interface E57FieldType {
  readonly kind: 'float32' | 'float64' | 'integer'
  /** Of integers: bits of one value, 0 when only one value is possible. */
  readonly bits: number
  readonly minimum: number
  /** Value = raw integer * scale + offset. */
  readonly scale: number
  readonly offset: number
  readonly maximum: number
}

/** Bits that tell apart `minimum` to `maximum`. */
export function bitsOf(minimum: bigint, maximum: bigint): number {
  return maximum > minimum ? (maximum - minimum).toString(2).length : 0
}

/** Bytes beyond the end that may be read, though not used, by the last value. */
const SLACK_BYTES = 16

export class E57FieldReader {
  readonly type: E57FieldType
  #bytes = new Uint8Array(1 << 16)
  #view = new DataView(this.#bytes.buffer)
  #end = 0
  /** Of the next value. */
  #bit = 0

  constructor(type: E57FieldType) {
    this.type = type
  }

  get #bits(): number {
    return this.type.kind === 'float32' ? 32 : this.type.kind === 'float64' ? 64 : this.type.bits
  }

  /** How many whole values are waiting. */
  get available(): number {
    return this.#bits === 0 ? Infinity : Math.floor((8 * this.#end - this.#bit) / this.#bits)
  }

  /** How many bytes wait to be read. */
  get backlogBytes(): number {
    return this.#end - (this.#bit >>> 3)
  }

  append(bytes: Uint8Array): void {
    const used = this.#bit >>> 3
    this.#bytes.copyWithin(0, used, this.#end)
    this.#end -= used
    this.#bit -= 8 * used
    const needed = this.#end + bytes.length + SLACK_BYTES
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(2 * needed)
      grown.set(this.#bytes.subarray(0, this.#end))
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** Takes `count` values into `out`. */
  take(count: number, out: Float64Array): void {
    const { kind, bits, minimum, scale, offset } = this.type
    const view = this.#view
    const first = this.#bit >>> 3
    if (kind === 'float32') for (let i = 0; i < count; i++) out[i] = view.getFloat32(first + 4 * i, true)
    else if (kind === 'float64') for (let i = 0; i < count; i++) out[i] = view.getFloat64(first + 8 * i, true)
    else if (bits === 0) out.fill(minimum * scale + offset, 0, count)
    else if (bits <= 32) this.#takeNarrow(count, out)
    else this.#takeWide(count, out)
    this.#bit += count * this.#bits
  }

  #takeNarrow(count: number, out: Float64Array): void {
    const { bits, minimum, scale, offset } = this.type
    const view = this.#view
    const mask = bits === 32 ? 0xffffffff : (1 << bits) - 1
    let bit = this.#bit
    for (let i = 0; i < count; i++, bit += bits) {
      const at = bit >>> 3
      const shift = bit & 7
      let raw = view.getUint32(at, true) >>> shift
      if (shift + bits > 32) raw |= view.getUint8(at + 4) << (32 - shift)
      out[i] = (((raw & mask) >>> 0) + minimum) * scale + offset
    }
  }

  #takeWide(count: number, out: Float64Array): void {
    const { bits, minimum, scale, offset } = this.type
    const view = this.#view
    let bit = this.#bit
    for (let i = 0; i < count; i++, bit += bits) {
      const at = bit >>> 3
      const low = view.getBigUint64(at, true) | (BigInt(view.getUint8(at + 8)) << 64n)
      out[i] = (Number(BigInt.asUintN(bits, low >> BigInt(bit & 7))) + minimum) * scale + offset
    }
  }
}
