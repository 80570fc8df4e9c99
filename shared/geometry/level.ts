/** Which way is up and where the floor is: turning and lowering a world so that +Y is up and the floor lies at zero. */
import { type Matrix4, similarity, type Vector3 } from './matrix4.ts'
import { rotationFromVector } from './rotation.ts'

/**
 * The motion of the world that turns `up` to +Y about the origin and then lowers what was `floorMetres` along `up` to
 * y = 0. The shortest turn; for a world upside down, half a turn about X.
 * @throws RangeError when `up` has no length.
 */
export function levelling(
  up: Vector3,
  floorMetres: number | null,
): { readonly motion: Matrix4; readonly tilt: number } {
  const length = Math.hypot(...up)
  if (!(length > 0) || !Number.isFinite(length)) throw new RangeError('up must be a direction')
  const [x, y, z] = up.map((value) => value / length)
  // up x (0, 1, 0)
  const sine = Math.hypot(-z, x)
  const tilt = Math.atan2(sine, y)
  const turn =
    sine > 1e-12
      ? rotationFromVector((-z / sine) * tilt, 0, (x / sine) * tilt)
      : y > 0
        ? [1, 0, 0, 0, 1, 0, 0, 0, 1]
        : [1, 0, 0, 0, -1, 0, 0, 0, -1]
  return { motion: similarity(turn, [0, floorMetres === null ? 0 : -floorMetres, 0]), tilt }
}

export interface Floor {
  /** Unit, in the frame of the points. */
  readonly up: readonly [number, number, number]
  /** Of the floor along `up`, metres. */
  readonly heightMetres: number
  /** Of all points, on the floor. */
  readonly share: number
}
