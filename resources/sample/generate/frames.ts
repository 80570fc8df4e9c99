/** The frames of the assets. The world is the room scan's frame; the room was designed in one of its own. */
import type { Pose, Vec3 } from './linear.ts'
import { axisAngle, compose, invert, rotate } from './linear.ts'
import { CLOCKS } from './clocks.ts'
import { phoneAt } from './motion.ts'

const degrees = Math.PI / 180

/** The scanner was started on the sofa's side, at breast height, looking south-east. */
export const WORLD_FROM_DESIGN: Pose = {
  rotation: axisAngle([0, 1, 0], 37.5 * degrees),
  position: [-2.914, -1.216, 1.087],
}

/** The second scan was made another day, from the other end. */
export const PARTIAL_FROM_DESIGN: Pose = {
  rotation: axisAngle([0, 1, 0], -111.3 * degrees),
  position: [2.263, -0.184, -3.442],
}

/** As a phone does: origin where the first frame was taken, +Y against gravity, heading of the first frame along -Z. */
export const PHONE_FROM_DESIGN: Pose = ((): Pose => {
  const first = phoneAt(CLOCKS.phone.offsetSeconds)
  const forward: Vec3 = rotate(first.rotation, [0, 0, -1])
  return invert({ position: first.position, rotation: axisAngle([0, 1, 0], Math.atan2(-forward[0], -forward[2])) })
})()

export const WORLD_FROM_PARTIAL: Pose = compose(WORLD_FROM_DESIGN, invert(PARTIAL_FROM_DESIGN))
export const WORLD_FROM_PHONE: Pose = compose(WORLD_FROM_DESIGN, invert(PHONE_FROM_DESIGN))
