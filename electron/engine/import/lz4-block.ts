/** LZ4 blocks (github.com/lz4/lz4, doc/lz4_Block_format.md). */

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
