/**
 * Ridge regression from sufficient statistics G = Phi' Phi and b = Phi' Y: adding or removing samples is adding or
 * removing their statistics, and the refit is exact, W = (G + lambda I)^-1 b. A valuation pack ships G and b instead of
 * the reference samples.
 */
import type { Matrix } from '../algebra/dense.ts'
import { addCrossProduct, cholesky, solveCholesky, zeros } from '../algebra/dense.ts'

export interface RidgeStatistics {
  /** Phi' Phi, p x p. */
  readonly gram: Matrix
  /** Phi' Y, p x q. */
  readonly moment: Matrix
  readonly count: number
}

/** Statistics of no sample. */
export function noStatistics(inputs: number, outputs: number): RidgeStatistics {
  return { gram: zeros(inputs, inputs), moment: zeros(inputs, outputs), count: 0 }
}

/** Statistics of samples: `phi` is n x p, `y` is n x q. */
export function statisticsOf(phi: Matrix, y: Matrix): RidgeStatistics {
  const statistics = noStatistics(phi.columns, y.columns)
  addCrossProduct(statistics.gram, phi, phi)
  addCrossProduct(statistics.moment, phi, y)
  return { ...statistics, count: phi.rows }
}

/** a + sign * b, without changing either. */
export function combineStatistics(a: RidgeStatistics, b: RidgeStatistics, sign: 1 | -1 = 1): RidgeStatistics {
  const combine = (x: Matrix, y: Matrix): Matrix => ({ ...x, data: x.data.map((value, i) => value + sign * y.data[i]) })
  return { gram: combine(a.gram, b.gram), moment: combine(a.moment, b.moment), count: a.count + sign * b.count }
}

/** The exact ridge weights, p x q. `lambda` must be positive. */
export function ridgeWeights(statistics: RidgeStatistics, lambda: number): Matrix {
  const n = statistics.gram.rows
  const regularised = { ...statistics.gram, data: Float64Array.from(statistics.gram.data) }
  for (let i = 0; i < n; i++) regularised.data[i * n + i] += lambda
  return solveCholesky(cholesky(regularised), statistics.moment)
}
