/** A part of a scan, cut out by a box along the axes of its own frame. */
import type { PointCloud, Scan, TriangleMesh } from './data.ts'

export interface Region {
  /** Metres in the asset's frame. */
  readonly min: readonly number[]
  readonly max: readonly number[]
}

/** What lies inside: points, or triangles whose middle does. Colours and normals are left behind. */
export function cutOut(scan: Scan, region: Region): Scan {
  return scan.kind === 'mesh'
    ? { kind: 'mesh', mesh: cutMesh(scan.mesh, region) }
    : { kind: scan.kind, points: cutPoints(scan.points, region) }
}

function inside(region: Region, origin: readonly number[] | undefined, x: number, y: number, z: number): boolean {
  const { min, max } = region
  const [ox, oy, oz] = origin ?? [0, 0, 0]
  return (
    x + ox >= min[0] && x + ox <= max[0] && y + oy >= min[1] && y + oy <= max[1] && z + oz >= min[2] && z + oz <= max[2]
  )
}

function cutPoints(points: PointCloud, region: Region): PointCloud {
  const p = points.positions
  const out = new Float32Array(p.length)
  let kept = 0
  for (let o = 0; o + 2 < p.length; o += 3) {
    if (!inside(region, points.origin, p[o], p[o + 1], p[o + 2])) continue
    out.set(p.subarray(o, o + 3), kept)
    kept += 3
  }
  return { count: kept / 3, positions: out.slice(0, kept), origin: points.origin }
}

function cutMesh(mesh: TriangleMesh, region: Region): TriangleMesh {
  const { positions: p, indices } = mesh
  const out = new Uint32Array(indices.length)
  let kept = 0
  for (let t = 0; t + 2 < indices.length; t += 3) {
    const corners = [indices[t] * 3, indices[t + 1] * 3, indices[t + 2] * 3]
    const [x, y, z] = [0, 1, 2].map((k) => corners.reduce((sum, corner) => sum + p[corner + k], 0) / 3)
    if (!inside(region, mesh.origin, x, y, z)) continue
    out.set(indices.subarray(t, t + 3), kept)
    kept += 3
  }
  const { vertexCount, positions, origin } = mesh
  return { vertexCount, triangleCount: kept / 3, positions, indices: out.slice(0, kept), origin }
}
