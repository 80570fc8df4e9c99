/** The floor of a scan: the lowest large flat surface among those that may be level. */
import type { Scan } from '../../../../shared/geometry/data.ts'
import type { Floor } from '../../../../shared/geometry/level.ts'
import type { Vector3 } from '../../../../shared/geometry/matrix4.ts'
import type { Direction } from './dominant-directions.ts'
import { cellFor, type PreparedScan, prepareScan } from './prepared-scan.ts'
import { cloudFromScan } from './scan-cloud.ts'
import { because, type Reason } from '../../../../shared/sayings/saying.ts'

/** A flat direction this near to what is thought to be up is taken for it, cosine. */
const NEAR_UP = 0.5
/** A level surface this large, beside the largest, may be the floor; table tops are smaller. */
const FLOOR_SHARE = 0.3

/**
 * @param up What is thought to be up, in the scan's frame. Where no flat direction is near it (a scan lying on its
 *   side) the strongest is taken, and up is where there is less standing about.
 * @returns the floor in the scan's frame, or why none was found.
 */
export function findFloor(scan: Scan, up: Vector3): Floor | Reason {
  const cloud = cloudFromScan(scan)
  if ('reason' in cloud) return cloud
  const prepared = prepareScan(cloud, cellFor(cloud, cloud.extentMetres / 64))
  const near = (direction: Direction): number => Math.abs(dot(direction.axis, up))
  const upright = prepared.directions.filter((direction) => near(direction) > NEAR_UP)
  const level = upright.toSorted((a, b) => b.share * near(b) - a.share * near(a))[0] ?? prepared.directions[0]
  if (!level) return because('space.noFlatSurface')
  const sign = near(level) > NEAR_UP ? Math.sign(dot(level.axis, up)) : clearSide(prepared, level.axis)
  const axis = level.axis.map((value) => value * sign) as [number, number, number]
  const { offset, share } = lowestLevel(prepared, axis)
  return { up: axis, heightMetres: offset + dot(axis, cloud.centre), share }
}

/** The offset of the lowest large surface facing along the axis, and its share of the scan. */
function lowestLevel(scan: PreparedScan, axis: Vector3): { offset: number; share: number } {
  const bins = new Map<number, { count: number; sum: number }>()
  for (let i = 0; i < scan.count; i++) {
    if (Math.abs(at(scan.normals, i, axis)) < 0.94) continue
    const offset = at(scan.positions, i, axis)
    const key = Math.floor(offset / scan.cell)
    const bin = bins.get(key) ?? { count: 0, sum: 0 }
    bins.set(key, { count: bin.count + 1, sum: bin.sum + offset })
  }
  const around = (key: number): { count: number; sum: number } =>
    [-1, 0, 1].reduce(
      (total, step) => {
        const bin = bins.get(key + step)
        return { count: total.count + (bin?.count ?? 0), sum: total.sum + (bin?.sum ?? 0) }
      },
      { count: 0, sum: 0 },
    )
  const keys = [...bins.keys()].sort((a, b) => a - b)
  const most = Math.max(...keys.map((key) => around(key).count))
  const first = keys.find((key) => around(key).count >= most * FLOOR_SHARE) ?? 0
  // The fullest of the three bins that share the surface.
  const key = [first, first + 1, first + 2].reduce((a, b) => (around(b).count > around(a).count ? b : a))
  const { count, sum } = around(key)
  return { offset: sum / Math.max(1, count), share: count / scan.count }
}

/** 1 or -1: the side of the middle with less clutter; furniture stands on floors. */
function clearSide(scan: PreparedScan, axis: Vector3): number {
  let [low, high] = [Infinity, -Infinity]
  let [sum, weight] = [0, 0]
  for (let i = 0; i < scan.count; i++) {
    const offset = at(scan.positions, i, axis)
    low = Math.min(low, offset)
    high = Math.max(high, offset)
    sum += scan.weights[i] * offset
    weight += scan.weights[i]
  }
  return sum / Math.max(1e-12, weight) < (low + high) / 2 ? 1 : -1
}

function at(values: Float32Array, i: number, axis: Vector3): number {
  return values[i * 3] * axis[0] + values[i * 3 + 1] * axis[1] + values[i * 3 + 2] * axis[2]
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
