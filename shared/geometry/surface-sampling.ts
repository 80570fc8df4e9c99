/**
 * Points on the surface of a mesh, evenly by area, so that a mesh and a point cloud can be compared. Stratified along
 * the running sum of areas: evener than independent draws, and the same for the same seed.
 */
import type { TriangleMesh } from './data.ts'
import { seededRandom } from './random.ts'

export interface SurfacePoints {
  readonly count: number
  readonly positions: Float32Array
  /** Normals of the triangles, by their winding; length 3 * count. */
  readonly normals: Float32Array
  /** sRGB, between those of the corners, where the mesh has colours; length 3 * count. */
  readonly colors?: Uint8Array
}

/** Triangles with an index out of range, a corner that is not finite or no area are passed over; none left gives count 0. */
export function sampleSurface(mesh: TriangleMesh, wanted: number, seed = 1): SurfacePoints {
  const { positions: p, indices } = mesh
  const triangles = Math.min(mesh.triangleCount, Math.floor(indices.length / 3))
  const sums = new Float64Array(triangles)
  let total = 0
  for (let t = 0; t < triangles; t++) {
    const area = crossProduct(p, indices, t, mesh.vertexCount)
    if (area > 0 && Number.isFinite(area)) total += area
    sums[t] = total
  }
  if (!(total > 0)) return { count: 0, positions: new Float32Array(0), normals: new Float32Array(0) }
  const random = seededRandom(seed)
  const positions = new Float32Array(wanted * 3)
  const normals = new Float32Array(wanted * 3)
  const from = mesh.colors
  const colors = from && new Uint8Array(wanted * 3)
  let triangle = 0
  for (let i = 0; i < wanted; i++) {
    const at = ((i + random.next()) / wanted) * total
    while (triangle < triangles - 1 && sums[triangle] <= at) triangle++
    const length = crossProduct(p, indices, triangle, mesh.vertexCount)
    const root = Math.sqrt(random.next())
    const v = random.next() * root
    const a = indices[triangle * 3] * 3
    const b = indices[triangle * 3 + 1] * 3
    const c = indices[triangle * 3 + 2] * 3
    for (let k = 0; k < 3; k++) {
      positions[i * 3 + k] = p[a + k] * (1 - root) + p[b + k] * (root - v) + p[c + k] * v
      normals[i * 3 + k] = cross[k] / length
      if (colors) colors[i * 3 + k] = from[a + k] * (1 - root) + from[b + k] * (root - v) + from[c + k] * v
    }
  }
  return { count: wanted, positions, normals, ...(colors && { colors }) }
}

const cross = new Float64Array(3)

/** Writes the cross product of two edges into `cross` and returns its length: twice the area, or 0 for a bad triangle. */
function crossProduct(p: Float32Array, indices: Uint32Array, triangle: number, vertexCount: number): number {
  const a = indices[triangle * 3]
  const b = indices[triangle * 3 + 1]
  const c = indices[triangle * 3 + 2]
  if (a >= vertexCount || b >= vertexCount || c >= vertexCount) return 0
  const ux = p[b * 3] - p[a * 3]
  const uy = p[b * 3 + 1] - p[a * 3 + 1]
  const uz = p[b * 3 + 2] - p[a * 3 + 2]
  const vx = p[c * 3] - p[a * 3]
  const vy = p[c * 3 + 1] - p[a * 3 + 1]
  const vz = p[c * 3 + 2] - p[a * 3 + 2]
  cross[0] = uy * vz - uz * vy
  cross[1] = uz * vx - ux * vz
  cross[2] = ux * vy - uy * vx
  const length = Math.hypot(cross[0], cross[1], cross[2])
  return Number.isFinite(length) ? length : 0
}
