/** Everything about one scan that the search needs, computed once: thinned points, normals, weights, grid, directions. */
import { buildKdTree, type KdTree } from '../../../../shared/geometry/kd-tree.ts'
import { estimateNormals } from '../../../../shared/geometry/normals.ts'
import { thinToCells } from '../../../../shared/geometry/voxel-grid.ts'
import { type Direction, dominantDirections } from './dominant-directions.ts'
import { buildNearestField, type NearestField } from './nearest-field.ts'
import type { ScanCloud } from './scan-cloud.ts'

export interface PreparedScan {
  readonly cloud: ScanCloud
  readonly cell: number
  /** Coarse points in the tree's order. */
  readonly count: number
  readonly positions: Float32Array
  readonly normals: Float32Array
  readonly curvatures: Float32Array
  readonly tree: KdTree
  /**
   * What a point counts for: 1 on clutter, little on a large plane. A wall fits a wall in any room and in either
   * of two ways round; what stands in front of it does not.
   */
  readonly weights: Float32Array
  readonly totalWeight: number
  readonly directions: readonly Direction[]
  readonly field: NearestField
}

/** A plane counts for at most this share of the scan's points. */
const PLANE_SHARE = 0.015

/** @param cell Distance of the thinned points, metres. */
export function prepareScan(cloud: ScanCloud, cell: number): PreparedScan {
  const thinned = dropLonely(thinToCells(cloud.positions, cell))
  const tree = buildKdTree(thinned)
  const positions = tree.points
  const { normals, curvatures } = estimateNormals(positions, tree, 12, cell * 3)
  const flat = new Uint8Array(tree.count)
  for (let i = 0; i < tree.count; i++) flat[i] = curvatures[i] < 0.02 ? 1 : 0
  const directions = dominantDirections(normals, flat)
  const weights = planeWeights(positions, normals, directions, cell)
  let totalWeight = 0
  for (const weight of weights) totalWeight += weight
  const field = buildNearestField(positions, cell)
  return {
    cloud,
    cell,
    count: tree.count,
    positions,
    normals,
    curvatures,
    tree,
    weights,
    totalWeight,
    directions,
    field,
  }
}

/** Points a cell must hold for a neighbour to be found next to nearly every place of a surface. */
const POINTS_IN_CELL = 3.2

/** The wanted cell, or a larger one where the cloud is too thin for it, metres. */
export function cellFor(cloud: ScanCloud, wanted: number): number {
  let cell = wanted
  for (let tries = 0; tries < 12; tries++) {
    const { weights } = thinToCells(cloud.positions, cell)
    const sorted = weights.sort()
    // Cells that a surface only just touches are not what is meant by thin.
    const usual = sorted[Math.floor(sorted.length * 0.6)]
    if (usual >= POINTS_IN_CELL) break
    cell *= Math.min(1.5, Math.max(1.12, Math.sqrt(POINTS_IN_CELL / usual)))
  }
  return cell
}

/** Cells with one point where most have many are noise in the air. */
function dropLonely(thinned: { readonly positions: Float32Array; readonly weights: Float32Array }): Float32Array {
  const sorted = Float32Array.from(thinned.weights).sort()
  const usual = sorted[sorted.length >> 1]
  if (usual < 6) return thinned.positions
  const out = new Float32Array(thinned.positions.length)
  let kept = 0
  for (let i = 0; i < thinned.weights.length; i++) {
    if (thinned.weights[i] < usual * 0.12) continue
    for (let k = 0; k < 3; k++) out[kept++] = thinned.positions[i * 3 + k]
  }
  return out.slice(0, kept)
}

function planeWeights(
  positions: Float32Array,
  normals: Float32Array,
  directions: readonly Direction[],
  cell: number,
): Float32Array {
  const count = positions.length / 3
  const weights = new Float32Array(count).fill(1)
  for (const { axis } of directions) {
    const bin = new Int32Array(count).fill(-1)
    let low = Infinity
    let high = -Infinity
    const offset = (i: number) =>
      positions[i * 3] * axis[0] + positions[i * 3 + 1] * axis[1] + positions[i * 3 + 2] * axis[2]
    for (let i = 0; i < count; i++) {
      low = Math.min(low, offset(i))
      high = Math.max(high, offset(i))
    }
    const bins = new Float64Array(Math.min(1e6, Math.ceil((high - low) / cell)) + 2)
    for (let i = 0; i < count; i++) {
      const facing = Math.abs(normals[i * 3] * axis[0] + normals[i * 3 + 1] * axis[1] + normals[i * 3 + 2] * axis[2])
      if (facing < 0.94) continue
      bin[i] = Math.min(bins.length - 1, Math.floor((offset(i) - low) / cell))
      bins[bin[i]]++
    }
    for (let i = 0; i < count; i++) {
      if (bin[i] < 0) continue
      const mass = bins[bin[i]] + (bins[bin[i] - 1] ?? 0) + (bins[bin[i] + 1] ?? 0)
      weights[i] = Math.min(weights[i], (PLANE_SHARE * count) / mass)
    }
  }
  return weights
}
