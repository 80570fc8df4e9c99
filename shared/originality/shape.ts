/**
 * What a scan looks like whichever way it is turned or mirrored and however large it is: how much of it lies in shells
 * about its middle, and how alike every two shells are in every degree of spherical harmonics (after Kazhdan and others,
 * Rotation invariant spherical harmonic representation of 3D shape descriptors, 2003). What the points of a thin copy
 * scatter by is known from how many there are, so that it does not count as a difference.
 */
import type { Scan } from '../geometry/data.ts'
import { everyNth } from '../geometry/icp.ts'
import { sampleSurface } from '../geometry/surface-sampling.ts'
import { symmetricEigen } from '../geometry/symmetric.ts'
import { sphericalHarmonics } from './spherical-harmonics.ts'

const SHELLS = 12
const DEGREES = 10
/** The last shell ends at so many root mean square distances from the middle, and holds what lies beyond. */
const REACH = 2.2
const HARMONICS = (DEGREES + 1) ** 2
/** Of a descriptor: how many points there were, then a symmetric matrix over the shells for each degree. */
const SHAPE_LENGTH = 1 + (DEGREES + 1) * SHELLS ** 2

const MOST_POINTS = 60_000
/** Of fewer, chance makes one place look like another: with 500 it took 6 of 25,440 for the same. */
const LEAST_POINTS = 900
const SEED = 11
/** Of the most that chance does, what is taken off: all of it would make every two thin scans alike. */
const SCATTER_TAKEN_OFF = 0.35
/** Below it two descriptors are of one shape; of 100 other places the nearest two lay 0.0043 apart. */
const SAME = 0.003

function pointsOf(scan: Scan): Float32Array {
  const raw =
    scan.kind === 'mesh'
      ? sampleSurface(scan.mesh, MOST_POINTS, SEED).positions
      : everyNth(scan.points.positions, MOST_POINTS)
  const kept = new Float32Array(raw.length)
  let at = 0
  for (let i = 0; i + 2 < raw.length; i += 3) {
    if (!Number.isFinite(raw[i] + raw[i + 1] + raw[i + 2])) continue
    for (let k = 0; k < 3; k++) kept[at++] = raw[i + k]
  }
  return kept.subarray(0, at)
}

/** The descriptor of a scan, or null of one with too little in it to tell. */
export function shapeDescriptor(scan: Scan): Float32Array | null {
  // As dense as they are: thinned to a grid, the same scan turned lay three times as far from itself (measured).
  const p = pointsOf(scan)
  const count = p.length / 3
  if (count < LEAST_POINTS) return null
  const middle = [0, 0, 0]
  for (let i = 0; i < p.length; i++) middle[i % 3] += p[i] / count
  let squared = 0
  for (let i = 0; i < p.length; i++) squared += (p[i] - middle[i % 3]) ** 2 / count
  const radius = Math.sqrt(squared)
  if (radius === 0) return null
  const sums = Array.from({ length: SHELLS }, () => new Float64Array(HARMONICS))
  /** What the points add to the products with themselves, which says how many they are and not how they lie. */
  const own = Array.from({ length: SHELLS }, () => new Float64Array(2))
  const harmonics = new Float64Array(HARMONICS)
  for (let i = 0; i < p.length; i += 3) {
    const [x, y, z] = [p[i] - middle[0], p[i + 1] - middle[1], p[i + 2] - middle[2]]
    const distance = Math.hypot(x, y, z)
    if (distance === 0) continue
    // Shared between two shells, so that a small change moves little.
    const place = Math.min(SHELLS - 1.001, Math.max(0, (distance / radius / REACH) * SHELLS - 0.5))
    const shell = Math.floor(place)
    const outer = place - shell
    sphericalHarmonics(x / distance, y / distance, z / distance, DEGREES, harmonics)
    for (let k = 0; k < HARMONICS; k++) {
      sums[shell][k] += (1 - outer) * harmonics[k]
      sums[shell + 1][k] += outer * harmonics[k]
    }
    own[shell][0] += (1 - outer) ** 2
    own[shell][1] += outer * (1 - outer)
    own[shell + 1][0] += outer ** 2
  }
  const out = new Float32Array(SHAPE_LENGTH)
  out[0] = count
  for (let degree = 0; degree <= DEGREES; degree++) {
    const products = new Float64Array(SHELLS ** 2)
    for (let a = 0; a < SHELLS; a++) {
      for (let b = a; b < SHELLS; b++) {
        let product = -(own[a][b - a] ?? 0)
        for (let k = degree ** 2; k < (degree + 1) ** 2; k++) product += sums[a][k] * sums[b][k]
        products[a * SHELLS + b] = products[b * SHELLS + a] = product / (count * (count - 1))
      }
    }
    out.set(rootOf(products), 1 + degree * SHELLS ** 2)
  }
  return out
}

/** The symmetric root of a symmetric matrix, for which what chance makes negative is none. */
function rootOf(matrix: Float64Array): Float64Array {
  const root = new Float64Array(SHELLS ** 2)
  const { values, vectors } = symmetricEigen(matrix, SHELLS)
  vectors.forEach((vector, i) => {
    const size = Math.sqrt(Math.max(0, values[i]))
    for (let k = 0; k < SHELLS ** 2; k++) root[k] += size * vector[Math.floor(k / SHELLS)] * vector[k % SHELLS]
  })
  return root
}

/**
 * About 0 or less for the same shape, however thin. Roots differ by no more than about what the sums themselves do once
 * one scan is turned onto the other, and those scatter in every degree by one over the count of points.
 */
function shapeDistance(a: Float32Array, b: Float32Array): number {
  let squared = 0
  for (let i = 1; i < SHAPE_LENGTH; i++) squared += (a[i] - b[i]) ** 2
  return squared - SCATTER_TAKEN_OFF * (DEGREES + 1) * (1 / a[0] + 1 / b[0])
}

/** How alike, 0 to 1, or null where they are not of one shape. */
export function matchShape(a: Float32Array, b: Float32Array): number | null {
  if (Math.min(a[0], b[0]) < LEAST_POINTS) return null
  const distance = Math.max(0, shapeDistance(a, b))
  return distance <= SAME ? 1 - distance / (2 * SAME) : null
}
