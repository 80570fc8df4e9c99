/** Source points and the places of a target's surface nearest to them at a pose, as rows of a point-to-plane fit. */
import type { KdTree } from './kd-tree.ts'
import { type Matrix4, scaleOf } from './matrix4.ts'

/** What is matched against: points with their normals, in the tree's order. */
export interface IcpSurface {
  readonly tree: KdTree
  readonly normals: Float32Array
  /** How far the surface lies from each point along its normal, metres; on it where left out. */
  readonly offsets?: Float32Array
  /** Makes normal and offset of a place known, where they are found on demand; to be called before they are read. */
  readonly settle?: (place: number) => void
}

/** Tukey's width in deviations, at 95 % efficiency. */
export const TUKEY_DEVIATIONS = 4.685

/** Matches at one pose at a time; the buffers, and where each point was matched last, serve the next pose again. */
export class PointMatches {
  readonly sourceCount: number
  /** Largest distance of a source point from the source's middle along an axis. */
  readonly reachMetres: number
  /** Seven a match: (rotation about `centre` * reach, translation, growth * reach), so that all unknowns are metres. */
  readonly rows: Float64Array
  /** From the moved point to the surface along its normal, metres. */
  readonly residuals: Float64Array
  /** The target's point of each match. */
  readonly places: Int32Array
  /** How many of these are filled. */
  count = 0
  /** What turns are about, target frame. */
  centre: readonly [number, number, number] = [0, 0, 0]
  private readonly target: IcpSurface
  private readonly source: Float32Array
  private readonly gateMetres: number
  private readonly sourceNormals: Float32Array | undefined
  private readonly middle: readonly [number, number, number]
  private readonly hints: Int32Array
  private readonly sorted: Float64Array

  /**
   * @param gateMetres Points further from the target are not matched.
   * @param sourceNormals A match must agree with them to within 45 degrees, whichever way they point.
   */
  constructor(target: IcpSurface, source: Float32Array, gateMetres: number, sourceNormals?: Float32Array) {
    this.target = target
    this.source = source
    this.gateMetres = gateMetres
    this.sourceNormals = sourceNormals
    this.sourceCount = Math.floor(source.length / 3)
    this.hints = new Int32Array(this.sourceCount).fill(-1)
    this.rows = new Float64Array(this.sourceCount * 7)
    this.residuals = new Float64Array(this.sourceCount)
    this.places = new Int32Array(this.sourceCount)
    this.sorted = new Float64Array(this.sourceCount)
    this.middle = meanOf(source)
    let reach = 0
    for (let i = 0; i < this.sourceCount * 3; i++) reach = Math.max(reach, Math.abs(source[i] - this.middle[i % 3]))
    this.reachMetres = Math.max(reach, 1e-12)
  }

  /**
   * @param centre What turns are about; the middle of the moved source where left out.
   * @param every Matches only every so many points, for what a part of them tells as well.
   */
  find(pose: Matrix4, centre?: readonly [number, number, number], every = 1): void {
    const { source, sourceNormals: sn, hints, rows, residuals } = this
    const { tree, normals, offsets, settle } = this.target
    const [mx, my, mz] = this.middle
    this.centre = centre ?? [
      pose[0] * mx + pose[4] * my + pose[8] * mz + pose[12],
      pose[1] * mx + pose[5] * my + pose[9] * mz + pose[13],
      pose[2] * mx + pose[6] * my + pose[10] * mz + pose[14],
    ]
    const [ax, ay, az] = this.centre
    const p = tree.points
    const inverseReach = 1 / this.reachMetres
    const inverseScale = 1 / scaleOf(pose)
    let matched = 0
    for (let i = 0; i < this.sourceCount; i += every) {
      const o = i * 3
      const sx = source[o]
      const sy = source[o + 1]
      const sz = source[o + 2]
      const x = pose[0] * sx + pose[4] * sy + pose[8] * sz + pose[12]
      const y = pose[1] * sx + pose[5] * sy + pose[9] * sz + pose[13]
      const z = pose[2] * sx + pose[6] * sy + pose[10] * sz + pose[14]
      const place = tree.nearest(x, y, z, this.gateMetres, hints[i])
      hints[i] = place
      if (place < 0) continue
      settle?.(place)
      const q = place * 3
      const nx = normals[q]
      const ny = normals[q + 1]
      const nz = normals[q + 2]
      if (sn) {
        const dot =
          nx * (pose[0] * sn[o] + pose[4] * sn[o + 1] + pose[8] * sn[o + 2]) +
          ny * (pose[1] * sn[o] + pose[5] * sn[o + 1] + pose[9] * sn[o + 2]) +
          nz * (pose[2] * sn[o] + pose[6] * sn[o + 1] + pose[10] * sn[o + 2])
        if (Math.abs(dot) * inverseScale < 0.7) continue
      }
      this.places[matched] = place
      residuals[matched] = nx * (p[q] - x) + ny * (p[q + 1] - y) + nz * (p[q + 2] - z)
      if (offsets) residuals[matched] += offsets[place]
      const cx = x - ax
      const cy = y - ay
      const cz = z - az
      const r = matched * 7
      rows[r] = (cy * nz - cz * ny) * inverseReach
      rows[r + 1] = (cz * nx - cx * nz) * inverseReach
      rows[r + 2] = (cx * ny - cy * nx) * inverseReach
      rows[r + 3] = nx
      rows[r + 4] = ny
      rows[r + 5] = nz
      rows[r + 6] = (cx * nx + cy * ny + cz * nz) * inverseReach
      matched++
    }
    this.count = matched
  }

  /** Tukey's width for the spread that the median of the residuals tells, no wider than the gate, metres. */
  kernelMetres(): number {
    const { sorted, residuals, count, gateMetres } = this
    for (let i = 0; i < count; i++) sorted[i] = Math.abs(residuals[i])
    const median = count > 0 ? medianOf(sorted, count) : 0
    return Math.min(gateMetres, Math.max(TUKEY_DEVIATIONS * 1.4826 * median, gateMetres * 0.02))
  }
}

function meanOf(positions: Float32Array): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < positions.length; i++) mean[i % 3] += positions[i]
  const count = Math.max(1, positions.length / 3)
  return [mean[0] / count, mean[1] / count, mean[2] / count]
}

/** The median of the first `count` numbers, which are reordered. */
function medianOf(values: Float64Array, count: number): number {
  let low = 0
  let high = count - 1
  const k = count >> 1
  while (low < high) {
    const pivot = values[(low + high) >> 1]
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i <= j) {
        const keep = values[i]
        values[i++] = values[j]
        values[j--] = keep
      }
    }
    if (k <= j) high = j
    else if (k >= i) low = i
    else break
  }
  return values[k]
}
