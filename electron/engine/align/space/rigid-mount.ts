/**
 * Two devices fixed to each other: from where each says it is, how they are mounted and how their worlds lie, the
 * `A X = Y B` problem. Rotation from the rotation vectors of matching turns (F. C. Park, B. J. Martin, "Robot sensor
 * calibration: solving AX = XB on the Euclidean group", 1994); both translations together from one linear system,
 * reweighted so that jumps of either tracker do not count.
 */
import { similarity } from '../../../../shared/geometry/matrix4.ts'
import {
  angleBetweenRotations,
  multiplyRotations,
  quaternionFromRotation,
  rotationFromQuaternion,
  transposeRotation,
  vectorFromRotation,
} from '../../../../shared/geometry/rotation.ts'
import { solveSymmetric, symmetricEigen } from '../../../../shared/geometry/symmetric.ts'
import { type PosePair, refineMounting } from './mount-refinement.ts'
import { fitPoints } from '../../../../shared/geometry/umeyama.ts'

export interface MountSolution {
  readonly targetFromSource: number[]
  /** targetDevice_from_sourceDevice. */
  readonly mount: number[]
  /** Root mean square of what is left, robust. */
  readonly rotationRmseRadians: number
  readonly positionRmseMetres: number
  /** Second largest over largest spread of the turns' axes: near 0 when all turns are about one axis. */
  readonly excitation: number
  readonly covariance: number[]
}

const LEAST_TURN = 0.1
const LARGEST_TURN = 2.6

/** @param stride How many samples lie between the two ends of a turn. Undefined when there are too few turns. */
export function solveMount(pairs: readonly PosePair[], stride: number): MountSolution | undefined {
  const from: number[] = []
  const to: number[] = []
  const spread = Array.from<number>({ length: 9 }).fill(0)
  for (let i = 0; i + stride < pairs.length; i++) {
    const a = turnBetween(pairs[i].targetRotation, pairs[i + stride].targetRotation)
    const b = turnBetween(pairs[i].sourceRotation, pairs[i + stride].sourceRotation)
    const [angleA, angleB] = [Math.hypot(...a), Math.hypot(...b)]
    if (Math.min(angleA, angleB) < LEAST_TURN || Math.max(angleA, angleB) > LARGEST_TURN) continue
    // The two devices turn by the same angle; a tracker that jumped does not.
    if (Math.abs(angleA - angleB) > 0.15 * angleA + 0.03) continue
    // Each turn both ways round, so that the fit has no centroid and is a rotation alone.
    to.push(...a, -a[0], -a[1], -a[2])
    from.push(...b, -b[0], -b[1], -b[2])
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) spread[r * 3 + c] += a[r] * a[c]
  }
  if (from.length < 60) return undefined
  const [, middle, high] = symmetricEigen(spread, 3).values
  const mountRotation = linear(fitPoints(from, to).targetFromSource)
  const worldRotation = meanRotation(
    pairs.map((p) =>
      multiplyRotations(multiplyRotations(p.targetRotation, mountRotation), transposeRotation(p.sourceRotation)),
    ),
  )
  const placed = solveTranslations(pairs, worldRotation)
  if (!placed) return undefined
  const refined = refineMounting(pairs, {
    worldRotation,
    worldPosition: placed.world,
    mountRotation,
    mountPosition: placed.mount,
  })
  if (!refined) return undefined
  const turns = pairs.map((p) =>
    angleBetweenRotations(
      multiplyRotations(p.targetRotation, refined.mountRotation),
      multiplyRotations(refined.worldRotation, p.sourceRotation),
    ),
  )
  const { worldRotation: world, mountPosition: arm, worldPosition: offset } = refined
  const places = pairs.map((pair) => {
    const b = rightSide(pair, world)
    const unknowns = [...arm, ...offset]
    return Math.hypot(...[0, 1, 2].map((r) => rowOf(pair, r).reduce((sum, v, k) => sum + v * unknowns[k], -b[r])))
  })
  return {
    targetFromSource: similarity([...world], [...offset]),
    mount: similarity([...refined.mountRotation], [...arm]),
    rotationRmseRadians: trimmedRms(turns),
    positionRmseMetres: trimmedRms(places),
    excitation: high > 0 ? Math.sqrt(Math.max(0, middle) / high) : 0,
    covariance: refined.covariance,
  }
}

function turnBetween(a: readonly number[], b: readonly number[]): [number, number, number] {
  return vectorFromRotation(multiplyRotations(transposeRotation(a), b))
}

function linear(m: readonly number[]): number[] {
  return [m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]]
}

/** The mean of rotations: the quaternion nearest to all, signs aside (L. Markley et al., 2007), twice with outliers cut. */
function meanRotation(rotations: readonly (readonly number[])[]): number[] {
  let kept = rotations
  let mean = [1, 0, 0, 0, 1, 0, 0, 0, 1]
  for (let pass = 0; pass < 3; pass++) {
    const sum = Array.from<number>({ length: 16 }).fill(0)
    for (const rotation of kept) {
      const q = quaternionFromRotation(rotation)
      for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) sum[r * 4 + c] += q[r] * q[c]
    }
    mean = rotationFromQuaternion(symmetricEigen(sum, 4).vectors[3])
    const errors = rotations.map((rotation) => angleBetweenRotations(mean, rotation))
    const limit = 3 * median(errors) + 1e-9
    kept = rotations.filter((_, i) => errors[i] <= limit)
  }
  return mean
}

/** `R_A t_mount - t_world = R_world t_B - t_A`: six unknowns, Cauchy weights. */
function solveTranslations(
  pairs: readonly PosePair[],
  world: readonly number[],
): { mount: [number, number, number]; world: [number, number, number] } | undefined {
  let weights = new Float64Array(pairs.length).fill(1)
  for (let pass = 0; ; pass++) {
    const matrix = new Float64Array(36)
    const vector = new Float64Array(6)
    pairs.forEach((pair, i) => {
      const b = rightSide(pair, world)
      for (let r = 0; r < 3; r++) {
        const row = rowOf(pair, r)
        for (let a = 0; a < 6; a++) {
          vector[a] += weights[i] * row[a] * b[r]
          for (let c = 0; c < 6; c++) matrix[a * 6 + c] += weights[i] * row[a] * row[c]
        }
      }
    })
    // A little pull of the mount towards zero: turns about one axis leave part of it free.
    for (let a = 0; a < 3; a++) matrix[a * 7] += pairs.length * 1e-6
    const x = solveSymmetric(matrix, vector, 6)
    if (!x) return undefined
    const residuals = pairs.map((pair) => {
      const b = rightSide(pair, world)
      return Math.hypot(...[0, 1, 2].map((r) => rowOf(pair, r).reduce((sum, value, a) => sum + value * x[a], -b[r])))
    })
    const spread = 1.4826 * median(residuals) + 1e-9
    if (pass === 5) return { mount: [x[0], x[1], x[2]], world: [x[3], x[4], x[5]] }
    weights = Float64Array.from(residuals, (r) => 1 / (1 + (r / (2 * spread)) ** 2))
  }
}

function rowOf(pair: PosePair, r: number): number[] {
  const m = pair.targetRotation
  return [m[r], m[3 + r], m[6 + r], r === 0 ? -1 : 0, r === 1 ? -1 : 0, r === 2 ? -1 : 0]
}

function rightSide(pair: PosePair, world: readonly number[]): number[] {
  const [x, y, z] = pair.sourcePosition
  return [0, 1, 2].map((k) => world[k] * x + world[3 + k] * y + world[6 + k] * z - pair.targetPosition[k])
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

/** Of the better nine tenths. */
function trimmedRms(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b).slice(0, Math.max(1, Math.floor(values.length * 0.9)))
  return Math.sqrt(sorted.reduce((sum, value) => sum + value * value, 0) / sorted.length)
}
