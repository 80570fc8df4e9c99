/**
 * Points that belong to no surface: what reflections, dust, mixed pixels and splats leave in the air, be it two fifths
 * of a scan. Surfaces are dense in two dimensions and the air in none, so a point is a stray where it has far fewer
 * points around it than the scan's usual point and what is nearest to it is no sheet either; a far wall that the scanner
 * saw thinly is one. Where much was in the air, more of it hangs close to the surfaces, where it has enough points
 * around it: there a point is a stray that lies well off the sheet of its neighbours.
 */
import { buildKdTree, type KdTree } from '../../../../shared/geometry/kd-tree.ts'
import { NormalEstimator } from '../../../../shared/geometry/normals.ts'
import { smallestEigenvector3 } from '../../../../shared/geometry/symmetric.ts'
import { CellIndex } from '../../../../shared/geometry/voxel-grid.ts'

/** With fewer points nobody can say what is usual. */
const LEAST_POINTS = 300
/** A cell is as wide as the usual point is away from its so-many-th neighbour: on a sheet 27 cells hold some 23 points. */
const CELL_NEIGHBOUR = 8
const SAMPLE = 1500
/** Points with less than this share of what is usual around them are looked at. */
const SPARSE_SHARE = 0.25
/** The neighbours of a point on a thinly seen sheet spread by less than this across it; in the air by 0.1 and more. */
const SHEET_NEIGHBOURS = 12
const SHEET_CURVATURE = 0.03

/** From this share of a scan on there is enough in the air to look close to its surfaces as well. */
const MUCH_IN_THE_AIR = 0.02
const MOST_PASSES = 3
/** Neighbours whose sheet is looked for, how many of them may be strays themselves, and how flat the rest must lie. */
const CLOSE_NEIGHBOURS = 16
const DOUBTED_NEIGHBOURS = 4
const CLOSE_CURVATURE = 0.02
/** A point further off than this is none of the sheet's, in root mean squares of those not doubted: four deviations. */
const OFF_SHEET = 6

/** @param positions Finite points; returned as they are where there are too few of them. */
export function withoutStrays(positions: Float32Array): Float32Array {
  if (positions.length / 3 < LEAST_POINTS) return positions
  let kept = withoutAir(positions)
  // What hung together by chance is alone once its neighbours are gone.
  for (let pass = 0, before = positions; pass < MOST_PASSES && wasMuch(before, kept); pass++) {
    before = kept
    kept = withoutAir(withoutHaze(kept))
  }
  return kept
}

function wasMuch(before: Float32Array, after: Float32Array): boolean {
  return after.length < before.length * (1 - MUCH_IN_THE_AIR)
}

/** Without points that have next to nothing around them. */
function withoutAir(positions: Float32Array): Float32Array {
  const count = positions.length / 3
  const tree = buildKdTree(positions)
  const p = tree.points
  const cell = usualDistance(tree)
  if (!(cell > 0)) return positions
  const cells = new CellIndex(cell, [p[0], p[1], p[2]], count >> 2)
  const cellOf = new Int32Array(count)
  for (let i = 0; i < count; i++) cellOf[i] = cells.add(p[i * 3], p[i * 3 + 1], p[i * 3 + 2])
  const around = pointsAround(cells, cellOf)
  const usual = Int32Array.from(cellOf, (each) => around[each]).sort()[count >> 1]
  const estimator = new NormalEstimator(p, tree, SHEET_NEIGHBOURS, Number.POSITIVE_INFINITY)
  const out = new Float32Array(positions.length)
  let kept = 0
  for (let i = 0; i < count; i++) {
    if (around[cellOf[i]] < usual * SPARSE_SHARE) {
      estimator.estimate(i)
      if (estimator.curvatures[i] > SHEET_CURVATURE) continue
    }
    for (let k = 0; k < 3; k++) out[kept++] = p[i * 3 + k]
  }
  return out.slice(0, kept)
}

/** Without points off the sheet on which their neighbours lie. */
function withoutHaze(positions: Float32Array): Float32Array {
  const tree = buildKdTree(positions)
  const p = tree.points
  const sheet = new NeighbourSheet(tree)
  const out = new Float32Array(positions.length)
  let kept = 0
  for (let i = 0; i < tree.count; i++) {
    if (sheet.isOff(i)) continue
    for (let k = 0; k < 3; k++) out[kept++] = p[i * 3 + k]
  }
  return out.slice(0, kept)
}

class NeighbourSheet {
  private readonly places = new Int32Array(CLOSE_NEIGHBOURS + 1)
  private readonly squared = new Float64Array(CLOSE_NEIGHBOURS + 1)
  private readonly eigen = new Float64Array(6)
  private readonly middle = new Float64Array(3)
  private readonly tree: KdTree

  constructor(tree: KdTree) {
    this.tree = tree
  }

  /** Whether a point of the tree lies off the plane of its neighbours, most of which lie on one. */
  isOff(i: number): boolean {
    const { tree, places, eigen } = this
    const p = tree.points
    const [x, y, z] = p.subarray(i * 3, i * 3 + 3)
    const found = tree.nearestMany(x, y, z, places.length, Number.POSITIVE_INFINITY, places, this.squared)
    const others: number[] = []
    for (let k = 0; k < found; k++) if (places[k] !== i) others.push(places[k])
    if (others.length < CLOSE_NEIGHBOURS) return false
    this.fit(others)
    others.sort((a, b) => this.offsetOf(a) - this.offsetOf(b))
    others.length -= DOUBTED_NEIGHBOURS
    this.fit(others)
    const total = eigen[3] + eigen[4] + eigen[5]
    if (eigen[3] > CLOSE_CURVATURE * total) return false
    const spread = Math.sqrt(Math.max(0, eigen[3]) / others.length)
    return this.offsetOf(i) > OFF_SHEET * spread && this.offsetOf(i) > 1e-3 * Math.sqrt(total / others.length)
  }

  private fit(places: readonly number[]): void {
    const { middle } = this
    const p = this.tree.points
    middle.fill(0)
    for (const place of places) for (let k = 0; k < 3; k++) middle[k] += p[place * 3 + k] / places.length
    const sums = [0, 0, 0, 0, 0, 0]
    for (const place of places) {
      const [x, y, z] = [p[place * 3] - middle[0], p[place * 3 + 1] - middle[1], p[place * 3 + 2] - middle[2]]
      sums[0] += x * x
      sums[1] += x * y
      sums[2] += x * z
      sums[3] += y * y
      sums[4] += y * z
      sums[5] += z * z
    }
    smallestEigenvector3(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], this.eigen)
  }

  private offsetOf(place: number): number {
    const { eigen, middle } = this
    const p = this.tree.points
    let sum = 0
    for (let k = 0; k < 3; k++) sum += eigen[k] * (p[place * 3 + k] - middle[k])
    return Math.abs(sum)
  }
}

/** How far the usual point is from its eighth neighbour, metres. */
function usualDistance(tree: KdTree): number {
  const places = new Int32Array(CELL_NEIGHBOUR + 1)
  const squared = new Float64Array(CELL_NEIGHBOUR + 1)
  const step = Math.max(1, Math.floor(tree.count / SAMPLE))
  const distances: number[] = []
  for (let i = 0; i < tree.count; i += step) {
    const [x, y, z] = tree.points.subarray(i * 3, i * 3 + 3)
    const found = tree.nearestMany(x, y, z, CELL_NEIGHBOUR + 1, Number.POSITIVE_INFINITY, places, squared)
    distances.push(Math.sqrt(squared[found - 1]))
  }
  distances.sort((a, b) => a - b)
  return distances[distances.length >> 1]
}

/** How many points each cell and its 26 neighbours hold. */
function pointsAround(cells: CellIndex, cellOf: Int32Array): Int32Array {
  const held = new Int32Array(cells.count)
  for (const cell of cellOf) held[cell]++
  const around = new Int32Array(cells.count)
  for (let cell = 0; cell < cells.count; cell++) {
    for (let n = 0; n < 27; n++) {
      const other = cells.neighbour(cell, (n % 3) - 1, (Math.floor(n / 3) % 3) - 1, Math.floor(n / 9) - 1)
      if (other >= 0) around[cell] += held[other]
    }
  }
  return around
}
