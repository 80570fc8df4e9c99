/** Depth pictures along a pose path as one cloud in the asset's frame, so that a capture can be registered like a scan. */
import type { DepthFrame, PointCloud, PosePath } from '../../../../shared/geometry/data.ts'
import { poseAt } from '../../../../shared/geometry/pose-at.ts'
import { rotationFromQuaternion } from '../../../../shared/geometry/rotation.ts'
import { CellIndex } from '../../../../shared/geometry/voxel-grid.ts'

export interface DepthCloudOptions {
  /** Points nearer to each other than this are merged, metres. */
  readonly cellMetres?: number
  /** Depth beyond this is noise on the devices we know, metres. */
  readonly furthestMetres?: number
  /** Least confidence of a pixel, 0 to 2. */
  readonly leastConfidence?: number
  readonly signal?: AbortSignal
}

const MAXIMUM_CELLS = 3_000_000

/**
 * @param frames Depth along the view axis; the camera looks along -Z of the device with +Y up.
 * @param poses `asset_from_device` on the frames' clock; interpolated to each frame's time.
 * @returns centroids of the cells that were seen more than once where most were, count 0 when no frame has a pose.
 */
export async function cloudFromDepth(
  frames: Iterable<DepthFrame> | AsyncIterable<DepthFrame>,
  poses: PosePath,
  options: DepthCloudOptions = {},
): Promise<PointCloud> {
  const cell = options.cellMetres ?? 0.02
  const furthest = options.furthestMetres ?? 5
  const cells = new CellIndex(cell, [0, 0, 0], 100_000)
  let sums = new Float64Array(400_000)
  let counts = new Float32Array(100_000)
  for await (const frame of frames) {
    options.signal?.throwIfAborted()
    const pose = frame.pose
      ? { position: frame.pose.position, rotation: rotationFromQuaternion(frame.pose.rotation) }
      : poseAt(poses, frame.timeNanoseconds)
    if (!pose || cells.count >= MAXIMUM_CELLS) continue
    const { fx, fy, cx, cy } = frame.intrinsics
    const [sx, sy] = [frame.intrinsics.width / frame.width, frame.intrinsics.height / frame.height]
    for (let v = 0; v < frame.height; v++) {
      for (let u = 0; u < frame.width; u++) {
        const at = v * frame.width + u
        const depth = frame.depthMetres[at]
        if (!(depth > 0.05 && depth < furthest)) continue
        if (frame.confidence && frame.confidence[at] < (options.leastConfidence ?? 1)) continue
        if (isEdge(frame, u, v, depth)) continue
        const x = (((u + 0.5) * sx - cx) / fx) * depth
        const y = -(((v + 0.5) * sy - cy) / fy) * depth
        const r = pose.rotation
        const px = r[0] * x + r[3] * y - r[6] * depth + pose.position[0]
        const py = r[1] * x + r[4] * y - r[7] * depth + pose.position[1]
        const pz = r[2] * x + r[5] * y - r[8] * depth + pose.position[2]
        const index = cells.add(px, py, pz)
        if (index >= counts.length) {
          counts = grown(counts, new Float32Array(counts.length * 2))
          sums = grown(sums, new Float64Array(sums.length * 2))
        }
        counts[index]++
        sums[index * 3] += px
        sums[index * 3 + 1] += py
        sums[index * 3 + 2] += pz
      }
    }
  }
  return centroids(sums, counts, cells.count)
}

function grown<T extends Float32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Pixels between a near and a far surface hang in the air where there is neither. */
function isEdge(frame: DepthFrame, u: number, v: number, depth: number): boolean {
  const { width, height, depthMetres } = frame
  const limit = depth * 0.06
  const at = v * width + u
  return (
    (u > 0 && Math.abs(depthMetres[at - 1] - depth) > limit) ||
    (u < width - 1 && Math.abs(depthMetres[at + 1] - depth) > limit) ||
    (v > 0 && Math.abs(depthMetres[at - width] - depth) > limit) ||
    (v < height - 1 && Math.abs(depthMetres[at + width] - depth) > limit)
  )
}

function centroids(sums: Float64Array, counts: Float32Array, count: number): PointCloud {
  const sorted = Float32Array.from(counts.subarray(0, count)).sort()
  const least = (sorted[count >> 1] ?? 0) >= 4 ? 2 : 1
  const positions = new Float32Array(count * 3)
  let kept = 0
  for (let i = 0; i < count; i++) {
    if (counts[i] < least) continue
    for (let k = 0; k < 3; k++) positions[kept * 3 + k] = sums[i * 3 + k] / counts[i]
    kept++
  }
  return { count: kept, positions: positions.slice(0, kept * 3) }
}
