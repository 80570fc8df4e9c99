/** How the camera that looks at the world is held. */
import { Matrix4, Vector3, type Camera } from 'three'
import type { Vector3 as Numbers } from '../../../shared/geometry/matrix4.ts'

export const UP: Numbers = [0, 1, 0]

/** To the right of who looks, in the world. */
export function rightSeen(camera: Camera): Numbers {
  const { x, y, z } = new Vector3(1, 0, 0).applyQuaternion(camera.quaternion)
  return [x, y, z]
}

/** A direction of the world in the frame of what stands in it by that matrix. */
export function inFrame(direction: Numbers, worldFromFrame: readonly number[]): Numbers {
  const frameFromWorld = new Matrix4().fromArray([...worldFromFrame]).invert()
  const { x, y, z } = new Vector3(...direction).transformDirection(frameFromWorld)
  return [x, y, z]
}
