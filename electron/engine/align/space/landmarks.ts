/** Places that the person says are one in two assets, as the pose between the two. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { transformPoint } from '../../../../shared/geometry/matrix4.ts'
import { fitPoints } from '../../../../shared/geometry/umeyama.ts'

export const LANDMARKS_METHOD = 'landmarks'

export interface LandmarkPair {
  readonly target: readonly number[]
  readonly source: readonly number[]
}

export interface LandmarkFit {
  readonly targetFromSource: number[]
  readonly scale: number
  readonly rmseMetres: number
  readonly residualsMetres: number[]
  /** 6x6 row-major, see shared/geometry/pose-covariance.ts; from the residuals, or a hand's centimetre. */
  readonly covariance: number[]
}

/** Places nearer to one line than this leave the turn about it open. */
const LEAST_ROTATION_GAP = 1e-3
/** How exactly a person points, metres. */
const HAND_METRES = 0.005

/** @throws AsterismError `bad_input` for fewer than three places, or places in one line. */
export function fitLandmarks(points: readonly LandmarkPair[], withScale: boolean): LandmarkFit {
  if (points.length < 3) {
    throw new AsterismError('bad_input', say('space.fewPlaces', { count: points.length }), {
      fix: say('space.fix.morePlaces'),
    })
  }
  const source = points.flatMap((point) => [...point.source])
  const target = points.flatMap((point) => [...point.target])
  const fit = fitPoints(source, target, { withScale })
  if (fit.rotationGap < LEAST_ROTATION_GAP || !(fit.scale > 0)) {
    throw new AsterismError('bad_input', say('space.inOneLine'), {
      fix: say('space.fix.offLine'),
    })
  }
  const residualsMetres = points.map((point) => {
    const [x, y, z] = transformPoint(fit.targetFromSource, point.source)
    return Math.hypot(x - point.target[0], y - point.target[1], z - point.target[2])
  })
  const variance = Math.max(HAND_METRES, fit.rmseMetres) ** 2
  const covariance = Array.from<number>({ length: 36 }).fill(0)
  const middle = [0, 1, 2].map((k) => points.reduce((sum, point) => sum + point.target[k], 0) / points.length)
  const spread = points.reduce((sum, { target: t }) => sum + squared(t, middle), 0)
  const lever = squared(fit.targetFromSource.slice(12, 15), middle)
  for (let k = 0; k < 3; k++) {
    // The places pin turns by their distance from their middle, and the far origin moves with every turn.
    covariance[k * 7] = (2 * variance) / Math.max(1e-9, spread)
    covariance[(k + 3) * 7] = variance / points.length + (2 * variance * lever) / Math.max(1e-9, spread)
  }
  return { ...fit, residualsMetres, covariance }
}

function squared(a: readonly number[], b: readonly number[]): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
}
