/**
 * All poses at once: Gauss-Newton over the believed measurements with Cauchy weights. A node's step is (rotation
 * vector, translation, log of scale) in world axes, so that the inverse of the normal matrix is the covariance as the
 * document defines it. Follows G. Grisetti et al., "A tutorial on graph-based SLAM" (2010).
 */
import {
  invertSimilarity,
  type Matrix4,
  multiply,
  rotationOf,
  scaleOf,
  similarity,
} from '../../../../shared/geometry/matrix4.ts'
import { congruence, firmestPlace, leverJacobian } from '../../../../shared/geometry/pose-covariance.ts'
import {
  multiplyRotations,
  orthonormalise,
  rotationFromVector,
  transposeRotation,
  vectorFromRotation,
} from '../../../../shared/geometry/rotation.ts'
import { invertSymmetric, solveSymmetric } from '../../../../shared/geometry/symmetric.ts'
import type { Edge } from './pose-graph-model.ts'

const FREE = 7
/**
 * Error of a measurement beyond its covariance, as in graph-cycles.ts but as a standard deviation: rad and metres, where the
 * measurement is firmest. At the origin of a scan that lies 700 m from it they would part the turn from the lever it has there.
 */
const ROTATION_FLOOR = 0.001
const TRANSLATION_FLOOR = 0.004
const SCALE_SIGMA = 0.003
const FIXED_SCALE_SIGMA = 1e-5
const STEP = 1e-6
const BY_HAND = 1e6

/** A measurement as the optimiser needs it. */
export type Constraint = Pick<Edge, 'target' | 'source' | 'targetFromSource' | 'scale' | 'covariance' | 'forced'>

export interface Optimised {
  readonly poses: Map<number, number[]>
  /** 6x6 row-major for every free node. */
  readonly covariances: Map<number, number[]>
}

/** @param poses Starting poses of all connected nodes, world_from_asset; those in `fixed` stay. */
export function optimise(
  poses: ReadonlyMap<number, Matrix4>,
  edges: readonly Constraint[],
  fixed: ReadonlySet<number>,
): Optimised {
  const current = new Map<number, number[]>([...poses].map(([node, pose]) => [node, [...pose]]))
  const free = [...current.keys()].filter((node) => !fixed.has(node))
  const place = new Map(free.map((node, i) => [node, i * FREE]))
  const size = free.length * FREE
  const information = edges.map(informationOf)
  // What the person said holds against any number of computed pairs.
  const pull = edges.map((edge, i) => (edge.forced ? information[i].map((value) => value * BY_HAND) : information[i]))
  let matrix = new Float64Array(size * size)
  for (let pass = 0; pass < 25 && size > 0; pass++) {
    matrix = new Float64Array(size * size)
    const vector = new Float64Array(size)
    edges.forEach((edge, i) => addEdge(edge, pull[i], current, place, matrix, vector, size))
    const step = solveSymmetric(matrix, vector, size)
    if (!step) break
    let largest = 0
    for (const node of free) {
      const at = place.get(node) ?? 0
      const move = step.subarray(at, at + FREE)
      current.set(node, moved(poseOf(current, node), move))
      for (const value of move) largest = Math.max(largest, Math.abs(value))
    }
    if (largest < 1e-9) break
  }
  if (edges.some((edge) => edge.forced)) {
    // The stated uncertainty is that of the measurements themselves.
    matrix = new Float64Array(size * size)
    const unused = new Float64Array(size)
    edges.forEach((edge, i) => addEdge(edge, information[i], current, place, matrix, unused, size))
  }
  const inverse = size > 0 ? invertSymmetric(matrix, size) : undefined
  const covariances = new Map<number, number[]>()
  for (const node of free) {
    const at = place.get(node) ?? 0
    if (!inverse) continue
    const block: number[] = []
    for (let r = 0; r < 6; r++) for (let c = 0; c < 6; c++) block.push(inverse[(at + r) * size + at + c])
    covariances.set(node, block)
  }
  return { poses: current, covariances }
}

function poseOf(poses: ReadonlyMap<number, Matrix4>, node: number): Matrix4 {
  const pose = poses.get(node)
  if (!pose) throw new RangeError(`node ${node} has no pose`)
  return pose
}

function informationOf(edge: Constraint): number[] {
  const full = Array.from<number>({ length: FREE * FREE }).fill(0)
  const [x, y, z] = firmestPlace(edge.covariance)
  const there = congruence(leverJacobian(x, y, z), edge.covariance)
  for (let k = 0; k < 6; k++) there[k * 7]! += (k < 3 ? ROTATION_FLOOR : TRANSLATION_FLOOR) ** 2
  const covariance = congruence(leverJacobian(-x, -y, -z), there)
  const inverse = invertSymmetric(covariance, 6)
  for (let r = 0; r < 6; r++) {
    for (let c = 0; c < 6; c++) {
      full[r * FREE + c] = inverse ? inverse[r * 6 + c] : r === c ? (r < 3 ? 1e4 : 1e3) : 0
    }
  }
  full[48] = 1 / (Math.abs(edge.scale - 1) > 1e-9 ? SCALE_SIGMA : FIXED_SCALE_SIGMA) ** 2
  return full
}

/** (rotation, translation, log scale) of predicted over measured target_from_source. */
function residual(edge: Constraint, target: Matrix4, source: Matrix4): number[] {
  const predicted = multiply(invertSimilarity(target), source)
  const m = edge.targetFromSource
  const turn = vectorFromRotation(multiplyRotations(rotationOf(predicted), transposeRotation(rotationOf(m))))
  return [
    ...turn,
    predicted[12] - m[12],
    predicted[13] - m[13],
    predicted[14] - m[14],
    Math.log(scaleOf(predicted) / scaleOf(m)),
  ]
}

function moved(pose: Matrix4, step: ArrayLike<number>): number[] {
  const rotation = orthonormalise(multiplyRotations(rotationFromVector(step[0], step[1], step[2]), rotationOf(pose)))
  const translation = [pose[12] + step[3], pose[13] + step[4], pose[14] + step[5]]
  return similarity(rotation, translation, scaleOf(pose) * Math.exp(step[6]))
}

function addEdge(
  edge: Constraint,
  information: readonly number[],
  poses: ReadonlyMap<number, Matrix4>,
  place: ReadonlyMap<number, number>,
  matrix: Float64Array,
  vector: Float64Array,
  size: number,
): void {
  const target = poseOf(poses, edge.target)
  const source = poseOf(poses, edge.source)
  const r = residual(edge, target, source)
  const columns: { at: number; derivative: number[] }[] = []
  for (const [node, isTarget] of [
    [edge.target, true],
    [edge.source, false],
  ] as const) {
    const base = place.get(node)
    if (base === undefined) continue
    for (let k = 0; k < FREE; k++) {
      const step = new Float64Array(FREE)
      step[k] = STEP
      const forward = isTarget
        ? residual(edge, moved(target, step), source)
        : residual(edge, target, moved(source, step))
      columns.push({ at: base + k, derivative: forward.map((value, i) => (value - r[i]) / STEP) })
    }
  }
  const weighted = (v: readonly number[]): number[] =>
    r.map((_, a) => v.reduce((sum, value, b) => sum + information[a * FREE + b] * value, 0))
  const pulled = weighted(r)
  const squared = pulled.reduce((sum, value, i) => sum + value * r[i], 0)
  const weight = edge.forced ? 1 : 1 / (1 + squared / 36)
  for (const a of columns) {
    const row = weighted(a.derivative)
    for (let i = 0; i < FREE; i++) vector[a.at] -= weight * row[i] * r[i]
    for (const b of columns) {
      let sum = 0
      for (let i = 0; i < FREE; i++) sum += row[i] * b.derivative[i]
      matrix[a.at * size + b.at] += weight * sum
    }
  }
}
