/**
 * Rows that say what was said before: each counts once within a bundle, and not at all where the reference holds it. Who doubles
 * a bundle, or fills it up with what is known to everybody, would else be paid for the weight that retrained models give it.
 */
import type { Matrix } from '../algebra/dense.ts'
import { rowOf } from '../algebra/dense.ts'
import type { AnyWorld } from './parse-world.ts'
import { isPaired } from './parse-world.ts'
import type { CopyReach } from './probe-copies.ts'
import { typicalDistance } from './sample-features.ts'

/** Words that are said of copies are the same within this share of the usual distance between two rows of the probe. */
const SAME_WORDS = 0.02
/** Of rows as far out as a row so many are looked at, which in all but huge bundles are all. */
const MOST_LOOKED_AT = 2000

/** Rows and what is meant by each, a class or a row of numbers. */
interface Rows {
  readonly x: Matrix
  readonly y: Int32Array | Matrix
}

/** Whether rows of two matrices lie within a distance of one another; most that do not are told after a few numbers. */
function isWithin(a: Matrix, one: number, b: Matrix, other: number, square: number): boolean {
  const from = one * a.columns
  const to = other * b.columns
  let sum = 0
  for (let j = 0; j < a.columns && sum <= square; j++) sum += (a.data[from + j] - b.data[to + j]) ** 2
  return sum <= square
}

/** What of some rows of a bundle counts. */
export interface CountedRows {
  readonly counted: readonly number[]
  /** How many are left out because the reference holds them. */
  readonly ofReference: number
  /** How many are left out because the bundle itself holds them already. */
  readonly repeated: number
}

/** Says which rows count, of bundles of a prepared world. */
export function rowCounter(
  world: AnyWorld,
  { square, isUsual }: CopyReach,
): (bundle: Rows, rows: readonly number[]) => CountedRows {
  const reference: Rows = world.reference
  const squareOfTargets = isPaired(world) ? (SAME_WORDS * typicalDistance(world.probe.y)) ** 2 : 0
  const isSame = (a: Rows, one: number, b: Rows, other: number): boolean => {
    if (!isWithin(a.x, one, b.x, other, square)) return false
    if (a.y instanceof Int32Array) return b.y instanceof Int32Array && a.y[one] === b.y[other]
    return !(b.y instanceof Int32Array) && isWithin(a.y, one, b.y, other, squareOfTargets)
  }
  const known = isUsual ? 0 : reference.x.rows
  const isKnown = (bundle: Rows, row: number): boolean => {
    for (let other = 0; other < known; other++) if (isSame(bundle, row, reference, other)) return true
    return false
  }
  return (bundle, rows) => {
    const own = rows.filter((row) => !isKnown(bundle, row))
    const counted = distinctRows(bundle, own, square, (one, other) => isSame(bundle, one, bundle, other))
    return { counted, ofReference: rows.length - own.length, repeated: own.length - counted.length }
  }
}

/** So many numbers of each row are held side by side: they tell most rows apart that are as far out. */
const LEADING = 4

/** The rows of one class that were found to differ, outwards. */
interface Kept {
  readonly rows: number[]
  readonly leading: number[]
}

/** The first of rows that are the same, from the centre outwards: what lies within reach of one another lies as far out, all but the reach. */
function distinctRows(
  { x, y }: Rows,
  rows: readonly number[],
  square: number,
  isSame: (one: number, other: number) => boolean,
): number[] {
  const reach = Math.sqrt(square)
  const far = new Float64Array(x.rows)
  for (const row of rows) far[row] = Math.sqrt(rowOf(x, row).reduce((sum, value) => sum + value * value, 0))
  const leadingOf = (row: number): number[] =>
    Array.from({ length: LEADING }, (_, j) => (j < x.columns ? x.data[row * x.columns + j] : 0))
  const isRepeated = (row: number, [a, b, c, d]: readonly number[], { rows: kept, leading }: Kept): boolean => {
    const last = Math.max(0, kept.length - MOST_LOOKED_AT)
    for (let at = kept.length - 1; at >= last && far[row] - far[kept[at]] <= reach; at--) {
      const from = at * LEADING
      const apart =
        (a - leading[from]) ** 2 +
        (b - leading[from + 1]) ** 2 +
        (c - leading[from + 2]) ** 2 +
        (d - leading[from + 3]) ** 2
      if (apart <= square && isSame(row, kept[at])) return true
    }
    return false
  }
  const keptOfClass = new Map<number, Kept>()
  // Rows that are as far out keep their order, which their numbers alone decide.
  for (const row of rows.toSorted((a, b) => far[a] - far[b])) {
    const label = y instanceof Int32Array ? y[row] : 0
    const kept = keptOfClass.get(label) ?? { rows: [], leading: [] }
    keptOfClass.set(label, kept)
    const leading = leadingOf(row)
    if (isRepeated(row, leading, kept)) continue
    kept.rows.push(row)
    kept.leading.push(...leading)
  }
  return [...keptOfClass.values()].flatMap((kept) => kept.rows).sort((a, b) => a - b)
}
