/**
 * First-order influence of training samples on the probe loss: I(c) = - sum over its rows of grad L_probe' H^-1 grad l(row)
 * (Koh and Liang, ICML 2017), with the Hessian of the multinomial log-loss replaced by Boehning's bound
 * 1/2 (I - 11'/C) x (X'X), whose inverse is cheap and never smaller than the true curvature allows.
 */
import type { Matrix } from '../algebra/dense.ts'
import { addCrossProduct, cholesky, solveCholesky, zeros } from '../algebra/dense.ts'
import type { LogisticWeights } from './logistic.ts'
import { predictLogistic } from './logistic.ts'

interface Labelled {
  readonly x: Matrix
  readonly y: Int32Array
}

/** Residuals p - onehot(y), n x classes. */
function residualsOf(weights: LogisticWeights, set: Labelled): Matrix {
  const residuals = predictLogistic(weights, set.x)
  set.y.forEach((label, row) => {
    residuals.data[row * residuals.columns + label] -= 1
  })
  return residuals
}

function extended(x: Matrix): Matrix {
  const columns = x.columns + 1
  const data = new Float64Array(x.rows * columns).fill(1)
  for (let n = 0; n < x.rows; n++) data.set(x.data.subarray(n * x.columns, (n + 1) * x.columns), n * columns)
  return { rows: x.rows, columns, data }
}

/**
 * The influence of every part: how much the weighted mean probe loss falls, to first order, when the part joins the base.
 * Positive is helpful.
 */
export function influenceOf(
  weights: LogisticWeights,
  probe: Labelled & { readonly weights: Float64Array },
  base: Labelled,
  parts: readonly Labelled[],
  penalty = 1,
): Float64Array {
  const p = weights.columns
  const curvature = zeros(p, p)
  const baseRows = extended(base.x)
  addCrossProduct(curvature, baseRows, baseRows, 0.5)
  for (let i = 0; i < p; i++) curvature.data[i * p + i] += penalty
  const probeResiduals = residualsOf(weights, probe)
  probe.weights.forEach((weight, row) => {
    for (let c = 0; c < probeResiduals.columns; c++) probeResiduals.data[row * probeResiduals.columns + c] *= weight
  })
  const gradient = zeros(p, weights.rows)
  addCrossProduct(gradient, extended(probe.x), probeResiduals)
  const direction = solveCholesky(cholesky(curvature), gradient)
  return Float64Array.from(parts, (part) => {
    const own = zeros(p, weights.rows)
    addCrossProduct(own, extended(part.x), residualsOf(weights, part))
    let sum = 0
    for (let i = 0; i < own.data.length; i++) sum += own.data[i] * direction.data[i]
    return sum
  })
}
