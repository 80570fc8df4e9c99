/**
 * How much the units of a view tell together: ln det(I + K / noise) over the distinct ones
 * that are not what was there just before. Leaving some out of the whole is
 * done on the inverse (det of the rest = det of all times det of the inverse's own block), exactly and at a fraction of the
 * cost, since every window is left out once.
 */
import type { Matrix } from '../algebra/dense.ts'
import { cholesky, invertCholesky, logDeterminant, zeros } from '../algebra/dense.ts'
import type { PreparedStars, PreparedUnit, StarsView } from './unit-state.ts'
import { SAME, viewOf } from './unit-state.ts'

const NOISE = 0.5

/** A scene that stands still goes on being there, but tells once. */
function tellingUnits(view: StarsView): readonly PreparedUnit[] {
  return view.distinct.filter((unit) => view.freshness[unit.index] > 1 - SAME)
}

interface Whole {
  /** Place in the matrix by unit index; -1 where the unit is not in it. */
  readonly placeOf: Int32Array
  readonly logDeterminant: number
  /** Made when something is first left out: most inputs are looked at once and whole. */
  inverse(): Matrix
}

const wholes = new WeakMap<PreparedStars, Whole>()

function matrixOf(prepared: PreparedStars, units: readonly PreparedUnit[]): Matrix {
  const { kernel } = prepared
  const n = units.length
  const matrix = zeros(n, n)
  for (let i = 0; i < n; i++) {
    const row = units[i].index * kernel.columns
    for (let j = 0; j < n; j++) matrix.data[i * n + j] = kernel.data[row + units[j].index] / NOISE + (i === j ? 1 : 0)
  }
  return matrix
}

function wholeOf(prepared: PreparedStars): Whole {
  const known = wholes.get(prepared)
  if (known) return known
  const telling = tellingUnits(viewOf(prepared))
  const factor = cholesky(matrixOf(prepared, telling))
  const placeOf = new Int32Array(prepared.units.length).fill(-1)
  telling.forEach((unit, at) => {
    placeOf[unit.index] = at
  })
  let inverse: Matrix | null = null
  const whole = {
    placeOf,
    logDeterminant: logDeterminant(factor),
    inverse: () => (inverse ??= invertCholesky(factor)),
  }
  wholes.set(prepared, whole)
  return whole
}

/** Of the distinct units of a view, in units of one that has nothing in common with the others. */
export function momentsOf(view: StarsView): number {
  const alone = Math.log(1 + 1 / NOISE)
  const { placeOf, logDeterminant: all, inverse: inverseOf } = wholeOf(view.prepared)
  const telling = tellingUnits(view)
  // What was shown before counts for the first time where its first showing is left out: then nothing can be reused.
  if (telling.some((unit) => placeOf[unit.index] < 0)) {
    return logDeterminant(cholesky(matrixOf(view.prepared, telling))) / alone
  }
  const present = new Set(telling.map((unit) => unit.index))
  const missing = view.prepared.units.filter((unit) => placeOf[unit.index] >= 0 && !present.has(unit.index))
  if (missing.length === 0) return all / alone
  const inverse = inverseOf()
  const block = zeros(missing.length, missing.length)
  missing.forEach((a, i) => {
    missing.forEach((b, j) => {
      block.data[i * missing.length + j] = inverse.data[placeOf[a.index] * inverse.columns + placeOf[b.index]]
    })
  })
  return (all + logDeterminant(cholesky(block))) / alone
}
