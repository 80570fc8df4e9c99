/**
 * What depth pictures tell of a place: how much surface was seen, how even and how complete they are, how far they reach, and
 * whether what one shows lies where the next one, by the way of the camera, shows it.
 */
import type { DepthFrame, PosePath } from '../../../shared/geometry/data.ts'
import { poseAt } from '../../../shared/geometry/pose-at.ts'
import { rotationFromQuaternion } from '../../../shared/geometry/rotation.ts'
import { CellIndex } from '../../../shared/geometry/voxel-grid.ts'
import { quantileOfSorted } from '../../../shared/stars/value/ranks.ts'
import type { ScanMeasurement } from './measurements.ts'
import { rounded } from './measurements.ts'

/** Pictures that are looked at, spread over the recording. */
export const MOST_DEPTH_LOOKS = 24
/** Every so manieth pixel in both directions. */
const STRIDE = 3
const NEAREST_METRES = 0.05
const FARTHEST_METRES = 20
/** Depth that bends by this share of itself from pixel to pixel is half as good as depth that does not. */
const HALF_EVEN = 0.01
/** Far over near that tells the shape of a place, not only of a wall. */
const WIDE_RANGE = 3
/** How far apart two pictures may put one point: a share of its depth, and metres. */
const AGREE = { share: 0.03, metres: 0.01 }
/** Of pictures without a way, which nothing holds against one another. */
const UNTOLD_AGREEMENT = 0.5
const CELL_METRES = 0.1
/** Points of a scan of two centimetres in a cell of ten. */
const POINTS_OF_A_CELL = 25

interface Placed {
  readonly frame: DepthFrame
  readonly position: readonly number[]
  readonly rotation: readonly number[]
}

function depthAt(frame: DepthFrame, at: number): number {
  const depth = frame.depthMetres[at]
  const sure = frame.confidence === undefined || frame.confidence[at] > 0
  return sure && depth > NEAREST_METRES && depth < FARTHEST_METRES ? depth : 0
}

function middle(values: readonly number[]): number {
  return values.length === 0 ? 0 : quantileOfSorted(Float64Array.from(values).sort(), 0.5)
}

/** The share of valid depth, how evenly it goes on from pixel to pixel (1 on clean surfaces), and how far it reaches. */
function lookAt(frame: DepthFrame): { valid: number; even: number; reach: number } {
  const { width, height } = frame
  const depths: number[] = []
  const bends: number[] = []
  let looks = 0
  for (let v = 1; v < height - 1; v += STRIDE)
    for (let u = 1; u < width - 1; u += STRIDE) {
      looks++
      const at = v * width + u
      const depth = depthAt(frame, at)
      if (depth === 0) continue
      depths.push(depth)
      const [left, right] = [depthAt(frame, at - 1), depthAt(frame, at + 1)]
      const [above, below] = [depthAt(frame, at - width), depthAt(frame, at + width)]
      if (left > 0 && right > 0) bends.push(Math.abs(left + right - 2 * depth) / (2 * depth))
      if (above > 0 && below > 0) bends.push(Math.abs(above + below - 2 * depth) / (2 * depth))
    }
  if (depths.length === 0) return { valid: 0, even: 0, reach: 0 }
  const sorted = Float64Array.from(depths).sort()
  const range = Math.log(quantileOfSorted(sorted, 0.95) / quantileOfSorted(sorted, 0.05)) / Math.log(WIDE_RANGE)
  return {
    valid: depths.length / looks,
    even: bends.length === 0 ? 0 : 1 / (1 + (middle(bends) / HALF_EVEN) ** 2),
    reach: Math.min(1, range),
  }
}

function placedBy(path: PosePath | null, frame: DepthFrame): Placed | null {
  if (frame.pose) return { frame, position: frame.pose.position, rotation: rotationFromQuaternion(frame.pose.rotation) }
  const pose = path && poseAt(path, frame.timeNanoseconds)
  return pose ? { frame, ...pose } : null
}

/** Every looked-at pixel as a point of the world. The camera looks along -Z with +Y up. */
function* pointsOf({ frame, position: p, rotation: r }: Placed): Generator<[number, number, number]> {
  const { width, height, intrinsics } = frame
  const [sx, sy] = [intrinsics.width / width, intrinsics.height / height]
  for (let v = 1; v < height - 1; v += STRIDE)
    for (let u = 1; u < width - 1; u += STRIDE) {
      const depth = depthAt(frame, v * width + u)
      if (depth === 0) continue
      const x = (((u + 0.5) * sx - intrinsics.cx) / intrinsics.fx) * depth
      const y = -(((v + 0.5) * sy - intrinsics.cy) / intrinsics.fy) * depth
      const of = (k: number): number => r[k] * x + r[k + 3] * y - r[k + 6] * depth + p[k]
      yield [of(0), of(1), of(2)]
    }
}

/** 1 where another picture shows the point, 0 where it looks through it, null where it does not see it. */
function isConfirmed([x, y, z]: readonly [number, number, number], by: Placed): 0 | 1 | null {
  const { frame, position: p, rotation: r } = by
  const d = [x - p[0], y - p[1], z - p[2]]
  const on = (k: number): number => r[3 * k] * d[0] + r[3 * k + 1] * d[1] + r[3 * k + 2] * d[2]
  const depth = -on(2)
  if (depth < NEAREST_METRES) return null
  const { width, height, intrinsics } = frame
  const u = Math.floor(((on(0) / depth) * intrinsics.fx + intrinsics.cx) * (width / intrinsics.width))
  const v = Math.floor(((-on(1) / depth) * intrinsics.fy + intrinsics.cy) * (height / intrinsics.height))
  if (u < 0 || v < 0 || u >= width || v >= height) return null
  const seen = depthAt(frame, v * width + u)
  if (seen === 0) return null
  const apart = depth - seen
  if (Math.abs(apart) <= AGREE.share * seen + AGREE.metres) return 1
  return apart < 0 ? 0 : null
}

interface Agreement {
  confirmed: number
  contradicted: number
}

function countAgreement(points: readonly [number, number, number][], by: Placed | null, sum: Agreement): void {
  if (!by) return
  for (const point of points) {
    const told = isConfirmed(point, by)
    if (told === 1) sum.confirmed++
    else if (told === 0) sum.contradicted++
  }
}

/**
 * Measures depth as a scan is measured. `elements` are what a scan of two centimetres of the same surface would have.
 *
 * @param frames In the order of time.
 * @param path The way of the camera; null where the recording does not tell it.
 */
export async function measureDepth(
  frames: AsyncIterable<DepthFrame>,
  path: PosePath | null,
  hasColor: boolean,
): Promise<ScanMeasurement> {
  const cells = new CellIndex(CELL_METRES, [0, 0, 0], 20_000)
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  const agreement: Agreement = { confirmed: 0, contradicted: 0 }
  const looks: ReturnType<typeof lookAt>[] = []
  let before: Placed | null = null
  let pixels = 0
  for await (const frame of frames) {
    const look = lookAt(frame)
    looks.push(look)
    pixels = Math.max(pixels, look.valid * frame.width * frame.height)
    const placed = placedBy(path, frame)
    if (!placed) continue
    const points = [...pointsOf(placed)]
    countAgreement(points, before, agreement)
    before = placed
    for (const point of points) {
      cells.add(...point)
      point.forEach((value, axis) => {
        low[axis] = Math.min(low[axis], value)
        high[axis] = Math.max(high[axis], value)
      })
    }
  }
  const mean = (of: (look: (typeof looks)[number]) => number): number =>
    looks.length === 0 ? 0 : looks.reduce((sum, look) => sum + of(look), 0) / looks.length
  const held = agreement.confirmed + agreement.contradicted
  const agreed = held === 0 ? UNTOLD_AGREEMENT : agreement.confirmed / held
  const reach = 0.6 + 0.4 * mean((look) => look.reach)
  const [extentMetres, quality] = rounded([
    cells.count === 0 ? 0 : Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]),
    mean(({ valid, even }) => valid * even) * reach * agreed,
  ])
  // What contradicts itself is spread over more cells than the surface has.
  const elements = Math.round(cells.count === 0 ? pixels : cells.count * POINTS_OF_A_CELL * agreed ** 2)
  return { kind: 'scan', isDepth: true, elements, extentMetres, hasColor, quality }
}
