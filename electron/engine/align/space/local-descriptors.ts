/**
 * A description of the surface around a point that does not change when the scan is moved: fast point feature
 * histograms (R. B. Rusu et al., "Fast point feature histograms for 3D registration", ICRA 2009). The normals of a
 * bare cloud have no sign; each neighbourhood is turned to face its own centroid first, which needs no viewpoint.
 */
import { buildKdTree, type KdTree } from '../../../../shared/geometry/kd-tree.ts'
import { estimateNormals } from '../../../../shared/geometry/normals.ts'
import { thinToCells } from '../../../../shared/geometry/voxel-grid.ts'

const BINS = 11
export const DESCRIPTOR_LENGTH = BINS * 3

export interface DescribedPoints {
  readonly count: number
  /** Length 3 * count. */
  readonly positions: Float32Array
  readonly normals: Float32Array
  /** Length DESCRIPTOR_LENGTH * count. */
  readonly descriptors: Float32Array
  /** How far from flat, 0 and up: flat neighbourhoods look alike everywhere. */
  readonly distinctness: Float32Array
  readonly radiusMetres: number
}

const NEIGHBOURS = 90

/** @param cell Distance of the described points, metres; neighbourhoods reach five of them. */
export function describePoints(positions: Float32Array, cell: number, maximum: number): DescribedPoints {
  let size = cell
  let thinned = thinToCells(positions, size).positions
  while (thinned.length / 3 > maximum) {
    size *= 1.15
    thinned = thinToCells(positions, size).positions
  }
  const tree = buildKdTree(thinned)
  const radius = size * 5
  const { normals } = estimateNormals(tree.points, tree, 18, size * 2.6)
  const count = tree.count
  const starts = new Int32Array(count + 1)
  const places = new Int32Array(count * NEIGHBOURS)
  const found = new Int32Array(NEIGHBOURS)
  const distances = new Float64Array(NEIGHBOURS)
  for (let i = 0; i < count; i++) {
    const p = tree.points
    const many = tree.nearestMany(p[i * 3], p[i * 3 + 1], p[i * 3 + 2], NEIGHBOURS, radius, found, distances)
    for (let k = 0; k < many; k++) places[starts[i] + k] = found[k]
    starts[i + 1] = starts[i] + many
  }
  faceCentroids(tree, normals, starts, places)
  const simple = simpleHistograms(tree, normals, starts, places)
  const descriptors = weighNeighbours(tree, simple, starts, places)
  return {
    count,
    positions: tree.points,
    normals,
    descriptors,
    distinctness: distanceFromMean(descriptors, count),
    radiusMetres: radius,
  }
}

function faceCentroids(tree: KdTree, normals: Float32Array, starts: Int32Array, places: Int32Array): void {
  const p = tree.points
  for (let i = 0; i < tree.count; i++) {
    let side = 0
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = places[k]
      for (let a = 0; a < 3; a++) side += normals[i * 3 + a] * (p[j * 3 + a] - p[i * 3 + a])
    }
    if (side < 0) for (let a = 0; a < 3; a++) normals[i * 3 + a] = -normals[i * 3 + a]
  }
}

/** Angles between the frame of a point and each of its neighbours, as three histograms (SPFH). */
function simpleHistograms(tree: KdTree, normals: Float32Array, starts: Int32Array, places: Int32Array): Float32Array {
  const p = tree.points
  const out = new Float32Array(tree.count * DESCRIPTOR_LENGTH)
  for (let i = 0; i < tree.count; i++) {
    const ux = normals[i * 3]
    const uy = normals[i * 3 + 1]
    const uz = normals[i * 3 + 2]
    const share = 100 / Math.max(1, starts[i + 1] - starts[i] - 1)
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = places[k]
      if (j === i) continue
      let dx = p[j * 3] - p[i * 3]
      let dy = p[j * 3 + 1] - p[i * 3 + 1]
      let dz = p[j * 3 + 2] - p[i * 3 + 2]
      const length = Math.hypot(dx, dy, dz)
      if (!(length > 0)) continue
      dx /= length
      dy /= length
      dz /= length
      let nx = normals[j * 3]
      let ny = normals[j * 3 + 1]
      let nz = normals[j * 3 + 2]
      if (nx * ux + ny * uy + nz * uz < 0) {
        nx = -nx
        ny = -ny
        nz = -nz
      }
      const phi = ux * dx + uy * dy + uz * dz
      let vx = dy * uz - dz * uy
      let vy = dz * ux - dx * uz
      let vz = dx * uy - dy * ux
      const across = Math.hypot(vx, vy, vz)
      if (across < 1e-6) continue
      vx /= across
      vy /= across
      vz /= across
      const wx = uy * vz - uz * vy
      const wy = uz * vx - ux * vz
      const wz = ux * vy - uy * vx
      const alpha = vx * nx + vy * ny + vz * nz
      const theta = Math.atan2(wx * nx + wy * ny + wz * nz, ux * nx + uy * ny + uz * nz)
      const at = i * DESCRIPTOR_LENGTH
      spread(out, at, ((alpha + 1) / 2) * BINS, share)
      spread(out, at + BINS, ((phi + 1) / 2) * BINS, share)
      spread(out, at + BINS * 2, ((theta + Math.PI / 2) / Math.PI) * BINS, share)
    }
  }
  return out
}

/** Shares a value between its two nearest bins, so that small changes make small differences. */
function spread(out: Float32Array, at: number, position: number, share: number): void {
  const place = Math.max(0, Math.min(BINS - 1, position - 0.5))
  const low = Math.floor(place)
  const part = place - low
  out[at + low] += share * (1 - part)
  if (low + 1 < BINS) out[at + low + 1] += share * part
}

function weighNeighbours(tree: KdTree, simple: Float32Array, starts: Int32Array, places: Int32Array): Float32Array {
  const p = tree.points
  const out = new Float32Array(simple.length)
  for (let i = 0; i < tree.count; i++) {
    const at = i * DESCRIPTOR_LENGTH
    let weights = 0
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = places[k]
      if (j === i) continue
      const d = Math.hypot(p[j * 3] - p[i * 3], p[j * 3 + 1] - p[i * 3 + 1], p[j * 3 + 2] - p[i * 3 + 2])
      if (!(d > 0)) continue
      const weight = 1 / d
      weights += weight
      for (let b = 0; b < DESCRIPTOR_LENGTH; b++) out[at + b] += weight * simple[j * DESCRIPTOR_LENGTH + b]
    }
    for (let b = 0; b < DESCRIPTOR_LENGTH; b++) {
      out[at + b] = simple[at + b] * 0.5 + (weights > 0 ? (out[at + b] / weights) * 0.5 : 0)
    }
  }
  return out
}

function distanceFromMean(descriptors: Float32Array, count: number): Float32Array {
  const mean = new Float64Array(DESCRIPTOR_LENGTH)
  for (let i = 0; i < descriptors.length; i++) mean[i % DESCRIPTOR_LENGTH] += descriptors[i] / Math.max(1, count)
  const out = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let b = 0; b < DESCRIPTOR_LENGTH; b++) {
      const d = descriptors[i * DESCRIPTOR_LENGTH + b] - mean[b]
      sum += d * d
    }
    out[i] = Math.sqrt(sum)
  }
  return out
}
