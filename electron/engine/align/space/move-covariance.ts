/** Carrying the covariance of a pose into other frames; what it is over is said in shared/geometry/pose-covariance.ts. */
import type { Matrix4, Vector3 } from '../../../../shared/geometry/matrix4.ts'
import { congruence, leverJacobian } from '../../../../shared/geometry/pose-covariance.ts'

/**
 * The covariance of `pose * shift(-centre)`, given that of `pose`: the translation column then belongs to another
 * point of the source, which a turn moves differently.
 */
export function movedCovariance(covariance: readonly number[], pose: Matrix4, centre: Vector3): number[] {
  const x = -(pose[0] * centre[0] + pose[4] * centre[1] + pose[8] * centre[2])
  const y = -(pose[1] * centre[0] + pose[5] * centre[1] + pose[9] * centre[2])
  const z = -(pose[2] * centre[0] + pose[6] * centre[1] + pose[10] * centre[2])
  return congruence(leverJacobian(x, y, z), covariance)
}
