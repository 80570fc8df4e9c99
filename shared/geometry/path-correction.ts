/**
 * What undoes the drift of a path: rigid motions of the asset's own frame at some moments, and in between what they
 * come to for a device that is where it was recorded. The recorded path stays as it is; this is applied on reading.
 */
import type { DepthFrame, PosePath } from './data.ts'
import type { JointFrames } from './joints.ts'
import { type Matrix4, multiply, rotationOf, similarity, transformPoint } from './matrix4.ts'
import { quaternionFromRotation, rotationFromQuaternion, slerp } from './rotation.ts'

export interface CorrectionKnot {
  /** On the clock of the path, seconds. */
  readonly clockSeconds: number
  /** Moves what was recorded at that moment to where it belongs; both in the asset's frame, 16 numbers column-major. */
  readonly correctedFromRecorded: Matrix4
}

type Position = readonly [number, number, number]
type Quaternion = readonly [number, number, number, number]
interface Pose {
  readonly position: Position
  readonly rotation: Quaternion
}

/** The pose at a moment as the knots before and after it have it, mixed by time; the first and last hold beyond them. */
export function correctedPose(knots: readonly CorrectionKnot[], clockSeconds: number, pose: Pose): Pose {
  if (knots.length === 0) return pose
  let after = knots.findIndex((knot) => knot.clockSeconds > clockSeconds)
  if (after < 0) after = knots.length
  const [a, b] = [knots[Math.max(0, after - 1)]!, knots[Math.min(knots.length - 1, after)]!]
  const span = b.clockSeconds - a.clockSeconds
  const f = span > 0 ? Math.min(1, Math.max(0, (clockSeconds - a.clockSeconds) / span)) : 0
  const [from, to] = [moved(a.correctedFromRecorded, pose), moved(b.correctedFromRecorded, pose)]
  return {
    position: [0, 1, 2].map((k) => from.position[k]! * (1 - f) + to.position[k]! * f) as [number, number, number],
    rotation: slerp(from.rotation, to.rotation, f),
  }
}

function moved(by: Matrix4, { position, rotation }: Pose): Pose {
  const turned = multiply(
    similarity(rotationOf(by), [0, 0, 0]),
    similarity(rotationFromQuaternion(rotation), [0, 0, 0]),
  )
  return { position: transformPoint(by, position), rotation: quaternionFromRotation(rotationOf(turned)) }
}

/** The whole path put right. */
export function correctedPath(path: PosePath, knots: readonly CorrectionKnot[]): PosePath {
  const positions = new Float64Array(path.positions.length)
  const rotations = new Float64Array(path.rotations.length)
  for (let i = 0; i < path.count; i++) {
    const [x, y, z] = path.positions.subarray(i * 3, i * 3 + 3)
    const [qx, qy, qz, qw] = path.rotations.subarray(i * 4, i * 4 + 4)
    const pose: Pose = { position: [x!, y!, z!], rotation: [qx!, qy!, qz!, qw!] }
    const { position, rotation } = correctedPose(knots, Number(path.timesNanoseconds[i]!) * 1e-9, pose)
    positions.set(position, i * 3)
    rotations.set(rotation, i * 4)
  }
  return { ...path, positions, rotations }
}

/** Hands and bodies go along with the device that saw them. */
export function correctedJoints(frames: JointFrames, knots: readonly CorrectionKnot[]): JointFrames {
  const positions = new Float32Array(frames.positions.length)
  const perSample = 3 * frames.jointCount
  for (let at = 0; at < positions.length; at += 3) {
    const seconds = Number(frames.timesNanoseconds[Math.floor(at / perSample)]!) * 1e-9
    const [x, y, z] = frames.positions.subarray(at, at + 3)
    positions.set(correctedPose(knots, seconds, { position: [x!, y!, z!], rotation: [0, 0, 0, 1] }).position, at)
  }
  return { ...frames, positions }
}

/** A depth picture that brings its own pose, put right like the path. */
export function correctedFrame(frame: DepthFrame, knots: readonly CorrectionKnot[]): DepthFrame {
  if (!frame.pose) return frame
  return { ...frame, pose: correctedPose(knots, Number(frame.timeNanoseconds) * 1e-9, frame.pose) }
}
