/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to tridiagonal form, then implicit QL with
 * Wilkinson shifts (Golub and Van Loan, Matrix Computations, 8.3).
 */
import { AsterismError } from '../../errors.ts'
import type { Matrix } from './dense.ts'
import { zeros } from './dense.ts'

export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array
  /** Column k belongs to values[k]; orthonormal. */
  readonly vectors: Matrix
}

const MAXIMUM_SWEEPS = 60

/** A = Q T Q' with T tridiagonal; `q` receives Q' (rows, so that every later turn runs along memory). */
function tridiagonalise(a: Float64Array, n: number, q: Float64Array): { diagonal: Float64Array; off: Float64Array } {
  for (let i = 0; i < n; i++) q[i * n + i] = 1
  const v = new Float64Array(n)
  const p = new Float64Array(n)
  for (let k = 0; k < n - 2; k++) {
    let norm = 0
    for (let i = k + 1; i < n; i++) norm += a[i * n + k] ** 2
    norm = Math.sqrt(norm)
    if (norm === 0) continue
    const alpha = a[(k + 1) * n + k] > 0 ? -norm : norm
    v.fill(0)
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]
    v[k + 1] -= alpha
    let square = 0
    for (let i = k + 1; i < n; i++) square += v[i] * v[i]
    if (square === 0) continue
    const beta = 2 / square
    // A <- H A H with H = I - beta v v', as the symmetric rank-two update A - v w' - w v'.
    let pv = 0
    for (let i = k; i < n; i++) {
      let sum = 0
      for (let j = k + 1; j < n; j++) sum += a[i * n + j] * v[j]
      p[i] = beta * sum
      pv += p[i] * v[i]
    }
    const half = (beta * pv) / 2
    for (let i = k; i < n; i++) p[i] -= half * v[i]
    for (let i = k; i < n; i++) for (let j = k; j < n; j++) a[i * n + j] -= v[i] * p[j] + p[i] * v[j]
    p.fill(0)
    for (let j = k + 1; j < n; j++) for (let i = 0; i < n; i++) p[i] += q[j * n + i] * v[j]
    for (let j = k + 1; j < n; j++) {
      const weight = beta * v[j]
      for (let i = 0; i < n; i++) q[j * n + i] -= weight * p[i]
    }
  }
  const diagonal = new Float64Array(n)
  const off = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    diagonal[i] = a[i * n + i]
    if (i + 1 < n) off[i] = a[(i + 1) * n + i]
  }
  return { diagonal, off }
}

/** Implicit QL on the tridiagonal (d, e), turning the rows of q along. */
function diagonalise(d: Float64Array, e: Float64Array, n: number, q: Float64Array): void {
  // Measured against the whole matrix: rows of zeros would otherwise never be small beside themselves.
  let norm = 0
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]))
  const negligible = Number.EPSILON * norm
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]) > negligible) m++
      if (m === l) break
      if (sweep === MAXIMUM_SWEEPS) throw new AsterismError('internal', 'The eigenvalues did not converge.')
      const delta = (d[l + 1] - d[l]) / (2 * e[l])
      const root = Math.hypot(delta, 1)
      let g = d[m] - d[l] + e[l] / (delta + (delta >= 0 ? root : -root))
      let s = 1
      let c = 1
      let p = 0
      let i = m - 1
      for (; i >= l; i--) {
        const f = s * e[i]
        const b = c * e[i]
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          // The rotation underflowed: drop what was carried and start the sweep again.
          d[i + 1] -= p
          e[m] = 0
          break
        }
        s = f / r
        c = g / r
        const gap = d[i + 1] - p
        const t = (d[i] - gap) * s + 2 * c * b
        p = s * t
        d[i + 1] = gap + p
        g = c * t - b
        const rowUpper = (i + 1) * n
        const rowLower = i * n
        for (let k = 0; k < n; k++) {
          const upper = q[rowUpper + k]
          const lower = q[rowLower + k]
          q[rowUpper + k] = s * lower + c * upper
          q[rowLower + k] = c * lower - s * upper
        }
      }
      if (i >= l) continue
      d[l] -= p
      e[l] = g
      e[m] = 0
    }
  }
}

/** The eigen-decomposition of a symmetric matrix; only its lower triangle is trusted to be right. */
export function symmetricEigen(matrix: Matrix): SymmetricEigen {
  const n = matrix.rows
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      a[i * n + j] = matrix.data[i * n + j]
      a[j * n + i] = a[i * n + j]
    }
  }
  const q = new Float64Array(n * n)
  const { diagonal, off } = tridiagonalise(a, n, q)
  diagonalise(diagonal, off, n, q)
  const order = Array.from(diagonal.keys()).sort((x, y) => diagonal[y] - diagonal[x])
  const vectors = zeros(n, n)
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = q[from * n + i]
  })
  return { values: Float64Array.from(order, (index) => diagonal[index]), vectors }
}
