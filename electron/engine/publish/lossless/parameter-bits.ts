/** Numbers inside parameter sets (ITU-T H.264 and H.265: 7.2, 7.4.1 and 9.1 or 9.2 say the same). */

/** Bits from `at` on as an unsigned number, at most 32; what lies behind the end counts as ones. */
export function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let n = at; n < at + count; n++) value = 2 * value + (((bytes[n >> 3] ?? 0xff) >> (7 - (n & 7))) & 1)
  return value
}

/** An unsigned Exp-Golomb number from a bit on, and how many bits it takes. */
export function exponentialGolomb(bytes: Uint8Array, at: number): { readonly value: number; readonly bits: number } {
  let zeros = 0
  while (zeros < 16 && bitsAt(bytes, at + zeros, 1) === 0) zeros++
  return { value: bitsAt(bytes, at + zeros, zeros + 1) - 1, bits: 2 * zeros + 1 }
}

/** The code of an unsigned Exp-Golomb number as a string of 0 and 1. */
export function golombCode(value: number): string {
  const digits = (value + 1).toString(2)
  return '0'.repeat(digits.length - 1) + digits
}

/**
 * A unit without escapes in which the bits from `at` on are others. It ends with a one and zeros up to a whole byte, as
 * before.
 */
export function withBits(plain: Uint8Array, at: number, removed: number, bits: string): Uint8Array {
  const all = Array.from(plain, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const changed = all.slice(0, at) + bits + all.slice(at + removed, all.lastIndexOf('1') + 1)
  const padded = changed.padEnd(8 * Math.ceil(changed.length / 8), '0')
  return Uint8Array.from({ length: padded.length / 8 }, (_, n) => Number.parseInt(padded.slice(8 * n, 8 * n + 8), 2))
}
