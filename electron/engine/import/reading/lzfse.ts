/**
 * LZFSE (github.com/lzfse/lzfse, the format as its reference documents it), the compression of Apple's own captures:
 * blocks of raw bytes (`bvx-`), of LZVN (`bvxn`), and of finite state entropy coded matches (`bvx2`). The output has the
 * size that the caller knows; nothing is written or read beyond either buffer, whatever the input.
 */
import { decodeLzvn } from './lzvn.ts'

const SYMBOLS = { l: 20, m: 20, d: 64, literal: 256 } as const
const STATES = { l: 64, m: 64, d: 256, literal: 1024 } as const
const MAX_LITERALS = 40_000
const MAX_MATCHES = 10_000

const SMALL_BASES = Array.from({ length: 16 }, (_, value) => value)
const L_BITS = [...SMALL_BASES.map(() => 0), 2, 3, 5, 8]
const L_BASES = [...SMALL_BASES, 16, 20, 28, 60]
const M_BITS = [...SMALL_BASES.map(() => 0), 3, 5, 8, 11]
const M_BASES = [...SMALL_BASES, 16, 24, 56, 312]
/** Four distances for each number of extra bits, each range beginning where the one before ends. */
const D_BITS = Array.from({ length: SYMBOLS.d }, (_, symbol) => symbol >> 2)
const D_BASES = D_BITS.map((_, symbol) => D_BITS.slice(0, symbol).reduce((sum, bits) => sum + 2 ** bits, 0))

/** Thrown and caught within this file when the input contradicts itself. */
class Damaged extends Error {}

function demand(condition: boolean): void {
  if (!condition) throw new Damaged()
}

/** Up to 24 bits from bit `at` of a little-endian string of bits. */
function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const byte = at >> 3
  const window = bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16) | (bytes[byte + 3] << 24)
  return (window >>> (at & 7)) & ((1 << count) - 1)
}

/** Reads a string of bits from its end towards its start, as the encoder pushed it. */
class BackwardBits {
  readonly #bytes: Uint8Array
  readonly #start: number
  #at: number

  /** @param spare Bits at the end that are not part of it, as a negative number. */
  constructor(bytes: Uint8Array, start: number, end: number, spare: number) {
    demand(spare >= -7 && spare <= 0 && end <= bytes.length)
    this.#bytes = bytes
    this.#start = start * 8
    this.#at = end * 8 + spare
  }

  pull(count: number): number {
    this.#at -= count
    demand(this.#at >= this.#start)
    return bitsAt(this.#bytes, this.#at, count)
  }
}

interface Table {
  readonly symbol: Uint8Array
  readonly bits: Uint8Array
  readonly delta: Int16Array
}

/** Lays the states of each symbol out by its frequency; a state says how many bits lead to the next. */
function tableOf(frequencies: Uint16Array, states: number): Table {
  const symbol = new Uint8Array(states)
  const bits = new Uint8Array(states)
  const delta = new Int16Array(states)
  let state = 0
  frequencies.forEach((frequency, index) => {
    demand(state + frequency <= states)
    if (frequency === 0) return
    const shift = Math.clz32(frequency) - Math.clz32(states)
    const split = ((2 * states) >> shift) - frequency
    for (let j = 0; j < frequency; j++, state++) {
      symbol[state] = index
      bits[state] = j < split ? shift : shift - 1
      delta[state] = j < split ? ((frequency + j) << shift) - states : (j - split) << (shift - 1)
    }
  })
  demand(state === states)
  return { symbol, bits, delta }
}

const FREQUENCY_LENGTHS = [2, 3, 2, 5, 2, 3, 2, 8, 2, 3, 2, 5, 2, 3, 2, 14]
/** By the lower five bits, for codes of at most five. */
const FREQUENCY_VALUES = [
  0, 2, 1, 4, 0, 3, 1, -1, 0, 2, 1, 5, 0, 3, 1, -1, 0, 2, 1, 6, 0, 3, 1, -1, 0, 2, 1, 7, 0, 3, 1, -1,
]

function readFrequencies(bytes: Uint8Array, start: number, end: number): Uint16Array {
  const all = new Uint16Array(SYMBOLS.l + SYMBOLS.m + SYMBOLS.d + SYMBOLS.literal)
  let at = start * 8
  for (let i = 0; i < all.length; i++) {
    demand(at < end * 8)
    const code = bitsAt(bytes, at, 14)
    const length = FREQUENCY_LENGTHS[code & 15]
    if (length === 8) all[i] = 8 + ((code >> 4) & 15)
    else if (length === 14) all[i] = 24 + ((code >> 4) & 1023)
    else all[i] = FREQUENCY_VALUES[code & 31]
    at += length
  }
  demand(at <= end * 8 && end * 8 - at < 8)
  return all
}

class Output {
  readonly bytes: Uint8Array
  at = 0

  constructor(length: number) {
    this.bytes = new Uint8Array(length)
  }

  write(source: Uint8Array, from: number, length: number): void {
    demand(from + length <= source.length && this.at + length <= this.bytes.length)
    this.bytes.set(source.subarray(from, from + length), this.at)
    this.at += length
  }

  repeat(distance: number, length: number): void {
    demand(distance > 0 && distance <= this.at && this.at + length <= this.bytes.length)
    for (let i = 0; i < length; i++, this.at++) this.bytes[this.at] = this.bytes[this.at - distance]
  }
}

function readLiterals(bits: BackwardBits, table: Table, states: number[], count: number): Uint8Array {
  const literals = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const state = states[i & 3]
    literals[i] = table.symbol[state]
    states[i & 3] = table.delta[state] + bits.pull(table.bits[state])
  }
  return literals
}

/** A stream of values: a symbol picks a range, extra bits the place in it. */
class Values {
  readonly #table: Table
  readonly #extra: readonly number[]
  readonly #bases: readonly number[]
  #state: number

  constructor(table: Table, extra: readonly number[], bases: readonly number[], state: number) {
    demand(state < table.symbol.length)
    this.#table = table
    this.#extra = extra
    this.#bases = bases
    this.#state = state
  }

  next(bits: BackwardBits): number {
    const symbol = this.#table.symbol[this.#state]
    const extra = this.#extra[symbol]
    const pulled = bits.pull(this.#table.bits[this.#state] + extra)
    this.#state = this.#table.delta[this.#state] + (pulled >> extra)
    return this.#bases[symbol] + (pulled & ((1 << extra) - 1))
  }
}

/** One `bvx2` block; returns where the next begins. */
function decodeEntropyBlock(input: Uint8Array, at: number, output: Output): number {
  demand(at + 32 <= input.length)
  const field = (word: number, offset: number, count: number) => bitsAt(input, (at + 8 + 8 * word) * 8 + offset, count)
  const literalCount = field(0, 0, 20)
  const literalBytes = field(0, 20, 20)
  const matchCount = field(0, 40, 20)
  const matchBytes = field(1, 40, 20)
  const headerBytes = field(2, 0, 16) + field(2, 16, 16) * 65_536
  demand(literalCount <= MAX_LITERALS && literalCount % 4 === 0 && matchCount <= MAX_MATCHES)
  const payload = at + headerBytes
  const literalEnd = payload + literalBytes
  const end = literalEnd + matchBytes
  demand(headerBytes >= 32 && end <= input.length)
  const all = readFrequencies(input, at + 32, payload)
  const mAt = SYMBOLS.l
  const dAt = mAt + SYMBOLS.m
  const literalAt = dAt + SYMBOLS.d
  const literalStates = [0, 10, 20, 30].map((offset) => field(1, offset, 10))
  const literalTable = tableOf(all.subarray(literalAt), STATES.literal)
  const literalBits = new BackwardBits(input, at, literalEnd, field(0, 60, 3) - 7)
  const literals = readLiterals(literalBits, literalTable, literalStates, literalCount)

  const bits = new BackwardBits(input, at, end, field(1, 60, 3) - 7)
  const lengths = new Values(tableOf(all.subarray(0, mAt), STATES.l), L_BITS, L_BASES, field(2, 32, 10))
  const matches = new Values(tableOf(all.subarray(mAt, dAt), STATES.m), M_BITS, M_BASES, field(2, 42, 10))
  const distances = new Values(tableOf(all.subarray(dAt, literalAt), STATES.d), D_BITS, D_BASES, field(2, 52, 10))
  let literal = 0
  let distance = 0
  for (let match = 0; match < matchCount; match++) {
    const length = lengths.next(bits)
    const matchLength = matches.next(bits)
    distance = distances.next(bits) || distance
    output.write(literals, literal, length)
    literal += length
    if (matchLength > 0) output.repeat(distance, matchLength)
  }
  return end
}

const [END, RAW, LZVN, ENTROPY] = ['bvx$', 'bvx-', 'bvxn', 'bvx2']

function decodeBlocks(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const output = new Output(length)
  for (let at = 0; ;) {
    demand(at + 4 <= input.length)
    const magic = String.fromCharCode(input[at], input[at + 1], input[at + 2], input[at + 3])
    if (magic === END) break
    demand(at + 12 <= input.length)
    const rawBytes = view.getUint32(at + 4, true)
    const before = output.at
    if (magic === RAW) {
      output.write(input, at + 8, rawBytes)
      at += 8 + rawBytes
    } else if (magic === LZVN) {
      const payloadBytes = view.getUint32(at + 8, true)
      demand(at + 12 + payloadBytes <= input.length && output.at + rawBytes <= length)
      const decoded = decodeLzvn(
        input.subarray(at + 12, at + 12 + payloadBytes),
        output.bytes.subarray(0, output.at + rawBytes),
        output.at,
      )
      demand(decoded)
      output.at += rawBytes
      at += 12 + payloadBytes
    } else {
      demand(magic === ENTROPY)
      at = decodeEntropyBlock(input, at, output)
      demand(output.at - before === rawBytes)
    }
  }
  demand(output.at === length)
  return output.bytes
}

/** @returns The `length` bytes, or undefined when the data is damaged or does not give exactly that many. */
export function decompressLzfse(input: Uint8Array, length: number): Uint8Array | undefined {
  try {
    return decodeBlocks(input, length)
  } catch (error) {
    if (error instanceof Damaged) return undefined
    throw error
  }
}
