/** Loops of one capture: places it came back to, what its drift may be, and what was made of both. */
import type { CorrectionKnot } from '../../../../shared/geometry/path-correction.ts'
import type { Matrix4 } from '../../../../shared/geometry/matrix4.ts'

/** A place seen twice: the later piece registered in the earlier one. */
export interface Loop {
  /** Index of the earlier fragment. */
  readonly earlier: number
  readonly later: number
  readonly earlierFromLater: Matrix4
  /** 6x6 row-major, axes of the earlier one. */
  readonly covariance: readonly number[]
  readonly confidence: number
  readonly overlap: number
}

/** A place as the answer has it. */
export interface LoopReport {
  readonly earlierSeconds: number
  readonly laterSeconds: number
  /** How far the recorded path misses the place. */
  readonly gapMetres: number
  readonly gapDegrees: number
  /** What is left of it once the path is put right; null for a rejected loop. */
  readonly leftMetres: number | null
  readonly confidence: number
  readonly accepted: boolean
  readonly reason?: string
}

export interface LoopClosure {
  readonly fragments: number
  readonly loops: readonly LoopReport[]
  /** Empty where the path closes by itself or came back to no place. */
  readonly knots: readonly CorrectionKnot[]
  readonly largestCorrectionMetres: number
  /** Why nothing was put right, where nothing was. */
  readonly reason?: string
}

/**
 * How far a tracker drifts: standard deviations grow with the root of the metres walked. Set above what phones show
 * (about one per cent of the way), since it only says how far from the recorded path a place may be looked for.
 */
const YAW_PER_ROOT_METRE = 0.011
const TILT_PER_ROOT_METRE = 0.003
const SHIFT_PER_ROOT_METRE = 0.05

/** 6x6 row-major over (rotation vector in rad, translation in m), +Y up. */
export function driftCovariance(walkedMetres: number): number[] {
  const walked = Math.max(0.3, walkedMetres)
  const out = Array.from<number>({ length: 36 }).fill(0)
  const sigmas = [TILT_PER_ROOT_METRE, YAW_PER_ROOT_METRE, TILT_PER_ROOT_METRE]
  for (let k = 0; k < 3; k++) {
    out[k * 7] = sigmas[k] ** 2 * walked
    out[21 + k * 7] = SHIFT_PER_ROOT_METRE ** 2 * walked
  }
  return out
}

/** What drift over so many metres may come to with a lever of so many metres: three standard deviations and a little. */
export function driftAllowance(walkedMetres: number, leverMetres: number): { degrees: number; metres: number } {
  const turn = 3 * YAW_PER_ROOT_METRE * Math.sqrt(Math.max(0.3, walkedMetres))
  return {
    degrees: 1 + (turn * 180) / Math.PI,
    metres: 0.08 + 3 * SHIFT_PER_ROOT_METRE * Math.sqrt(Math.max(0.3, walkedMetres)) + turn * leverMetres,
  }
}
