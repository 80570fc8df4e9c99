/** Large worlds thinned to what can be valued in minutes: rows are drawn evenly, every bundle keeps its share of them. */
import type { Matrix } from '../algebra/dense.ts'
import { pickRows } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import type { AnyWorld } from './parse-world.ts'
import { isPaired } from './parse-world.ts'
import { twinsOf } from './twins.ts'

/** Beyond these more rows cost time and settle nothing. */
const MOST_PROBE = 1000
const MOST_REFERENCE = 2000
const MOST_OF_ALL_BUNDLES = 30_000
/** Each bundle is held against the whole reference and probe: many bundles leave room for fewer rows of both. */
const MOST_COMPARISONS = 5e8
const FEWEST = 300
const SEED = 7

function drawn(rows: number, most: number, seed: number): number[] {
  if (rows <= most) return Array.from({ length: rows }, (_, row) => row)
  return Array.from(randomStream(seed).permutation(rows).subarray(0, most)).sort((a, b) => a - b)
}

/** How many rows of reference and probe there is room for. */
export function roomFor(bundles: number): { reference: number; probe: number } {
  const side = Math.max(FEWEST, Math.floor(Math.sqrt(MOST_COMPARISONS / bundles)))
  return { reference: Math.min(MOST_REFERENCE, side), probe: Math.min(MOST_PROBE, side) }
}

/** The world itself where it is small enough; the same rows every time where it is not, and of bundles that are alike the same. */
export function thinWorld(world: AnyWorld): AnyWorld {
  const room = roomFor(world.bundles.length)
  const total = world.bundles.reduce((sum, bundle) => sum + bundle.x.rows, 0)
  const share = Math.min(1, MOST_OF_ALL_BUNDLES / total)
  const reference = drawn(world.reference.x.rows, room.reference, SEED)
  const probe = drawn(world.probe.x.rows, room.probe, SEED)
  // Twins are thinned as the first of them is: another draw, or another order of rows, would make them two.
  const first = share < 1 ? twinsOf(world) : world.bundles.map((_, at) => at)
  const rows = first.map((at) => {
    const count = world.bundles[at].x.rows
    return drawn(count, Math.max(1, Math.round(share * count)), SEED + 1 + at)
  })
  const thin = <S extends { readonly x: Matrix }>(set: S, kept: readonly number[]): S =>
    kept.length === set.x.rows ? set : { ...set, x: pickRows(set.x, kept) }
  if (isPaired(world)) {
    const both = <S extends { readonly x: Matrix; readonly y: Matrix }>(set: S, kept: readonly number[]): S =>
      kept.length === set.x.rows ? set : { ...thin(set, kept), y: pickRows(set.y, kept) }
    return {
      ...world,
      reference: both(world.reference, reference),
      probe: both(world.probe, probe),
      bundles: world.bundles.map(({ id }, at) => ({ ...both(world.bundles[first[at]], rows[at]), id })),
    }
  }
  const both = <S extends { readonly x: Matrix; readonly y: Int32Array }>(set: S, kept: readonly number[]): S =>
    kept.length === set.x.rows ? set : { ...thin(set, kept), y: Int32Array.from(kept, (row) => set.y[row]) }
  return {
    ...world,
    reference: both(world.reference, reference),
    probe: both(world.probe, probe),
    bundles: world.bundles.map(({ id }, at) => ({ ...both(world.bundles[first[at]], rows[at]), id })),
  }
}
