/**
 * What a scan looks like whichever way it is turned and however large it is: distributions of distances (D1 from the
 * middle, D2 between pairs), of angles (A3) and of triangle areas (D3) over random points (Osada and others, Shape
 * distributions, 2002), and the shares of its principal axes. No one of them tells shapes apart; together they do.
 */
import type { Scan } from '../geometry/data.ts'
import { seededRandom } from '../geometry/random.ts'
import { sampleSurface } from '../geometry/surface-sampling.ts'
import { symmetricEigen } from '../stars/algebra/symmetric-eigen.ts'

const BINS = 48
const DISTRIBUTIONS = 4
const AXES = 2
/** Of a descriptor: the distributions one after the other, then the axes. */
export const SHAPE_LENGTH = DISTRIBUTIONS * BINS + AXES

const DRAWS = 150_000
const SURFACE_POINTS = 60_000
const LEAST_POINTS = 200
const MOST_POINTS = 400_000
const SEED = 11
/** Below it two descriptors are of one shape; the bench prints how far apart unrelated ones are. */
const SAME = 0.03

function pointsOf(scan: Scan): Float32Array {
  const raw = scan.kind === 'mesh' ? sampleSurface(scan.mesh, SURFACE_POINTS, SEED).positions : scan.points.positions
  const count = raw.length / 3
  const step = Math.max(1, Math.ceil(count / MOST_POINTS))
  const kept = new Float32Array(Math.ceil(count / step) * 3)
  let at = 0
  for (let i = 0; i < count; i += step) {
    const [x, y, z] = [raw[3 * i], raw[3 * i + 1], raw[3 * i + 2]]
    if (!Number.isFinite(x + y + z)) continue
    kept.set([x, y, z], at)
    at += 3
  }
  return kept.subarray(0, at)
}

interface Frame {
  readonly middle: readonly [number, number, number]
  /** Root mean square distance from the middle. */
  readonly radius: number
  /** Second and third principal spread over the first. */
  readonly axes: readonly [number, number]
}

function frameOf(p: Float32Array): Frame {
  const count = p.length / 3
  const middle: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < p.length; i++) middle[i % 3] += p[i] / count
  const data = new Float64Array(9)
  for (let i = 0; i < count; i++) {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) data[3 * a + b] += ((p[3 * i + a] - middle[a]) * (p[3 * i + b] - middle[b])) / count
    }
  }
  const radius = Math.sqrt(data[0] + data[4] + data[8])
  const { values } = symmetricEigen({ rows: 3, columns: 3, data })
  const spread = [...values].map((value) => Math.sqrt(Math.max(0, value)))
  return { middle, radius, axes: spread[0] > 0 ? [spread[1] / spread[0], spread[2] / spread[0]] : [0, 0] }
}

/** The descriptor of a scan, or null of one with too little in it to tell. */
export function shapeDescriptor(scan: Scan): Float32Array | null {
  // As dense as they are: thinned to a grid, the same scan turned lay three times as far from itself (measured).
  const p = pointsOf(scan)
  const count = p.length / 3
  if (count < LEAST_POINTS) return null
  const { middle, radius, axes } = frameOf(p)
  if (radius === 0) return null
  const out = new Float32Array(SHAPE_LENGTH)
  const random = seededRandom(SEED)
  /** Spread over the bin and its neighbour, so that a small change moves little. */
  const add = (distribution: number, share: number): void => {
    const place = Math.min(BINS - 1.001, Math.max(0, share * BINS - 0.5))
    const bin = Math.floor(place)
    out[distribution * BINS + bin] += (1 - (place - bin)) / DRAWS
    out[distribution * BINS + bin + 1] += (place - bin) / DRAWS
  }
  for (let draw = 0; draw < DRAWS; draw++) {
    const [i, j, k] = [3 * random.integer(count), 3 * random.integer(count), 3 * random.integer(count)]
    const [ax, ay, az] = [p[j] - p[i], p[j + 1] - p[i + 1], p[j + 2] - p[i + 2]]
    const [bx, by, bz] = [p[k] - p[i], p[k + 1] - p[i + 1], p[k + 2] - p[i + 2]]
    const [la, lb] = [Math.hypot(ax, ay, az), Math.hypot(bx, by, bz)]
    const dot = ax * bx + ay * by + az * bz
    const area = Math.sqrt(Math.max(0, (la * lb) ** 2 - dot ** 2)) / 2
    add(0, Math.hypot(p[i] - middle[0], p[i + 1] - middle[1], p[i + 2] - middle[2]) / (radius * 3))
    add(1, la / (radius * 4))
    add(2, la * lb > 0 ? Math.acos(Math.max(-1, Math.min(1, dot / (la * lb)))) / Math.PI : 0)
    add(3, Math.sqrt(area) / (radius * 2.5))
  }
  out.set(axes, DISTRIBUTIONS * BINS)
  return out
}

/** 0 for the same shape; unrelated ones lie above 0.04. */
export function shapeDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let distribution = 0; distribution < DISTRIBUTIONS; distribution++) {
    // Of the running sums: mass that moved to the next bin counts less than mass that moved far.
    let difference = 0
    for (let bin = 0; bin < BINS; bin++) {
      difference += a[distribution * BINS + bin] - b[distribution * BINS + bin]
      sum += Math.abs(difference) / DISTRIBUTIONS / 4
    }
  }
  for (let axis = DISTRIBUTIONS * BINS; axis < SHAPE_LENGTH; axis++) sum += Math.abs(a[axis] - b[axis]) / 4
  return sum
}

/** How alike, 0 to 1, or null where they are not of one shape. */
export function matchShape(a: Float32Array, b: Float32Array): number | null {
  const distance = shapeDistance(a, b)
  return distance > SAME ? null : 1 - distance / (2 * SAME)
}
