/**
 * Rows that say what was said before: each counts once within a bundle, and not at all where the reference holds it. Who doubles
 * a bundle, or fills it up with what is known to everybody, would else be paid for the weight that retrained models give it.
 * What other bundles hold as well counts, since nobody knows who was first, and is told.
 */
import type { AnyWorld } from './parse-world.ts'
import type { CopyReach } from './probe-copies.ts'
import type { RowOfSet, Rows } from './same-rows.ts'
import { goOutwards, sameRows } from './same-rows.ts'

/** What of some rows of a bundle counts. */
interface CountedRows {
  readonly counted: readonly number[]
  /** How many are left out because the reference holds them. */
  readonly ofReference: number
  /** How many are left out because the bundle itself holds them already. */
  readonly repeated: number
}

/** Says which rows count, of bundles of a prepared world. */
export function rowCounter(
  world: AnyWorld,
  { square, ofReference }: CopyReach,
): (bundle: Rows, rows: readonly number[]) => CountedRows {
  const reference: Rows = world.reference
  const isSame = sameRows(world, () => square)
  const isKnown = sameRows(world, ({ row }) => ofReference?.[row] ?? square)
  const known = Array.from({ length: ofReference ? reference.x.rows : 0 }, (_, row): RowOfSet => ({
    set: reference,
    row,
  }))
  return (bundle, rows) => {
    const own = rows
      .map((row): RowOfSet => ({ set: bundle, row }))
      .filter((row) => !known.some((one) => isKnown(row, one)))
    const counted = goOutwards(own, square, isSame)
    return {
      counted: counted.map(({ row }) => row).sort((a, b) => a - b),
      ofReference: rows.length - own.length,
      repeated: own.length - counted.length,
    }
  }
}

/** How many rows of each bundle another one holds as well. */
export function sharedRows(world: AnyWorld, { square }: CopyReach, counted: readonly (readonly number[])[]): number[] {
  const isSame = sameRows(world, () => square)
  const sets: readonly Rows[] = world.bundles
  const shared = new Map(sets.map((set) => [set, new Set<number>()]))
  const rows = sets.flatMap((set, at) => counted[at].map((row): RowOfSet => ({ set, row })))
  goOutwards(rows, square, (one, other) => {
    if (one.set !== other.set && isSame(one, other)) for (const { set, row } of [one, other]) shared.get(set)?.add(row)
    return false
  })
  return sets.map((set) => shared.get(set)?.size ?? 0)
}
