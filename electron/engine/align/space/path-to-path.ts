/**
 * Path to path: two devices that moved together, each in its own world, clocks known up to a little. The remaining
 * offset of the clocks is the one at which the paths fit each other best.
 */
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { because, type Reason } from '../../../../shared/sayings/saying.ts'
import type { PosePath } from '../../../../shared/geometry/data.ts'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { poseAt } from '../../../../shared/geometry/pose-at.ts'
import type { ClockMap, MeasureContext, SpaceAsset, SpaceMethod } from './method.ts'
import type { SpaceRegistration } from './registration.ts'
import type { PosePair } from './mount-refinement.ts'
import { type MountSolution, solveMount } from './rigid-mount.ts'

const PATH_METHOD = 'path-to-path'

const IDENTITY_CLOCK: ClockMap = { offsetSeconds: 0, ratePpm: 0, sigmaOffsetSeconds: 0 }
const SAMPLES = 500
const SHORTEST_OVERLAP_SECONDS = 3
/** Turns compared span about this long. */
const TURN_SECONDS = 0.8
/** The clocks may be out by this much even when their maps claim less, seconds. */
const CLOCK_SLACK_SECONDS = 0.06
const LEAST_EXCITATION = 0.12
const LARGEST_ROTATION_RMSE = (4 * Math.PI) / 180
const LARGEST_POSITION_RMSE = 0.15

export interface PathAlignment {
  readonly registration: SpaceRegistration
  /** To be added to the source's project times, where the paths could be compared. */
  readonly clockCorrectionSeconds?: number
  /** targetDevice_from_sourceDevice, 16 numbers column-major. */
  readonly mount?: readonly number[]
}

/** Times are compared on project time, to which each path's clock map leads. */
export function alignPaths(
  target: { readonly path: PosePath; readonly clockMap?: ClockMap },
  source: { readonly path: PosePath; readonly clockMap?: ClockMap },
  context: MeasureContext = {},
): PathAlignment {
  const targetMap = target.clockMap ?? IDENTITY_CLOCK
  const sourceMap = source.clockMap ?? IDENTITY_CLOCK
  const bad = [target.path, source.path].some((path) => !isFinitePath(path))
  if (bad) return refuse(because('space.pathNumbers'))
  const [a0, a1] = spanOf(target.path, targetMap)
  const [b0, b1] = spanOf(source.path, sourceMap)
  const [start, end] = [Math.max(a0, b0), Math.min(a1, b1)]
  if (!(end - start >= SHORTEST_OVERLAP_SECONDS)) {
    const seconds = fixedAmount(Math.max(0, end - start || 0), 1)
    return refuse(because('space.pathsShare', { seconds, least: SHORTEST_OVERLAP_SECONDS }))
  }
  const solve = (shift: number): MountSolution | undefined => {
    throwIfCancelled(context.signal)
    const pairs = pairsAt(target.path, targetMap, source.path, sourceMap, start, end, shift)
    const stride = Math.max(1, Math.round((TURN_SECONDS * SAMPLES) / (end - start)))
    return pairs.length < 40 ? undefined : solveMount(pairs, stride)
  }
  const slack = Math.max(
    CLOCK_SLACK_SECONDS,
    4 * Math.hypot(targetMap.sigmaOffsetSeconds, sourceMap.sigmaOffsetSeconds),
  )
  const shift = bestShift((s) => costOf(solve(s)), Math.min(slack, 2))
  const best = solve(shift)
  if (!best) return refuse(because('space.hardlyTurned'))
  if (best.excitation < LEAST_EXCITATION) {
    return refuse(because('space.oneAxis'))
  }
  const degrees = (best.rotationRmseRadians * 180) / Math.PI
  if (best.rotationRmseRadians > LARGEST_ROTATION_RMSE || best.positionRmseMetres > LARGEST_POSITION_RMSE) {
    const left = { degrees: fixedAmount(degrees, 1), metres: fixedAmount(best.positionRmseMetres, 2) }
    return refuse(because('space.notAsOne', left))
  }
  const strain = Math.max(
    best.rotationRmseRadians / LARGEST_ROTATION_RMSE,
    best.positionRmseMetres / LARGEST_POSITION_RMSE,
  )
  return {
    registration: {
      registered: true,
      targetFromSource: best.targetFromSource,
      scale: 1,
      rmseMetres: best.positionRmseMetres,
      overlap: Math.min(1, (end - start) / Math.min(a1 - a0, b1 - b0)),
      confidence: 0.99 - 0.2 * strain,
      method: PATH_METHOD,
      covariance: best.covariance,
      candidates: [],
    },
    clockCorrectionSeconds: -shift,
    mount: best.mount,
  }
}

export const pathToPath: SpaceMethod = {
  id: PATH_METHOD,
  title: 'Path against path',
  // Without clocks that are known to belong together any two paths could be laid onto each other somehow.
  supports: (target, source) =>
    target.path !== undefined &&
    source.path !== undefined &&
    target.clockMap !== undefined &&
    source.clockMap !== undefined,
  measure: async (target: SpaceAsset, source: SpaceAsset, context) => {
    if (!target.path || !source.path) return refuse(because('space.noPath')).registration
    return alignPaths({ ...target, path: target.path }, { ...source, path: source.path }, context).registration
  },
}

function refuse(reason: Reason): PathAlignment {
  return { registration: { registered: false, ...reason, candidates: [] } }
}

function isFinitePath(path: PosePath): boolean {
  return path.positions.every(Number.isFinite) && path.rotations.every(Number.isFinite)
}

function projectSeconds(map: ClockMap, nanoseconds: bigint): number {
  return map.offsetSeconds + (1 + map.ratePpm * 1e-6) * (Number(nanoseconds) * 1e-9)
}

function clockNanoseconds(map: ClockMap, seconds: number): bigint {
  return BigInt(Math.round(((seconds - map.offsetSeconds) / (1 + map.ratePpm * 1e-6)) * 1e9))
}

function spanOf(path: PosePath, map: ClockMap): [number, number] {
  if (path.count < 2) return [0, 0]
  return [projectSeconds(map, path.timesNanoseconds[0]), projectSeconds(map, path.timesNanoseconds[path.count - 1])]
}

/** Evenly spaced moments at which both have a pose; the source is read `shift` seconds later on project time. */
function pairsAt(
  target: PosePath,
  targetMap: ClockMap,
  source: PosePath,
  sourceMap: ClockMap,
  start: number,
  end: number,
  shift: number,
): PosePair[] {
  const pairs: PosePair[] = []
  for (let i = 0; i < SAMPLES; i++) {
    const at = start + ((i + 0.5) / SAMPLES) * (end - start)
    const a = poseAt(target, clockNanoseconds(targetMap, at))
    const b = poseAt(source, clockNanoseconds(sourceMap, at + shift))
    if (!a || !b) continue
    pairs.push({
      targetRotation: a.rotation,
      targetPosition: a.position,
      sourceRotation: b.rotation,
      sourcePosition: b.position,
    })
  }
  return pairs
}

/** Rotation left over, and position left over at a weight of 1 rad a metre, as one number. */
function costOf(solution: MountSolution | undefined): number {
  return solution ? Math.hypot(solution.rotationRmseRadians, solution.positionRmseMetres) : Number.POSITIVE_INFINITY
}

/** The least cost within +-slack: a grid, then golden-section search around its best step. */
function bestShift(cost: (shift: number) => number, slack: number): number {
  const steps = 12
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let i = -steps; i <= steps; i++) {
    const value = cost((i / steps) * slack)
    if (value < least) {
      least = value
      best = (i / steps) * slack
    }
  }
  if (least === Number.POSITIVE_INFINITY) return 0
  const golden = (Math.sqrt(5) - 1) / 2
  let low = best - slack / steps
  let high = best + slack / steps
  while (high - low > 2e-4) {
    const a = high - golden * (high - low)
    const b = low + golden * (high - low)
    if (cost(a) < cost(b)) high = b
    else low = a
  }
  return (low + high) / 2
}
