/** Bits of H.264 (ITU-T H.264 7.2, 9.1) and the bytes that keep them from looking like a start code (7.4.1). */

export class BitReader {
  readonly #bytes: Uint8Array
  #at = 0

  /** @param bytes without the bytes that part zeros */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** How many bits were read. */
  get position(): number {
    return this.#at
  }

  /** @throws RangeError past the end */
  bit(): number {
    const byte = this.#bytes[this.#at >> 3]
    if (byte === undefined) throw new RangeError('H.264: a header ends within itself')
    return (byte >> (7 - (this.#at++ & 7))) & 1
  }

  flag(): boolean {
    return this.bit() === 1
  }

  /** u(n), n to 32. */
  bits(count: number): number {
    let value = 0
    for (let n = 0; n < count; n++) value = value * 2 + this.bit()
    return value
  }

  /** ue(v) */
  unsigned(): number {
    let zeros = 0
    while (this.bit() === 0) zeros += 1
    return 2 ** zeros - 1 + this.bits(zeros)
  }

  /** se(v) */
  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : 0 - code / 2
  }
}

export class BitWriter {
  readonly #bytes: number[] = []
  #bits = 0

  get isAligned(): boolean {
    return this.#bits % 8 === 0
  }

  bits(value: number, count: number): void {
    for (let n = count - 1; n >= 0; n--) {
      if (this.isAligned) this.#bytes.push(0)
      if (Math.floor(value / 2 ** n) % 2 === 1) this.#bytes[this.#bytes.length - 1]! |= 128 >> (this.#bits % 8)
      this.#bits += 1
    }
  }

  flag(value: boolean): void {
    this.bits(value ? 1 : 0, 1)
  }

  unsigned(value: number): void {
    const length = Math.floor(Math.log2(value + 1))
    this.bits(0, length)
    this.bits(value + 1, length + 1)
  }

  signed(value: number): void {
    this.unsigned(value > 0 ? value * 2 - 1 : -value * 2)
  }

  /** Zeros up to a whole byte. */
  align(): void {
    while (!this.isAligned) this.bits(0, 1)
  }

  /** The one that ends a unit, and zeros. */
  end(): void {
    this.bits(1, 1)
    this.align()
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}

/** A unit, or its beginning, without the bytes that part zeros. */
export function unescaped(unit: Uint8Array): Uint8Array {
  const plain = new Uint8Array(unit.length)
  let length = 0
  let zeros = 0
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    plain[length++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return plain.subarray(0, length)
}

/** The same with them; the very same where it needs none. */
export function escaped(plain: Uint8Array): Uint8Array {
  const before: number[] = []
  // A byte above three is part of no start code: whatever may be one begins behind it.
  for (let n = 2; n < plain.length;) {
    if (plain[n]! > 3) n += 3
    else if (plain[n - 1] !== 0) n += plain[n] === 0 ? 2 : 3
    else if (plain[n - 2] !== 0) n += 1
    else {
      before.push(n)
      n += 2
    }
  }
  if (before.length === 0) return plain
  const unit = new Uint8Array(plain.length + before.length)
  let from = 0
  before.forEach((to, n) => {
    unit.set(plain.subarray(from, to), from + n)
    unit[to + n] = 3
    from = to
  })
  unit.set(plain.subarray(from), from + before.length)
  return unit
}
