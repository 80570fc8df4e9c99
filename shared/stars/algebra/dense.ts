/**
 * Small dense linear algebra over row-major Float64Array. Sizes here are at most a few hundred, where plain loops over
 * typed arrays beat any library that would have to be loaded.
 */
import { AsterismError } from '../../errors.ts'

/** A row-major matrix: element (row, column) lies at `row * columns + column`. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

/** A zero matrix. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) }
}

/** A matrix of the given rows. Throws `bad_input` when they differ in length. */
export function matrixFromRows(rows: readonly (readonly number[])[], columns = rows[0]?.length ?? 0): Matrix {
  const matrix = zeros(rows.length, columns)
  rows.forEach((row, index) => {
    if (row.length !== columns)
      throw new AsterismError('bad_input', `Row ${index} has ${row.length} numbers, not ${columns}.`)
    matrix.data.set(row, index * columns)
  })
  return matrix
}

/** The row of a matrix, as a view of its data. */
export function rowOf(matrix: Matrix, row: number): Float64Array {
  return matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns)
}

/** A matrix of some rows of another, copied. */
export function pickRows(matrix: Matrix, rows: readonly number[]): Matrix {
  const picked = zeros(rows.length, matrix.columns)
  rows.forEach((row, index) => picked.data.set(rowOf(matrix, row), index * matrix.columns))
  return picked
}

/** Matrices of the same width below one another. */
export function stackRows(parts: readonly Matrix[], columns: number): Matrix {
  const stacked = zeros(
    parts.reduce((sum, part) => sum + part.rows, 0),
    columns,
  )
  let at = 0
  for (const part of parts) {
    stacked.data.set(part.data, at)
    at += part.data.length
  }
  return stacked
}

/** The inner product of two vectors. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** Adds `weight * X' Z` to `into` (X is n x p, Z is n x q, into p x q), in place. */
export function addCrossProduct(into: Matrix, x: Matrix, z: Matrix, weight = 1): void {
  const q = z.columns
  for (let n = 0; n < x.rows; n++) {
    for (let i = 0; i < x.columns; i++) {
      const xi = weight * x.data[n * x.columns + i]
      if (xi === 0) continue
      const base = i * q
      const zBase = n * q
      for (let j = 0; j < q; j++) into.data[base + j] += xi * z.data[zBase + j]
    }
  }
}

/** The product A B. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const product = zeros(a.rows, b.columns)
  for (let i = 0; i < a.rows; i++) {
    const base = i * b.columns
    for (let k = 0; k < a.columns; k++) {
      const value = a.data[i * a.columns + k]
      if (value === 0) continue
      const bBase = k * b.columns
      for (let j = 0; j < b.columns; j++) product.data[base + j] += value * b.data[bBase + j]
    }
  }
  return product
}

/**
 * The lower Cholesky factor L of a symmetric positive definite A = L L' (Golub and Van Loan, Matrix Computations, 4.2).
 * Throws `bad_input` when A is not positive definite.
 */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows
  const factor = zeros(n, n)
  const l = factor.data
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j]
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k]
      if (i !== j) l[i * n + j] = sum / l[j * n + j]
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum)
      else throw new AsterismError('bad_input', 'The matrix is not positive definite.')
    }
  }
  return factor
}

/** Solves L L' X = B for X (n x q), given the lower factor L. */
export function solveCholesky(factor: Matrix, b: Matrix): Matrix {
  const n = factor.rows
  const q = b.columns
  const l = factor.data
  const x = Float64Array.from(b.data)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const value = l[i * n + k]
      for (let j = 0; j < q; j++) x[i * q + j] -= value * x[k * q + j]
    }
    for (let j = 0; j < q; j++) x[i * q + j] /= l[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) {
      const value = l[k * n + i]
      for (let j = 0; j < q; j++) x[i * q + j] -= value * x[k * q + j]
    }
    for (let j = 0; j < q; j++) x[i * q + j] /= l[i * n + i]
  }
  return { rows: n, columns: q, data: x }
}

/** (L L')^-1 from the lower factor L: L is inverted row by row, then L^-T L^-1 is summed, each half of the matrix once. */
export function invertCholesky(factor: Matrix): Matrix {
  const n = factor.rows
  const l = factor.data
  const rows = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const value = l[i * n + k]
      for (let j = 0; j <= k; j++) rows[i * n + j] -= value * rows[k * n + j]
    }
    rows[i * n + i] = 1
    for (let j = 0; j <= i; j++) rows[i * n + j] /= l[i * n + i]
  }
  const inverse = zeros(n, n)
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const value = rows[k * n + i]
      for (let j = 0; j <= i; j++) inverse.data[i * n + j] += value * rows[k * n + j]
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse.data[j * n + i] = inverse.data[i * n + j]
  return inverse
}

/** ln det(L L') of a Cholesky factor. */
export function logDeterminant(factor: Matrix): number {
  let sum = 0
  for (let i = 0; i < factor.rows; i++) sum += Math.log(factor.data[i * factor.rows + i])
  return 2 * sum
}

/** |a - b|^2. */
export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2
  return sum
}
