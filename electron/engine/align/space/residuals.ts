/** How far a scan lies from another's surface once it is placed: what the window colours. */
import type { Scan } from '../../../../shared/geometry/data.ts'
import { buildSurface, everyNth } from '../../../../shared/geometry/icp.ts'
import { type Matrix4, similarity, multiply, transformPoint } from '../../../../shared/geometry/matrix4.ts'
import { cloudFromScan } from './scan-cloud.ts'
import type { Reason } from '../../../../shared/sayings/saying.ts'

const TARGET_POINTS = 100_000
/** Beyond this share of the target's extent a point has nothing to do with it and its distance is not stated. */
const FURTHEST = 0.05

export interface Residuals {
  /** In the source's frame, x y z x y z …, metres. */
  readonly positions: number[]
  /** To the target's surface, metres in the target; one a point. What has no surface near it is left out. */
  readonly distancesMetres: number[]
}

/** The distances of up to so many source points, or why there are none. */
export function residualsOf(target: Scan, source: Scan, pose: Matrix4, maximumPoints: number): Residuals | Reason {
  const [a, b] = [cloudFromScan(target), cloudFromScan(source)]
  if ('reason' in a) return a
  if ('reason' in b) return b
  const { tree, normals, settle } = buildSurface(everyNth(a.positions, TARGET_POINTS))
  const away = a.centre.map((value) => -value)
  const m = multiply(similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], away), pose)
  const reach = a.extentMetres * FURTHEST
  const positions: number[] = []
  const distancesMetres: number[] = []
  const moving = everyNth(b.positions, maximumPoints)
  for (let o = 0; o < moving.length; o += 3) {
    const point = [0, 1, 2].map((k) => moving[o + k] + b.centre[k])
    const [x, y, z] = transformPoint(m, point)
    const place = tree.nearest(x, y, z, reach)
    if (place < 0) continue
    settle?.(place)
    const n = place * 3
    const p = tree.points
    const off = normals[n] * (x - p[n]) + normals[n + 1] * (y - p[n + 1]) + normals[n + 2] * (z - p[n + 2])
    positions.push(...point)
    distancesMetres.push(Math.abs(off))
  }
  return { positions, distancesMetres }
}
