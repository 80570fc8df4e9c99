/** Small symmetric matrices: eigenvectors by cyclic Jacobi rotations, solutions and inverses by Cholesky. */

export interface Eigen {
  /** Ascending. */
  readonly values: number[]
  /** `vectors[k]` belongs to `values[k]`, unit length. */
  readonly vectors: number[][]
}

/** Eigenvalues and eigenvectors of a symmetric n x n matrix given row-major (Golub and Van Loan, 8.5). */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): Eigen {
  const a = Array.from(matrix)
  const v = Array.from<number>({ length: n * n }).fill(0)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  for (let sweep = 0; sweep < 40; sweep++) {
    let off = 0
    let diagonal = 0
    for (let i = 0; i < n; i++) {
      diagonal += Math.abs(a[i * n + i])
      for (let j = i + 1; j < n; j++) off += Math.abs(a[i * n + j])
    }
    if (off <= 1e-15 * diagonal || off === 0) break
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q)
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((x, y) => a[x * n + x] - a[y * n + y])
  return {
    values: order.map((k) => a[k * n + k]),
    vectors: order.map((k) => Array.from({ length: n }, (_, i) => v[i * n + k])),
  }
}

function rotate(a: number[], v: number[], n: number, p: number, q: number): void {
  const apq = a[p * n + q]
  if (apq === 0) return
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < n; k++) {
    const akp = a[k * n + p]
    const akq = a[k * n + q]
    a[k * n + p] = c * akp - s * akq
    a[k * n + q] = s * akp + c * akq
  }
  for (let k = 0; k < n; k++) {
    const apk = a[p * n + k]
    const aqk = a[q * n + k]
    a[p * n + k] = c * apk - s * aqk
    a[q * n + k] = s * apk + c * aqk
    const vkp = v[k * n + p]
    const vkq = v[k * n + q]
    v[k * n + p] = c * vkp - s * vkq
    v[k * n + q] = s * vkp + c * vkq
  }
}

/** Lower Cholesky factor (row-major) of a positive definite matrix, or undefined when it is not one. */
function cholesky(matrix: ArrayLike<number>, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k]
      if (i === j) {
        if (!(sum > 0)) return undefined
        l[i * n + i] = Math.sqrt(sum)
      } else {
        l[i * n + j] = sum / l[j * n + j]
      }
    }
  }
  return l
}

/** `x` of `A x = b` for a symmetric positive definite A (row-major), or undefined when A is singular. */
export function solveSymmetric(matrix: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array | undefined {
  const l = cholesky(matrix, n)
  if (!l) return undefined
  const x = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = b[i]
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * x[k]
    x[i] = sum / l[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k]
    x[i] = sum / l[i * n + i]
  }
  return x
}

/** The inverse of a symmetric positive definite matrix, row-major, or undefined when it is singular. */
export function invertSymmetric(matrix: ArrayLike<number>, n: number): number[] | undefined {
  const out = Array.from<number>({ length: n * n })
  for (let column = 0; column < n; column++) {
    const unit = new Float64Array(n)
    unit[column] = 1
    const x = solveSymmetric(matrix, unit, n)
    if (!x) return undefined
    for (let row = 0; row < n; row++) out[row * n + column] = x[row]
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (out[i * n + j] + out[j * n + i]) / 2
      out[i * n + j] = mean
      out[j * n + i] = mean
    }
  }
  return out
}

/**
 * Eigenvector of the smallest eigenvalue of a symmetric 3x3 matrix, with the three eigenvalues; written into `out` as
 * (x, y, z, smallest, middle, largest). Closed form (D. Eberly, "A robust eigensolver for 3x3 symmetric matrices"),
 * for the hundred thousand calls that normals need; falls back on Jacobi where the closed form loses its footing.
 */
export function smallestEigenvector3(
  xx: number,
  xy: number,
  xz: number,
  yy: number,
  yz: number,
  zz: number,
  out: Float64Array,
): void {
  const scale = Math.max(Math.abs(xx), Math.abs(yy), Math.abs(zz), Math.abs(xy), Math.abs(xz), Math.abs(yz))
  if (!(scale > 0)) {
    out.set([0, 1, 0, 0, 0, 0])
    return
  }
  const s = 1 / scale
  const a = xx * s
  const b = xy * s
  const c = xz * s
  const d = yy * s
  const e = yz * s
  const f = zz * s
  const q = (a + d + f) / 3
  const p1 = b * b + c * c + e * e
  const p = Math.sqrt(((a - q) * (a - q) + (d - q) * (d - q) + (f - q) * (f - q) + 2 * p1) / 6)
  let low = q
  let high = q
  if (p > 1e-12) {
    const ba = (a - q) / p
    const bd = (d - q) / p
    const bf = (f - q) / p
    const bb = b / p
    const bc = c / p
    const be = e / p
    const half = (ba * (bd * bf - be * be) - bb * (bb * bf - be * bc) + bc * (bb * be - bd * bc)) / 2
    const angle = Math.acos(Math.max(-1, Math.min(1, half))) / 3
    high = q + 2 * p * Math.cos(angle)
    low = q + 2 * p * Math.cos(angle + (2 * Math.PI) / 3)
  }
  // The eigenvector is orthogonal to the rows of A - low I: the longest of their cross products.
  const r0 = a - low
  const r1 = d - low
  const r2 = f - low
  const x01 = b * e - c * r1
  const y01 = c * b - r0 * e
  const z01 = r0 * r1 - b * b
  const x02 = b * r2 - c * e
  const y02 = c * c - r0 * r2
  const z02 = r0 * e - b * c
  const x12 = r1 * r2 - e * e
  const y12 = e * c - b * r2
  const z12 = b * e - r1 * c
  const l01 = x01 * x01 + y01 * y01 + z01 * z01
  const l02 = x02 * x02 + y02 * y02 + z02 * z02
  const l12 = x12 * x12 + y12 * y12 + z12 * z12
  const best = Math.max(l01, l02, l12)
  if (best < 1e-16) {
    const eigen = symmetricEigen([a, b, c, b, d, e, c, e, f], 3)
    out.set([...eigen.vectors[0], eigen.values[0] * scale, eigen.values[1] * scale, eigen.values[2] * scale])
    return
  }
  const inverse = 1 / Math.sqrt(best)
  if (best === l01) {
    out[0] = x01 * inverse
    out[1] = y01 * inverse
    out[2] = z01 * inverse
  } else if (best === l02) {
    out[0] = x02 * inverse
    out[1] = y02 * inverse
    out[2] = z02 * inverse
  } else {
    out[0] = x12 * inverse
    out[1] = y12 * inverse
    out[2] = z12 * inverse
  }
  out[3] = low * scale
  out[4] = (3 * q - low - high) * scale
  out[5] = high * scale
}
