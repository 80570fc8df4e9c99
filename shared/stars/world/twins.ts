/** Bundles of the same rows must be valued alike (the symmetry of Shapley values), whatever permutations were drawn. */
import { rowOf } from '../algebra/dense.ts'
import type { AnyWorld, PairedSet } from './parse-world.ts'
import { isPaired } from './parse-world.ts'

function mix(hash: number, bits: number): number {
  return Math.imul(hash ^ bits, 0x5bd1e995) ^ (hash >>> 13)
}

/** A digest of a bundle's rows and labels that does not depend on their order. */
function digestOf(x: PairedSet['x'], labels: (row: number) => Float64Array): string {
  let first = 0
  let second = 0
  for (let n = 0; n < x.rows; n++) {
    let a = 17
    let b = 31
    for (const part of [rowOf(x, n), labels(n)]) {
      const bits = new Int32Array(Float64Array.from(part).buffer)
      for (const word of bits) {
        a = mix(a, word)
        b = mix(b, ~word)
      }
    }
    first = (first + a) | 0
    second = (second + Math.imul(b, b | 1)) | 0
  }
  return `${x.rows} ${first} ${second}`
}

/** For every bundle the index of the first one with the same rows and labels: its own where there is none before. */
export function twinsOf(world: AnyWorld): number[] {
  const first = new Map<string, number>()
  const digests = isPaired(world)
    ? world.bundles.map(({ x, y }) => digestOf(x, (row) => rowOf(y, row)))
    : world.bundles.map(({ x, y }) => digestOf(x, (row) => Float64Array.of(y[row])))
  return digests.map((digest, at) => {
    if (!first.has(digest)) first.set(digest, at)
    return first.get(digest) ?? at
  })
}

/** Values with every group of twins given its mean. */
export function sharedAmongTwins(values: Float64Array, twins: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length)
  const sizes = new Float64Array(values.length)
  twins.forEach((group, at) => {
    sums[group] += values[at]
    sizes[group]++
  })
  return Float64Array.from(twins, (group) => sums[group] / sizes[group])
}
