/**
 * Two devices fixed to each other, all that is unknown at once: how their worlds lie, how they are mounted, and what
 * is left of the clocks, by Gauss-Newton on turns and places together, each weighed by its own noise, Cauchy weights.
 * The covariance counts a tracker's errors for as many as they are: neighbouring moments share theirs, and how long
 * they do is seen in what is left (integrated autocorrelation; A. Sokal, "Monte Carlo methods in statistical
 * mechanics", 1997).
 */
import {
  multiplyRotations,
  rotationFromVector,
  transposeRotation,
  vectorFromRotation,
} from '../../../../shared/geometry/rotation.ts'
import { congruence } from '../../../../shared/geometry/pose-covariance.ts'
import { invertSymmetric, solveSymmetric } from '../../../../shared/geometry/symmetric.ts'

type Vector = readonly [number, number, number]

/** A moment at which both devices know where they are. */
export interface PosePair {
  /** target_from_targetDevice. */
  readonly targetRotation: readonly number[]
  readonly targetPosition: readonly [number, number, number]
  /** source_from_sourceDevice. */
  readonly sourceRotation: readonly number[]
  readonly sourcePosition: readonly [number, number, number]
}

export interface Mounting {
  /** target_from_source. */
  readonly worldRotation: readonly number[]
  readonly worldPosition: Vector
  /** targetDevice_from_sourceDevice. */
  readonly mountRotation: readonly number[]
  readonly mountPosition: Vector
}

/** With what is left of the clocks, in the time from the moment before to the moment after. */
interface Placed extends Mounting {
  readonly late: number
}

const PASSES = 4
/** Turn and place of the world, turn and place of the mount; then how late the source's clock still is. */
const UNKNOWNS = 13
/** The median length of three normal numbers, in deviations. */
const MEDIAN_LENGTH = 1.538
/** Residuals this many deviations long count half. */
const HALF_AT = 4
/** What is correlated by less is taken for noise of the correlation itself. */
const LEAST_CORRELATION = 0.05

/** Residuals of all moments of one kind, their rows (three a moment) and weights. */
interface Part {
  readonly residuals: Float64Array
  readonly rows: Float64Array
  readonly weights: Float64Array
  readonly deviation: number
}

/** @param pairs In the order of time, evenly spaced. Undefined where something stays free. */
export function refineMounting(
  pairs: readonly PosePair[],
  start: Mounting,
): (Mounting & { readonly covariance: number[] }) | undefined {
  let at: Placed = { ...start, late: 0 }
  for (let pass = 0; pass < PASSES; pass++) {
    const normal = normalOf(partsOf(pairs, at), pairs.length)
    const step = solveSymmetric(normal.matrix, normal.vector, UNKNOWNS)
    if (!step) return undefined
    at = stepped(at, step)
  }
  const parts = partsOf(pairs, at)
  const inverse = invertSymmetric(normalOf(parts, pairs.length).matrix, UNKNOWNS)
  if (!inverse) return undefined
  const all = congruence(inverse, scatterOf(parts))
  const covariance: number[] = []
  for (let a = 0; a < 6; a++) for (let b = 0; b < 6; b++) covariance.push(all[a * UNKNOWNS + b])
  const { worldRotation, worldPosition, mountRotation, mountPosition } = at
  return { worldRotation, worldPosition, mountRotation, mountPosition, covariance }
}

function stepped(at: Placed, step: Float64Array): Placed {
  const turn = (rotation: readonly number[], o: number) =>
    multiplyRotations(rotationFromVector(step[o], step[o + 1], step[o + 2]), rotation)
  const place = (p: Vector, o: number): Vector => [p[0] + step[o], p[1] + step[o + 1], p[2] + step[o + 2]]
  return {
    worldRotation: turn(at.worldRotation, 0),
    worldPosition: place(at.worldPosition, 3),
    mountRotation: turn(at.mountRotation, 6),
    mountPosition: place(at.mountPosition, 9),
    late: at.late + step[12],
  }
}

/** What is left of turns and of places, and how each unknown would change it. */
function partsOf(pairs: readonly PosePair[], at: Placed): readonly Part[] {
  const count = pairs.length
  const turns = { residuals: new Float64Array(count * 3), rows: new Float64Array(count * 3 * UNKNOWNS) }
  const places = { residuals: new Float64Array(count * 3), rows: new Float64Array(count * 3 * UNKNOWNS) }
  pairs.forEach((pair, i) => {
    const before = pairs[Math.max(0, i - 1)]
    const after = pairs[Math.min(count - 1, i + 1)]
    const a = pair.targetRotation
    const turnedBack = transposeRotation(multiplyRotations(at.worldRotation, pair.sourceRotation))
    const left = vectorFromRotation(multiplyRotations(multiplyRotations(a, at.mountRotation), turnedBack))
    const spin = vectorFromRotation(multiplyRotations(after.sourceRotation, transposeRotation(before.sourceRotation)))
    const velocity = after.sourcePosition.map((value, k) => value - before.sourcePosition[k])
    const q = turned(at.worldRotation, pair.sourcePosition)
    const arm = turned(a, at.mountPosition)
    const clock = [turned(at.worldRotation, spin), turned(at.worldRotation, velocity)]
    const cross = [0, q[2], -q[1], -q[2], 0, q[0], q[1], -q[0], 0]
    for (let r = 0; r < 3; r++) {
      const o = (i * 3 + r) * UNKNOWNS
      turns.residuals[i * 3 + r] = left[r] - at.late * clock[0][r]
      places.residuals[i * 3 + r] = pair.targetPosition[r] + arm[r] - q[r] - at.worldPosition[r] - at.late * clock[1][r]
      turns.rows[o + r] = 1
      places.rows[o + 3 + r] = 1
      for (let c = 0; c < 3; c++) {
        turns.rows[o + 6 + c] = -a[c * 3 + r]
        places.rows[o + 9 + c] = -a[c * 3 + r]
        places.rows[o + c] = cross[r * 3 + c]
      }
      turns.rows[o + 12] = clock[0][r]
      places.rows[o + 12] = clock[1][r]
    }
  })
  return [weighed(turns), weighed(places)]
}

function turned(m: readonly number[], p: readonly number[]): Vector {
  return [0, 1, 2].map((k) => m[k] * p[0] + m[3 + k] * p[1] + m[6 + k] * p[2]) as [number, number, number]
}

function weighed({ residuals, rows }: Pick<Part, 'residuals' | 'rows'>): Part {
  const lengths = new Float64Array(residuals.length / 3)
  for (let i = 0; i < lengths.length; i++) {
    lengths[i] = Math.hypot(residuals[i * 3], residuals[i * 3 + 1], residuals[i * 3 + 2])
  }
  const deviation = Float64Array.from(lengths).sort()[lengths.length >> 1] / MEDIAN_LENGTH + 1e-9
  const weights = lengths.map((length) => 1 / (1 + (length / (HALF_AT * deviation)) ** 2))
  return { residuals, rows, weights, deviation }
}

function normalOf(parts: readonly Part[], count: number): { matrix: Float64Array; vector: Float64Array } {
  const matrix = new Float64Array(UNKNOWNS * UNKNOWNS)
  const vector = new Float64Array(UNKNOWNS)
  for (const { residuals, rows, weights, deviation } of parts) {
    residuals.forEach((residual, i) => {
      const weight = weights[Math.floor(i / 3)] / deviation ** 2
      addOuter(matrix, rows, i * UNKNOWNS, weight)
      for (let a = 0; a < UNKNOWNS; a++) vector[a] += weight * residual * rows[i * UNKNOWNS + a]
    })
  }
  // A little pull of the mount towards where it is: turns about one axis leave part of it free.
  for (let a = 9; a < 12; a++) matrix[a * (UNKNOWNS + 1)] += (count * 1e-6) / parts[1].deviation ** 2
  return { matrix, vector }
}

/** The covariance of what all residuals together pull at the unknowns. */
function scatterOf(parts: readonly Part[]): Float64Array {
  const scatter = new Float64Array(UNKNOWNS * UNKNOWNS)
  const shared = parts.map(sharedMoments)
  const independent = parts.reduce((sum, { residuals }, i) => sum + residuals.length / shared[i], 0)
  // The fit has taken as much out of what is left as it has unknowns.
  const fitted = independent / Math.max(1, independent - UNKNOWNS)
  for (const [index, part] of parts.entries()) {
    const { residuals, rows, weights, deviation } = part
    let squares = 0
    let sum = 0
    residuals.forEach((residual, i) => {
      squares += weights[Math.floor(i / 3)] * residual * residual
      sum += weights[Math.floor(i / 3)]
    })
    const variance = (squares / sum) * shared[index] * fitted
    residuals.forEach((_, i) => {
      addOuter(scatter, rows, i * UNKNOWNS, (variance * weights[Math.floor(i / 3)] ** 2) / deviation ** 4)
    })
  }
  return scatter
}

function addOuter(matrix: Float64Array, rows: Float64Array, o: number, weight: number): void {
  for (let a = 0; a < UNKNOWNS; a++) {
    const value = weight * rows[o + a]
    if (value !== 0) for (let b = 0; b < UNKNOWNS; b++) matrix[a * UNKNOWNS + b] += value * rows[o + b]
  }
}

/** Over how many moments an error is shared: 1 where each has its own. */
function sharedMoments({ residuals, weights }: Part): number {
  const count = weights.length
  const value = (i: number) => residuals[i] * weights[Math.floor(i / 3)]
  const products = (lag: number): number => {
    let sum = 0
    for (let i = 0; i < (count - lag) * 3; i++) sum += value(i) * value(i + lag * 3)
    return sum
  }
  const own = products(0)
  let shared = 1
  for (let lag = 1; own > 0 && lag < count / 4; lag++) {
    const correlation = products(lag) / own
    if (correlation < LEAST_CORRELATION) break
    shared += 2 * correlation
  }
  return shared
}
