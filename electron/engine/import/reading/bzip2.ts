/**
 * bzip2 (Seward 1996, block sorting): the second way in which chunks of ROS bags are packed. Codes are Huffman's, of which
 * every fifty symbols choose another table; below them lie move-to-front, the Burrows-Wheeler transform and runs.
 */

const BLOCK = 0x314159265359
const END = 0x177245385090
const GROUP_SYMBOLS = 50
const LONGEST_CODE = 20

class Bits {
  readonly #bytes: Uint8Array
  #at = 0
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** At most 24. @throws RangeError beyond the end. */
  take(count: number): number {
    while (this.#count < count) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('packed data that breaks off')
      this.#held = ((this.#held << 8) | byte) & 0xffffffff
      this.#count += 8
    }
    this.#count -= count
    return (this.#held >>> this.#count) & ((1 << count) - 1)
  }

  /** To the next whole byte. @returns Whether something follows. */
  align(): boolean {
    this.#count -= this.#count % 8
    return this.#at - this.#count / 8 < this.#bytes.length
  }
}

interface Codes {
  /** By length: the first code of it, and where its symbols begin in `symbols`. */
  readonly first: Int32Array
  readonly offset: Int32Array
  readonly counts: Int32Array
  readonly symbols: Uint16Array
}

function codesOf(lengths: Uint8Array): Codes {
  const counts = new Int32Array(LONGEST_CODE + 2)
  for (const length of lengths) counts[length]!++
  const [first, offset] = [new Int32Array(LONGEST_CODE + 2), new Int32Array(LONGEST_CODE + 2)]
  for (let length = 1, code = 0, start = 0; length <= LONGEST_CODE; length++) {
    first[length] = code
    offset[length] = start
    code = (code + counts[length]!) << 1
    start += counts[length]!
  }
  const next = offset.slice()
  const symbols = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => (symbols[next[length]!++] = symbol))
  return { first, offset, counts, symbols }
}

function symbolOf(bits: Bits, { first, offset, counts, symbols }: Codes): number {
  for (let length = 1, code = 0; length <= LONGEST_CODE; length++) {
    code = (code << 1) | bits.take(1)
    const rank = code - first[length]!
    if (rank >= 0 && rank < counts[length]!) return symbols[offset[length]! + rank]!
  }
  throw new RangeError('a code that is none')
}

function usedBytes(bits: Bits): Uint8Array {
  const groups = bits.take(16)
  const used: number[] = []
  for (let group = 0; group < 16; group++) {
    if (!(groups & (0x8000 >> group))) continue
    const members = bits.take(16)
    for (let i = 0; i < 16; i++) if (members & (0x8000 >> i)) used.push(16 * group + i)
  }
  return Uint8Array.from(used)
}

function tablesOf(bits: Bits, symbolCount: number): { tables: Codes[]; selectors: Uint8Array } {
  const tableCount = bits.take(3)
  const selectors = new Uint8Array(bits.take(15))
  if (tableCount < 2 || tableCount > 6 || selectors.length === 0) throw new RangeError('tables that are none')
  const order = Array.from({ length: tableCount }, (_, index) => index)
  for (let at = 0; at < selectors.length; at++) {
    let rank = 0
    while (bits.take(1)) if (++rank >= tableCount) throw new RangeError('a table that is none')
    const [table] = order.splice(rank, 1)
    order.unshift(table!)
    selectors[at] = table!
  }
  const tables = Array.from({ length: tableCount }, () => {
    let length = bits.take(5)
    const lengths = Uint8Array.from({ length: symbolCount }, () => {
      while (bits.take(1)) {
        length += bits.take(1) ? -1 : 1
        if (length < 1 || length > LONGEST_CODE) throw new RangeError('a code of no length')
      }
      if (length < 1 || length > LONGEST_CODE) throw new RangeError('a code of no length')
      return length
    })
    return codesOf(lengths)
  })
  return { tables, selectors }
}

/** The bytes of a block after the transform, before it is turned back. */
function sortedBytes(bits: Bits, most: number): Uint8Array {
  const used = usedBytes(bits)
  const end = used.length + 1
  const { tables, selectors } = tablesOf(bits, used.length + 2)
  const bytes = new Uint8Array(most)
  const order = Uint8Array.from(used.keys())
  let [count, run, place] = [0, 0, 1]
  for (const selector of selectors) {
    for (let i = 0; i < GROUP_SYMBOLS; i++) {
      const symbol = symbolOf(bits, tables[selector]!)
      if (symbol <= 1) {
        run += place << symbol
        place <<= 1
        if (run > most) throw new RangeError('a run beyond its block')
        continue
      }
      if (count + run > most) throw new RangeError('more than a block holds')
      if (run > 0) bytes.fill(used[order[0]!]!, count, (count += run))
      ;[run, place] = [0, 1]
      if (symbol === end) return bytes.subarray(0, count)
      if (count === most) throw new RangeError('more than a block holds')
      const rank = symbol - 1
      const byte = order[rank]!
      order.copyWithin(1, 0, rank)
      order[0] = byte
      bytes[count++] = used[byte]!
    }
  }
  throw new RangeError('a block without an end')
}

const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc
})

/**
 * @param size What it must unpack to.
 * @returns Undefined where it is damaged or of another size.
 */
export function unpackBzip2(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  const bits = new Bits(packed)
  const out = new Uint8Array(size)
  let filled = 0
  try {
    if (bits.take(24) !== 0x425a68) return undefined
    const most = (bits.take(8) - 48) * 100_000
    if (most < 100_000 || most > 900_000) return undefined
    for (;;) {
      const magic = bits.take(24) * 2 ** 24 + bits.take(24)
      const expected = (bits.take(16) << 16) | bits.take(16)
      if (magic === END) return filled === size ? out : undefined
      if (magic !== BLOCK || bits.take(1) === 1) return undefined
      const origin = bits.take(24)
      const sorted = sortedBytes(bits, most)
      if (origin >= sorted.length) return undefined
      const start = filled
      filled = unsorted(sorted, origin, out, filled)
      let crc = -1
      for (let at = start; at < filled; at++) crc = (crc << 8) ^ CRC[((crc >>> 24) ^ out[at]!) & 255]!
      if (~crc !== expected) return undefined
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Turns the transform back and writes the runs out. @returns Where `out` is filled to. @throws RangeError beyond it. */
function unsorted(sorted: Uint8Array, origin: number, out: Uint8Array, from: number): number {
  const starts = new Int32Array(257)
  for (const byte of sorted) starts[byte + 1]!++
  for (let byte = 0; byte < 256; byte++) starts[byte + 1]! += starts[byte]!
  const next = new Int32Array(sorted.length)
  sorted.forEach((byte, at) => (next[starts[byte]!++] = at))
  let filled = from
  let [at, same, last] = [next[origin]!, 0, -1]
  for (let i = 0; i < sorted.length; i++, at = next[at]!) {
    const byte = sorted[at]!
    const isCount = same === 4
    const length = isCount ? byte : 1
    if (filled + length > out.length) throw new RangeError('more than was promised')
    out.fill(isCount ? last : byte, filled, filled + length)
    filled += length
    same = isCount ? 0 : byte === last ? same + 1 : 1
    last = isCount ? -1 : byte
  }
  return filled
}
