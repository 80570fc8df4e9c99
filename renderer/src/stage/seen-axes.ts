/** Which axis of a frame a direction means to who looks: keys move along axes, so that every figure stays a round one. */
import type { Vector3 } from '../../../shared/geometry/matrix4.ts'
import type { Direction } from './world-keys.ts'

export interface SeenAxis {
  readonly axis: 0 | 1 | 2
  readonly sign: 1 | -1
}

const AXES = [0, 1, 2] as const

/**
 * @param right to the right of who looks, in the frame
 * @param up of the world, in the frame
 */
export function axisSeen(direction: Direction, right: Vector3, up: Vector3): SeenAxis {
  const vertical = steepest(up, AXES)
  const level = AXES.filter((axis) => axis !== vertical)
  const across = steepest(right, level)
  const deep = level.find((axis) => axis !== across)!
  const away = cross(up, right)
  switch (direction) {
    case 'raise':
    case 'lower':
      return signed(vertical, up, direction === 'raise')
    case 'left':
    case 'right':
      return signed(across, right, direction === 'right')
    case 'away':
    case 'toward':
      return signed(deep, away, direction === 'away')
  }
}

function steepest(vector: Vector3, among: readonly (0 | 1 | 2)[]): 0 | 1 | 2 {
  return among.reduce((best, axis) => (Math.abs(vector[axis]) > Math.abs(vector[best]) ? axis : best))
}

function signed(axis: 0 | 1 | 2, along: Vector3, isForwards: boolean): SeenAxis {
  return { axis, sign: along[axis] < 0 === isForwards ? -1 : 1 }
}

function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
