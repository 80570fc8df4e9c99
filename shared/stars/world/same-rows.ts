/** Which rows are one and the same but for the noise of a copy: in what they are and in what is meant by them. */
import type { Matrix } from '../algebra/dense.ts'
import { rowOf } from '../algebra/dense.ts'
import type { AnyWorld } from './parse-world.ts'
import { isPaired } from './parse-world.ts'
import { typicalDistance } from './sample-features.ts'

/** Words that are said of copies are the same within this share of the usual distance between two rows of the probe. */
const SAME_WORDS = 0.02
/** Of rows as far out as a row so many are looked at, which in all but huge bundles are all. */
const MOST_LOOKED_AT = 2000

/** Rows and what is meant by each, a class or a row of numbers. */
export interface Rows {
  readonly x: Matrix
  readonly y: Int32Array | Matrix
}

export interface RowOfSet {
  readonly set: Rows
  readonly row: number
}

/** Whether rows of two matrices lie within a distance of one another; most that do not are told after a few numbers. */
function isWithin(a: Matrix, one: number, b: Matrix, other: number, square: number): boolean {
  const from = one * a.columns
  const to = other * b.columns
  let sum = 0
  for (let j = 0; j < a.columns && sum <= square; j++) sum += (a.data[from + j] - b.data[to + j]) ** 2
  return sum <= square
}

/** Says of rows of a prepared world whether they are the same, inputs within the root of what `squareOf` says of the other. */
export function sameRows(
  world: AnyWorld,
  squareOf: (other: RowOfSet) => number,
): (one: RowOfSet, other: RowOfSet) => boolean {
  const squareOfTargets = isPaired(world) ? (SAME_WORDS * typicalDistance(world.probe.y)) ** 2 : 0
  return ({ set: a, row: one }, known) => {
    const { set: b, row: other } = known
    if (!isWithin(a.x, one, b.x, other, squareOf(known))) return false
    if (a.y instanceof Int32Array) return b.y instanceof Int32Array && a.y[one] === b.y[other]
    return !(b.y instanceof Int32Array) && isWithin(a.y, one, b.y, other, squareOfTargets)
  }
}

/** So many numbers of each row are held side by side: they tell most rows apart that are as far out. */
const LEADING = 4

/** The rows of one class that were gone through and are looked back at, outwards. */
interface Passed {
  readonly rows: RowOfSet[]
  readonly far: number[]
  readonly leading: number[]
}

function leadingOf({ set, row }: RowOfSet): number[] {
  const { data, columns } = set.x
  return Array.from({ length: LEADING }, (_, j) => (j < columns ? data[row * columns + j] : 0))
}

function farOf({ set, row }: RowOfSet): number {
  let square = 0
  for (const value of rowOf(set.x, row)) square += value * value
  return Math.sqrt(square)
}

/**
 * Goes through rows from the centre outwards and lets each meet those of its class before it that may lie within reach: what lies
 * within reach lies as far out, all but the reach. Who says yes to one of them is not met by those that come after.
 *
 * @returns The rows that said no to all.
 */
export function goOutwards(
  rows: readonly RowOfSet[],
  square: number,
  meet: (row: RowOfSet, before: RowOfSet) => boolean,
): RowOfSet[] {
  const reach = Math.sqrt(square)
  const passed = new Map<number, Passed>()
  const meets = (row: RowOfSet, far: number, [a, b, c, d]: readonly number[], before: Passed): boolean => {
    const { leading } = before
    const last = Math.max(0, before.rows.length - MOST_LOOKED_AT)
    for (let at = before.rows.length - 1; at >= last && far - before.far[at] <= reach; at--) {
      const from = at * LEADING
      const apart =
        (a - leading[from]) ** 2 +
        (b - leading[from + 1]) ** 2 +
        (c - leading[from + 2]) ** 2 +
        (d - leading[from + 3]) ** 2
      if (apart <= square && meet(row, before.rows[at])) return true
    }
    return false
  }
  // Rows that are as far out keep their order, which their numbers alone decide.
  const outwards = rows.map((row) => ({ row, far: farOf(row) })).sort((a, b) => a.far - b.far)
  for (const { row, far } of outwards) {
    const { y } = row.set
    const label = y instanceof Int32Array ? y[row.row] : 0
    const before = passed.get(label) ?? { rows: [], far: [], leading: [] }
    passed.set(label, before)
    const leading = leadingOf(row)
    if (meets(row, far, leading, before)) continue
    before.rows.push(row)
    before.far.push(far)
    before.leading.push(...leading)
  }
  return [...passed.values()].flatMap((own) => own.rows)
}
