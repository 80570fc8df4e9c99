/** A capture cut into pieces short enough to be taken as rigid: what drifts is how they lie to each other. */
import type { DepthFrame, PointCloud, PosePath } from '../../../../shared/geometry/data.ts'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { poseAt } from '../../../../shared/geometry/pose-at.ts'
import { cloudFromDepth } from './depth-cloud.ts'

/** A piece ends when the device has walked this far … */
const WALK_METRES = 2.5
/** … or this long; longer where the capture would otherwise have more than the most pieces. */
const SPAN_SECONDS = 12
const MOST_FRAGMENTS = 64
const CELL_METRES = 0.04
/** A piece that saw less than this is joined to nothing. */
const LEAST_POINTS = 800

export interface Fragment {
  /** Of its middle, on the path's clock, seconds. */
  readonly clockSeconds: number
  /** Metres walked from the start of the path to its middle. */
  readonly walkedMetres: number
  /** Where the device was in its middle, in the asset's frame as recorded. */
  readonly at: readonly [number, number, number]
  /** In the asset's axes, with `at` as zero. */
  readonly cloud: PointCloud
}

interface Piece {
  readonly frames: DepthFrame[]
  readonly stations: { readonly seconds: number; readonly walked: number; readonly at: readonly number[] }[]
}

/** How far one has to walk along the path, metres. */
export function lengthOf(path: PosePath): number {
  return walkOf(path)[path.count - 1] ?? 0
}

/** @param frames In the order of time. At most the frames of one piece are held at a time. */
export async function fragmentsOf(
  frames: AsyncIterable<DepthFrame>,
  path: PosePath,
  signal?: AbortSignal,
): Promise<Fragment[]> {
  const walk = walkOf(path)
  const length = walk[path.count - 1] ?? 0
  const spread = Math.max(1, length / WALK_METRES / MOST_FRAGMENTS)
  const fragments: Fragment[] = []
  let piece: Piece = { frames: [], stations: [] }
  const close = async (): Promise<void> => {
    const middle = piece.stations[piece.stations.length >> 1]
    if (middle) {
      const cloud = await cloudFromDepth(piece.frames, path, { cellMetres: CELL_METRES, signal })
      if (cloud.count >= LEAST_POINTS && fragments.length < MOST_FRAGMENTS * 4) {
        const at = [middle.at[0]!, middle.at[1]!, middle.at[2]!] as const
        const positions = cloud.positions.map((value, i) => value - at[i % 3]!)
        fragments.push({
          clockSeconds: middle.seconds,
          walkedMetres: middle.walked,
          at,
          cloud: { count: cloud.count, positions },
        })
      }
    }
    piece = { frames: [], stations: [] }
  }
  for await (const frame of frames) {
    throwIfCancelled(signal)
    const pose = frame.pose ?? poseAt(path, frame.timeNanoseconds)
    if (!pose) continue
    const seconds = Number(frame.timeNanoseconds) * 1e-9
    const station = { seconds, walked: walkedAt(path, walk, frame.timeNanoseconds), at: pose.position }
    const first = piece.stations[0]
    if (first) {
      const far = station.walked - first.walked > WALK_METRES * spread
      if (far || seconds - first.seconds > SPAN_SECONDS * spread) await close()
    }
    piece.frames.push(frame)
    piece.stations.push(station)
  }
  await close()
  return fragments
}

function walkOf(path: PosePath): Float64Array {
  const walk = new Float64Array(path.count)
  const p = path.positions
  for (let i = 1; i < path.count; i++) {
    const o = i * 3
    const step = Math.hypot(p[o]! - p[o - 3]!, p[o + 1]! - p[o - 2]!, p[o + 2]! - p[o - 1]!)
    walk[i] = walk[i - 1]! + (Number.isFinite(step) ? step : 0)
  }
  return walk
}

function walkedAt(path: PosePath, walk: Float64Array, timeNanoseconds: bigint): number {
  let low = 0
  let high = path.count - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (path.timesNanoseconds[middle]! < timeNanoseconds) low = middle + 1
    else high = middle
  }
  return walk[low] ?? 0
}
