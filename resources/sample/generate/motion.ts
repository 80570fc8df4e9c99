/**
 * The person's walk: where the body and the head are at any scene time, twice differentiable, and from it the poses of
 * the three cameras. Camera A sits on the forehead, the phone in a rig on the chest, camera B on a tripod.
 */
import type { Pose, Vec3 } from './linear.ts'
import { Spline, compose, fromYawPitchRoll, lookAt, smoothstep, transform } from './linear.ts'
import { EVENTS } from './clocks.ts'

const degrees = Math.PI / 180

/** time, x, z, heading of the body, heading of the head, pitch of the head; headings turn left from north. */
const KEYS: readonly (readonly [number, number, number, number, number, number])[] = [
  [-4, 1.08, 4.02, -14, -24, -7],
  [-1, 1.08, 4.02, -14, -22, -7],
  [1.3, 1.1, 3.98, -12, -14, -8],
  [3.3, 1.22, 3.42, 0, 26, -9],
  [4.6, 1.42, 3.02, 12, 50, -6],
  [5.9, 1.6, 2.74, 6, 60, -2],
  [7.6, 1.66, 2.62, -56, -56, -22],
  [8.9, 1.74, 2.56, -82, -82, -46],
  [9.75, 1.75, 2.55, -84, -86, -62],
  [10.5, 1.73, 2.5, -66, -58, -26],
  [11.5, 1.66, 1.98, 6, 8, -8],
  [12.9, 1.78, 1.32, 22, 40, -3],
  [14.2, 2.06, 1.02, -22, -6, 0],
  [15.7, 2.7, 1.06, -74, -66, -6],
  [17.2, 3.24, 1.28, -84, -80, -12],
  [18.9, 3.34, 1.36, -82, -80, -13],
  [20.2, 3.52, 1.72, -104, -98, -7],
  [21.8, 3.78, 2.42, -142, -97, -6],
  [23.2, 3.92, 3.1, -112, -84, -5],
  [25.2, 3.66, 3.52, -4, 14, -7],
  [26.8, 3.42, 3.6, 40, 40, -8],
  [30, 3.42, 3.6, 42, 43, -8],
]

const column = (i: number, k = 1): Spline =>
  new Spline(
    KEYS.map((row) => row[0]),
    KEYS.map((row) => row[i] * k),
  )
const pathX = column(1)
const pathZ = column(2)
const bodyYaw = column(3, degrees)
const headYaw = column(4, degrees)
const headPitch = column(5, degrees)

const STEP_METRES = 0.52
const GAIT_FROM = -4
const GAIT_STEP = 0.05

/** Steps taken so far and how much the body swings, both from the speed along the path. */
const gait = ((): { phase: Spline; swing: Spline } => {
  const times: number[] = []
  const phases: number[] = []
  const swings: number[] = []
  let phase = 0
  for (let t = GAIT_FROM; t < 30; t += GAIT_STEP) {
    const speed = Math.hypot(pathX.at(t + 0.01) - pathX.at(t - 0.01), pathZ.at(t + 0.01) - pathZ.at(t - 0.01)) / 0.02
    times.push(t)
    phases.push(phase)
    swings.push(smoothstep(0.08, 0.5, speed))
    phase += (speed / STEP_METRES) * Math.PI * GAIT_STEP
  }
  return { phase: new Spline(times, phases), swing: new Spline(times, swings) }
})()

/** The swing of a hand-held or worn thing: slow wandering, a little tremor; amplitude about 1. */
function sway(t: number, salt: number): number {
  return (
    0.55 * Math.sin(2 * Math.PI * 0.31 * t + salt) +
    0.35 * Math.sin(2 * Math.PI * 0.73 * t + salt * 2.3 + 1) +
    0.14 * Math.sin(2 * Math.PI * 1.57 * t + salt * 3.7) +
    0.035 * Math.sin(2 * Math.PI * 6.3 * t + salt * 5.1)
  )
}

/** On the floor under the hips; heading of the body. */
export function bodyAt(t: number): { position: Vec3; yaw: number; phase: number; swing: number } {
  return {
    position: [pathX.at(t), 0, pathZ.at(t)],
    yaw: bodyYaw.at(t),
    phase: gait.phase.at(t),
    swing: gait.swing.at(t),
  }
}

/** Rise and sideways shift of the trunk while it walks. */
function trunkSwing(t: number): { up: number; side: number } {
  const { phase, swing } = bodyAt(t)
  return { up: swing * 0.016 * Math.cos(2 * phase), side: swing * 0.018 * Math.sin(phase) }
}

/** How far the person bends down to the low table, 0 to 1. */
function bow(t: number): number {
  return (
    smoothstep(EVENTS.cupOnTable - 1.35, EVENTS.cupOnTable - 0.1, t) *
    (1 - smoothstep(EVENTS.cupOnTable + 0.2, EVENTS.cupOnTable + 1.35, t))
  )
}

/** The middle of the hips, its -Z the way the body faces. */
export function hipsAt(t: number): Pose {
  const { position, yaw } = bodyAt(t)
  const { up, side } = trunkSwing(t)
  const rotation = fromYawPitchRoll(yaw, 0, 0)
  const local: Vec3 = [side + 0.004 * sway(t, 14), 0.94 + up - 0.26 * bow(t), 0.004 * sway(t, 15) + 0.1 * bow(t)]
  return compose({ position, rotation }, { position: local, rotation: [0, 0, 0, 1] })
}

/** The chest at the height of the breastbone, its -Z to the front. */
export function chestAt(t: number): Pose {
  const { yaw, phase, swing } = bodyAt(t)
  const rotation = fromYawPitchRoll(
    yaw + swing * 0.035 * Math.sin(phase) + 0.012 * sway(t, 11),
    -0.02 - 0.82 * bow(t) + swing * 0.012 * Math.cos(2 * phase) + 0.008 * sway(t, 12),
    swing * 0.02 * Math.sin(phase + 0.4) + 0.006 * sway(t, 13),
  )
  return compose({ position: hipsAt(t).position, rotation }, { position: [0, 0.34, 0], rotation: [0, 0, 0, 1] })
}

/** The middle of the head, its -Z along the face. */
export function headAt(t: number): Pose {
  const { phase, swing } = bodyAt(t)
  const chest = chestAt(t)
  const neck = transform(chest, [0, 0.32, 0])
  const rotation = fromYawPitchRoll(
    headYaw.at(t) + 0.018 * sway(t, 1) + swing * 0.012 * Math.sin(phase + 0.7),
    headPitch.at(t) + 0.014 * sway(t, 2) + swing * 0.011 * Math.cos(2 * phase + 0.5),
    0.01 * sway(t, 3) + swing * 0.014 * Math.sin(phase + 1.1),
  )
  return compose({ position: neck, rotation }, { position: [0, 0.06, -0.02], rotation: [0, 0, 0, 1] })
}

export function cameraAAt(t: number): Pose {
  return compose(headAt(t), { position: [0, 0.05, -0.12], rotation: [0, 0, 0, 1] })
}

/** A hand's breadth before the breastbone, tilted down a little. */
export function phoneAt(t: number): Pose {
  const loose = fromYawPitchRoll(0.02 + 0.006 * sway(t, 21), -0.16 + 0.008 * sway(t, 22), 0.015 + 0.005 * sway(t, 23))
  return compose(chestAt(t), { position: [0.03, 0.05, -0.16], rotation: loose })
}

export const CAMERA_B: Pose = lookAt([5.22, 1.72, 4.22], [2.1, 0.82, 1.55])

/** Vertical fields of view, radians. */
export const FIELD_OF_VIEW = { cameraA: 60 * degrees, cameraB: 55 * degrees, phone: 56 * degrees }

export interface Footfall {
  readonly at: number
  /** 0 the right foot, 1 the left. */
  readonly foot: 0 | 1
  readonly strength: number
}

/**
 * When each foot comes down: with every half turn of the gait, and where the gait rests while the body still shifts or
 * turns, a small step now and then.
 */
export function footfalls(from: number, to: number): Footfall[] {
  const out: Footfall[] = []
  const stood: [number, number] = [from, from]
  let last = Math.floor(gait.phase.at(from) / Math.PI)
  let previous = from
  const land = (at: number, foot: 0 | 1, strength: number): void => {
    out.push({ at, foot, strength })
    stood[foot] = at
    previous = at
  }
  for (let t = from; t < to; t += 0.002) {
    const count = Math.floor(gait.phase.at(t) / Math.PI)
    const now = bodyAt(t)
    const stale = (foot: 0 | 1): boolean => {
      const then = bodyAt(stood[foot] + 0.2)
      const moved = Math.hypot(now.position[0] - then.position[0], now.position[2] - then.position[2])
      return moved > 0.05 || Math.abs(now.yaw - then.yaw) > 0.3
    }
    if (count > last) {
      last = count
      if (t - previous > 0.3) land(t, count % 2 === 0 ? 0 : 1, 0.3 + 0.7 * now.swing)
    } else if (t - previous > 0.62) {
      const foot = stood[0] <= stood[1] ? 0 : 1
      if (stale(foot)) land(t, foot, 0.25)
    }
  }
  return out
}

/** 0 with the lamp off, 1 with it on; an old bulb takes a moment. */
export function lampLevel(t: number): number {
  return smoothstep(EVENTS.lampOn, EVENTS.lampOn + 0.22, t)
}
