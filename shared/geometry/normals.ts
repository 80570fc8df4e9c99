/**
 * Surface normals from points: the direction of least spread of the k nearest neighbours (Hoppe et al., "Surface
 * reconstruction from unorganized points", SIGGRAPH 1992). Signs are arbitrary: nothing here depends on them.
 */
import type { KdTree } from './kd-tree.ts'
import { smallestEigenvector3 } from './symmetric.ts'

export interface Normals {
  /** In the order of the queried points, unit length; length 3 * count. */
  readonly normals: Float32Array
  /** Least spread over total spread, 0 on a plane, 1/3 in a ball; one a point. */
  readonly curvatures: Float32Array
  /** The middle spread over the largest: near 0 along a line, where the normal means nothing. */
  readonly breadths: Float32Array
  /** How far the middle of the neighbours lies from each point along its normal, metres: the noise of the point itself. */
  readonly offsets: Float32Array
}

/**
 * @param positions Where to estimate, x y z x y z …; usually the tree's own points.
 * @param neighbours How many of the tree's points to use, within `radiusMetres`.
 */
export function estimateNormals(
  positions: Float32Array,
  tree: KdTree,
  neighbours: number,
  radiusMetres: number,
): Normals {
  const estimator = new NormalEstimator(positions, tree, neighbours, radiusMetres)
  for (let i = 0; i < estimator.curvatures.length; i++) estimator.estimate(i)
  return estimator
}

/** Normals found one at a time, for those who need few of them; what was not asked for is zero. */
export class NormalEstimator implements Normals {
  readonly normals: Float32Array
  readonly curvatures: Float32Array
  readonly breadths: Float32Array
  readonly offsets: Float32Array
  private readonly positions: Float32Array
  private readonly tree: KdTree
  private readonly radiusMetres: number
  private readonly places: Int32Array
  private readonly distances: Float64Array
  private readonly eigen = new Float64Array(6)

  /** As for `estimateNormals`. */
  constructor(positions: Float32Array, tree: KdTree, neighbours: number, radiusMetres: number) {
    const count = Math.floor(positions.length / 3)
    this.positions = positions
    this.tree = tree
    this.radiusMetres = radiusMetres
    this.normals = new Float32Array(count * 3)
    this.curvatures = new Float32Array(count)
    this.breadths = new Float32Array(count)
    this.offsets = new Float32Array(count)
    this.places = new Int32Array(neighbours)
    this.distances = new Float64Array(neighbours)
  }

  /** Fills in point i. */
  estimate(i: number): void {
    const { positions, places, eigen, normals, curvatures, breadths, offsets } = this
    const p = this.tree.points
    const cx = positions[i * 3]
    const cy = positions[i * 3 + 1]
    const cz = positions[i * 3 + 2]
    const found = this.tree.nearestMany(cx, cy, cz, places.length, this.radiusMetres, places, this.distances)
    let sx = 0
    let sy = 0
    let sz = 0
    let xx = 0
    let xy = 0
    let xz = 0
    let yy = 0
    let yz = 0
    let zz = 0
    for (let k = 0; k < found; k++) {
      const o = places[k] * 3
      const x = p[o] - cx
      const y = p[o + 1] - cy
      const z = p[o + 2] - cz
      sx += x
      sy += y
      sz += z
      xx += x * x
      xy += x * y
      xz += x * z
      yy += y * y
      yz += y * z
      zz += z * z
    }
    if (found < 3) {
      normals[i * 3 + 1] = 1
      curvatures[i] = 1 / 3
      return
    }
    const n = 1 / found
    smallestEigenvector3(
      xx - sx * sx * n,
      xy - sx * sy * n,
      xz - sx * sz * n,
      yy - sy * sy * n,
      yz - sy * sz * n,
      zz - sz * sz * n,
      eigen,
    )
    normals[i * 3] = eigen[0]
    normals[i * 3 + 1] = eigen[1]
    normals[i * 3 + 2] = eigen[2]
    offsets[i] = (eigen[0] * sx + eigen[1] * sy + eigen[2] * sz) * n
    const total = eigen[3] + eigen[4] + eigen[5]
    curvatures[i] = total > 0 ? Math.max(0, eigen[3]) / total : 1 / 3
    breadths[i] = eigen[5] > 0 ? Math.max(0, eigen[4]) / eigen[5] : 0
  }
}
