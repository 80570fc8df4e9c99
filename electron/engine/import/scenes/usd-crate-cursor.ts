/** Reading the tables of a USD crate: counts, LZ4 and the coding of integers by their differences, all within bounds. */
import { say } from '../../../../shared/sayings/saying.ts'
import { Damage } from '../reading/damage.ts'
import { decodeLz4Block } from '../reading/lz4-block.ts'

const MAX_TABLE = 20_000_000
export const MAX_UNPACKED_BYTES = 1 << 30

/** Walks over bytes and refuses to leave them. */
export class CrateCursor {
  readonly view: DataView
  at: number
  readonly end: number

  constructor(bytes: Uint8Array, at: number, end = bytes.length) {
    if (!(at >= 0 && end <= bytes.length && at <= end)) throw new Damage(say('broken.usdTablesOutside'))
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
    this.end = end
  }

  take(bytes: number): Uint8Array {
    if (!(bytes >= 0 && this.at + bytes <= this.end)) throw new Damage(say('broken.usdTablesCutOff'))
    this.at += bytes
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.at - bytes, bytes)
  }

  count(limit = MAX_TABLE): number {
    this.take(8)
    const value = Number(this.view.getBigUint64(this.at - 8, true))
    if (value > limit) throw new Damage(say('broken.usdTableClaims', { entries: value }))
    return value
  }

  /** LZ4 in one block, or in several with their lengths. */
  unpack(packedBytes: number, bytes: number): Uint8Array {
    if (bytes > MAX_UNPACKED_BYTES || bytes > 300 * packedBytes + 64) throw new Damage(say('broken.usdTableImpossible'))
    const packed = this.take(packedBytes)
    const out = new Uint8Array(bytes)
    let filled: number | undefined = 0
    if (packed[0] === 0) filled = decodeLz4Block(packed.subarray(1), out)
    else {
      const chunks = new CrateCursor(packed, 1)
      for (let chunk = 0; chunk < packed[0] && filled !== undefined; chunk++) {
        const length: number = new DataView(chunks.take(4).slice().buffer).getInt32(0, true)
        filled = decodeLz4Block(chunks.take(length), out, filled)
      }
    }
    if (filled === undefined) throw new Damage(say('broken.usdTablePacked'))
    return out.subarray(0, filled)
  }

  /** Whole numbers of 32 bits by their differences: two bits say whether one is the commonest, or takes 1, 2 or 4 bytes. */
  integers(count: number): Int32Array {
    const out = new Int32Array(count)
    if (count === 0) return out
    const packedBytes = this.count(MAX_UNPACKED_BYTES)
    const codeBytes = Math.ceil(count / 4)
    const bytes = this.unpack(packedBytes, 4 + codeBytes + 4 * count)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < 4 + codeBytes) throw new Damage(say('broken.usdTableShort'))
    const common = view.getInt32(0, true)
    let at = 4 + codeBytes
    let value = 0
    for (let i = 0; i < count; i++) {
      const code = (bytes[4 + (i >> 2)] >> (2 * (i & 3))) & 3
      const width = code === 3 ? 4 : code
      if (at + width > bytes.length) throw new Damage(say('broken.usdTableShort'))
      const step =
        code === 0
          ? common
          : code === 1
            ? view.getInt8(at)
            : code === 2
              ? view.getInt16(at, true)
              : view.getInt32(at, true)
      at += width
      value = (value + step) | 0
      out[i] = value
    }
    return out
  }
}
