/**
 * What is cut away of a room so that one sees into it from outside: its ceiling, and the walls between it and the eye.
 * Lengths in metres, +Y up.
 */

/** A scan is taken for a room from these extents on: smaller things are shown whole. */
const ROOM_METRES = { across: 2, high: 1.8 }
/** Of the height of a room, from the top. */
export const CEILING_SHARE = 0.18
/** How much of a side goes, from its outermost point inwards. */
export const WALL_METRES = 0.18

/** @param size Extents along x, y and z, metres. */
export function isRoom([x, y, z]: readonly [number, number, number]): boolean {
  return x >= ROOM_METRES.across && z >= ROOM_METRES.across && y >= ROOM_METRES.high
}
