/**
 * Point-to-plane ICP with a robust kernel, from coarse to fine.
 * Y. Chen, G. Medioni, "Object modelling by registration of multiple range images" (1992); K.-L. Low, "Linear
 * least-squares optimization for point-to-plane ICP" (2004); kernel: Tukey's biweight, with the scale of the residuals
 * taken from their median in every iteration (P. Babin et al., "Analysis of robust functions for registration
 * algorithms", ICRA 2019).
 */
import { throwIfCancelled } from '../errors.ts'
import { buildKdTree } from './kd-tree.ts'
import { type Matrix4, rotationOf, scaleOf, similarity, translationOf } from './matrix4.ts'
import { NormalEstimator } from './normals.ts'
import { type IcpSurface, PointMatches } from './point-matches.ts'
import type { PoseInformation } from './pose-covariance.ts'
import { multiplyRotations, orthonormalise, rotationFromVector } from './rotation.ts'
import { solveSymmetric } from './symmetric.ts'
import { thinToCells } from './voxel-grid.ts'

export interface IcpOptions {
  /** Points further from the target than this are not matched, metres. */
  readonly gateMetres: number
  readonly iterations: number
  /** Also solve for one scale. */
  readonly withScale?: boolean
  /** Normals of the source points: a match must agree to within 45 degrees, whichever way they point. */
  readonly sourceNormals?: Float32Array
  /** Stops when a step moves the scan less than this, metres. */
  readonly toleranceMetres?: number
  /** Residual at which a match stops counting, metres; from the median of the residuals where left out. */
  readonly kernelMetres?: number
  readonly signal?: AbortSignal
}

export interface IcpResult {
  readonly targetFromSource: number[]
  readonly scale: number
  /** Share of the source points within the gate. */
  readonly matchedShare: number
  /** Root mean square of the matched points' distance to the target's surface, weighted by the kernel, metres. */
  readonly rmseMetres: number
  readonly information: PoseInformation
  readonly iterations: number
}

/** A surface more bent than this is not where the middle of a point's neighbours is. */
const FLAT = 0.02

/**
 * Points with a tree: the target of a stage. Normals, and the noise of each point where the surface is flat, are found
 * when a place is settled: where scans overlap in part or the other has fewer points, most places never are.
 */
export function buildSurface(positions: Float32Array, neighbours = 16): IcpSurface {
  const tree = buildKdTree(positions)
  const estimator = new NormalEstimator(tree.points, tree, neighbours, Number.POSITIVE_INFINITY)
  const { normals, curvatures, offsets } = estimator
  const settled = new Uint8Array(tree.count)
  const settle = (place: number): void => {
    if (settled[place] === 1) return
    settled[place] = 1
    estimator.estimate(place)
    if (curvatures[place] > FLAT) offsets[place] = 0
  }
  return { tree, normals, offsets, settle }
}

/** One stage of ICP from a start that is near. The source is matched whole: thin it first. */
export function refineByIcp(
  target: IcpSurface,
  source: Float32Array,
  initial: Matrix4,
  options: IcpOptions,
): IcpResult {
  const free = options.withScale ? 7 : 6
  const matches = new PointMatches(target, source, options.gateMetres, options.sourceNormals)
  const tolerance = options.toleranceMetres ?? options.gateMetres * 1e-4
  let pose = [...initial]
  let done = 0
  for (;;) {
    throwIfCancelled(options.signal)
    matches.find(pose)
    const system = accumulate(matches, options.kernelMetres ?? matches.kernelMetres(), free)
    const last = done >= options.iterations
    const step = last || matches.count < 12 ? undefined : solveSymmetric(system.matrix, system.vector, free)
    if (!step) return finish(pose, matches, system, free, done)
    pose = applyStep(pose, matches.centre, step, matches.reachMetres)
    done++
    const moved = Math.hypot(step[3], step[4], step[5]) + Math.hypot(step[0], step[1], step[2])
    // One more pass after the last step gives residuals and information at the answer itself.
    if (moved < tolerance) done = Math.max(done, options.iterations)
  }
}

interface NormalSystem {
  readonly matrix: Float64Array
  readonly vector: Float64Array
  /** Sum of weights, of weights squared, and of weight times residual squared. */
  readonly weight: number
  readonly squared: number
}

function accumulate({ rows, residuals, count }: PointMatches, kernel: number, free: number): NormalSystem {
  const matrix = new Float64Array(free * free)
  const vector = new Float64Array(free)
  let weight = 0
  let squared = 0
  for (let i = 0; i < count; i++) {
    const e = residuals[i]
    const u = e / kernel
    if (u >= 1 || u <= -1) continue
    const w = (1 - u * u) * (1 - u * u)
    weight += w
    squared += w * e * e
    const r = i * 7
    for (let a = 0; a < free; a++) {
      const wa = w * rows[r + a]
      vector[a] += wa * e
      for (let b = a; b < free; b++) matrix[a * free + b] += wa * rows[r + b]
    }
  }
  for (let a = 0; a < free; a++) for (let b = 0; b < a; b++) matrix[a * free + b] = matrix[b * free + a]
  return { matrix, vector, weight, squared }
}

function applyStep(pose: readonly number[], centre: readonly number[], step: Float64Array, reach: number): number[] {
  const w = Math.max(reach, 1e-12)
  const turn = rotationFromVector(step[0] / w, step[1] / w, step[2] / w)
  const grow = step.length > 6 ? Math.exp(Math.max(-0.2, Math.min(0.2, step[6] / w))) : 1
  const rotation = orthonormalise(multiplyRotations(turn, rotationOf(pose)))
  const t = translationOf(pose).map((value, k) => value - centre[k])
  const translation = [0, 1, 2].map(
    (k) => grow * (turn[k] * t[0] + turn[3 + k] * t[1] + turn[6 + k] * t[2]) + centre[k] + step[3 + k],
  )
  return similarity(rotation, translation, scaleOf(pose) * grow)
}

function finish(
  pose: number[],
  matches: PointMatches,
  system: NormalSystem,
  free: number,
  iterations: number,
): IcpResult {
  const { centre, reachMetres: reach, sourceCount } = matches
  const variance = system.weight > free ? system.squared / (system.weight - free) : 0
  const matrix = Array.from<number>({ length: 36 })
  for (let a = 0; a < 6; a++) {
    for (let b = 0; b < 6; b++) {
      matrix[a * 6 + b] = system.matrix[a * free + b] * (a < 3 ? reach : 1) * (b < 3 ? reach : 1)
    }
  }
  const information: PoseInformation = {
    matrix,
    centre: [centre[0], centre[1], centre[2]],
    reachMetres: reach,
  }
  return {
    targetFromSource: pose,
    scale: scaleOf(pose),
    matchedShare: sourceCount > 0 ? matches.count / sourceCount : 0,
    rmseMetres: Math.sqrt(variance),
    information,
    iterations,
  }
}

export interface MultiScaleOptions {
  /** Cell sizes from coarse to fine, metres; 0 leaves the points as they are. */
  readonly cellsMetres: readonly number[]
  /** Gate of each stage, metres. */
  readonly gatesMetres: readonly number[]
  readonly withScale?: boolean
  /** The last stage matches no more source points than this; more are thinned by taking every n-th. */
  readonly maximumPoints?: number
  readonly signal?: AbortSignal
}

/** So many points are enough to come near; only the last steps need all of them. */
export const APPROACH_POINTS = 12_000

/**
 * ICP over several scales. Points are metres in each scan's own frame. On the way the kernel stays wide, so that
 * walls which already fit do not outvote the rest of the room; at the last scale it follows the noise.
 */
export function registerByIcp(
  target: Float32Array,
  source: Float32Array,
  initial: Matrix4,
  options: MultiScaleOptions,
): IcpResult {
  const { withScale, signal } = options
  let result: IcpResult | undefined
  let pose = initial
  options.cellsMetres.forEach((cell, stage) => {
    throwIfCancelled(signal)
    const surface = buildSurface(cell > 0 ? thinToCells(target, cell).positions : target)
    const points = cell > 0 ? thinToCells(source, cell / (withScale ? scaleOf(pose) : 1)).positions : source
    const isLast = stage === options.cellsMetres.length - 1
    const gateMetres = options.gatesMetres[stage]
    const common = { gateMetres, iterations: 30, withScale, signal }
    const few = everyNth(points, APPROACH_POINTS)
    result = refineByIcp(surface, few, pose, isLast ? common : { ...common, kernelMetres: gateMetres })
    const moving = isLast ? everyNth(points, options.maximumPoints ?? 100_000) : few
    if (moving.length > few.length) result = refineByIcp(surface, moving, result.targetFromSource, common)
    pose = result.targetFromSource
  })
  if (!result) throw new RangeError('at least one scale is needed')
  return result
}

/** At most `maximum` points, spread over the whole list. */
export function everyNth(positions: Float32Array, maximum: number): Float32Array {
  const count = Math.floor(positions.length / 3)
  if (count <= maximum) return positions
  const out = new Float32Array(maximum * 3)
  for (let i = 0; i < maximum; i++) {
    const from = Math.floor((i * count) / maximum) * 3
    out[i * 3] = positions[from]
    out[i * 3 + 1] = positions[from + 1]
    out[i * 3 + 2] = positions[from + 2]
  }
  return out
}
