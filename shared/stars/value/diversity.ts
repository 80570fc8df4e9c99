/** How much is new in a set of vectors: log-determinant gain and the Vendi score. */
import type { Matrix } from '../algebra/dense.ts'
import { addCrossProduct, cholesky, logDeterminant, rowOf, zeros, dot } from '../algebra/dense.ts'
import { symmetricEigen } from '../algebra/symmetric-eigen.ts'

/** I + (sum of X'X) / lambda for the given sample sets. */
function information(sets: readonly Matrix[], dimension: number, lambda: number): Matrix {
  const matrix = zeros(dimension, dimension)
  for (let i = 0; i < dimension; i++) matrix.data[i * dimension + i] = 1
  for (const set of sets) addCrossProduct(matrix, set, set, 1 / lambda)
  return matrix
}

/**
 * 1/2 [ln det(I + (X'X + S'S)/lambda) - ln det(I + X'X/lambda)]: the information that the samples S add to X under a
 * Gaussian prior (as in Bayesian experimental design; never negative, falls as X grows).
 */
export function informationGain(
  known: readonly Matrix[],
  dimension: number,
  lambda: number,
): (added: Matrix) => number {
  const before = information(known, dimension, lambda)
  const volume = logDeterminant(cholesky(before))
  return (added) => {
    const after = { ...before, data: Float64Array.from(before.data) }
    addCrossProduct(after, added, added, 1 / lambda)
    return Math.max(0, (logDeterminant(cholesky(after)) - volume) / 2)
  }
}

/**
 * The Vendi score of a symmetric positive semidefinite similarity matrix with a unit diagonal: exp of the entropy of the
 * eigenvalues of K / n (Friedman and Dieng, TMLR 2023). 1 when all are alike, n when all are unlike.
 */
export function vendiOfKernel(kernel: Matrix): number {
  const n = kernel.rows
  if (n === 0) return 0
  const values = symmetricEigen({ ...kernel, data: kernel.data.map((value) => value / n) }).values
  let total = 0
  for (const value of values) total += Math.max(0, value)
  let entropy = 0
  for (const value of values) {
    const share = Math.max(0, value) / total
    if (share > 0) entropy -= share * Math.log(share)
  }
  return Math.min(n, Math.max(1, Math.exp(entropy)))
}

/** The Vendi score of the rows under the Gaussian kernel exp(-|a - b|^2 / (2 width^2)). */
export function vendiOfRows(rows: Matrix, width: number): number {
  const n = rows.rows
  const kernel = zeros(n, n)
  for (let i = 0; i < n; i++) {
    const a = rowOf(rows, i)
    for (let j = 0; j <= i; j++) {
      const b = rowOf(rows, j)
      let square = 0
      for (let c = 0; c < rows.columns; c++) square += (a[c] - b[c]) ** 2
      kernel.data[i * n + j] = Math.exp(-square / (2 * width * width))
      kernel.data[j * n + i] = kernel.data[i * n + j]
    }
  }
  return vendiOfKernel(kernel)
}

/** The Vendi score of unit rows under the cosine kernel; works through the smaller of n x n and d x d. */
export function vendiOfUnitRows(rows: Matrix): number {
  const { rows: n, columns: d } = rows
  if (n <= d) {
    const kernel = zeros(n, n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        kernel.data[i * n + j] = dot(rowOf(rows, i), rowOf(rows, j))
        kernel.data[j * n + i] = kernel.data[i * n + j]
      }
    }
    return vendiOfKernel(kernel)
  }
  const gram = zeros(d, d)
  addCrossProduct(gram, rows, rows, 1)
  // The d x d Gram matrix has the non-zero eigenvalues of the n x n one.
  const score = vendiOfKernel({ ...gram, data: gram.data })
  return Math.min(n, score)
}
