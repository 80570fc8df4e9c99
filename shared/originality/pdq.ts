/**
 * PDQ, the perceptual hash of pictures that Meta published (256 bits of the 16x16 lowest frequencies but for the mean),
 * written from its description. Two pictures that people would call the same differ in few bits; unrelated ones in about
 * 128. The eight ways to turn and mirror a picture only move and negate coefficients, so they cost no second transform.
 */

/** Side of the picture that is transformed. */
export const PDQ_SIDE = 64
const BINS = 16
/** 32-bit words of a hash; bit k is bit k mod 32 of word k div 32. */
export const PDQ_WORDS = 8
/** Turns and mirrors. */
export const DIHEDRAL_FORMS = 8

const COSINES = Float64Array.from({ length: BINS * PDQ_SIDE }, (_, at) => {
  const [row, column] = [Math.floor(at / PDQ_SIDE), at % PDQ_SIDE]
  return Math.sqrt(2 / PDQ_SIDE) * Math.cos((Math.PI / (2 * PDQ_SIDE)) * (row + 1) * (2 * column + 1))
})

/** @param grey 64x64 levels, row by row. @returns 16x16 coefficients, frequencies 1 to 16. */
export function pdqCoefficients(grey: ArrayLike<number>): Float64Array {
  const half = new Float64Array(BINS * PDQ_SIDE)
  for (let k = 0; k < BINS; k++) {
    for (let row = 0; row < PDQ_SIDE; row++) {
      const weight = COSINES[k * PDQ_SIDE + row]
      for (let column = 0; column < PDQ_SIDE; column++) {
        half[k * PDQ_SIDE + column] += weight * grey[row * PDQ_SIDE + column]
      }
    }
  }
  const out = new Float64Array(BINS * BINS)
  for (let k = 0; k < BINS; k++) {
    for (let n = 0; n < BINS; n++) {
      let sum = 0
      for (let column = 0; column < PDQ_SIDE; column++)
        sum += COSINES[n * PDQ_SIDE + column] * half[k * PDQ_SIDE + column]
      out[k * BINS + n] = sum
    }
  }
  return out
}

/** The hash of coefficients: which of them lie above their median. */
export function pdqHash(coefficients: Float64Array): Uint32Array {
  const median = [...coefficients].sort((a, b) => a - b)[(BINS * BINS) / 2 - 1]
  const hash = new Uint32Array(PDQ_WORDS)
  for (let k = 0; k < BINS * BINS; k++) if (coefficients[k] > median) hash[k >>> 5] |= 1 << (k & 31)
  return hash
}

/**
 * The coefficients of the picture turned or mirrored: bit 0 of `form` mirrors left and right, bit 1 top and bottom,
 * bit 2 swaps rows and columns before.
 */
export function pdqForm(coefficients: Float64Array, form: number): Float64Array {
  const out = new Float64Array(coefficients.length)
  for (let row = 0; row < BINS; row++) {
    for (let column = 0; column < BINS; column++) {
      // A mirrored cosine of frequency k is (-1)^k of itself; the frequencies begin at 1.
      const flips = ((form & 1) * (column + 1) + ((form >> 1) & 1) * (row + 1)) & 1
      const from = form & 4 ? column * BINS + row : row * BINS + column
      out[row * BINS + column] = flips ? -coefficients[from] : coefficients[from]
    }
  }
  return out
}

/** 0 (flat) to 100: how much there is in the picture to tell it from others by; a hash below 50 says little. */
export function pdqQuality(grey: ArrayLike<number>): number {
  let sum = 0
  for (let row = 0; row < PDQ_SIDE; row++) {
    for (let column = 0; column < PDQ_SIDE; column++) {
      const here = grey[row * PDQ_SIDE + column]
      if (row + 1 < PDQ_SIDE) sum += Math.abs(Math.trunc(((here - grey[(row + 1) * PDQ_SIDE + column]) * 100) / 255))
      if (column + 1 < PDQ_SIDE) sum += Math.abs(Math.trunc(((here - grey[row * PDQ_SIDE + column + 1]) * 100) / 255))
    }
  }
  return Math.min(100, Math.trunc(sum / 90))
}

/** 64 hexadecimal digits, the highest bit first, as the published hashes are written. */
export function pdqHex(hash: Uint32Array): string {
  return [...hash]
    .reverse()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')
}

/** Set bits of a 32-bit number. */
export function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** Bits in which two hashes differ, from where they begin in longer lists; more than `limit` counts as `limit + 1`. */
export function pdqDistance(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number, limit: number): number {
  let bits = 0
  for (let word = 0; word < PDQ_WORDS; word++) {
    bits += bitCount(a[aAt + word] ^ b[bAt + word])
    if (bits > limit) return limit + 1
  }
  return bits
}

/** Bits of a word that hold rows of odd frequencies: a picture upside down negates their coefficients. */
const ODD_ROWS = 0x0000ffff

/**
 * As `pdqDistance`, the least of the picture as it is, upside down, as its negative, and both: which coefficients change their
 * sign is known, so that bits tell it. Those that lie next to the median may come out otherwise.
 */
export function pdqTurnedDistance(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number, limit: number): number {
  let odd = 0
  let even = 0
  for (let word = 0; word < PDQ_WORDS; word++) {
    const different = a[aAt + word] ^ b[bAt + word]
    const inOdd = bitCount(different & ODD_ROWS)
    odd += inOdd
    even += bitCount(different) - inOdd
    const ofEach = BINS * (word + 1)
    if (Math.min(odd, ofEach - odd) + Math.min(even, ofEach - even) > limit) return limit + 1
  }
  const ofEach = BINS * PDQ_WORDS
  return Math.min(odd, ofEach - odd) + Math.min(even, ofEach - even)
}
