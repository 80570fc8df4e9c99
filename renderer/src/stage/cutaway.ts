/**
 * Looking into rooms from outside: the ceiling and the walls that face the camera are cut away, as in a doll's house.
 * The planes belong to the materials of scans only; paths and the floor grid stay whole.
 */
import { Plane, Vector3, type Box3 } from 'three'
import { CEILING_SHARE, isRoom, WALL_METRES } from '../../../shared/geometry/dolls-house.ts'
import type { TurnedBox } from './scan-bounds.ts'

/** Far enough that the plane cuts nothing. */
const NOWHERE = 1e6

const OUTWARD = [
  new Vector3(0, 1, 0),
  new Vector3(1, 0, 0),
  new Vector3(-1, 0, 0),
  new Vector3(0, 0, 1),
  new Vector3(0, 0, -1),
] as const

/** One plane a side, always the same objects and always as many: three compiles a shader for each count. */
export const cutawayPlanes: readonly Plane[] = OUTWARD.map((outward) => new Plane(outward.clone().negate(), NOWHERE))

export function isRoomBox(box: Box3): boolean {
  return isRoom(box.getSize(new Vector3()).toArray())
}

/** Cuts the sides of the room that the camera is beyond; with `null`, none. */
export function placeCutaway(room: TurnedBox | null, camera: Vector3): void {
  const eye = room ? camera.clone().applyMatrix4(room.worldFromBox.clone().invert()) : camera
  for (const [n, outward] of OUTWARD.entries()) {
    const plane = cutawayPlanes[n]!
    plane.setComponents(0, 1, 0, NOWHERE)
    if (!room) continue
    const { box, worldFromBox } = room
    const face = outward.x + outward.y + outward.z > 0 ? box.max.dot(outward) : box.min.dot(outward)
    if (eye.dot(outward) <= face) continue
    const depth = n === 0 ? (box.max.y - box.min.y) * CEILING_SHARE : WALL_METRES
    plane.normal.copy(outward).negate()
    plane.constant = face - depth
    plane.applyMatrix4(worldFromBox)
  }
}
