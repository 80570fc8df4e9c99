/**
 * Rotations that lay the flat directions of one scan onto those of another: every pair of directions against every
 * pair at the same angle, in every sense. A box room gives the 24 rotations of the cube, whatever is up.
 */
import {
  angleBetweenRotations,
  multiplyRotations,
  rotationFromVector,
  transposeRotation,
} from '../../../../shared/geometry/rotation.ts'
import type { Direction } from './dominant-directions.ts'

const ANGLE_TOLERANCE = (5 * Math.PI) / 180
const SAME_ROTATION = (7 * Math.PI) / 180
const MAXIMUM = 72

export interface RotationCandidate {
  /** 3x3 column-major, target_from_source. */
  readonly rotation: number[]
  /** Product of the shares of the directions it joins: the likelier first. */
  readonly support: number
}

type Axis = readonly [number, number, number]

/** @param gravityKnown Both scans have +Y up, to within a few degrees. */
export function rotationCandidates(
  target: readonly Direction[],
  source: readonly Direction[],
  gravityKnown: boolean,
): RotationCandidate[] {
  const found: RotationCandidate[] = []
  for (let i = 0; i < target.length; i++) {
    for (let j = i + 1; j < target.length; j++) {
      const angle = angleBetween(target[i].axis, target[j].axis)
      if (angle < Math.PI / 6) continue
      for (let k = 0; k < source.length; k++) {
        for (let l = 0; l < source.length; l++) {
          if (k === l) continue
          for (const [signK, signL] of [
            [1, 1],
            [1, -1],
            [-1, 1],
            [-1, -1],
          ]) {
            const a = scaled(source[k].axis, signK)
            const b = scaled(source[l].axis, signL)
            const other = Math.acos(clamp(dot(a, b)))
            const here = Math.acos(clamp(dot(target[i].axis, target[j].axis)))
            if (Math.abs(other - here) > ANGLE_TOLERANCE) continue
            const rotation = multiplyRotations(
              frameOf(target[i].axis, target[j].axis),
              transposeRotation(frameOf(a, b)),
            )
            const support = target[i].share * target[j].share * source[k].share * source[l].share
            found.push({ rotation, support })
          }
        }
      }
    }
  }
  found.sort((a, b) => b.support - a.support)
  return distinct(found.filter((candidate) => !gravityKnown || keepsUp(candidate.rotation))).slice(0, MAXIMUM)
}

/**
 * Turns about one common direction in even steps, for scans with a floor and nothing else that is flat, or with
 * gravity known and no walls.
 */
export function turnsAbout(target: Axis, source: Axis, stepDegrees: number, bothSenses: boolean): RotationCandidate[] {
  const found: RotationCandidate[] = []
  const frame = frameOf(target, perpendicular(target))
  for (const sense of bothSenses ? [1, -1] : [1]) {
    const axis = scaled(source, sense)
    const base = multiplyRotations(frame, transposeRotation(frameOf(axis, perpendicular(axis))))
    for (let degrees = 0; degrees < 360; degrees += stepDegrees) {
      const angle = (degrees * Math.PI) / 180
      const turn = rotationFromVector(target[0] * angle, target[1] * angle, target[2] * angle)
      found.push({ rotation: multiplyRotations(turn, base), support: 1 })
    }
  }
  return found
}

function distinct(candidates: readonly RotationCandidate[]): RotationCandidate[] {
  const kept: RotationCandidate[] = []
  for (const candidate of candidates) {
    if (kept.every((other) => angleBetweenRotations(other.rotation, candidate.rotation) > SAME_ROTATION)) {
      kept.push(candidate)
    }
  }
  return kept
}

/** Whether +Y stays up to within 8 degrees. */
function keepsUp(rotation: readonly number[]): boolean {
  return rotation[4] > 0.99
}

/** The right-handed frame (columns) whose first axis bisects and whose third is normal to the two. */
function frameOf(a: Axis, b: Axis): number[] {
  const x = unit([a[0] + b[0], a[1] + b[1], a[2] + b[2]])
  const z = unit(cross(a, b))
  const y = cross(z, x)
  return [...x, ...y, ...z]
}

function angleBetween(a: Axis, b: Axis): number {
  return Math.acos(Math.min(1, Math.abs(dot(a, b))))
}
function perpendicular(a: Axis): Axis {
  return unit(Math.abs(a[0]) < 0.7 ? cross(a, [1, 0, 0]) : cross(a, [0, 1, 0]))
}
function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value))
}
function scaled(a: Axis, s: number): Axis {
  return [a[0] * s, a[1] * s, a[2] * s]
}
function dot(a: Axis, b: Axis): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
function cross(a: Axis, b: Axis): Axis {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
function unit(a: Axis): Axis {
  const length = Math.hypot(...a)
  return [a[0] / length, a[1] / length, a[2] / length]
}
