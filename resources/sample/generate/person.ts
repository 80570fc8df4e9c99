/**
 * The person, as jointed round bodies: hips, chest, head, two-bone arms and legs. Feet stay where they are put down;
 * the right hand brings the cup to the table; both hands clap for the lamp.
 */
import type { Pose, Quat, Vec3 } from './linear.ts'
import {
  add,
  axisAngle,
  compose,
  cross,
  dot,
  length,
  mix,
  multiplyQuat,
  normalize,
  rotate,
  scale,
  smoothstep,
  sub,
  transform,
  turnUpTo,
} from './linear.ts'
import { EVENTS } from './clocks.ts'
import { TABLE } from './furniture.ts'
import { bodyAt, chestAt, footfalls, headAt, hipsAt } from './motion.ts'

/** A body of revolution or an ellipsoid, unit sized, placed and stretched. */
export interface Limb {
  readonly shape: 'round' | 'ball' | 'cup'
  readonly colour: 'skin' | 'sweater' | 'trousers' | 'shoe' | 'hair' | 'cup' | 'tea'
  readonly part: 'head' | 'trunk' | 'arm' | 'leg' | 'cup'
  readonly position: Vec3
  readonly rotation: Quat
  readonly size: Vec3
}

const CUP_ON_TABLE: Vec3 = [TABLE.x + 0.0, TABLE.top, TABLE.z + 0.06]
const falls = footfalls(-3.9, 29.9)

/** A bone from a to b: +Y of the unit shape runs along it, from 0 to 1. */
function bone(a: Vec3, b: Vec3, thick: number, colour: Limb['colour'], part: Limb['part']): Limb {
  const d = sub(b, a)
  return { shape: 'round', colour, part, position: a, rotation: turnUpTo(d), size: [thick, length(d), thick] }
}

/** The elbow or knee of a two-bone chain, on the side of `hint`. */
function joint(a: Vec3, b: Vec3, upper: number, lower: number, hint: Vec3): { bend: Vec3; end: Vec3 } {
  const d = sub(b, a)
  const far = Math.min(length(d), (upper + lower) * 0.999)
  const u = normalize(d)
  const x = (far * far + upper * upper - lower * lower) / (2 * far)
  const h = Math.sqrt(Math.max(0, upper * upper - x * x))
  const side = normalize(sub(hint, scale(u, dot(hint, u))))
  return { bend: add(a, add(scale(u, x), scale(side, h))), end: add(a, scale(u, far)) }
}

const facing = (t: number): Pose => {
  const b = bodyAt(t)
  return { position: b.position, rotation: axisAngle([0, 1, 0], b.yaw) }
}

/** Where a foot is put down at its fall: under the hip, half a step ahead. */
function print(index: number): Vec3 {
  const fall = falls[index]
  const side = fall.foot === 0 ? 0.085 : -0.085
  const ahead = facing(fall.at + 0.2)
  return transform({ position: ahead.position, rotation: facing(fall.at).rotation }, [side, 0, 0])
}

function footAt(t: number, foot: 0 | 1): { position: Vec3; yaw: number; lift: number } {
  let last = -1
  let next = -1
  for (let i = 0; i < falls.length; i++) {
    if (falls[i].foot !== foot) continue
    if (falls[i].at <= t) last = i
    else {
      next = i
      break
    }
  }
  const from: Vec3 = last >= 0 ? print(last) : transform(facing(-3.9), [foot === 0 ? 0.085 : -0.085, 0, 0])
  const fromYaw = bodyAt(last >= 0 ? falls[last].at : -3.9).yaw
  if (next < 0) return { position: from, yaw: fromYaw, lift: 0 }
  const lead = Math.min(0.5, 0.8 * (falls[next].at - (last >= 0 ? falls[last].at : -3.9)))
  const k = smoothstep(falls[next].at - lead, falls[next].at, t)
  const yaw = fromYaw + (bodyAt(falls[next].at).yaw - fromYaw) * k
  return { position: mix(from, print(next), k), yaw, lift: Math.sin(Math.PI * k) ** 2 * 0.085 }
}

/** 0 before, 1 at each clap, falling off to both sides. */
function clapNear(t: number): number {
  return Math.max(...EVENTS.claps.map((c) => 1 - smoothstep(0, 0.2, Math.abs(t - c))))
}

/** Where the right hand and the left hand are. */
function hands(t: number, chest: Pose): { right: Vec3; left: Vec3; holding: boolean } {
  const { phase, swing } = bodyAt(t)
  const arm = 0.2 * swing * Math.sin(phase)
  let left = transform(chest, [-0.25, -0.5, -0.06 - arm])
  let right = transform(chest, [0.25, -0.5, -0.06 + arm])
  const carried = transform(chest, [0.17, -0.2, -0.34])
  const put = EVENTS.cupOnTable
  const grip = add(CUP_ON_TABLE, [-0.045, 0.06, 0.03])
  if (t < put + 1.1) {
    right = mix(carried, grip, smoothstep(put - 1.3, put, t))
    const over = add(right, [0, 0.1 * Math.sin(Math.PI * smoothstep(put - 1.3, put, t)), 0])
    right =
      t < put + 0.25
        ? over
        : mix(grip, transform(chest, [0.25, -0.5, -0.06 + arm]), smoothstep(put + 0.25, put + 1.1, t))
  }
  const raised =
    smoothstep(EVENTS.claps[0] - 0.75, EVENTS.claps[0] - 0.12, t) *
    (1 - smoothstep(EVENTS.claps[1] + 0.25, EVENTS.claps[1] + 1, t))
  if (raised > 0) {
    const gap = 0.018 + 0.17 * (1 - clapNear(t))
    right = mix(right, transform(chest, [gap, 0.06, -0.42]), raised)
    left = mix(left, transform(chest, [-gap, 0.06, -0.42]), raised)
  }
  return { right, left, holding: t < put }
}

export function cupAt(t: number): Pose {
  const { right, holding } = hands(t, chestAt(t))
  const upright: Quat = [0, 0, 0, 1]
  return { rotation: upright, position: holding ? add(right, [0.045, -0.06, -0.03]) : CUP_ON_TABLE }
}

/** Every body of the person and the cup at a scene time. */
export function limbsAt(t: number): Limb[] {
  const chest = chestAt(t)
  const head = headAt(t)
  const out: Limb[] = []
  const put = (
    shape: Limb['shape'],
    colour: Limb['colour'],
    part: Limb['part'],
    frame: Pose,
    at: Vec3,
    size: Vec3,
    tilt: Quat = [0, 0, 0, 1],
  ): void => {
    const p = compose(frame, { position: at, rotation: tilt })
    out.push({ shape, colour, part, position: p.position, rotation: p.rotation, size })
  }
  const hips = hipsAt(t)
  put('ball', 'sweater', 'trunk', chest, [0, 0.02, 0.01], [0.185, 0.22, 0.118])
  put('ball', 'sweater', 'trunk', chest, [0, 0.1, 0.015], [0.205, 0.12, 0.1])
  put('ball', 'sweater', 'trunk', chest, [0, -0.17, 0.01], [0.165, 0.22, 0.115])
  put('ball', 'trousers', 'trunk', hips, [0, -0.03, 0.012], [0.165, 0.13, 0.118])
  out.push(bone(transform(chest, [0, 0.16, 0.01]), transform(chest, [0, 0.29, -0.005]), 0.056, 'skin', 'head'))
  put('ball', 'skin', 'head', head, [0, 0, -0.005], [0.078, 0.108, 0.094])
  put('ball', 'skin', 'head', head, [0, -0.035, -0.022], [0.06, 0.07, 0.072])
  put('ball', 'skin', 'head', head, [0, -0.005, -0.1], [0.012, 0.02, 0.016])
  put('ball', 'hair', 'head', head, [0, 0.03, 0.016], [0.088, 0.1, 0.096])
  put('ball', 'hair', 'head', head, [0, 0.065, -0.04], [0.07, 0.045, 0.06])
  put('ball', 'hair', 'head', head, [0, 0.03, 0.11], [0.04, 0.045, 0.04])
  put('ball', 'shoe', 'head', head, [0, 0.05, -0.105], [0.022, 0.018, 0.02])
  put('ball', 'shoe', 'trunk', chest, [0.03, 0.05, -0.13], [0.075, 0.04, 0.012])
  const { right, left } = hands(t, chest)
  for (const [x, hand] of [
    [0.19, right],
    [-0.19, left],
  ] as const) {
    const shoulder = transform(chest, [x, 0.135, 0.01])
    const hint = rotate(chest.rotation, [Math.sign(x) * 0.7, -0.6, 0.6])
    const { bend, end } = joint(shoulder, hand, 0.29, 0.27, hint)
    out.push({
      shape: 'ball',
      colour: 'sweater',
      part: 'arm',
      position: shoulder,
      rotation: chest.rotation,
      size: [0.062, 0.062, 0.062],
    })
    out.push(bone(shoulder, bend, 0.05, 'sweater', 'arm'), bone(bend, mix(bend, end, 0.9), 0.042, 'sweater', 'arm'))
    const along = normalize(sub(end, bend))
    const wrist = mix(bend, end, 0.86)
    out.push(bone(wrist, add(end, scale(along, 0.01)), 0.027, 'skin', 'arm'))
    const palm = add(end, scale(along, 0.045))
    const flat = multiplyQuat(turnUpTo(along), [0, 0, 0, 1])
    out.push({ shape: 'ball', colour: 'skin', part: 'arm', position: palm, rotation: flat, size: [0.026, 0.078, 0.04] })
    const thumb = add(palm, scale(normalize(cross(along, rotate(chest.rotation, [1, 0, 0]))), -0.035))
    out.push({
      shape: 'ball',
      colour: 'skin',
      part: 'arm',
      position: thumb,
      rotation: flat,
      size: [0.013, 0.035, 0.014],
    })
  }
  for (const foot of [0, 1] as const) {
    const { position, yaw, lift } = footAt(t, foot)
    const x = foot === 0 ? 0.085 : -0.085
    const hip = transform(hips, [x, -0.06, 0.01])
    const ankle = add(position, [0, 0.085 + lift, 0])
    const turn = axisAngle([0, 1, 0], yaw)
    const { bend, end } = joint(hip, ankle, 0.41, 0.41, rotate(turn, [x * 0.4, 0, -1]))
    out.push(bone(hip, bend, 0.078, 'trousers', 'leg'), bone(bend, end, 0.056, 'trousers', 'leg'))
    const shoe = add(end, rotate(turn, [0, -0.045, -0.055]))
    out.push({
      shape: 'ball',
      colour: 'shoe',
      part: 'leg',
      position: shoe,
      rotation: turn,
      size: [0.045, 0.042, 0.125],
    })
  }
  const cup = cupAt(t)
  out.push({
    shape: 'cup',
    colour: 'cup',
    part: 'cup',
    position: cup.position,
    rotation: cup.rotation,
    size: [1, 1, 1],
  })
  out.push({
    shape: 'ball',
    colour: 'tea',
    part: 'cup',
    position: add(cup.position, [0, 0.068, 0]),
    rotation: cup.rotation,
    size: [0.032, 0.001, 0.032],
  })
  return out
}
