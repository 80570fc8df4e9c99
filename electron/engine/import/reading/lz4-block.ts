/** LZ4 blocks and frames (github.com/lz4/lz4, doc/lz4_Block_format.md and lz4_Frame_format.md). */

/**
 * Decodes one block into `out` from `to` on. @returns Where it ended; undefined when the block is damaged or larger than
 * the room for it.
 */
export function decodeLz4Block(block: Uint8Array, out: Uint8Array, to = 0): number | undefined {
  let at = 0
  /** A length beyond 15 goes on in bytes of 255. */
  const extended = (length: number): number => {
    if (length < 15) return length
    let total = length
    for (;;) {
      const byte = block[at++] ?? -1
      if (byte < 0) return Infinity
      total += byte
      if (byte < 255) return total
    }
  }
  while (at < block.length) {
    const token = block[at++]
    const literals = extended(token >> 4)
    if (at + literals > block.length || to + literals > out.length) return undefined
    out.set(block.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at >= block.length) return to
    if (at + 2 > block.length) return undefined
    const distance = block[at] | (block[at + 1] << 8)
    at += 2
    const length = extended(token & 15) + 4
    if (distance === 0 || distance > to || to + length > out.length) return undefined
    if (distance >= length) out.copyWithin(to, to - distance, to - distance + length)
    else for (let i = 0; i < length; i++) out[to + i] = out[to + i - distance]
    to += length
  }
  return to
}

const FRAME_MAGIC = 0x184d2204
const STORED = 0x80000000

/** Decodes one frame into `out`, which it must fill; its checksums are not looked at. Undefined when it is damaged. */
export function decodeLz4Frame(frame: Uint8Array, out: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 7 || view.getUint32(0, true) !== FRAME_MAGIC) return undefined
  const flags = frame[4]
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0)
  let filled = 0
  while (at + 4 <= frame.length) {
    const word = view.getUint32(at, true)
    at += 4
    if (word === 0) return filled === out.length ? out : undefined
    const length = word >= STORED ? word - STORED : word
    if (at + length > frame.length) return undefined
    const block = frame.subarray(at, at + length)
    if (word >= STORED) {
      if (filled + length > out.length) return undefined
      out.set(block, filled)
      filled += length
    } else {
      const end = decodeLz4Block(block, out, filled)
      if (end === undefined) return undefined
      filled = end
    }
    at += length + (flags & 0x10 ? 4 : 0)
  }
  return undefined
}
