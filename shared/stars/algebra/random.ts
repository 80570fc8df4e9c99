/**
 * A seeded random stream: splitmix-seeded xoshiro128** (Blackman and Vigna, Scrambled linear pseudorandom number
 * generators, 2021). The same seed gives the same stars on every machine.
 */
export interface RandomStream {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in 0 .. bound - 1. */
  below(bound: number): number
  /** Standard normal. */
  normal(): number
  /** A permutation of 0 .. count - 1. */
  permutation(count: number): Int32Array
}

/** A stream from a whole-number seed. */
export function randomStream(seed: number): RandomStream {
  let mix = seed >>> 0
  const scramble = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0
    let z = mix
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  let [a, b, c, d] = [scramble(), scramble(), scramble(), scramble()]
  const rotate = (x: number, k: number): number => ((x << k) | (x >>> (32 - k))) >>> 0
  const integer = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5) >>> 0, 7), 9) >>> 0
    const shifted = (b << 9) >>> 0
    c = (c ^ a) >>> 0
    d = (d ^ b) >>> 0
    b = (b ^ c) >>> 0
    a = (a ^ d) >>> 0
    c = (c ^ shifted) >>> 0
    d = rotate(d, 11)
    return result
  }
  const next = (): number => integer() / 4294967296
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    permutation(count) {
      const order = Int32Array.from({ length: count }, (_, index) => index)
      for (let i = count - 1; i > 0; i--) {
        const j = below(i + 1)
        const held = order[i]
        order[i] = order[j]
        order[j] = held
      }
      return order
    },
  }
}
